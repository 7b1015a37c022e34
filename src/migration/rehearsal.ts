import { type LockMode, lockModes } from '../sql/locks.ts'

/** What `lock table` may name is a table or a view; the others are locked by what is done to them alone. */
export type RelationKind = 'table' | 'view' | 'materialized view' | 'foreign table' | 'index' | 'sequence'

/** What a migration locked in an empty copy of the schema, of relations that were there before it. */
export interface RehearsedLock {
  readonly schema: string
  readonly name: string
  readonly kind: RelationKind
  /** Conflicts with whatever the locks that it took on this relation conflict with. */
  readonly mode: LockMode
}

/** The locks at the end of its transaction, or why nothing is known of them. */
export type RehearsalOutcome = { readonly locks: readonly RehearsedLock[] } | { readonly failed: string }

/** A migration's own text, without transaction control. */
interface Rehearsed {
  readonly sql: string
  /** Outside a transaction no lock can be seen; it runs all the same, since later ones may build on it. */
  readonly transactional: boolean
}

/**
 * An empty copy of the schema in a scratch cluster, and one limit for everything that is done there. What depends on
 * rows (the foreign keys of rows that are written, a loop over rows) is not seen.
 */
export interface Rehearsal extends AsyncDisposable {
  /** Runs them in order; after one that fails the next is tried. An outcome for each. */
  run(migrations: readonly Rehearsed[]): Promise<readonly RehearsalOutcome[]>
}

/** Why no rehearsal can be had here: `rehearsal not possible: …`. */
export interface NoRehearsal {
  readonly notPossible: string
}

/** The weakest mode that conflicts with whatever any of these conflicts with. */
export function coveringMode(modes: readonly LockMode[]): LockMode {
  const strongest = lockModes.findLast((mode) => modes.includes(mode)) ?? 'AccessShare'
  // these two stand beside Share, not below it: https://www.postgresql.org/docs/current/explicit-locking.html
  const besideShare = modes.includes('RowExclusive') || modes.includes('ShareUpdateExclusive')
  return strongest === 'Share' && besideShare ? 'ShareRowExclusive' : strongest
}
