import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// Everything that CI checks beside the tests: npm run check. All at once, each also when another failed.

interface Checked {
  readonly passed: boolean
  /** What is wrong. */
  readonly said: string
}

const fresh = 'node_modules/.cache/dist'
const checks: [string, Promise<Checked>][] = [
  ['format and lint', program('biome', 'ci', '--colors=off', '--error-on-warnings')],
  ['types', program('tsc', '-p', '.')],
  ['unused code', program('knip')],
  ['generated files', program('tsx', 'scripts/generate.ts', '--check')],
  ['dist/ is what the sources build', program('rolldown', '-c', 'rolldown.config.js', '-d', fresh).then(compareBuilt)],
]

let failed = 0
for (const [name, ending] of checks) {
  const { passed, said } = await ending
  if (!passed) {
    failed++
    console.log(said)
  }
  console.log(`${passed ? '✔' : '✖'} ${name}`)
}
process.exitCode = failed === 0 ? 0 : 1

function program(name: string, ...args: string[]): Promise<Checked> {
  return new Promise((resolve) => {
    execFile(join('node_modules/.bin', name), args, { maxBuffer: Number.POSITIVE_INFINITY }, (error, stdout, stderr) =>
      resolve({ passed: error === null, said: `${stdout}\n${stderr || (error?.message ?? '')}` }),
    )
  })
}

function compareBuilt(build: Checked): Checked {
  if (!build.passed) return build
  const different = differing(fresh, 'dist')
  return { passed: different.length === 0, said: `differ from what npm run build writes: ${different.join(', ')}` }
}

function differing(built: string, committed: string): string[] {
  const names = new Set([...readdirSync(built), ...readdirSync(committed)])
  const different = [...names].filter((name) => !contents(built, name).equals(contents(committed, name)))
  rmSync(built, { recursive: true })
  return different
}

function contents(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name))
  } catch {
    return Buffer.from('(missing)')
  }
}
