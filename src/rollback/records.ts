import type { HistoryRow } from '../migration/history.ts'
import type { NotedVersion } from '../migration/ledger-note.ts'

/** A run whose result a store holds. */
export interface RecordedRun {
  readonly at: Date
  readonly command: string
  /** Number and attempt. */
  readonly run: string
  readonly commit: string | undefined
}

/** How the version tables stood when a run ended. */
interface RecordedLedger extends RecordedRun {
  readonly postgres: number
  readonly ran: readonly NotedVersion[]
  readonly perhaps: readonly NotedVersion[]
  readonly database: string | undefined
}

export interface Records {
  readonly ledger: RecordedLedger | undefined
  /** Later runs that may have changed the version tables, and do not say how. */
  readonly unaccounted: readonly RecordedRun[]
  /** The last deploy that was recorded, and the rollbacks since, oldest first. */
  readonly live: readonly HistoryRow[]
  /** Whether a record of a deploy or a rollback cannot be read that is newer than those. */
  readonly liveUnread: boolean
  /** Every environment of the project that has records. */
  readonly environments: readonly string[]
}
