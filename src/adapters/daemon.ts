import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import type { Account } from './workspace.ts'

interface DaemonOptions {
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** What it says is appended here: a pipe would stop it when nobody reads. */
  readonly logFile: string
  readonly account: Account | undefined
}

/** A program that runs beside us, as our direct child; it does not keep our process from ending. */
export interface Daemon {
  hasEnded(): boolean
  kill(signal: NodeJS.Signals): void
  /** Resolves when it has ended, or after this time. */
  ended(withinMs: number): Promise<void>
}

/** Rejects when the program cannot be started at all. */
export async function startDaemon(
  program: string,
  args: readonly string[],
  { env, cwd, logFile, account }: DaemonOptions,
): Promise<Daemon> {
  const log = await open(logFile, 'a', 0o600)
  try {
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', log.fd, log.fd], detached: true, ...account })
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null
    return {
      hasEnded,
      kill: (signal) => child.kill(signal),
      ended: (withinMs) =>
        new Promise((resolve) => {
          const timer = setTimeout(done, withinMs)
          function done() {
            clearTimeout(timer)
            child.off('exit', done)
            resolve()
          }
          child.once('exit', done)
          if (hasEnded()) done()
        }),
    }
  } finally {
    await log.close()
  }
}
