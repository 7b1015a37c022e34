import type { Node } from '@pgsql/types'
import { type ContentOf, type NodeKind, openNode } from '../node.ts'
import { alterTable } from './alter-table.ts'
import { change, cluster, createIndex, fill, refresh, reindex, truncate, vacuum } from './maintenance.ts'
import { createPartition } from './partition.ts'
import type { EffectContext } from './work.ts'

/** Adds what a statement reads, writes anew and builds to the work. */
export function statementWork(context: EffectContext, node: Node): void {
  const { kind, content } = openNode(node)
  const judge = judges[kind] as ((context: EffectContext, content: unknown) => void) | undefined
  judge?.(context, content)
}

const judges: { readonly [Kind in NodeKind]?: (context: EffectContext, content: ContentOf<Kind>) => void } = {
  AlterTableStmt: alterTable,
  CreateStmt: createPartition,
  CreateTableAsStmt: fill,
  IndexStmt: createIndex,
  TruncateStmt: truncate,
  VacuumStmt: vacuum,
  ClusterStmt: cluster,
  ReindexStmt: reindex,
  RefreshMatViewStmt: refresh,
  UpdateStmt: change,
  DeleteStmt: change,
}
