import { nodesOf, openNode } from '../../sql/node.ts'
import type { Statement } from '../../sql/parse.ts'

/** Whether a statement takes nothing away, whatever it meets. */
export function onlyAdds({ node }: Statement): boolean {
  const { kind } = openNode(node)
  if (!('AlterTableStmt' in node)) return addingKinds.has(kind)
  return nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd').every(({ subtype = '' }) => addingCommands.has(subtype))
}

const addingKinds: ReadonlySet<string> = new Set([
  'CreateStmt',
  'IndexStmt',
  'ViewStmt',
  'CreateFunctionStmt',
  'CreateTrigStmt',
  'CreateSeqStmt',
  'CreateEnumStmt',
  'CreateSchemaStmt',
  'CreateExtensionStmt',
  'CommentStmt',
  'GrantStmt',
])

const addingCommands: ReadonlySet<string> = new Set([
  'AT_AddColumn',
  'AT_AddConstraint',
  'AT_ValidateConstraint',
  'AT_ColumnDefault',
  'AT_SetNotNull',
  'AT_DropNotNull',
])
