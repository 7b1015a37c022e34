import type { Effect } from '../sql/classify.ts'
import type { AttemptState } from './history.ts'
import type { LedgerEntry } from './ledger.ts'
import type { Migration } from './migration.ts'

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

/** `lost` means that nobody knows from here whether the message took effect: the ledger does. */
export type SendOutcome =
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly failure: SqlFailure }
  | { readonly state: 'lost'; readonly reason: string }

/** A finished or begun statement of a file that runs outside a transaction. */
export interface Step {
  readonly index: number
  readonly hash: string
  /** `started` is what a dead run leaves behind; `failed`, that the server refused it. */
  readonly state: 'started' | 'failed' | 'finished'
}

/** What executing needs of the database: a worker that runs messages, an observer that keeps the books. */
export interface Executor extends AsyncDisposable {
  /** Sends one simple-query message on the worker. When the signal fires, the observer cancels it on the server. */
  send(sql: string, signal: AbortSignal): Promise<SendOutcome>
  /** Puts the worker's session back to how it was, so that no setting leaks into the next file. */
  resetSession(): Promise<void>
  /** SQL that puts the role back, inside a transaction, to what the connection had before the migration. */
  readonly restoreRole: string
  /** SQL run first inside a transaction: locks the version table where the tool has no lock, and checks its head. */
  guard(migration: Migration): Promise<readonly string[]>
  /** SQL that records a migration in the version table. */
  record(migration: Migration): string
  /** Writes the row `running` before an attempt; returns its id. */
  beginAttempt(migration: Migration): Promise<string>
  endAttempt(id: string, state: AttemptState, durationMs: number, error?: string): Promise<void>
  steps(migration: Migration): Promise<readonly Step[]>
  /** SQL that records a finished step, for the same transaction as the step itself. */
  recordStep(migration: Migration, step: Step): string
  saveStep(migration: Migration, step: Step): Promise<void>
  /** What the catalog says of a statement's effect; `invalid` for a half-built index, `other` when the name means something else. */
  effectState(effect: Effect): Promise<'done' | 'absent' | 'invalid' | 'busy' | 'other'>
  dropInvalidIndex(effect: Effect): Promise<void>
  /** Connects anew after a loss, waits until the old session is gone, and reads the version table. */
  settle(): Promise<readonly LedgerEntry[]>
}
