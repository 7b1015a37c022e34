import type { FingerprintMethod } from '../../../backup/content.ts'
import type { StoredTable } from './tables.ts'

/** What one scan of a table is to find. */
export interface TableReading {
  readonly table: StoredTable
  /** `undefined`: its rows are only counted. */
  readonly method: FingerprintMethod | undefined
}

/**
 * One query over several tables, each read once: its place in the list, its rows, and its fingerprint. `only`: what
 * inherits from a table is read under its own name. Hashes are summed, so that the order of rows does not matter and
 * two equal rows do not cancel each other out.
 */
export function readingQuery(readings: readonly TableReading[]): string {
  return readings
    .map(
      ({ table, method }, place) =>
        `select ${place} as place, count(*)::text as rows, ${fingerprint(table, method)} as fingerprint from ${rowsOf(table)}`,
    )
    .join('\nunion all ')
}

/** As `pg_dump` reads them, which leaves it to an extension how its condition ends. */
function rowsOf({ name, condition = '' }: StoredTable): string {
  return condition === '' ? `only ${name}` : `(select * from ${name} ${condition}) as configured`
}

/** What a table is read by when a sample is wanted: without a key there is nothing that tells a row in every copy alike. */
export function sampleMethod({ keyColumns }: StoredTable): FingerprintMethod {
  return keyColumns.length === 0 ? 'row-text-1' : 'key-sample-64-1'
}

function fingerprint({ columns, keyColumns }: StoredTable, method: FingerprintMethod | undefined): string {
  if (method === undefined) return 'null'
  const sum = `coalesce(sum(${hash(columns)})`
  if (method === 'row-text-1') return `${sum}, 0)::text`
  if (keyColumns.length === 0) return 'null'
  return `${sum} filter (where ${hash(keyColumns)} & 63 = 0), 0)::text`
}

/** Every type has a text, also those without an equality; the collation is named since some of them are not deterministic. */
function hash(columns: readonly string[]): string {
  return `hashtextextended(row(${columns.join(', ')})::text collate "C", 0)`
}
