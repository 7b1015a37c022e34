import type { Check } from '../result.ts'
import { formatCount, plural } from '../units.ts'
import { tableKey } from './table-key.ts'

/** A table as the server counted it under the snapshot; without rows where it did not. */
export interface CountedTable {
  readonly name: string
  readonly rows?: number | undefined
  /** Why the dump holds none of its rows. */
  readonly notDumped?: string | undefined
}

/** Rows by `tableKey`. A table that has no data in the archive is missing; what does not lie in the list is let be. */
export type ArchiveRows = ReadonlyMap<string, number>

const namedTables = 3

/** Whether the archive holds the rows that the server counted, table by table. */
export function compareRows(tables: readonly CountedTable[], found: ArchiveRows): Check {
  const counted = tables.filter(({ rows }) => rows !== undefined)
  const wrong = counted.filter(({ name, rows }) => rowsIn(found, name) !== rows)
  const sum = (rows: readonly (number | undefined)[]) => rows.reduce<number>((total, one) => total + (one ?? 0), 0)
  const value = sum(tables.map(({ name }) => rowsIn(found, name)))
  if (wrong.length === 0) return { id: 'archive-rows', status: 'pass', value }
  const named = wrong
    .slice(0, namedTables)
    .map(({ name, rows }) => `${name} has ${formatCount(rowsIn(found, name))} of ${plural(rows ?? 0, 'row')}`)
  const more = wrong.length > namedTables ? `, and ${plural(wrong.length - namedTables, 'other table')} differ` : ''
  return {
    id: 'archive-rows',
    status: 'fail',
    value,
    limit: sum(counted.map(({ rows }) => rows)),
    message: `the archive does not hold the rows that were counted: ${named.join(', ')}${more}`,
  }
}

/** The same tables; those that the server did not count have the rows that the archive holds. */
export function fillRows<Table extends CountedTable>(tables: readonly Table[], found: ArchiveRows): (Table & { counted?: 'archive' })[] {
  return tables.map((table) => {
    if (table.rows !== undefined || table.notDumped !== undefined) return table
    return { ...table, rows: rowsIn(found, table.name), counted: 'archive' as const }
  })
}

function rowsIn(found: ArchiveRows, name: string): number {
  return found.get(tableKey(name)) ?? 0
}
