import type { Books } from '../../migration/books.ts'
import type { LedgerOptions } from '../../migration/database.ts'
import type { LedgerTable } from '../../migration/ledger-texts.ts'
import type { OpenClient } from './client.ts'
import type { DatabaseSurroundings } from './session.ts'

/** What a worker and its executor need to know. */
export interface ExecutorSurroundings extends DatabaseSurroundings {
  readonly tables: readonly LedgerTable[]
  readonly options: LedgerOptions
  readonly books: Books
  /** The connection that holds the lock; another one after `reconnect`. */
  readonly observer: () => OpenClient
  readonly reconnect: (signal: AbortSignal) => Promise<void>
}
