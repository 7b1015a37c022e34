import type { LockMode } from '../sql/locks.ts'

/** A relation of the database on which a migration will take a lock. */
export interface LockTarget {
  readonly oid: string
  /** Qualified and quoted. */
  readonly name: string
  readonly mode: LockMode
  /** Whether LOCK TABLE ONLY may be used on it: an ordinary or partitioned table, and the role has the right for this mode. */
  readonly lockable: boolean
}
