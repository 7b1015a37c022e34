import type { Node } from '@pgsql/types'
import { alterTable } from './destructive/alter-table.ts'
import { drop } from './destructive/drop.ts'
import { carriedOut } from './destructive/query.ts'
import { optionsOf } from './locks/names.ts'
import type { Statement } from './parse.ts'

/**
 * What of a statement may lose or overwrite data that only a backup brings back, in words; `undefined` when nothing
 * does. Whatever is not known to be harmless counts, and so does code that the file does not show.
 */
export function destructivePart({ node }: Pick<Statement, 'node'>): string | undefined {
  const [kind = '', content] = Object.entries(node)[0] ?? []
  const judge = judges[kind as NodeKind] as ((content: unknown) => string | undefined) | undefined
  if (judge !== undefined) return judge(content)
  return harmless.has(kind) ? undefined : (named[kind as NodeKind] ?? kind.replace(/Stmt$/, ''))
}

type NodeKind = Node extends infer One ? (One extends unknown ? keyof One : never) : never
type ContentOf<Kind extends NodeKind> = Extract<Node, Record<Kind, unknown>> extends Record<Kind, infer Content> ? Content : never

const judges: { readonly [Kind in NodeKind]?: (content: ContentOf<Kind>) => string | undefined } = {
  SelectStmt: carriedOut,
  InsertStmt: (insert) => carriedOut({ InsertStmt: insert }),
  ExplainStmt: carriedOut,
  CreateTableAsStmt: carriedOut,
  DeclareCursorStmt: carriedOut,
  CopyStmt: (copy) => (copy.is_program === true ? 'COPY … PROGRAM' : carriedOut(copy)),
  AlterTableStmt: alterTable,
  AlterSeqStmt: ({ options }) => (optionsOf(options).some(({ defname }) => defname === 'restart') ? 'ALTER SEQUENCE … RESTART' : undefined),
  DropStmt: drop,
  UpdateStmt: () => 'UPDATE',
  DeleteStmt: () => 'DELETE',
  MergeStmt: () => 'MERGE',
  TruncateStmt: () => 'TRUNCATE',
  DoStmt: () => 'a DO block',
  CallStmt: () => 'CALL of a procedure',
}

/** Names of kinds that count as destructive; others are called as the parser calls them. */
const named: { readonly [Kind in NodeKind]?: string } = {
  ExecuteStmt: 'EXECUTE of a prepared statement',
  FetchStmt: 'FETCH from a cursor',
  DropdbStmt: 'DROP DATABASE',
  DropOwnedStmt: 'DROP OWNED',
  DropRoleStmt: 'DROP ROLE',
  DropTableSpaceStmt: 'DROP TABLESPACE',
  DropSubscriptionStmt: 'DROP SUBSCRIPTION',
  DropUserMappingStmt: 'DROP USER MAPPING',
  AlterExtensionStmt: 'ALTER EXTENSION … UPDATE',
  AlterExtensionContentsStmt: 'ALTER EXTENSION',
  LoadStmt: 'LOAD',
}

/** Kinds that add, describe or look: what they replace stands in another file of the team, and never in a row. */
const harmless: ReadonlySet<string> = new Set<NodeKind>([
  'AlterCollationStmt',
  'AlterDatabaseRefreshCollStmt',
  'AlterDatabaseSetStmt',
  'AlterDatabaseStmt',
  'AlterDefaultPrivilegesStmt',
  'AlterDomainStmt',
  'AlterEnumStmt',
  'AlterEventTrigStmt',
  'AlterFdwStmt',
  'AlterForeignServerStmt',
  'AlterFunctionStmt',
  'AlterObjectDependsStmt',
  'AlterObjectSchemaStmt',
  'AlterOpFamilyStmt',
  'AlterOperatorStmt',
  'AlterOwnerStmt',
  'AlterPolicyStmt',
  'AlterPublicationStmt',
  'AlterRoleSetStmt',
  'AlterRoleStmt',
  'AlterStatsStmt',
  'AlterSystemStmt',
  'AlterTSConfigurationStmt',
  'AlterTSDictionaryStmt',
  'AlterTypeStmt',
  'CheckPointStmt',
  'ClosePortalStmt',
  'ClusterStmt',
  'CommentStmt',
  'CompositeTypeStmt',
  'ConstraintsSetStmt',
  'CreateAmStmt',
  'CreateCastStmt',
  'CreateConversionStmt',
  'CreateDomainStmt',
  'CreateEnumStmt',
  'CreateEventTrigStmt',
  'CreateExtensionStmt',
  'CreateFdwStmt',
  'CreateForeignServerStmt',
  'CreateForeignTableStmt',
  'CreateFunctionStmt',
  'CreateOpClassStmt',
  'CreateOpFamilyStmt',
  'CreatePLangStmt',
  'CreatePolicyStmt',
  'CreatePublicationStmt',
  'CreateRangeStmt',
  'CreateRoleStmt',
  'CreateSchemaStmt',
  'CreateSeqStmt',
  'CreateStatsStmt',
  'CreateStmt',
  'CreateTableSpaceStmt',
  'CreateTransformStmt',
  'CreateTrigStmt',
  'CreateUserMappingStmt',
  'CreatedbStmt',
  'DeallocateStmt',
  'DefineStmt',
  'DiscardStmt',
  'GrantRoleStmt',
  'GrantStmt',
  'ImportForeignSchemaStmt',
  'IndexStmt',
  'ListenStmt',
  'LockStmt',
  'NotifyStmt',
  'PrepareStmt',
  'ReassignOwnedStmt',
  'RefreshMatViewStmt',
  'ReindexStmt',
  'RenameStmt',
  'RuleStmt',
  'SecLabelStmt',
  'TransactionStmt',
  'UnlistenStmt',
  'VacuumStmt',
  'VariableSetStmt',
  'VariableShowStmt',
  'ViewStmt',
])
