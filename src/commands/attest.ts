import { nameCommand } from '../argument-list.ts'
import { type Attestation, judgeAttestation } from '../backup/attestation.ts'
import { ReleaseError, systemCode } from '../errors.ts'
import { interrupted } from '../explain-error.ts'
import { plainEnvironment } from '../migration/team-environment.ts'
import { formatDuration } from '../units.ts'
import type { Context } from './command.ts'

/** A migration waits for the answer, with the lock of the database held. */
const longestMs = 60_000

/** Asks the team's command whether another kind of backup is there. */
export async function attest(command: readonly string[], context: Context): Promise<Attestation> {
  const late = new AbortController()
  const ended = new AbortController()
  void context.clock.sleep(longestMs, ended.signal).then(() => late.abort())
  try {
    const env = plainEnvironment(context.variables)
    const end = await context.runTeamProgram(command, { env, signal: AbortSignal.any([context.signal, late.signal]) })
    if (context.signal.aborted) throw interrupted(undefined)
    if (late.signal.aborted) return { refused: `${nameCommand(command)} was stopped after ${formatDuration(longestMs)} without an answer` }
    return judgeAttestation(command, end)
  } catch (error) {
    const code = error instanceof ReleaseError ? undefined : systemCode(error)
    if (code === undefined) throw error
    return { refused: `${nameCommand(command)} could not be started (${code})` }
  } finally {
    ended.abort()
  }
}
