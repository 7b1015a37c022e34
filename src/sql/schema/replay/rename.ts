import type { RenameStmt } from '@pgsql/types'
import { nameOf } from '../../locks/names.ts'
import { renameRelation } from '../add.ts'
import { findRelation, findTable, indexesOf, type Schema, type Table } from '../schema.ts'

export function rename(schema: Schema, { renameType, relation, subname = '', newname = '' }: RenameStmt): void {
  if (renameType === 'OBJECT_COLUMN') {
    const table = findTable(schema, nameOf(relation))
    if (table !== undefined) renameColumn(schema, table, subname, newname)
    return
  }
  const found = relation === undefined ? undefined : findRelation(schema, nameOf(relation))
  if (
    found !== undefined &&
    ['OBJECT_TABLE', 'OBJECT_INDEX', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_SEQUENCE'].includes(renameType ?? '')
  ) {
    renameRelation(schema, found, { name: newname })
  }
}

function renameColumn(schema: Schema, table: Table, from: string, to: string): void {
  const columns = [...table.columns.values()]
  table.columns.clear()
  for (const column of columns) {
    if (column.name === from) column.name = to
    table.columns.set(column.name, column)
  }
  for (const index of indexesOf(schema, table)) index.keys = index.keys.map((key) => (key.column === from ? { ...key, column: to } : key))
  for (const constraint of table.constraints.values()) {
    if ('columns' in constraint) constraint.columns = constraint.columns.map((one) => (one === from ? to : one))
  }
}
