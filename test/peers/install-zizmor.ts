import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { installPackages } from '../debian-packages.ts'
import { cacheDir } from './cache-dir.ts'
import { zizmor } from './pins.ts'

const run = promisify(execFile)
const pip = ['-m', 'pip']

/** Installs the pinned zizmor once, into the user's cache; returns its path. */
export async function installZizmor(say: (text: string) => void): Promise<string> {
  const folder = join(cacheDir(), `zizmor-${zizmor.version}`)
  const program = join(folder, 'bin', 'zizmor')
  if (existsSync(program)) return program
  await run('python3', [...pip, '--version']).catch(() => installPackages(['python3-pip'], say))
  say(`installing zizmor ${zizmor.version}, once`)
  const quiet = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore', '--no-deps', '--only-binary=:all:']
  await run('python3', [...pip, 'install', ...quiet, '--target', folder, `zizmor==${zizmor.version}`])
  return program
}
