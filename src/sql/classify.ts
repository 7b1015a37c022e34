import type { RelationName } from './locks/names.ts'
import type { Statement } from './parse.ts'

/** What can be looked up in the catalog to tell whether a statement took effect. */
export type Effect =
  | { readonly kind: 'index-created' }
  | { readonly kind: 'index-dropped'; readonly index: RelationName }
  /** `relation` is the index or the table; `undefined` for a schema or a database. */
  | { readonly kind: 'index-rebuilt'; readonly relation: RelationName | undefined }
  | { readonly kind: 'partition-detached'; readonly table: RelationName; readonly partition: RelationName }
  | { readonly kind: 'object-created' | 'object-dropped'; readonly what: ServerObject; readonly name: string }
  /** Running it again does no harm: `vacuum`, `cluster`, `alter system`. */
  | { readonly kind: 'repeatable' }

/** What belongs to no schema. */
export type ServerObject = 'database' | 'tablespace' | 'subscription'

/** Which kind of node a statement is, such as `IndexStmt`. */
export function kindOf(statement: Statement): string {
  return Object.keys(statement.node)[0] ?? ''
}

/** A setting of the session, which a later statement may depend on: never skipped when a file is resumed. */
export function setsSession(statement: Statement): boolean {
  return kindOf(statement) === 'VariableSetStmt'
}

/** What lives and dies with the session and cannot be brought back when a file is resumed in another one. */
export function bindsToSession({ node }: Statement): string | undefined {
  if ('DiscardStmt' in node) return 'DISCARD'
  if ('PrepareStmt' in node) return 'PREPARE'
  if ('ListenStmt' in node) return 'LISTEN'
  if ('DeclareCursorStmt' in node) return 'DECLARE'
  if ('CreateStmt' in node) return node.CreateStmt.relation?.relpersistence === 't' ? 'CREATE TEMPORARY TABLE' : undefined
  if ('CreateTableAsStmt' in node) return node.CreateTableAsStmt.into?.rel?.relpersistence === 't' ? 'CREATE TEMPORARY TABLE' : undefined
  return undefined
}

/** `copy … from stdin` waits for a client to send rows. */
export function copiesFromClient({ node }: Statement): boolean {
  return 'CopyStmt' in node && node.CopyStmt.is_from === true && !node.CopyStmt.filename && !node.CopyStmt.is_program
}

/**
 * Why a statement cannot run inside a transaction block, or `undefined` when it can.
 * Source: the calls of PreventInTransactionBlock in PostgreSQL 13 to 18.
 */
export function standsAlone({ node }: Statement): string | undefined {
  if ('IndexStmt' in node) return node.IndexStmt.concurrent ? 'CREATE INDEX CONCURRENTLY' : undefined
  if ('DropStmt' in node) return node.DropStmt.concurrent ? 'DROP INDEX CONCURRENTLY' : undefined
  if ('VacuumStmt' in node) return node.VacuumStmt.is_vacuumcmd ? 'VACUUM' : undefined
  if ('ReindexStmt' in node) return reindexAlone(node.ReindexStmt)
  if ('ClusterStmt' in node) return node.ClusterStmt.relation === undefined ? 'CLUSTER of all tables' : undefined
  if ('AlterDatabaseStmt' in node) return JSON.stringify(node).includes('"tablespace"') ? 'ALTER DATABASE SET TABLESPACE' : undefined
  if ('CreatedbStmt' in node) return 'CREATE DATABASE'
  if ('DropdbStmt' in node) return 'DROP DATABASE'
  if ('CreateTableSpaceStmt' in node) return 'CREATE TABLESPACE'
  if ('DropTableSpaceStmt' in node) return 'DROP TABLESPACE'
  if ('AlterSystemStmt' in node) return 'ALTER SYSTEM'
  if ('DiscardStmt' in node) return node.DiscardStmt.target === 'DISCARD_ALL' ? 'DISCARD ALL' : undefined
  if ('AlterTableStmt' in node) return detachesConcurrently(node.AlterTableStmt) ? 'DETACH PARTITION CONCURRENTLY' : undefined
  if ('CreateSubscriptionStmt' in node) return 'CREATE SUBSCRIPTION'
  if ('AlterSubscriptionStmt' in node) return 'ALTER SUBSCRIPTION'
  if ('DropSubscriptionStmt' in node) return 'DROP SUBSCRIPTION'
  return undefined
}

interface OptionList {
  readonly params?: readonly unknown[]
  readonly kind?: string
}

function reindexAlone({ params, kind }: OptionList): string | undefined {
  if (isOn(params, 'concurrently')) return 'REINDEX CONCURRENTLY'
  return ['REINDEX_OBJECT_SCHEMA', 'REINDEX_OBJECT_SYSTEM', 'REINDEX_OBJECT_DATABASE'].includes(kind ?? '')
    ? 'REINDEX of a schema or database'
    : undefined
}

interface Option {
  readonly defname?: string
  readonly arg?: { readonly String?: { readonly sval?: string }; readonly Integer?: { readonly ival?: number } }
}

/** An option without a value is on; the last of several counts. */
function isOn(options: readonly unknown[] | undefined, name: string): boolean {
  const option = (options ?? []).map((one) => (one as { DefElem?: Option }).DefElem).findLast((one) => one?.defname === name)
  if (option === undefined) return false
  const { String: word, Integer: number } = option.arg ?? {}
  if (word !== undefined) return !['off', 'false'].includes(word.sval?.toLowerCase() ?? '')
  return number === undefined || (number.ival ?? 0) !== 0
}

function detachesConcurrently(alter: { readonly cmds?: readonly unknown[] }): boolean {
  return detachedPartition(alter) !== undefined
}

interface Range {
  readonly schemaname?: string
  readonly relname?: string
}

function detachedPartition({ cmds }: { readonly cmds?: readonly unknown[] }): RelationName | undefined {
  for (const cmd of cmds ?? []) {
    const { AlterTableCmd: one } = cmd as {
      AlterTableCmd?: { subtype?: string; def?: { PartitionCmd?: { concurrent?: boolean; name?: Range } } }
    }
    const partition = one?.def?.PartitionCmd
    if (one?.subtype === 'AT_DetachPartition' && partition?.concurrent === true) return nameOf(partition.name)
  }
  return undefined
}

function nameOf(range: Range | undefined): RelationName | undefined {
  return range?.relname ? { schema: range.schemaname, name: range.relname } : undefined
}

/**
 * A statement that waits for others without anybody having to wait behind it: the application goes on meanwhile, and a
 * short limit would only make it fail half-way.
 */
export function waitsByDesign(statement: Statement): boolean {
  const { node } = statement
  if ('VacuumStmt' in node) return standsAlone(statement) !== undefined && !isOn(node.VacuumStmt.options, 'full')
  return standsAlone(statement)?.includes('CONCURRENTLY') === true
}

/** A procedure or a DO block may commit by itself, which fails inside a transaction block. */
export function mayCommit(statement: Statement): boolean {
  return ['CallStmt', 'DoStmt'].includes(kindOf(statement))
}

export function effectOf({ node }: Statement): Effect | undefined {
  if ('IndexStmt' in node) return { kind: 'index-created' }
  if ('DropStmt' in node) return dropEffect(node.DropStmt.objects)
  if ('ReindexStmt' in node) {
    return isOn(node.ReindexStmt.params, 'concurrently')
      ? { kind: 'index-rebuilt', relation: nameOf(node.ReindexStmt.relation) }
      : { kind: 'repeatable' }
  }
  if ('AlterTableStmt' in node) {
    const table = nameOf(node.AlterTableStmt.relation)
    const partition = detachedPartition(node.AlterTableStmt)
    return table === undefined || partition === undefined ? undefined : { kind: 'partition-detached', table, partition }
  }
  if ('VacuumStmt' in node || 'ClusterStmt' in node || 'AlterSystemStmt' in node || 'AlterDatabaseStmt' in node)
    return { kind: 'repeatable' }
  return objectEffect(node)
}

function dropEffect(objects: readonly unknown[] | undefined): Effect | undefined {
  const [only, ...others] = objects ?? []
  const { items = [] } = (only as { List?: { items?: readonly { String?: { sval?: string } }[] } } | undefined)?.List ?? {}
  const names = items.map((item) => item.String?.sval ?? '')
  const name = names.at(-1)
  return name === undefined || others.length > 0 ? undefined : { kind: 'index-dropped', index: { schema: names.at(-2), name } }
}

function objectEffect(node: Statement['node']): Effect | undefined {
  const of = (kind: 'object-created' | 'object-dropped', what: ServerObject, name: string | undefined): Effect | undefined =>
    name ? { kind, what, name } : undefined
  if ('CreatedbStmt' in node) return of('object-created', 'database', node.CreatedbStmt.dbname)
  if ('DropdbStmt' in node) return of('object-dropped', 'database', node.DropdbStmt.dbname)
  if ('CreateTableSpaceStmt' in node) return of('object-created', 'tablespace', node.CreateTableSpaceStmt.tablespacename)
  if ('DropTableSpaceStmt' in node) return of('object-dropped', 'tablespace', node.DropTableSpaceStmt.tablespacename)
  if ('CreateSubscriptionStmt' in node) return of('object-created', 'subscription', node.CreateSubscriptionStmt.subname)
  if ('DropSubscriptionStmt' in node) return of('object-dropped', 'subscription', node.DropSubscriptionStmt.subname)
  return undefined
}

/** A plain `begin`, without options that would be lost when it is taken off. */
export function isBegin(statement: Statement | undefined): boolean {
  const transaction = transactionOf(statement)
  return ['TRANS_STMT_BEGIN', 'TRANS_STMT_START'].includes(transaction?.kind ?? '') && (transaction?.options ?? []).length === 0
}

export function isCommit(statement: Statement | undefined): boolean {
  const transaction = transactionOf(statement)
  return transaction?.kind === 'TRANS_STMT_COMMIT' && transaction.chain !== true
}

function transactionOf(statement: Statement | undefined) {
  return statement !== undefined && 'TransactionStmt' in statement.node ? statement.node.TransactionStmt : undefined
}
