import type { Node } from '@pgsql/types'
import { type ContentOf, type NodeKind, openNode } from '../node.ts'
import type { Statement } from '../parse.ts'
import { alterTable } from './replay/alter-table.ts'
import { createIndex } from './replay/create-index.ts'
import { createTable } from './replay/create-table.ts'
import { drop } from './replay/drop.ts'
import { alterFunction, createFunction } from './replay/function.ts'
import { createOther, define, otherKinds } from './replay/other.ts'
import { alterPublication, createPublication } from './replay/publication.ts'
import { reindex } from './replay/reindex.ts'
import { rename } from './replay/rename.ts'
import { alterSequence, createSequence } from './replay/sequence.ts'
import { beginFile, callSetConfig, endTransaction, resetSession, setVariable } from './replay/session.ts'
import { setSchema } from './replay/set-schema.ts'
import { alterPolicy, createPolicy, createRule, createTrigger, roleName } from './replay/trigger.ts'
import { alterDomain, alterEnum, createComposite, createDomain, createEnum, createRange } from './replay/type.ts'
import { doBlock, importForeign } from './replay/unclear.ts'
import { createTableAs, createView, refreshView, selectInto } from './replay/view.ts'
import type { Origin, Schema } from './schema.ts'

/**
 * Carries a statement out on the schema. Never throws: what cannot be followed leaves the tables concerned marked as
 * incomplete, and what exists already or does not exist stays as it is. A statement of another file than the one before
 * meets a new session.
 */
export function applyStatement(schema: Schema, { node }: Pick<Statement, 'node'>, origin: Origin): void {
  beginFile(schema, origin.file)
  apply(schema, node, origin)
}

function apply(schema: Schema, node: Node, origin: Origin): void {
  const { kind, content } = openNode(node)
  const change = changes[kind] as ((schema: Schema, content: unknown, origin: Origin) => void) | undefined
  if (change !== undefined) change(schema, content, origin)
  else if (otherKinds.includes(kind)) createOther(schema, node)
}

const changes: { readonly [Kind in NodeKind]?: (schema: Schema, content: ContentOf<Kind>, origin: Origin) => void } = {
  CreateStmt: createTable,
  CreateForeignTableStmt: (schema, { base }, origin) => {
    if (base !== undefined) createTable(schema, base, origin, 'foreign')
  },
  CreateTableAsStmt: createTableAs,
  SelectStmt: (schema, select, origin) => {
    selectInto(schema, select, origin)
    callSetConfig(schema, select)
  },
  IndexStmt: createIndex,
  ReindexStmt: reindex,
  AlterTableStmt: alterTable,
  ViewStmt: createView,
  RefreshMatViewStmt: refreshView,
  CreateSeqStmt: createSequence,
  AlterSeqStmt: alterSequence,
  CreateEnumStmt: createEnum,
  AlterEnumStmt: alterEnum,
  CreateDomainStmt: createDomain,
  AlterDomainStmt: alterDomain,
  CompositeTypeStmt: createComposite,
  CreateRangeStmt: createRange,
  DefineStmt: define,
  CreateFunctionStmt: createFunction,
  AlterFunctionStmt: alterFunction,
  CreateTrigStmt: createTrigger,
  CreatePolicyStmt: createPolicy,
  AlterPolicyStmt: alterPolicy,
  RuleStmt: createRule,
  CreatePublicationStmt: createPublication,
  AlterPublicationStmt: alterPublication,
  CreateExtensionStmt: (schema, { extname }) => void schema.extensions.add(extname ?? ''),
  CreateSchemaStmt: createSchema,
  DropStmt: drop,
  RenameStmt: rename,
  AlterObjectSchemaStmt: setSchema,
  VariableSetStmt: setVariable,
  DiscardStmt: (schema, { target }) => {
    if (target === 'DISCARD_ALL') resetSession(schema)
  },
  TransactionStmt: endTransaction,
  DoStmt: doBlock,
  ImportForeignSchemaStmt: importForeign,
  DropOwnedStmt: (schema) => {
    for (const relation of schema.relations.values()) if (relation.kind === 'table') relation.complete = false
  },
}

/** The elements of CREATE SCHEMA are made in it; those that others need come first. */
function createSchema(schema: Schema, statement: ContentOf<'CreateSchemaStmt'>, origin: Origin): void {
  const { schemaname, authrole, schemaElts, if_not_exists } = statement
  const name = schemaname ?? (authrole === undefined ? '' : roleName(authrole))
  if (schema.schemas.has(name) && if_not_exists === true) return
  schema.schemas.add(name)
  const path = schema.searchPath
  schema.searchPath = [name, ...path]
  const rank = (node: Node) => elementOrder.indexOf(openNode(node).kind)
  for (const element of [...(schemaElts ?? [])].sort((a, b) => rank(a) - rank(b))) apply(schema, element, origin)
  schema.searchPath = path
}

const elementOrder: readonly NodeKind[] = ['CreateSeqStmt', 'CreateStmt', 'ViewStmt', 'IndexStmt', 'CreateTrigStmt', 'GrantStmt']
