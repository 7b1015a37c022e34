import type { CommentStmt, Node } from '@pgsql/types'
import { ReleaseError } from '../../errors.ts'
import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { parseStatements, type Statement } from '../../sql/parse.ts'
import { withoutClientCommands } from '../../sql/schema/from-dump.ts'

/** Statements of a dump's schema, by when they belong: rows come between the first two. */
export interface DumpScript {
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** What makes a table a part of one that stayed: that one's own indexes ask for those of the part. */
  readonly last: readonly string[]
}

/** Sorts what `pg_dump --schema-only` wrote of some tables. */
export async function readDumpScript(script: string): Promise<DumpScript> {
  const text = withoutClientCommands(script)
  const parsed = await parseStatements(text)
  if ('problem' in parsed) {
    throw new ReleaseError('rescue-failed', `The parser does not accept what pg_dump wrote (${parsed.problem.message}).`, {
      hint: 'Nothing was changed. Make a whole backup instead.',
    })
  }
  const made = new Set(parsed.statements.flatMap(({ node }) => madeBy(node)))
  const sorted = { before: [] as string[], after: [] as string[], last: [] as string[] }
  for (const statement of parsed.statements) {
    const place = placeOf(statement, made)
    if (place !== undefined) sorted[place].push(`${text.slice(statement.start, statement.end)};`)
  }
  return sorted
}

function madeBy(node: Node): string[] {
  if ('CreateStmt' in node) return [keyOf(node.CreateStmt.relation)]
  if ('IndexStmt' in node) return [`${node.IndexStmt.relation?.schemaname ?? ''}.${node.IndexStmt.idxname ?? ''}`]
  if (!('AlterTableStmt' in node)) return []
  const { relation, cmds } = node.AlterTableStmt
  return nodesOf(cmds, 'AlterTableCmd').flatMap(({ def }) =>
    def !== undefined && 'Constraint' in def ? [`${relation?.schemaname ?? ''}.${def.Constraint.conname ?? ''}`] : [],
  )
}

function placeOf({ node }: Statement, made: ReadonlySet<string>): keyof DumpScript | undefined {
  if ('VariableSetStmt' in node) return node.VariableSetStmt.name?.startsWith('default_') ? 'before' : undefined
  if ('SelectStmt' in node) return undefined // the search path, which the rescue copy sets itself
  if ('AlterTableStmt' in node) {
    const { relation, cmds } = node.AlterTableStmt
    const commands = nodesOf(cmds, 'AlterTableCmd')
    if (commands.some(({ subtype }) => subtype === 'AT_AttachPartition')) {
      return made.has(keyOf(relation)) ? (node.AlterTableStmt.objtype === 'OBJECT_INDEX' ? 'after' : 'before') : 'last'
    }
    return commands.every(({ subtype = '' }) => early.has(subtype)) ? 'before' : 'after'
  }
  if ('CommentStmt' in node) return lateComments.has(node.CommentStmt.objtype) ? 'after' : 'before'
  return 'IndexStmt' in node || 'CreateTrigStmt' in node || 'CreatePolicyStmt' in node || 'RuleStmt' in node || 'CreateStatsStmt' in node
    ? 'after'
    : 'before'
}

function keyOf(relation: Parameters<typeof nameOf>[0]): string {
  const { schema, name } = nameOf(relation)
  return `${schema ?? ''}.${name}`
}

/** What a column is, rather than what its values must keep. */
const early: ReadonlySet<string> = new Set([
  'AT_AddIdentity',
  'AT_ChangeOwner',
  'AT_ColumnDefault',
  'AT_SetStatistics',
  'AT_SetStorage',
  'AT_SetCompression',
  'AT_SetOptions',
])

const lateComments: ReadonlySet<CommentStmt['objtype']> = new Set([
  'OBJECT_INDEX',
  'OBJECT_TABCONSTRAINT',
  'OBJECT_TRIGGER',
  'OBJECT_POLICY',
  'OBJECT_RULE',
  'OBJECT_STATISTIC_EXT',
])
