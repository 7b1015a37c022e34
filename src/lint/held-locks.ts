import type { HeldLock, UnknownRelation } from '../sql/effects/effects.ts'
import type { LockMode } from '../sql/locks/mode.ts'
import type { Relation } from '../sql/schema/schema.ts'
import type { StatementScope } from './scope.ts'
import { tableName } from './wording.ts'

const stopsWrites: readonly LockMode[] = ['Share', 'ShareRowExclusive', 'Exclusive', 'AccessExclusive']

/** Locks of a statement on tables that are in use, for which at least their writers wait. */
export function strongLocks(scope: StatementScope): readonly HeldLock[] {
  return scope.effects.locks.filter(({ relation, mode }) => stopsWrites.includes(mode) && isUsed(relation, scope))
}

/** The strong lock that the transaction took before a statement and still holds. */
export function heldBefore(scope: StatementScope): HeldLock | undefined {
  return sinceCommit(scope).flatMap(strongLocks)[0]
}

/** A DO block may have committed what went before. */
function sinceCommit({ earlier }: StatementScope): readonly StatementScope[] {
  const last = earlier.findLastIndex(({ statement, nested }) => nested && 'TransactionStmt' in statement.node)
  return earlier.slice(last + 1)
}

/** Whether others may be using a table, or a materialized view. */
export function isUsed(relation: Relation | UnknownRelation, scope: StatementScope): boolean {
  if (scope.isNew(relation) || relation.kind === 'index' || relation.kind === 'sequence') return false
  if (relation.kind === 'table') return relation.persistence !== 'temporary'
  return relation.kind === 'unknown' || relation.form === 'materialized'
}

/** A relation for a sentence; `public` goes without saying. */
export function relationName({ schema, name }: Relation | UnknownRelation): string {
  return tableName({ schema: schema === 'public' ? undefined : schema, name })
}

/** Who waits for a lock: `every query`, or only `every write`. */
export function whoWaits(mode: LockMode): string {
  return mode === 'AccessExclusive' ? 'query' : 'write'
}
