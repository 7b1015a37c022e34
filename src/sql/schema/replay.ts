import { type ContentOf, type NodeKind, nodesOf, openNode } from '../node.ts'
import type { Statement } from '../parse.ts'
import { alterTable } from './replay/alter-table.ts'
import { alterEnum, createEnum, createMaterializedView, createPolicy, createPublication, createView } from './replay/create.ts'
import { createIndex } from './replay/create-index.ts'
import { createTable } from './replay/create-table.ts'
import { drop } from './replay/drop.ts'
import { rename } from './replay/rename.ts'
import type { Origin, Schema } from './schema.ts'

/**
 * Carries a statement out on the schema. Never throws: what cannot be followed leaves the tables concerned marked as
 * incomplete, and what exists already or does not exist stays as it is.
 */
export function applyStatement(schema: Schema, { node }: Pick<Statement, 'node'>, origin: Origin): void {
  const { kind, content } = openNode(node)
  const change = changes[kind] as ((schema: Schema, content: unknown, origin: Origin) => void) | undefined
  change?.(schema, content, origin)
}

const changes: { readonly [Kind in NodeKind]?: (schema: Schema, content: ContentOf<Kind>, origin: Origin) => void } = {
  CreateStmt: createTable,
  IndexStmt: createIndex,
  AlterTableStmt: alterTable,
  ViewStmt: createView,
  CreateTableAsStmt: createMaterializedView,
  CreatePolicyStmt: createPolicy,
  CreateEnumStmt: createEnum,
  AlterEnumStmt: alterEnum,
  CreatePublicationStmt: createPublication,
  DropStmt: drop,
  RenameStmt: rename,
  CreateSchemaStmt: (schema, { schemaname, schemaElts }, origin) => {
    schema.schemas.add(schemaname ?? '')
    for (const node of nodesOf(schemaElts, 'CreateStmt')) createTable(schema, node, origin)
  },
}
