import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
let last: Promise<unknown> = Promise.resolve()

/** Installs Debian's packages, one call after the other, as apt holds a lock. Throws when that cannot be done. */
export function installPackages(packages: readonly string[], say: (text: string) => void): Promise<void> {
  const mine = last.then(() => install(packages, say))
  last = mine.catch(() => {})
  return mine
}

async function install(packages: readonly string[], say: (text: string) => void): Promise<void> {
  say(`installing ${packages.join(', ')}`)
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const [program = '', ...rest] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]
    await run(program, rest)
  }
}
