import { accessSync, constants } from 'node:fs'
import { userInfo } from 'node:os'
import { runChild } from './process.ts'

/** Debian's package tool, as root or through sudo without a password. */
export interface Apt {
  /** Whether the package is there afterwards. */
  install(name: string): Promise<boolean>
  update(): Promise<boolean>
  /** Runs another program with the same rights; whether it ended well. */
  run(...words: string[]): Promise<boolean>
}

/** `undefined` where there is no apt-get. */
export function findApt(env: Readonly<Record<string, string>>): Apt | undefined {
  try {
    accessSync('/usr/bin/apt-get', constants.X_OK)
  } catch {
    return undefined
  }
  const sudo = userInfo().uid === 0 ? [] : ['sudo', '-n']
  const run = async (...words: string[]) => {
    const [program = '', ...args] = [...sudo, ...words]
    const ended = await runChild(program, args, { env }).catch(() => undefined)
    return ended?.exitCode === 0
  }
  return {
    run,
    update: () => run('apt-get', 'update'),
    install: (name) => run('env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '--yes', '--no-install-recommends', name),
  }
}
