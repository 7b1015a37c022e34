import type { ReleaseError } from '../errors.ts'
import { booksLost } from './execution-errors.ts'
import type { Executor } from './executor.ts'
import type { ReversalState, RollbackFact } from './history.ts'
import { MigrationRun, type RunPolicy } from './migration-run.ts'
import type { Script } from './script.ts'

export interface ReversalReport {
  /** `running` where nobody could be asked what became of it: the next run closes it. */
  readonly state: ReversalState
  readonly error: ReleaseError | undefined
  readonly durationMs: number
  /** Attempts at its locks; 1 when they were free. */
  readonly attempts: number
  readonly sqlstate: string | undefined
  /** Who was in the way when the lock budget ended. */
  readonly blockers: readonly string[]
}

/** Takes one migration back, by the rules that it was applied by. What was done is in the report, whatever happens. */
export async function runReversal(script: Script, rollback: RollbackFact, executor: Executor, policy: RunPolicy): Promise<ReversalReport> {
  const { migration } = script
  const { now, progress } = policy
  const { books } = executor
  const steps = (await books.steps()).get(migration.version) ?? []
  const id = await books.beginReversal(migration, rollback)
  const started = now()
  progress(`${migration.id}: its way back started`)
  const run = new MigrationRun(script, executor, policy, false)
  let error: ReleaseError | undefined
  try {
    error = await run.apply(steps)
  } catch (cause) {
    error = booksLost(cause) // statements may have run; the version table and the steps know
  }
  const state = await stateAfter(error, script, executor)
  const durationMs = now() - started
  books.end({ id, state, durationMs, error: error?.code })
  await books.flush().catch(() => {}) // the next run closes it from the version table
  const { attempts, sqlstate, blockers } = run
  return { state, error: state === 'reverted' ? undefined : error, durationMs, attempts, sqlstate, blockers }
}

/** After a lost connection the version table decides. */
async function stateAfter(error: ReleaseError | undefined, { migration }: Script, executor: Executor): Promise<ReversalState> {
  if (error === undefined) return 'reverted'
  if (error.code !== 'connection-lost') return 'failed'
  try {
    return (await executor.settle()).some(({ version }) => version === migration.version) ? 'not-reverted' : 'reverted'
  } catch {
    return 'running'
  }
}
