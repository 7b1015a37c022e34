import type { ReleaseError } from '../../errors.ts'
import { connectionLost, interrupted } from '../execution-errors.ts'
import type { SqlFailure } from '../executor.ts'
import { describeHolder } from '../holder.ts'
import type { LockTarget } from '../lock-target.ts'
import { type Job, keptOf, noted, placeOfJob, refusal, waitToolsOf } from '../stand-alone-job.ts'
import { neverStarted, outwaited } from './errors.ts'
import { type InTheWay, oldOnes } from './old-transactions.ts'
import { sendWatched, type WatchedEnd } from './send-watched.ts'
import { type Blocker, type WaitTools, waitOut } from './waiting.ts'

/** How a statement that waits by design is prepared, and what is done when it fails. */
export interface Patient {
  /** Such as `building accounts_email_idx`. */
  readonly what: string
  /** On which it waits for others. */
  readonly relations: readonly LockTarget[]
  /** Comes before each try; throws when there is no use in trying. */
  ready?(): Promise<void>
  /** Looks whether what succeeded is what was wanted. */
  confirm?(): Promise<ReleaseError | 'again' | undefined>
  /** Clears away what a failed try left; says what became of it, as a sentence that begins with a blank, or nothing. */
  clean?(end: WatchedEnd, tools: WaitTools): Promise<string>
  /** A state from which another statement goes on; others who queue behind this one are reason enough to stop there. */
  readonly halfWay?: { isReached(): Promise<boolean>; finish(): Promise<ReleaseError | undefined> }
  /** What to do about a failure, where that is more than the server says. */
  advise?(failure: SqlFailure): Promise<string | undefined>
}

/** Failures that come from what else happens on the server, and not from the statement: deadlock, lock timeout, cancelled. */
const passing = ['40P01', '55P03', '57014']

/** Dropping waits for others too; at some point it has to be left to the next run. */
const cleaningMs = 10_000
/** A runner grants little time to a job that it stops. */
const hurriedMs = 2000

/** Runs a statement that waits for others by design, without limits on the server; once more when what failed may pass by itself. */
export function runPatiently(job: Job, patient: Patient): Promise<ReleaseError | undefined> {
  return noted(job, async (begin) => {
    let failures = 0
    for (;;) {
      await patient.ready?.()
      await begin()
      const stallBudgetMs = patient.halfWay === undefined ? undefined : job.tools.stallBudgetMs
      const end = await sendWatched({ sql: job.unit.sql.text, ...patient, stallBudgetMs }, waitToolsOf(job))
      const verdict = end.outcome.state === 'done' ? await patient.confirm?.() : await afterFailure(job, patient, end, ++failures)
      if (verdict !== 'again') return verdict
    }
  })
}

async function afterFailure(job: Job, patient: Patient, end: WatchedEnd, failures: number): Promise<ReleaseError | 'again' | undefined> {
  const { script, signal, account, progress } = job.tools
  const { outcome, cancelled } = end
  if (outcome.state === 'lost') return connectionLost(script.migration, outcome.reason)
  if (outcome.state === 'done') return undefined
  const { sqlstate = '', message } = outcome.failure
  const passes = !signal.aborted && cancelled !== 'budget' && passing.includes(sqlstate)
  if (passes && (await patient.halfWay?.isReached())) return patient.halfWay?.finish()
  const again = passes && failures === 1
  const note = (await patient.clean?.(end, cleaningTools(job, again))) ?? ''
  if (!again) return failureOf(job, patient, end, outcome.failure, note)
  account.attempts++
  progress(`${script.migration.id}: ${message} (SQLSTATE ${sqlstate}); ${patient.what} is tried once more`)
  return 'again'
}

/** Before a statement begins: waits until nobody is in its way who would hold it up for long. */
export async function waitForOld(job: Job, what: string, inTheWay: InTheWay): Promise<void> {
  const { executor, lockBudgetMs, now } = job.tools
  const old = oldOnes(inTheWay, executor, lockBudgetMs, now)
  const blockers = await waitOut({ text: `${what} waits`, inTheWay: old, mayMeetOthers: true }, waitToolsOf(job))
  if (blockers.length > 0) throw tooLong(job, what, blockers)
}

/** The budget ended while nothing was under way. */
export function tooLong(job: Job, what: string, blockers: readonly Blocker[]): ReleaseError {
  blame(job, blockers)
  return neverStarted(waitedBy(job, what, blockers))
}

async function failureOf(job: Job, patient: Patient, end: WatchedEnd, failure: SqlFailure, note: string): Promise<ReleaseError> {
  if (job.tools.signal.aborted) return interrupted(`The run was stopped by a signal; ${patient.what} was cancelled on the server.${note}`)
  if (end.cancelled === undefined) return refusal(job, failure, note, await patient.advise?.(failure))
  blame(job, end.blockers)
  return outwaited(waitedBy(job, patient.what, end.blockers), note)
}

export function waitedBy(job: Job, what: string, blockers: readonly Blocker[]) {
  return { place: placeOfJob(job), what, budgetMs: job.tools.lockBudgetMs, blockers, kept: keptOf(job) }
}

/** Keeps who was in the way for the result. */
export function blame({ tools }: Job, blockers: readonly Blocker[]): void {
  tools.account.blockers = blockers.map(({ holder, age }) => describeHolder(holder, age))
}

function cleaningTools(job: Job, again: boolean): WaitTools {
  const tools = waitToolsOf(job)
  if (again) return tools
  const { aborted } = job.tools.signal
  return { ...tools, signal: aborted ? AbortSignal.any([]) : tools.signal, budget: { leftMs: aborted ? hurriedMs : cleaningMs } }
}
