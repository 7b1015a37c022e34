import type { ReleaseError } from '../errors.ts'
import { formatDuration } from '../units.ts'
import { booksLost, interrupted } from './execution-errors.ts'
import type { Executor } from './executor.ts'
import type { Migration } from './migration.ts'
import { MigrationRun, type RunPolicy } from './migration-run.ts'
import type { Script } from './script.ts'

/** What is known of one migration after a run. */
interface Applied {
  readonly id: string
  readonly version: string
  readonly phase: string
  readonly durationMs: number
  /** Attempts at its locks; 1 when they were free. */
  readonly attempts: number
}

/** Where and why a migration stopped. */
export interface Failed {
  readonly id: string
  readonly version: string
  readonly path: string
  readonly error: ReleaseError
  readonly durationMs: number
  readonly attempts: number
  readonly sqlstate: string | undefined
  /** Statements of a no-transaction file that are done and stay done. */
  readonly stepsDone: number
}

export interface RunReport {
  readonly applied: readonly Applied[]
  readonly failed: Failed | undefined
  /** Why the run ended between two migrations. */
  readonly stopped: ReleaseError | undefined
  readonly notRun: readonly string[]
}

/** Runs the migrations in order and stops at the first that fails. What was done is in the report, whatever happens. */
export async function runScripts(scripts: readonly Script[], executor: Executor, policy: RunPolicy): Promise<RunReport> {
  const applied: Applied[] = []
  for (const [index, script] of scripts.entries()) {
    const rest = (from: number) => scripts.slice(from).map(({ migration }) => migration.id)
    if (policy.signal.aborted) {
      const stopped = interrupted('The run was stopped by a signal between two migrations.')
      return { applied, failed: undefined, stopped, notRun: rest(index) }
    }
    const { done, failed, stopped } = await runOne(script, executor, policy, index > 0)
    if (done !== undefined) applied.push(done)
    if (failed !== undefined) return { applied, failed, stopped: undefined, notRun: rest(index + 1) }
    if (stopped !== undefined) return { applied, failed: undefined, stopped, notRun: rest(done === undefined ? index : index + 1) }
  }
  return { applied, failed: undefined, stopped: undefined, notRun: [] }
}

interface OneRun {
  readonly done?: Applied
  readonly failed?: Failed
  /** The books could not be kept any longer: nothing else may start. */
  readonly stopped?: ReleaseError
}

async function runOne(script: Script, executor: Executor, policy: RunPolicy, reset: boolean): Promise<OneRun> {
  const { migration } = script
  const started = policy.now()
  const run = new MigrationRun(script, executor, policy)
  const facts = () => ({ id: migration.id, version: migration.version, durationMs: policy.now() - started, attempts: run.attempts })
  const failure = (error: ReleaseError): Failed => ({
    ...facts(),
    path: migration.path,
    error,
    sqlstate: run.sqlstate,
    stepsDone: run.stepsDone,
  })
  let attempt: string
  try {
    if (reset) await executor.resetSession()
    attempt = await executor.beginAttempt(migration)
  } catch (cause) {
    return { stopped: booksLost(cause) }
  }
  policy.progress(`${migration.id}: started`)
  let error: ReleaseError | undefined
  try {
    error = await run.apply()
  } catch (cause) {
    error = booksLost(cause) // statements may have run; the version table and the steps know
  }
  const state = error === undefined ? 'applied' : await stateAfter(error, migration, executor)
  const isApplied = state === 'applied' || state === 'applied-unreported'
  const done = isApplied ? { ...facts(), phase: migration.phase } : undefined
  if (done !== undefined) policy.progress(`${migration.id}: applied in ${formatDuration(done.durationMs)}`)
  const failed = error === undefined || isApplied ? undefined : failure(error)
  try {
    await executor.endAttempt(attempt, state, policy.now() - started, error?.code)
    return { ...(done && { done }), ...(failed && { failed }) }
  } catch (cause) {
    // the row stays open, and the next run closes it from the version table
    return { ...(done && { done }), ...(failed ? { failed } : { stopped: booksLost(cause) }) }
  }
}

/** After a lost connection the version table decides; otherwise the failure is what the server said. */
async function stateAfter(error: ReleaseError, migration: Migration, executor: Executor) {
  if (error.code !== 'connection-lost') return 'failed' as const
  try {
    const entries = await executor.settle()
    return entries.some((entry) => entry.version === migration.version) ? ('applied-unreported' as const) : ('not-applied' as const)
  } catch {
    return 'running' as const // nobody can be asked; the row stays open and the next run closes it
  }
}
