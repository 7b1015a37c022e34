import type { Node } from '@pgsql/types'
import { wordsOf } from '../locks/names.ts'
import type { Index, Schema } from '../schema/schema.ts'
import { type Heap, indexesOn } from './work.ts'

/** Whether an expression names the column. */
function namesColumn(expression: unknown, column: string): boolean {
  if (typeof expression !== 'object' || expression === null) return false
  return Object.entries(expression).some(([key, value]) =>
    key === 'ColumnRef' ? wordsOf((value as { fields?: readonly Node[] }).fields).at(-1) === column : namesColumn(value, column),
  )
}

/** Indexes that fall, or are made again, with a column. */
export function indexesOnColumn(schema: Schema, table: Heap, column: string): Index[] {
  return indexesOn(schema, table).filter(
    ({ keys, include, predicate }) =>
      include.includes(column) ||
      namesColumn(predicate, column) ||
      keys.some((key) => key.column === column || namesColumn(key.expression, column)),
  )
}

/** Whether a CHECK that the rows were checked for names the column. */
export function hasValidCheckOn(table: Heap, column: string): boolean {
  if (table.kind !== 'table') return false
  return [...table.constraints.values()].some((one) => one.kind === 'check' && one.valid && namesColumn(one.expression, column))
}
