import type { Statement } from './parse.ts'

/** What can be looked up in the catalog to tell whether a statement took effect. */
export type Effect =
  | { readonly kind: 'index-created'; readonly schema: string | undefined; readonly name: string; readonly table: string }
  | { readonly kind: 'index-dropped'; readonly schema: string | undefined; readonly name: string }
  /** Running it again does no harm: `vacuum`, `analyze`, `reindex`. */
  | { readonly kind: 'repeatable' }

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

function reindexAlone(reindex: OptionList): string | undefined {
  if (JSON.stringify(reindex.params ?? []).includes('"concurrently"')) return 'REINDEX CONCURRENTLY'
  return ['REINDEX_OBJECT_SCHEMA', 'REINDEX_OBJECT_SYSTEM', 'REINDEX_OBJECT_DATABASE'].includes(reindex.kind ?? '')
    ? 'REINDEX of a schema or database'
    : undefined
}

function detachesConcurrently(alter: { readonly cmds?: readonly unknown[] }): boolean {
  return (alter.cmds ?? []).some((cmd) => {
    const { AlterTableCmd: one } = cmd as { AlterTableCmd?: { subtype?: string; def?: { PartitionCmd?: { concurrent?: boolean } } } }
    return one?.subtype === 'AT_DetachPartition' && one.def?.PartitionCmd?.concurrent === true
  })
}

/** A procedure or a DO block may commit by itself, which fails inside a transaction block. */
export function mayCommit(statement: Statement): boolean {
  return ['CallStmt', 'DoStmt'].includes(kindOf(statement))
}

export function effectOf({ node }: Statement): Effect | undefined {
  if ('IndexStmt' in node) {
    const { idxname, relation } = node.IndexStmt
    if (!idxname || !relation?.relname) return undefined
    return { kind: 'index-created', schema: relation.schemaname, name: idxname, table: relation.relname }
  }
  if ('DropStmt' in node) {
    const [only, ...others] = node.DropStmt.objects ?? []
    const names =
      only !== undefined && 'List' in only ? (only.List.items ?? []).map((item) => ('String' in item ? (item.String.sval ?? '') : '')) : []
    const name = names.at(-1)
    return name === undefined || others.length > 0
      ? undefined
      : { kind: 'index-dropped', schema: names.length > 1 ? names[0] : undefined, name }
  }
  return 'VacuumStmt' in node || 'ReindexStmt' in node ? { kind: 'repeatable' } : undefined
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
