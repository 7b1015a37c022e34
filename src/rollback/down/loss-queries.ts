import { quoteName, quoteTable, type TableName } from '../../migration/ledger.ts'
import { liveRow } from './rescue-part.ts'

/** Rows of a table that a loss is about. */
export interface LostRows {
  readonly table: TableName
  /** Whether the rows of tables that inherit from it, other than partitions, are another loss. */
  readonly only: boolean
  /** A condition on `liveRow`. */
  readonly where: string | undefined
}

/** All texts mean the same under any search path, except for conditions that a down holds itself. */
export function countRows(rows: LostRows): string {
  return `select pg_catalog.count(*) from ${fromRows(rows)}`
}

/** Values that are not null, of all columns together. */
export function countValues(rows: LostRows, columns: readonly string[]): string {
  const counts = columns.map((column) => `pg_catalog.count(${ofRow(column)})`)
  return `select ${counts.join(' operator(pg_catalog.+) ')} from ${fromRows(rows)}`
}

/** A text that changes when one of the rows does. Hashes are summed, so that the order of rows does not matter. */
export function markRows(rows: LostRows): string {
  return `select ${mark(`row(${liveRow}.*)`)} from ${fromRows(rows)}`
}

export function markValues(rows: LostRows, key: readonly string[], columns: readonly string[]): string {
  const values = [...key, ...columns].map(ofRow)
  return `select ${mark(`row(${values.join(', ')})`)} from ${fromRows(rows)}`
}

export function fromRows({ table, only, where }: LostRows): string {
  const rows = `${only ? 'only ' : ''}${quoteTable(table)} as ${liveRow}`
  return where === undefined ? rows : `${rows} where ${where}`
}

export function ofRow(column: string): string {
  return `${liveRow}.${quoteName(column)}`
}

/** Counted as a whole: a composite value with an empty field is one all the same, which IS NOT NULL denies. */
export function anyValue(columns: readonly string[]): string {
  return `(${columns.map((column) => `pg_catalog.num_nonnulls(${ofRow(column)}) operator(pg_catalog.>) 0`).join(' or ')})`
}

/** Every type has a text; the collation is named since some of them are not deterministic. */
function mark(row: string): string {
  const hash = `pg_catalog.hashtextextended(${row}::pg_catalog.text collate pg_catalog."C", 0)`
  return `pg_catalog.concat(pg_catalog.count(*), ' ', coalesce(pg_catalog.sum(${hash}), 0))`
}
