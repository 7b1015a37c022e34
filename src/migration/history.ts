import type { Phase } from './migration.ts'

/** What became of an attempt. Open rows of a dead run are closed from the ledger; `unknown` where Shiplock reads none. */
export type AttemptState = 'running' | 'applied' | 'failed' | 'applied-unreported' | 'not-applied' | 'unknown'

/** A file as a release contains it. */
export interface ContainedMigration {
  readonly version: string
  readonly phase: Phase
  readonly checksum: string
}

/** One row of `history`: an attempt at a migration, a run of the team's own command, or a fact of the release. */
export type HistoryRow =
  | {
      readonly event: 'migration'
      readonly phase: Phase
      readonly version: string
      readonly checksum: string
      readonly state: AttemptState
      readonly release: string
      readonly at: Date
    }
  | {
      readonly event: 'command'
      readonly phase: Phase | 'all'
      readonly state: AttemptState
      readonly release: string
      readonly at: Date
    }
  | {
      readonly event: 'deployed'
      readonly release: string
      readonly commit: string | undefined
      readonly at: Date
      readonly migrations: readonly ContainedMigration[]
    }

/** The newest release that was recorded as deployed. */
export function lastDeployed(history: readonly HistoryRow[]) {
  return history
    .filter((row) => row.event === 'deployed')
    .reduce<Extract<HistoryRow, { event: 'deployed' }> | undefined>(
      (newest, row) => (newest === undefined || row.at >= newest.at ? row : newest),
      undefined,
    )
}

/** Every version that a run of Shiplock, or a release that it saw, has known. */
export function knownVersions(history: readonly HistoryRow[]): Set<string> {
  return new Set(
    history.flatMap((row) => {
      if (row.event === 'command') return []
      return row.event === 'migration' ? [row.version] : row.migrations.map((one) => one.version)
    }),
  )
}
