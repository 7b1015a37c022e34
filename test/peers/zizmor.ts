import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { installPackages } from '../debian-packages.ts'

// The real zizmor over every workflow of the repository, with all of its audits. Fails when it finds anything, or is not to be had.

const version = '1.32.0'
const say = (text: string) => process.stderr.write(`${text}\n`)

/** Its package on PyPI holds the program itself. */
async function installZizmor(): Promise<string> {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'shiplock-peers', `zizmor-${version}`)
  const program = join(folder, 'bin', 'zizmor')
  if (existsSync(program)) return program
  const pip = ['-m', 'pip']
  try {
    execFileSync('python3', [...pip, '--version'], { stdio: 'ignore' })
  } catch {
    await installPackages(['python3-pip'], say)
  }
  const quiet = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore', '--no-deps', '--only-binary=:all:']
  execFileSync('python3', [...pip, 'install', ...quiet, '--target', folder, `zizmor==${version}`], { stdio: 'inherit' })
  return program
}

const settings = `rules:
  concurrency-limits:
    disable: true # it wants running jobs cancelled; a migration under way is never cut off, and a watch needs no group
`

const zizmor = await installZizmor()
const folder = mkdtempSync(join(tmpdir(), 'zizmor-'))
try {
  writeFileSync(join(folder, 'zizmor.yml'), settings)
  const workflows = ['workflows', '.github/workflows'].flatMap((path) => readdirSync(path).map((name) => join(path, name)))
  execFileSync(
    zizmor,
    ['--offline', '--no-progress', '--persona=pedantic', '--config', join(folder, 'zizmor.yml'), ...workflows, 'action.yml'],
    {
      stdio: ['ignore', 'inherit', 'ignore'],
    },
  )
  console.log(`zizmor ${version}: ${workflows.length} workflows and the action, nothing found`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
