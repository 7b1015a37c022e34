import type { Node } from '@pgsql/types'
import type { Statement } from './parse.ts'

interface Relation {
  readonly schemaname?: string
  readonly relname?: string
  readonly relpersistence?: string
}

/** Tables and columns that a statement adds, as people write them: whoever takes in a table's rows must have them first. */
export function additionsOf({ node }: Statement): readonly string[] {
  if ('CreateStmt' in node) return tableOf(node.CreateStmt.relation)
  if ('CreateTableAsStmt' in node) return node.CreateTableAsStmt.objtype === 'OBJECT_TABLE' ? tableOf(node.CreateTableAsStmt.into?.rel) : []
  if ('SelectStmt' in node) return tableOf(node.SelectStmt.intoClause?.rel)
  if ('AlterTableStmt' in node) return addedColumns(node.AlterTableStmt.relation, node.AlterTableStmt.cmds ?? [])
  if ('RenameStmt' in node) {
    const { renameType, relation, newname } = node.RenameStmt
    if (renameType === 'OBJECT_COLUMN') return [`column ${nameOf(relation)}.${newname}`]
    return renameType === 'OBJECT_TABLE' ? [`table ${nameOf({ ...relation, relname: newname ?? '' })}`] : []
  }
  return []
}

/** Temporary and unlogged tables are not replicated. */
function tableOf(relation: Relation | undefined): string[] {
  return relation?.relpersistence === 'p' ? [`table ${nameOf(relation)}`] : []
}

function addedColumns(relation: Relation | undefined, commands: readonly Node[]): string[] {
  return commands.flatMap((command) => {
    if (!('AlterTableCmd' in command) || command.AlterTableCmd.subtype !== 'AT_AddColumn') return []
    const { def } = command.AlterTableCmd
    return def !== undefined && 'ColumnDef' in def ? [`column ${nameOf(relation)}.${def.ColumnDef.colname}`] : []
  })
}

function nameOf(relation: Relation | undefined): string {
  return [relation?.schemaname, relation?.relname].filter(Boolean).join('.')
}
