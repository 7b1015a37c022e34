import { nameCommand } from '../argument-list.ts'
import type { Context } from './command.ts'

const graceMs = 1000

/** Runs the team's command that makes traffic for as long as the watch lasts. */
export async function withTraffic<Result>(
  command: readonly string[] | undefined,
  context: Context,
  work: () => Promise<Result>,
): Promise<Result> {
  if (command === undefined) return work()
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  context.signal.addEventListener('abort', interrupt, { once: true })
  const running = context.runTeamProgram(command, { env: {}, signal: stop.signal }).then(
    ({ exitCode }) => {
      if (!stop.signal.aborted)
        context.log.warn(
          `${nameCommand(command)} ended with ${exitCode ?? 'a signal'} before the watch did: the traffic that it made is over`,
        )
    },
    (error: unknown) => {
      stop.abort()
      throw error
    },
  )
  // a command that cannot be started must not leave the watch waiting for traffic that never comes
  running.catch(() => {})
  try {
    const failed = running.then(() => new Promise<never>(() => {}))
    return await Promise.race([work(), failed])
  } finally {
    stop.abort()
    context.signal.removeEventListener('abort', interrupt)
    const ended = running.catch(() => {})
    // on a signal there is a result to be written, whether the command obeys or not
    await (context.signal.aborted ? Promise.race([ended, context.clock.sleep(graceMs)]) : ended)
  }
}
