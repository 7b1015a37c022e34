import { nameCommand } from '../argument-list.ts'
import { messageOf, ReleaseError, systemCode } from '../errors.ts'
import { formatDuration, plural } from '../units.ts'
import type { CommandObserver } from './command-observer.ts'
import { interrupted } from './execution-errors.ts'
import type { AttemptState } from './history.ts'
import { type GuardPolicy, type GuardReport, LockGuard } from './lock-guard.ts'
import type { Phase } from './migration.ts'

/** How the team's command ended. */
export interface CommandEnd {
  readonly exitCode: number | undefined
  readonly signal: string | undefined
  readonly lastLines: readonly string[]
  /** The first line of its standard output. */
  readonly firstLine?: string | undefined
}

const itsTable = 'its own version table says what has run.'

interface TeamRun {
  readonly phase: Phase | 'all'
  readonly command: readonly string[]
  /** Starts it, and stops it when the signal fires. Rejects when it could not be started. */
  start(signal: AbortSignal): Promise<CommandEnd>
}

/** What is known of a run; `error` says why it did not pass. */
export interface TeamReport extends GuardReport, Partial<CommandEnd> {
  readonly durationMs: number
  readonly error: ReleaseError | undefined
}

/** Whether its row stays open, for the next run to close: the end could not be written, or is not there yet. */
export function staysOpen({ error }: Pick<TeamReport, 'error'>): boolean {
  return error?.code === 'connection-lost' || error?.code === 'run-in-progress'
}

/** Runs the team's own command under the guard. Its exit code decides, unless it had to be stopped. */
export async function runTeamCommand(
  { phase, command, start }: TeamRun,
  observer: CommandObserver,
  policy: GuardPolicy & { readonly signal: AbortSignal },
): Promise<TeamReport> {
  if (policy.signal.aborted) throw interrupted('The run was stopped by a signal before the command was started.')
  const id = await observer.begin(phase, command[0] ?? '')
  const startedAt = policy.now()
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  policy.signal.addEventListener('abort', interrupt, { once: true })
  const guard = new LockGuard(observer, policy)
  const ending = start(stop.signal).catch((cause: unknown) => notStarted(command, cause))
  await guard.watch(ending, stop)
  policy.signal.removeEventListener('abort', interrupt)
  const end = await ending
  const left = stop.signal.aborted || end instanceof ReleaseError ? [] : await observer.leftAtWork(policy.signal).catch(() => [])
  const facts = { ...guard.report, durationMs: Math.round(policy.now() - startedAt) }
  const ended = end instanceof ReleaseError ? undefined : end
  const stopped = !stop.signal.aborted ? undefined : policy.signal.aborted ? 'signal' : 'budget'
  if (left.length > 0) return { ...ended, ...facts, error: stillAtWork(command, left) } // the row stays open, and the next run waits
  const error = end instanceof ReleaseError ? end : errorOf(command, end, stopped, facts, policy.lockBudgetMs)
  try {
    await observer.end(id, stateOf(ended, error), facts.durationMs, error?.code, policy.signal)
    return { ...ended, ...facts, error }
  } catch (cause) {
    return { ...ended, ...facts, error: error ?? notRecorded(command, cause) }
  }
}

/** A command that was stopped and still ended with 0 may have done all of its work, or none. */
function stateOf(ended: CommandEnd | undefined, error: ReleaseError | undefined): AttemptState {
  if (ended === undefined) return 'not-applied'
  if (error === undefined) return 'applied'
  return ended.exitCode === 0 ? 'unknown' : 'failed'
}

function errorOf(
  command: readonly string[],
  { exitCode, signal }: CommandEnd,
  stopped: 'signal' | 'budget' | undefined,
  facts: GuardReport & { readonly durationMs: number },
  lockBudgetMs: number,
): ReleaseError | undefined {
  const name = nameCommand(command)
  if (stopped === 'signal') return interrupted(`The run was stopped by a signal, and ${name} with it.`)
  if (stopped === 'budget') {
    return new ReleaseError(
      'lock-not-obtained',
      `${name} was stopped: it had waited for locks for longer than lock-budget (${formatDuration(lockBudgetMs)}).${lastWait(facts)}`,
      { hint: 'See who holds the lock, and run the same command again. What it had committed stays done.' },
    )
  }
  if (exitCode === 0) return facts.onlyElsewhere ? workedElsewhere(command, facts) : undefined
  const how = signal === undefined ? `ended with exit status ${exitCode}` : `was ended by ${signal}, which Shiplock did not send,`
  return new ReleaseError('migration-failed', `${name} ${how} after ${formatDuration(facts.durationMs)}.${lastWait(facts)}`, {
    hint: `Its output stands in the log, the last lines in the result. Correct the cause and run the same command again: ${itsTable}`,
  })
}

function lastWait({ waits }: GuardReport): string {
  const last = waits.at(-1)
  if (last === undefined) return ''
  return ` It last waited ${formatDuration(last.waitedMs)} for ${last.waitsFor}${last.heldBy.length === 0 ? '' : `, held by ${last.heldBy.join(' and ')}`}.`
}

function stillAtWork(command: readonly string[], pids: readonly number[]): ReleaseError {
  return new ReleaseError(
    'run-in-progress',
    `${nameCommand(command)} has ended, and something that it left behind is still at work in the database (server process ${pids.join(', ')}).`,
    { hint: 'Let the command end after everything that it starts. Run the same command again: it waits until that has ended.' },
  )
}

function workedElsewhere(command: readonly string[], { guarded, elsewhere }: GuardReport): ReleaseError {
  return new ReleaseError(
    'wrong-database',
    `${nameCommand(command)} ended with exit status 0, and it worked elsewhere: ${plural(guarded, 'connection')} to ${elsewhere.join(' and ')} ${guarded === 1 ? 'was' : 'were'} seen, and none to the database of this run.`,
    {
      hint: 'What does the program take its connection from? A file of its own, such as a database.yml with a url, can take the place of DATABASE_URL. See what was changed there.',
    },
  )
}

/** The row stays open, and the next run says so. */
function notRecorded(command: readonly string[], cause: unknown): ReleaseError {
  return new ReleaseError(
    'connection-lost',
    `${nameCommand(command)} ended with exit status 0, but that could not be written to the history: ${messageOf(cause)}.`,
    { hint: `Run the same command again: ${itsTable}`, cause },
  )
}

function notStarted(command: readonly string[], cause: unknown): ReleaseError {
  return new ReleaseError(
    'command-not-found',
    `${nameCommand(command.slice(0, 1))} could not be started (${systemCode(cause) ?? String(cause)}).`,
    {
      hint: 'Check migrations.command: a program in PATH, or a path from the folder of shiplock.yml, with the right to run. There is no shell; the first entry is the program alone.',
      cause,
    },
  )
}
