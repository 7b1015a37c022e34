import type { TableName } from '../../migration/ledger.ts'
import type { DownLoss } from './loss.ts'
import type { WholePart } from './rescue-part.ts'

/** A loss with what the live database says of it; all losses are counted under one snapshot. */
export interface CountedLoss extends DownLoss {
  /** `undefined` where nobody can count it. */
  readonly counted: bigint | undefined
  /** What `mark` said at that moment. */
  readonly markedAs: string | undefined
  /** How long the mark took: whoever compares it again waits as long. */
  readonly markMs: number
}

/** One snapshot of the live database: counts, marks and the copy agree. */
export interface RescueSource extends AsyncDisposable {
  readonly facts: RescueFacts
  /** In the order of the losses. Throws `loss-not-counted`. */
  count(losses: readonly DownLoss[]): Promise<readonly CountedLoss[]>
  /** What the catalog says of a table that stays, and of what would fall with the columns. */
  describeTable(table: TableName, columns: readonly string[]): Promise<TableFacts>
  /** The definition of tables and sequences that are dropped, and where their rows are. */
  describeWhole(parts: readonly WholePart[]): Promise<WholeFacts>
  /** Objects outside of the tables that their definition needs, each as a statement that makes it where it is missing. */
  prerequisites(tables: readonly TableName[], columns: readonly ColumnName[]): Promise<readonly string[]>
  /** The position of a sequence. */
  position(sequence: string): Promise<SequencePosition>
  countRows(select: string, ownPath: boolean): Promise<bigint>
  /** Rows as COPY writes them, each a line. */
  rows(select: string, ownPath: boolean): AsyncIterable<Buffer>
}

export interface ColumnName {
  readonly table: TableName
  readonly column: string
}

export interface RescueFacts {
  readonly database: string
  readonly serverVersion: string
  /** Missing where the role may not read it. */
  readonly systemIdentifier: string | undefined
  readonly databaseOid: string
  readonly timeZone: string
  readonly at: Date
}

export interface SequencePosition {
  /** Quoted, with its schema. */
  readonly name: string
  readonly last: string
  readonly called: boolean
}

/** All definitions are SQL with qualified names. */
export interface ColumnFacts {
  readonly name: string
  readonly type: string
  /** When it is not that of the type. */
  readonly collation: string | undefined
  readonly notNull: boolean
  readonly default: string | undefined
  readonly identity: 'always' | 'by default' | undefined
  readonly generated: string | undefined
  readonly comment: string | undefined
  /** Rights on the column alone, as statements. */
  readonly grants: readonly string[]
  /** The sequence that it owns: its options as CREATE SEQUENCE takes them. */
  readonly sequence: (SequencePosition & { readonly options: string }) | undefined
}

/** A constraint, an index or the like, which is made where it is missing. */
export interface Dependent {
  readonly kind: 'constraint' | 'index' | 'statistics'
  /** The table of a constraint, quoted. */
  readonly on: string
  readonly name: string
  /** Of a constraint: what stands behind its name; otherwise the whole statement. */
  readonly definition: string
  readonly isForeign: boolean
  readonly comment: string | undefined
}

export interface TableFacts {
  readonly columns: readonly ColumnFacts[]
  /** The equality of each column that is a part of a unique index. */
  readonly equality: Readonly<Record<string, string>>
  /** A unique constraint that can be deferred forbids ON CONFLICT. */
  readonly deferrable: boolean
  /** Columns computed from those that fall, and gone with them. */
  readonly dependents: readonly Dependent[]
  readonly sequences: readonly SequencePosition[]
}

export interface WholeFacts {
  /** As `pg_dump` writes the schema. */
  readonly script: string
  /** Tables that hold rows themselves. */
  readonly leaves: readonly { readonly name: string; readonly columns: readonly string[] }[]
  readonly sequences: readonly SequencePosition[]
  /** Foreign keys of tables that stay. */
  readonly references: readonly Dependent[]
  /** Every table and sequence, quoted. */
  readonly names: readonly string[]
}
