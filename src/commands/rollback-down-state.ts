import type { InputValues } from '../inputs.ts'
import type { LedgerOptions, MigrationDatabase } from '../migration/database.ts'
import type { History } from '../migration/history.ts'
import type { Layout } from '../migration/layout.ts'
import type { LedgerEntry } from '../migration/ledger.ts'
import type { Migration } from '../migration/migration.ts'
import type { Named } from '../rollback/down/named.ts'
import type { Target } from '../rollback/present.ts'
import type { RunState } from '../rollback/since.ts'
import type { DatabaseInputs } from './command.ts'
import { rehearsalInputNames } from './rehearse-locks.ts'
import type { Folders } from './rollback-target.ts'

/** What only the shape down-one uses. */
export const downInputNames = [
  'migration',
  'migrate-command-down',
  'confirm',
  'rescue',
  'require-backup-age',
  'store',
  'lock-budget',
  'stall-budget',
  ...rehearsalInputNames,
  'install-tools',
  'show-data',
] as const

export type DownInputs = Folders &
  Pick<
    InputValues,
    Exclude<(typeof downInputNames)[number], 'store'> | 'migrations-table' | 'publish-state' | 'dry-run' | 'shape' | 'database-ca'
  > & {
    readonly store?: string | undefined
  }

/** What is known before the shape down-one is looked at. */
export interface DownState {
  /** As people know it. */
  readonly database: string
  readonly target: Target
  readonly layout: Layout
  /** Those of the target. */
  readonly migrations: readonly Migration[]
  readonly ledger: LedgerOptions
  /** Of the version tables, read before their entries. */
  readonly heads: readonly { readonly table: string; readonly head: string }[]
  readonly entries: readonly LedgerEntry[]
  readonly history: History
  /** Major version of the server. */
  readonly postgres: number
  readonly live: { readonly release: string; readonly commit: string | undefined } | undefined
  readonly ran: RunState
  readonly named: Named
  readonly notes: readonly string[]
  /** Missing in a dry run. */
  readonly reason: string | undefined
}

/** Where the database is, and the open connection that holds the lock. */
export interface DownPlace {
  readonly connection: DatabaseInputs
  readonly database: MigrationDatabase
}
