import type { IndexStatement } from '../../sql/index-statement.ts'
import type { FoundTable } from '../catalog.ts'
import { quoteName } from '../ledger.ts'

/** How to find the rows that stand in the way of a unique index; none of their values is printed here. */
export function duplicatesHint({ columns, predicate, nullsDistinct }: IndexStatement, table: FoundTable): string {
  const then = 'Make them unique, and run the same command again.'
  if (columns === undefined) return `Several rows of ${table.name} have the same key. ${then}`
  const list = columns.map(quoteName).join(', ')
  const conditions = [
    ...(predicate === undefined ? [] : [`(${predicate})`]),
    ...(nullsDistinct ? columns.map((column) => `${quoteName(column)} is not null`) : []),
  ]
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
  return `These rows are in the way: select ${list}, count(*) from ${table.name}${where} group by ${list} having count(*) > 1; ${then}`
}
