import { asideName, type FoundIndex, type FoundRelation, type FoundTable } from '../catalog.ts'
import { connectionLost } from '../execution-errors.ts'
import { type Job, waitToolsOf } from '../stand-alone-job.ts'
import { targetsOf } from './old-transactions.ts'
import { sendWatched } from './send-watched.ts'
import type { Blocker, WaitTools } from './waiting.ts'

export type DropEnd =
  | { readonly state: 'dropped' }
  /** Somebody works on it, or it is not what it was: it has to be looked at again. */
  | { readonly state: 'again' }
  | { readonly state: 'refused'; readonly reason: string }
  /** Others who use the table have not ended in time; this is what it is called now. */
  | { readonly state: 'waits'; readonly name: string; readonly blockers: readonly Blocker[] }

/**
 * Drops an invalid index that has been found to be the statement's own. Between finding and dropping it somebody may
 * make it whole, or put another in its place: so it is looked at once more under a lock, and renamed there. What is
 * dropped then has a name that nobody else knows.
 */
export async function dropRemains(index: FoundIndex, table: FoundTable, job: Job, tools: WaitTools): Promise<DropEnd> {
  const { executor, script } = job.tools
  if (index.relname === asideName(index.oid)) return dropHalfBuilt(index.name, table, job, tools)
  const aside = await executor.catalog.setAside(index, table, executor.deadlockTimeoutMs + 500) // a vacuum gives way within this time
  if (aside.state === 'refused') return aside
  if (aside.state !== 'done') return { state: 'again' }
  job.tools.progress(`${script.migration.id}: ${index.name} was left half-built; it is dropped`)
  return dropHalfBuilt(aside.name, table, job, tools)
}

/** Drops by name; who has this name is certain. */
export async function dropHalfBuilt(name: string, table: FoundRelation, job: Job, tools: WaitTools): Promise<DropEnd> {
  const sql = `drop index concurrently if exists ${name}`
  const relations = targetsOf([table], 'AccessExclusive')
  for (let tries = 1; ; tries++) {
    const end = await sendWatched({ sql, what: `dropping the half-built ${name}`, relations }, { ...waitToolsOf(job), ...tools })
    const { outcome, blockers } = end
    if (outcome.state === 'done') return { state: 'dropped' }
    if (outcome.state === 'lost') throw connectionLost(job.tools.script.migration, outcome.reason)
    if (end.cancelled !== undefined || tools.signal.aborted) return { state: 'waits', name, blockers }
    if (tries === 2) return { state: 'refused', reason: outcome.failure.message }
  }
}
