import type { RelationName } from '../sql/locks/names.ts'
import type { RelationLock } from '../sql/locks.ts'
import type { Books } from './books.ts'
import type { Catalog } from './catalog.ts'
import type { Holder } from './holder.ts'
import type { LedgerEntry } from './ledger.ts'
import type { LedgerTexts } from './ledger-texts.ts'
import type { LockTarget } from './lock-target.ts'
import type { Phase } from './migration.ts'
import type { Watch } from './watch.ts'

/** What the server said of a message that failed. */
export interface SqlFailure {
  readonly sqlstate: string | undefined
  readonly message: string
  readonly detail: string | undefined
  readonly hint: string | undefined
  /** Code points from 0 in the message that was sent. */
  readonly position: number | undefined
  /** Statements of the message that had ended before. */
  readonly completed: number
}

/** `value` is the first column of the last row. `lost` means that nobody knows from here whether the message took effect: the ledger does. */
export type SendOutcome =
  | { readonly state: 'done'; readonly value: string | undefined }
  | { readonly state: 'failed'; readonly failure: SqlFailure; readonly value: string | undefined }
  | { readonly state: 'lost'; readonly reason: string }

/** What executing needs of the database: a worker that runs messages, an observer that watches, cancels and keeps the books. */
export interface Executor extends AsyncDisposable {
  readonly books: Books
  readonly ledger: LedgerTexts
  readonly catalog: Catalog
  readonly watch: Watch
  /** The server's `deadlock_timeout`: only a waiter's deadlock check makes an autovacuum give way. */
  readonly deadlockTimeoutMs: number
  /** Sends one simple-query message on the worker. When the signal fires, the observer cancels it on the server. */
  send(sql: string, signal: AbortSignal): Promise<SendOutcome>
  /** Finds the relations on the server, in the worker's own search path; `taken` are names to be made that exist. */
  survey(locks: readonly RelationLock[], creates: readonly RelationName[]): Promise<Survey>
  /** Others who hold or await a lock that conflicts with one of these. */
  holders(targets: readonly LockTarget[]): Promise<readonly Holder[]>
  /** For what the worker's statement queues right now, and behind whom. */
  queue(): Promise<Queue>
  /**
   * From here on the version tables of these phases take a version once, where the tool alone would let them take it
   * twice; the end of the executor undoes it. Neither ever fails: what could not be done is a warning.
   */
  bookOnce(phases: ReadonlySet<Phase>): Promise<void>
  /** Connects anew after a loss, waits until the old session is gone, and reads the version table. */
  settle(): Promise<readonly LedgerEntry[]>
}

export interface Survey {
  readonly targets: readonly LockTarget[]
  readonly taken: boolean
}

/** A place in a lock's queue. */
export interface Queue {
  /** Relations that were not granted; empty when it waits for rows, or does not wait. */
  readonly targets: readonly LockTarget[]
  readonly behind: readonly Holder[]
}
