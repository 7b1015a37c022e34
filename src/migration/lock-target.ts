import type { LockMode } from '../sql/locks.ts'

/** A relation on the server that a migration locks. */
export interface LockTarget {
  readonly oid: string
  /** Qualified and quoted. */
  readonly name: string
  readonly mode: LockMode
  /** Whether LOCK TABLE ONLY may be used on it. */
  readonly lockable: boolean
}
