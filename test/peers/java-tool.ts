import { execFile } from 'node:child_process'
import { access, mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { installPackages } from '../debian-packages.ts'

const run = promisify(execFile)

/** Fetches Flyway's command line at one version once, into the user's cache; returns the path of its program. Throws when that cannot be done. */
export async function installFlyway(version: string, say: (text: string) => void): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'shiplock-peers')
  const home = join(cache, `flyway-${version}`)
  const program = join(home, 'flyway')
  if ((await exists(program)) && (await answers('java', '-version'))) return program
  if (!(await answers('java', '-version'))) await installPackages(['default-jre-headless'], say)
  if (!(await answers('mvn', '-version'))) await installPackages(['maven'], say)
  say(`fetching Flyway ${version}, once`)
  const folder = join(cache, `flyway-${process.pid}`)
  await mkdir(folder, { recursive: true })
  try {
    const artifact = `org.flywaydb:flyway-commandline:${version}:tar.gz`
    const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy'
    await run('mvn', ['--batch-mode', '--quiet', plugin, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`], { cwd: folder })
    // of the drivers only PostgreSQL's
    const archive = join(folder, `flyway-commandline-${version}.tar.gz`)
    await run('tar', ['-xzf', archive, '-C', folder, '--exclude=*/drivers/[!p]*'])
    await rm(home, { recursive: true, force: true })
    await rename(join(folder, `flyway-${version}`), home)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return program
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function answers(program: string, ...args: readonly string[]): Promise<boolean> {
  return run(program, args).then(
    () => true,
    () => false,
  )
}
