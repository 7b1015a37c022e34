import type { TableName } from '../../migration/ledger.ts'

/** What a rescue copy holds of one loss, and how it is told from all else. Names are those of the live database. */
export type RescuePart = WholePart | ColumnsPart | RowsPart | ValuesPart | SequencePart

/** A table, or a sequence, that is dropped: with its partitions, and with all that belongs to it. */
export interface WholePart {
  readonly kind: 'table' | 'sequence'
  readonly table: TableName
}

/** Where rows are to be found once the down has run, which may have renamed them. */
interface Place {
  readonly table: TableName
  readonly target: TableName
  /** New names by old ones. */
  readonly renamed: Readonly<Record<string, string>>
}

/** Columns that are dropped, with the key that finds their rows again. */
export interface ColumnsPart extends Place {
  readonly kind: 'columns'
  readonly columns: readonly string[]
  readonly key: readonly string[]
}

/** Whole rows. */
export interface RowsPart extends Place {
  readonly kind: 'rows'
  /** A condition on `liveRow`; all rows when left out. */
  readonly where: string | undefined
  /** Whether the condition holds a text of the down, which means something only under the role's own search path. */
  readonly ownPath: boolean
  /** Whether the sequences of the table begin anew. */
  readonly restarts: boolean
}

/** Values that are overwritten, or that another type does not hold. */
export interface ValuesPart extends Place {
  readonly kind: 'values'
  readonly columns: readonly string[]
  readonly key: readonly string[]
  readonly where: string | undefined
  readonly ownPath: boolean
  readonly retyped: boolean
}

/** The number where a sequence stands that stays. */
interface SequencePart {
  readonly kind: 'position'
  readonly table: TableName
}

/** The name of a row in conditions. */
export const liveRow = 'shiplock_live'
