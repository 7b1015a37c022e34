import type { ReleaseError } from '../errors.ts'
import { booksLost } from './execution-errors.ts'
import type { Executor } from './executor.ts'
import type { AttemptState, ByHand, ReversalState } from './history.ts'
import { MigrationRun, type RunPolicy } from './migration-run.ts'
import type { Mark, Script } from './script.ts'
import { closedState } from './state.ts'

/**
 * Changes the books of one migration and runs nothing of it. The history says so before the version table changes: a run
 * that is killed in between leaves an open row, which the next run closes from the table. The look afterwards belongs to the mark:
 * the history calls done only what the version table then shows.
 */
export async function runMark<Look extends { readonly error: ReleaseError | undefined }>(
  script: Script & { readonly mark: Mark },
  byHand: ByHand,
  executor: Executor,
  policy: RunPolicy,
  lookAfter: () => Promise<Look>,
): Promise<{ readonly error: ReleaseError | undefined; readonly after: Look | undefined }> {
  const { migration, mark } = script
  const { books } = executor
  const id = await books.beginMark(migration, mark.as, byHand)
  let error: ReleaseError | undefined
  let after: Look | undefined
  try {
    error = await new MigrationRun(script, executor, policy, false).apply([])
    if (error === undefined) after = await lookAfter()
    error ??= after?.error
  } catch (cause) {
    error = booksLost(cause)
  }
  const state = await stateAfter(error, script, executor)
  books.end({ id, state, error: error?.code })
  await books.flush().catch(() => {}) // the next run closes it from the version table
  return { error, after }
}

/** After a lost connection the version table decides. */
async function stateAfter(
  error: ReleaseError | undefined,
  { migration, mark }: Script & { readonly mark: Mark },
  executor: Executor,
): Promise<AttemptState | ReversalState> {
  if (error === undefined) return mark.as
  if (error.code !== 'connection-lost') return 'failed'
  try {
    const isInTable = (await executor.settle()).some(({ version }) => version === migration.version)
    return closedState(mark.as === 'reverted', isInTable)
  } catch {
    return 'running'
  }
}
