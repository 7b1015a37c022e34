import type { AlterTableCmd, AlterTableStmt } from '@pgsql/types'
import { nameOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { removeRelation } from '../add.ts'
import { type Column, findTable, indexesOf, type Origin, type Schema, type Table } from '../schema.ts'
import { columnType } from './column-type.ts'
import { addConstraint } from './constraint.ts'
import { addColumn } from './create-table.ts'

export function alterTable(schema: Schema, { relation, cmds }: AlterTableStmt, origin: Origin): void {
  const table = findTable(schema, nameOf(relation))
  if (table === undefined) return
  for (const command of nodesOf(cmds, 'AlterTableCmd')) alterations[command.subtype ?? '']?.(schema, table, command, origin)
}

type Alteration = (schema: Schema, table: Table, command: AlterTableCmd, origin: Origin) => void

const alterations: Readonly<Record<string, Alteration>> = {
  AT_AddColumn: (schema, table, { def }, origin) => {
    if (def !== undefined && 'ColumnDef' in def) addColumn(schema, table, def.ColumnDef, origin)
  },
  AT_DropColumn: (schema, table, { name = '' }) => dropColumn(schema, table, name),
  AT_AddConstraint: (schema, table, { def }, origin) => {
    if (def !== undefined && 'Constraint' in def) addConstraint(schema, table, def.Constraint, origin)
  },
  AT_DropConstraint: (schema, table, { name = '' }) => {
    const constraint = table.constraints.get(name)
    table.constraints.delete(name)
    if (constraint !== undefined && 'index' in constraint) {
      const index = schema.relations.get(constraint.index)
      if (index !== undefined) removeRelation(schema, index)
    }
    if (constraint?.kind === 'not-null')
      withColumn(table, constraint.column, (column) => {
        column.notNull = false
      })
  },
  AT_ValidateConstraint: (_, table, { name = '' }) => {
    const constraint = table.constraints.get(name)
    if (constraint !== undefined) constraint.valid = true
    if (constraint?.kind === 'not-null')
      withColumn(table, constraint.column, (column) => {
        column.notNull = true
      })
  },
  AT_SetNotNull: (_, table, { name = '' }) =>
    withColumn(table, name, (column) => {
      column.notNull = true
    }),
  AT_DropNotNull: (_, table, { name = '' }) =>
    withColumn(table, name, (column) => {
      column.notNull = false
    }),
  AT_ColumnDefault: (_, table, { name = '', def }) =>
    withColumn(table, name, (column) => {
      column.default = def
    }),
  AT_AlterColumnType: (_, table, { name = '', def }) =>
    withColumn(table, name, (column) => {
      if (def !== undefined && 'ColumnDef' in def) column.type = columnType(def.ColumnDef.typeName)
    }),
  AT_EnableRowSecurity: (_, table) => {
    table.rowSecurity = true
  },
  AT_DisableRowSecurity: (_, table) => {
    table.rowSecurity = false
  },
}

function withColumn(table: Table, name: string, change: (column: Column) => void): void {
  const column = table.columns.get(name)
  if (column !== undefined) change(column)
}

function dropColumn(schema: Schema, table: Table, name: string): void {
  table.columns.delete(name)
  for (const index of indexesOf(schema, table)) if (index.keys.some(({ column }) => column === name)) removeRelation(schema, index)
  for (const [key, constraint] of table.constraints) {
    if ('columns' in constraint && constraint.columns.includes(name)) table.constraints.delete(key)
  }
}
