import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// Everything that CI checks beside the tests: npm run check. Each check runs, also after another failed.

const fresh = 'node_modules/.cache/dist'
const checks: [string, () => boolean][] = [
  ['format and lint', () => program('biome', 'ci', '--colors=off', '--error-on-warnings')],
  ['types', () => program('tsc', '-p', '.')],
  ['unused code', () => program('knip')],
  ['generated files', () => program('tsx', 'scripts/generate.ts', '--check')],
  ['dist/ is what the sources build', () => program('rolldown', '-c', 'rolldown.config.js', '-d', fresh) && sameFolders(fresh, 'dist')],
]

let failed = 0
for (const [name, run] of checks) {
  const passed = run()
  if (!passed) failed++
  console.log(`${passed ? '✔' : '✖'} ${name}`)
}
process.exitCode = failed === 0 ? 0 : 1

function program(name: string, ...args: string[]): boolean {
  const { status, stdout, stderr } = spawnSync(join('node_modules/.bin', name), args, { encoding: 'utf8' })
  if (status !== 0) console.log(`${stdout}\n${stderr}`)
  return status === 0
}

function sameFolders(built: string, committed: string): boolean {
  const names = new Set([...readdirSync(built), ...readdirSync(committed)])
  const different = [...names].filter((name) => !contents(built, name).equals(contents(committed, name)))
  rmSync(built, { recursive: true })
  if (different.length > 0) console.log(`differ from what npm run build writes: ${different.join(', ')}`)
  return different.length === 0
}

function contents(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name))
  } catch {
    return Buffer.from('(missing)')
  }
}
