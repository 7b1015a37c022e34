import type { HeldLock, UnknownRelation } from '../sql/effects/effects.ts'
import type { LockMode } from '../sql/locks/mode.ts'
import type { Relation } from '../sql/schema/schema.ts'
import { foldEarlier } from './fold-earlier.ts'
import type { StatementScope } from './scope.ts'
import { tableName } from './wording.ts'

const stopsWrites: readonly LockMode[] = ['Share', 'ShareRowExclusive', 'Exclusive', 'AccessExclusive']

/** Locks of a statement on tables that are in use, for which at least their writers wait. */
export function strongLocks(scope: StatementScope): readonly HeldLock[] {
  return scope.effects.locks.filter(({ relation, mode }) => stopsWrites.includes(mode) && isUsed(relation, scope))
}

/** The strong lock that the transaction took before a statement and still holds; a DO block may have committed what went before. */
export const heldBefore = foldEarlier<HeldLock | undefined>(undefined, (held, one) =>
  one.nested && 'TransactionStmt' in one.statement.node ? undefined : (held ?? strongLocks(one)[0]),
)

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
