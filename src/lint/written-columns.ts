import type { AlterTableStmt, ColumnDef, CreateStmt } from '@pgsql/types'
import { nameOf, type RelationName } from '../sql/locks/names.ts'
import { nodesOf } from '../sql/node.ts'
import { columnType } from '../sql/schema/column-type.ts'
import type { ColumnType, Schema } from '../sql/schema/schema.ts'

/** A column whose type a statement writes: in a new table, as a new column, or in place of another type. */
export interface WrittenColumn {
  readonly table: RelationName
  readonly name: string
  readonly type: ColumnType
  /** The type's words as they stand, such as `serial`. */
  readonly location: number | undefined
  readonly definition: ColumnDef
}

export function writtenColumns(schema: Schema, statement: CreateStmt | AlterTableStmt): readonly WrittenColumn[] {
  const { relation } = statement
  const definitions =
    'cmds' in statement
      ? nodesOf(statement.cmds, 'AlterTableCmd').flatMap(({ subtype, name, def }) =>
          def !== undefined && 'ColumnDef' in def && ['AT_AddColumn', 'AT_AlterColumnType'].includes(subtype ?? '')
            ? [{ ...def.ColumnDef, colname: def.ColumnDef.colname ?? name ?? '' }]
            : [],
        )
      : nodesOf('tableElts' in statement ? statement.tableElts : [], 'ColumnDef')
  return definitions.map((definition) => ({
    table: nameOf(relation),
    name: definition.colname ?? '',
    type: columnType(schema, definition.typeName),
    location: definition.location ?? definition.typeName?.location,
    definition,
  }))
}
