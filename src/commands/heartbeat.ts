import type { Context } from './command.ts'

/** Lines closer together would drown the log of a long dump; further apart, it would look as if nothing happened. */
const intervalMs = 10_000

/** Says every ten seconds how far the work is, until it has ended. */
export async function withHeartbeat<T>({ clock, log }: Context, line: () => string, work: () => Promise<T>): Promise<T> {
  const ended = new AbortController()
  const beats = beat()
  try {
    return await work()
  } finally {
    ended.abort()
    await beats
  }

  async function beat(): Promise<void> {
    while (!ended.signal.aborted) {
      await clock.sleep(intervalMs, ended.signal)
      if (!ended.signal.aborted) log.info(line())
    }
  }
}
