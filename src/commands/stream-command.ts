import { nameCommand } from '../argument-list.ts'
import { ReleaseError, systemCode } from '../errors.ts'
import { interrupted } from '../explain-error.ts'
import { plainEnvironment } from '../migration/team-environment.ts'
import { formatDuration } from '../units.ts'
import type { Context } from './command.ts'

const longestMs = 60_000

/** Reads what a command of the team prints, to its end. Nothing of it is shown, on success or on failure: it may hold values. */
export async function streamCommand(command: readonly string[], context: Context, take: (chunk: Uint8Array) => void): Promise<void> {
  const late = new AbortController()
  const ended = new AbortController()
  void context.clock.sleep(longestMs, ended.signal).then(() => late.abort())
  try {
    const env = plainEnvironment(context.variables)
    const end = await context.streamProgram(command, { env, signal: AbortSignal.any([context.signal, late.signal]) }, take)
    if (context.signal.aborted) throw interrupted(undefined)
    if (end.exitCode === 0) return
    const how = late.signal.aborted
      ? `was stopped after ${formatDuration(longestMs)}`
      : `ended with ${end.exitCode ?? end.signal ?? 'a signal'}`
    throw new ReleaseError('config-not-read', `${nameCommand(command)} ${how}: which keys there are is not known.`, {
      hint: 'Run it by hand to see why. Its output is not shown here, since it may hold values.',
    })
  } catch (cause) {
    const code = cause instanceof ReleaseError ? undefined : systemCode(cause)
    if (code === undefined || context.signal.aborted) throw cause
    throw new ReleaseError('command-not-found', `${nameCommand(command)} could not be started (${code}).`, {
      hint: 'A command is a program and its arguments, without a shell; it runs in the folder of shiplock.yml.',
      cause,
    })
  } finally {
    ended.abort()
  }
}
