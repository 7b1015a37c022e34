import type { AlterTableCmd } from '@pgsql/types'
import type { Origin, Schema, Table } from '../schema.ts'

/** Where a subcommand of ALTER TABLE applies. */
export interface Place {
  readonly schema: Schema
  readonly table: Table
  readonly origin: Origin
  /** ONLY: the tables below are left alone. */
  readonly only: boolean
}

export type Alteration = (place: Place, command: AlterTableCmd) => void
