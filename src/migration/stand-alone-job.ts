import { ReleaseError } from '../errors.ts'
import type { Settling, Step } from './books.ts'
import type { WaitTools } from './concurrent/waiting.ts'
import { inDoubt, keptText, migrationFailed } from './execution-errors.ts'
import type { SqlFailure } from './executor.ts'
import { placeOf } from './failure-place.ts'
import type { AttemptTools, Budget } from './lock-attempts.ts'
import { placeIn } from './migration.ts'
import type { Script, Unit } from './script.ts'

/** What a statement needs that no transaction holds together with its record. */
export interface StandAloneTools extends AttemptTools {
  readonly script: Script
  readonly budget: Budget
  readonly lockBudgetMs: number
  readonly showData: boolean
  readonly account: Account
  /** Sends the statement, in short attempts, when nobody is in its way. */
  readonly send: (unit: Unit) => Promise<ReleaseError | undefined>
}

/** What is told of a migration that did not succeed. */
interface Account {
  attempts: number
  readonly stepsDone: number
  sqlstate: string | undefined
  blockers: readonly string[]
}

/** One statement whose record cannot commit with it. */
export interface Job {
  readonly unit: Unit
  readonly finished: Step
  /** What an earlier run wrote of it. */
  readonly known: Step | undefined
  readonly tools: StandAloneTools
}

export function placeOfJob({ unit, tools }: Job): string {
  return placeIn(tools.script.migration, unit.sql, 0)
}

export function keptOf({ tools }: Job): string {
  return keptText(tools.script.migration, tools.account.stepsDone)
}

export function waitToolsOf({ tools }: Job): WaitTools & Pick<AttemptTools, 'executor'> {
  const { budget, signal, now, sleep, live, executor, script } = tools
  return { id: script.migration.id, budget, signal, now, sleep, live, executor }
}

/** The server refused the statement; `note` says what became of the half-done work. */
export function refusal(job: Job, failure: SqlFailure, note: string, hint: string | undefined): ReleaseError {
  const { script, showData, account } = job.tools
  account.sqlstate = failure.sqlstate
  return migrationFailed(hint === undefined ? failure : { ...failure, hint }, {
    phase: script.migration.phase,
    place: placeOf(failure, { text: job.unit.sql, before: 0 }, script),
    kept: `${note}${keptOf(job)}`,
    showData,
    inFile: failure.position !== undefined,
  })
}

/** The statement was under way when an earlier run ended, and what became of it cannot be looked up. */
export function doubt(job: Job, note = ''): ReleaseError {
  const { executor, script } = job.tools
  return inDoubt(placeOfJob(job), { ...executor.books.settling(script.migration, job.finished.index), ...markingOf(job) }, note)
}

/** Where one statement decides about the whole migration, a command says so: it needs no rights by hand, and is kept with its reason. */
function markingOf({ finished, tools }: Job): Partial<Settling> {
  const { migration, units, reversal } = tools.script
  const own = [...units.keys()].filter((index) => units[index]?.session === false)
  const command = (as: 'applied' | 'reverted') => `shiplock ledger mark-${as} --migration ${migration.id} --reason "…".`
  return {
    ...(finished.index === own.at(-1) ? { tookEffect: command(reversal === undefined ? 'applied' : 'reverted') } : {}),
    ...(finished.index === own[0] ? { didNot: command(reversal === undefined ? 'reverted' : 'applied') } : {}),
  }
}

/**
 * Notes a statement before it begins and after it has ended: only that tells a later run what became of it. `work` says
 * when it begins; what fails before that is as if it had not been tried.
 */
export async function noted(
  { finished, tools }: Job,
  work: (begin: () => Promise<void>) => Promise<ReleaseError | undefined>,
): Promise<ReleaseError | undefined> {
  const { books } = tools.executor
  const { migration } = tools.script
  let begun = false
  const begin = async () => {
    await books.saveStep(migration, { ...finished, state: 'started' })
    begun = true
  }
  const error = await work(begin).catch((cause: unknown) => {
    if (cause instanceof ReleaseError) return cause
    throw cause
  })
  if (begun && error?.code !== 'connection-lost') {
    await books.saveStep(migration, error === undefined ? finished : { ...finished, state: 'failed' })
  }
  return error
}
