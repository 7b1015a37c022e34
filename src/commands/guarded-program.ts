import { nameCommand } from '../argument-list.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { CommandObserver, UnfinishedRun } from '../migration/command-observer.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import type { GuardReport } from '../migration/lock-guard.ts'
import type { Phase } from '../migration/migration.ts'
import { guardLostBy, type TeamEnvironment, teamEnvironment } from '../migration/team-environment.ts'
import { runTeamCommand, type TeamReport } from '../migration/team-run.ts'
import type { Check } from '../result.ts'
import { formatDuration, formatMoment, plural } from '../units.ts'
import type { Context, DatabaseInputs } from './command.ts'

type Inputs = Pick<InputValues, 'stall-budget' | 'lock-budget' | 'database-ca'>

/** The program opens a connection of its own. Throws `invalid-input`. */
export function refuseTunnel({ tunnel }: DatabaseInputs): void {
  if (tunnel === undefined) return
  throw new ReleaseError('invalid-input', "The team's own program opens its own connection, and does not work with connect.", {
    hint: 'Run this step where the database can be reached, or open the tunnel in a step before and leave connect out.',
  })
}

export function environmentOf(
  phase: Phase | 'all',
  { applicationName, encrypted }: CommandObserver,
  { serverMajor }: MigrationDatabase,
  { connection, tls, role }: DatabaseInputs,
  inputs: Inputs,
  { variables, log }: Context,
): TeamEnvironment {
  const authority = inputs['database-ca'] ?? connection.sslrootcert
  const stallBudgetMs = inputs['stall-budget']
  for (const loss of guardLostBy(variables.DATABASE_URL)) log.warn(loss)
  return teamEnvironment({ variables, phase, connection, tls, encrypted, authority, role, serverMajor, applicationName, stallBudgetMs })
}

/** Starts the program and watches what it waits for, until it has ended. */
export async function runGuarded(
  { phase, command, environment }: { phase: Phase | 'all'; command: readonly string[]; environment: TeamEnvironment },
  observer: CommandObserver,
  inputs: Inputs,
  context: Context,
): Promise<TeamReport> {
  context.log.info(`${nameCommand(command)}: started, phase ${phase}`)
  return runTeamCommand(
    { phase, command, start: (signal) => context.runTeamProgram(command, { env: environment.variables, signal }) },
    observer,
    {
      stallBudgetMs: inputs['stall-budget'],
      lockBudgetMs: inputs['lock-budget'],
      signal: context.signal,
      now: () => context.clock.monotonic(),
      sleep: (ms, signal) => context.clock.sleep(ms, signal),
      progress: (line) => context.log.info(line),
      warn: (line) => context.log.warn(line),
    },
  )
}

/** A guard that saw nothing, or could not look, has shown nothing. */
export function guardCheck({ guarded, elsewhere, onlyElsewhere, cancelled, waitedMs, wasBlind }: GuardReport): Check {
  const id = 'lock-guard'
  if (guarded === 0) {
    return {
      id,
      status: 'not-checked',
      message: 'no connection of the command was seen: it made none, or only short ones, or its driver does not send PGAPPNAME',
    }
  }
  const places = elsewhere.join(' and ')
  if (onlyElsewhere) return { id, status: 'not-checked', value: guarded, message: `every connection that was seen went to ${places}` }
  if (wasBlind) return { id, status: 'not-checked', value: guarded, message: 'the queue for locks could not be watched all the time' }
  const waited = waitedMs === 0 ? 'no wait for a lock was seen' : `waited ${formatDuration(waitedMs)} for locks`
  return {
    id,
    status: 'pass',
    value: plural(guarded, 'connection'),
    message: `${waited}, ${plural(cancelled, 'statement')} cancelled${elsewhere.length === 0 ? '' : `; some of them were to ${places}, which this run is not for`}`,
  }
}

export function describeUnfinished({ phase, release, startedAt }: UnfinishedRun): string {
  return `the run of phase ${phase} for ${release}, started ${formatMoment(startedAt)}, ended before it could say what became of its command`
}
