import { kindOf } from '../sql/classify.ts'
import { nodesOf } from '../sql/node.ts'
import type { Statement } from '../sql/parse.ts'

/**
 * Whether a statement may run a second time: `yes`, `with-if` when only IF EXISTS or IF NOT EXISTS is missing, or the
 * words that say OR REPLACE; `no` for what has no such words.
 */
export function repeatable(statement: Statement): 'yes' | 'with-if' | 'no' {
  const { node } = statement
  if (always.has(kindOf(statement))) return 'yes'
  const tolerant = toleranceOf(node)
  if (tolerant !== undefined) return tolerant ? 'yes' : 'with-if'
  return 'AlterTableStmt' in node ? alterTable(node.AlterTableStmt.cmds) : 'no'
}

const always: ReadonlySet<string> = new Set([
  'SelectStmt',
  'VariableSetStmt',
  'VariableShowStmt',
  'VacuumStmt',
  'ReindexStmt',
  'ClusterStmt',
  'RefreshMatViewStmt',
  'CommentStmt',
  'GrantStmt',
  'AlterSystemStmt',
  'AlterRoleSetStmt',
  'AlterDatabaseSetStmt',
  'TruncateStmt',
  'DeleteStmt',
  'CheckPointStmt',
  'ExplainStmt',
  'NotifyStmt',
])

/** Whether it bears what is there, or what is gone; `undefined` for what has no words for it. */
function toleranceOf(node: Statement['node']): boolean | undefined {
  if ('CreateStmt' in node) return node.CreateStmt.if_not_exists === true
  if ('CreateTableAsStmt' in node) return node.CreateTableAsStmt.if_not_exists === true
  if ('CreateSchemaStmt' in node) return node.CreateSchemaStmt.if_not_exists === true
  if ('CreateExtensionStmt' in node) return node.CreateExtensionStmt.if_not_exists === true
  if ('CreateSeqStmt' in node) return node.CreateSeqStmt.if_not_exists === true
  if ('AlterEnumStmt' in node && node.AlterEnumStmt.oldVal === undefined) return node.AlterEnumStmt.skipIfNewValExists === true
  if ('IndexStmt' in node) return node.IndexStmt.if_not_exists === true
  if ('ViewStmt' in node) return node.ViewStmt.replace === true
  if ('CreateFunctionStmt' in node) return node.CreateFunctionStmt.replace === true
  if ('DropStmt' in node) return node.DropStmt.missing_ok === true
  return undefined
}

const tolerantCommands = ['AT_AddColumn', 'AT_DropColumn', 'AT_DropConstraint', 'AT_DropExpression', 'AT_DropIdentity']
const repeatableCommands =
  /^AT_(?:ColumnDefault|DropNotNull|SetNotNull|SetStatistics|SetOptions|ResetOptions|SetStorage|AlterColumnType|ValidateConstraint|SetRelOptions|ResetRelOptions|ReplaceRelOptions|ChangeOwner|ReplicaIdentity|(?:En|Dis)able\w+|(?:No)?ForceRowSecurity|Set(?:Un)?Logged|SetTableSpace|ClusterOn|DropCluster)$/

function alterTable(cmds: Parameters<typeof nodesOf>[0]): 'yes' | 'with-if' | 'no' {
  const answers = nodesOf(cmds, 'AlterTableCmd').map(({ subtype = '', missing_ok }) => {
    if (tolerantCommands.includes(subtype)) return missing_ok === true ? 'yes' : 'with-if'
    return repeatableCommands.test(subtype) ? 'yes' : 'no'
  })
  return answers.includes('no') ? 'no' : answers.includes('with-if') ? 'with-if' : 'yes'
}
