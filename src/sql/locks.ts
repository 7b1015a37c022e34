import type { CreateSchemaStmt, Node } from '@pgsql/types'
import { alterTable } from './locks/alter-table.ts'
import { settingLocks } from './locks/call.ts'
import {
  alterPublication,
  alterSequence,
  createFunction,
  createIndex,
  createPolicy,
  createPublication,
  createRule,
  createSequence,
  createStatistics,
  createTrigger,
  createView,
} from './locks/create.ts'
import { createTable, createTableAs } from './locks/create-table.ts'
import { comment, grant } from './locks/describe.ts'
import { drop } from './locks/drop.ts'
import { cluster, copy, lockTable, refresh, reindex, truncate, vacuum } from './locks/maintenance.ts'
import { nameOf } from './locks/names.ts'
import { queryLocks } from './locks/query.ts'
import { rename, setDependency, setOwner, setSchema } from './locks/rename.ts'
import { combine, type StatementLocks } from './locks/statement-locks.ts'
import type { Statement } from './parse.ts'

export { conflictingModes, type LockMode, lockModes, modeInSql, strongerMode } from './locks/mode.ts'
export { type Reach, type ReachLock, type RelationLock, reaches, type StatementLocks } from './locks/statement-locks.ts'

/**
 * Which locks a statement takes, on what, as far as its text tells. What only the catalog knows (partitions, partners
 * of foreign keys) is named by `reach`; what nobody can know beforehand is `unknown`, never guessed.
 */
export function statementLocks({ node }: Pick<Statement, 'node'>): StatementLocks {
  const [kind = '', content] = Object.entries(node)[0] ?? []
  const judge = judges[kind as NodeKind] as ((content: unknown) => StatementLocks) | undefined
  return judge?.(content) ?? combine({ unknown: `what ${kind} locks is not known` })
}

type NodeKind = Node extends infer One ? (One extends unknown ? keyof One : never) : never
type ContentOf<Kind extends NodeKind> = Extract<Node, Record<Kind, unknown>> extends Record<Kind, infer Content> ? Content : never

const nothing = () => combine()
/** It locks no table, but the session is another afterwards, or somebody else's code ran. */
const besideTables = () => combine({ definesOnly: false })
const elsewhere = () => combine({ definesOnly: false, work: 'rows' })
const unknown = (reason: string) => () => combine({ unknown: reason })

const judges: { readonly [Kind in NodeKind]?: (content: ContentOf<Kind>) => StatementLocks } = {
  SelectStmt: (select) => combine(queryLocks({ SelectStmt: select }, 'run'), { definesOnly: false }),
  InsertStmt: (insert) => combine(queryLocks({ InsertStmt: insert }, 'run'), { definesOnly: false }),
  UpdateStmt: (update) => combine(queryLocks({ UpdateStmt: update }, 'run'), { definesOnly: false }),
  DeleteStmt: (remove) => combine(queryLocks({ DeleteStmt: remove }, 'run'), { definesOnly: false }),
  MergeStmt: (merge) => combine(queryLocks({ MergeStmt: merge }, 'run'), { definesOnly: false }),
  ExplainStmt: ({ query }) => combine(query === undefined ? {} : statementLocks({ node: query }), { definesOnly: false }),
  DeclareCursorStmt: ({ query }) => combine(queryLocks(query, 'run'), { definesOnly: false }),
  PrepareStmt: ({ query }) => combine(queryLocks(query, 'analyzed'), { definesOnly: false }),
  CopyStmt: copy,

  CreateStmt: createTable,
  CreateForeignTableStmt: ({ base }) => combine(createTable(base ?? {}), { definesOnly: false }),
  CreateTableAsStmt: createTableAs,
  CreateSchemaStmt: createSchema,
  IndexStmt: createIndex,
  ViewStmt: createView,
  CreateTrigStmt: createTrigger,
  CreatePolicyStmt: createPolicy,
  AlterPolicyStmt: createPolicy,
  RuleStmt: createRule,
  CreateSeqStmt: createSequence,
  AlterSeqStmt: alterSequence,
  CreateStatsStmt: createStatistics,
  AlterStatsStmt: nothing,
  CreatePublicationStmt: createPublication,
  AlterPublicationStmt: alterPublication,
  CreateFunctionStmt: createFunction,
  AlterFunctionStmt: nothing,
  CompositeTypeStmt: ({ typevar }) => combine({ creates: [nameOf(typevar)] }),
  CreateEnumStmt: nothing,
  AlterEnumStmt: nothing,
  CreateRangeStmt: nothing,
  AlterTypeStmt: nothing,
  CreateDomainStmt: nothing,
  AlterDomainStmt: ({ subtype, def }) => alterDomain(subtype, def),
  DefineStmt: ({ kind }) => (kind === 'OBJECT_TSDICTIONARY' ? besideTables() : combine()),
  CreateCastStmt: nothing,
  CreateTransformStmt: nothing,
  CreateOpClassStmt: nothing,
  CreateOpFamilyStmt: nothing,
  AlterOpFamilyStmt: nothing,
  AlterOperatorStmt: nothing,
  AlterCollationStmt: nothing,
  AlterTSConfigurationStmt: nothing,
  CreateRoleStmt: nothing,
  AlterRoleStmt: nothing,
  AlterRoleSetStmt: nothing,
  AlterDatabaseSetStmt: nothing,
  DropRoleStmt: nothing,
  GrantRoleStmt: nothing,
  AlterDefaultPrivilegesStmt: nothing,

  AlterTableStmt: alterTable,
  AlterTableMoveAllStmt: unknown('it moves every table of a tablespace'),
  RenameStmt: rename,
  AlterObjectSchemaStmt: setSchema,
  AlterOwnerStmt: setOwner,
  AlterObjectDependsStmt: setDependency,
  DropStmt: drop,
  CommentStmt: comment,
  SecLabelStmt: (label) => combine(comment(label), { definesOnly: false }),
  GrantStmt: grant,
  TruncateStmt: truncate,
  LockStmt: lockTable,
  VacuumStmt: vacuum,
  ClusterStmt: cluster,
  ReindexStmt: reindex,
  RefreshMatViewStmt: refresh,

  VariableSetStmt: ({ kind, name = '' }) =>
    kind === 'VAR_RESET_ALL'
      ? combine({ unknown: 'it resets every setting, of which search_path decides what the names after it mean' })
      : combine({ definesOnly: false }, settingLocks(name)),
  DiscardStmt: ({ target }) =>
    target === 'DISCARD_ALL' ? combine({ unknown: 'it resets the session, and with it what the names after it mean' }) : besideTables(),
  ConstraintsSetStmt: ({ deferred }) => (deferred === true ? besideTables() : combine({ unknown: 'it runs the checks that were put off' })),
  VariableShowStmt: besideTables,
  TransactionStmt: besideTables,
  NotifyStmt: besideTables,
  ListenStmt: besideTables,
  UnlistenStmt: besideTables,
  DeallocateStmt: besideTables,
  ClosePortalStmt: besideTables,
  CreateEventTrigStmt: besideTables,
  AlterEventTrigStmt: besideTables,
  CreatePLangStmt: besideTables,
  CreateAmStmt: besideTables,
  CreateConversionStmt: besideTables,
  AlterTSDictionaryStmt: besideTables,
  CreateFdwStmt: besideTables,
  AlterFdwStmt: besideTables,
  CreateForeignServerStmt: besideTables,
  AlterForeignServerStmt: besideTables,
  CreateUserMappingStmt: besideTables,
  AlterUserMappingStmt: besideTables,
  DropUserMappingStmt: besideTables,
  AlterSystemStmt: besideTables,
  AlterTableSpaceOptionsStmt: besideTables,
  CreateTableSpaceStmt: besideTables,
  DropTableSpaceStmt: besideTables,
  AlterDatabaseStmt: elsewhere,
  AlterDatabaseRefreshCollStmt: elsewhere,
  CreatedbStmt: elsewhere,
  DropdbStmt: elsewhere,
  CheckPointStmt: elsewhere,

  DoStmt: unknown('what a DO block locks is not written in SQL'),
  CallStmt: unknown('what a procedure locks is not written in the file'),
  ExecuteStmt: unknown('it runs a prepared statement'),
  FetchStmt: unknown('it runs the query of a cursor'),
  LoadStmt: unknown('it loads a library'),
  CreateExtensionStmt: unknown('it runs the script of an extension'),
  AlterExtensionStmt: unknown('it runs the script of an extension'),
  AlterExtensionContentsStmt: unknown('what it adds to an extension may be a table'),
  ImportForeignSchemaStmt: unknown('the tables that it makes are not written in the file'),
  CreateSubscriptionStmt: unknown('the tables of a subscription are not written in the file'),
  AlterSubscriptionStmt: unknown('the tables of a subscription are not written in the file'),
  DropSubscriptionStmt: unknown('the tables of a subscription are not written in the file'),
  DropOwnedStmt: unknown('what a role owns is not written in the file'),
  ReassignOwnedStmt: unknown('what a role owns is not written in the file'),
}

/** Whatever stands in it is made in the new schema. */
function createSchema({ schemaname, schemaElts }: CreateSchemaStmt): StatementLocks {
  const found = combine(...(schemaElts ?? []).map((node) => statementLocks({ node })))
  const made = new Set(found.creates.map(({ name }) => name))
  const locks = found.locks.filter(({ schema, name }) => (schema ?? schemaname) !== schemaname || !made.has(name))
  return { ...found, locks, creates: found.creates.map(({ schema, name }) => ({ schema: schema ?? schemaname, name })) }
}

/** A new check is run on every table with a column of the domain. */
function alterDomain(subtype: string | undefined, def: Node | undefined): StatementLocks {
  const adds = subtype === 'C' && !(def !== undefined && 'Constraint' in def && def.Constraint.skip_validation === true)
  return adds || subtype === 'O' || subtype === 'V'
    ? combine({ unknown: 'the tables that use the domain are not written in the file' })
    : combine()
}
