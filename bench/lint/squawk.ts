import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { say } from '../clock.ts'
import type { Rival } from '../rivals.ts'

const version = '2.66.0'

/** Installs squawk as its users do. Throws when that cannot be done. */
export function installSquawk(folder: string): Rival {
  say(`installing squawk-cli@${version}`)
  execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `squawk-cli@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return { program: join(folder, 'node_modules/.bin/squawk'), version }
}

/** How many findings it has with its default rules. */
export function countSquawkFindings(squawk: Rival, files: readonly string[]): number {
  const ran = spawnSync(process.execPath, [squawk.program, '--reporter', 'json', ...files], { maxBuffer: 1e9, encoding: 'utf8' })
  return (JSON.parse(ran.stdout) as unknown[]).length
}
