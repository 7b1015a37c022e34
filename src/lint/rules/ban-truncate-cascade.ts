import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findTable, foreignKeysTo, type Schema, type Table } from '../../sql/schema/schema.ts'
import { isUsedTable } from '../bulk-write.ts'
import { relationName } from '../held-locks.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-truncate-cascade',
  group: 'data',
  severity: 'error',
  problem: 'Tables that the statement does not name are emptied too, and only a backup brings their rows back.',
  remedy: 'Name every table that is meant, and leave CASCADE out.',
  because:
    'CASCADE empties every table with a foreign key to a named one, the tables that refer to those, and so on, whatever ON DELETE says.',
  examples: {
    bad: ['truncate users cascade', 'truncate products restart identity cascade'],
    good: ['truncate orders', 'create table carts (id bigint primary key); truncate carts cascade'],
  },
  on: 'TruncateStmt',
  check({ relations, behavior }, scope) {
    if (behavior !== 'DROP_CASCADE') return undefined
    const ranges = nodesOf(relations, 'RangeVar')
    const named = ranges.flatMap((range) => findTable(scope.schema, nameOf(range)) ?? [])
    const beside = referring(scope.schema, named).filter((table) => !named.includes(table))
    if (!ranges.some((range) => isUsedTable(range, scope)) && beside.every((table) => scope.isNew(table))) return undefined
    const names = ranges.map((range) => tableName(nameOf(range))).join(', ')
    const others = beside.map(relationName).join(', ')
    return {
      message: `TRUNCATE ${names} CASCADE also empties ${others === '' ? 'every table that refers to it by then' : others}.`,
    }
  },
})

function referring(schema: Schema, tables: readonly Table[]): Table[] {
  const found = new Set(tables)
  for (const table of found) for (const { table: from } of foreignKeysTo(schema, table)) found.add(from)
  return [...found]
}
