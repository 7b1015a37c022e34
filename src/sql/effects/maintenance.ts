import type {
  ClusterStmt,
  CreateTableAsStmt,
  DeleteStmt,
  IndexStmt,
  RefreshMatViewStmt,
  ReindexStmt,
  TruncateStmt,
  UpdateStmt,
  VacuumStmt,
} from '@pgsql/types'
import { hasOption, isOnly, nameOf } from '../locks/names.ts'
import { queryLocks } from '../locks/query.ts'
import { nodesOf } from '../node.ts'
import { findRelation, type Index } from '../schema/schema.ts'
import { reachedFrom, underlying } from './reach.ts'
import { type EffectContext, familyOf, type Heap, indexesOn, partitionsOf, rewriteWhole } from './work.ts'

/** CREATE INDEX; with ONLY a partitioned table gets one that holds nothing yet. */
export function createIndex(context: EffectContext, { relation, idxname, if_not_exists }: IndexStmt): void {
  const table = context.find(nameOf(relation))
  if (if_not_exists === true && idxname !== undefined && findRelation(context.schema, { schema: table.schema, name: idxname })) return
  const tables = isOnly(relation) ? [table] : partitionsOf(context.schema, table)
  for (const one of tables) context.work.build(one)
}

/** Every table gets an empty file, and so do its indexes. */
export function truncate(context: EffectContext, { relations, behavior }: TruncateStmt): void {
  for (const name of nodesOf(relations, 'RangeVar')) {
    const relation = context.find(nameOf(name))
    const family = isOnly(name) ? [relation] : familyOf(context.schema, relation)
    const others = behavior === 'DROP_CASCADE' && relation.kind !== 'unknown' ? reachedFrom(context.schema, relation, cascade) : []
    for (const one of [...family, ...others.map((other) => other.relation)]) rewriteWhole(context, one)
  }
}

const cascade = [
  { to: 'children', mode: 'AccessExclusive' },
  { to: 'referencing-chain', mode: 'AccessExclusive' },
] as const

export function vacuum(context: EffectContext, { rels, options, is_vacuumcmd }: VacuumStmt): void {
  if (is_vacuumcmd !== true || !hasOption(options, 'full')) return
  for (const { relation } of nodesOf(rels, 'VacuumRelation')) {
    const found = context.find(nameOf(relation))
    for (const one of isOnly(relation) ? [found] : familyOf(context.schema, found)) rewriteWhole(context, one)
  }
}

export function cluster(context: EffectContext, { relation }: ClusterStmt): void {
  if (relation === undefined) return
  for (const one of partitionsOf(context.schema, context.find(nameOf(relation)))) rewriteWhole(context, one)
}

/** REINDEX; CONCURRENTLY makes another index that takes the place of the old one. */
export function reindex({ schema, find, work }: EffectContext, { kind, relation, params }: ReindexStmt): void {
  const isConcurrent = hasOption(params, 'concurrently')
  const again = (index: Index, table: Heap) => {
    if (isConcurrent) work.rebuild(index, table)
    else work.rewrite(index)
    work.scan(table)
  }
  const found = find(nameOf(relation))
  if (kind === 'REINDEX_OBJECT_TABLE') {
    for (const table of partitionsOf(schema, found)) {
      if (table.kind === 'unknown') work.scan(table)
      if (table.kind === 'table' && table.form !== 'ordinary') continue
      for (const index of indexesOn(schema, table)) again(index, table)
    }
  } else if (kind === 'REINDEX_OBJECT_INDEX' && found.kind === 'index') {
    const parts = reachedFrom(schema, found, [{ to: 'partitions', mode: 'AccessExclusive' }])
    for (const index of [found, ...parts.map((part) => part.relation)]) {
      const table = index.kind === 'index' ? schema.relations.get(index.table) : undefined
      if (index.kind !== 'index' || table === undefined || (table.kind === 'table' && table.form !== 'ordinary')) continue
      again(index, table)
    }
  } else if (kind === 'REINDEX_OBJECT_INDEX' && found.kind === 'unknown') work.rewrite(found)
}

/** The query is run again; CONCURRENTLY compares its rows with those that are there. */
export function refresh(context: EffectContext, { relation, concurrent, skipData }: RefreshMatViewStmt): void {
  const view = context.find(nameOf(relation))
  if (concurrent === true) context.work.scan(view)
  else rewriteWhole(context, view)
  if (skipData === true || view.kind === 'unknown') return
  for (const read of underlying(context.schema, view, false)) context.work.scan(read)
}

/** A new materialized view is filled by its query. */
export function fill(context: EffectContext, { query, into, objtype }: CreateTableAsStmt): void {
  if (objtype !== 'OBJECT_MATVIEW' || into?.skipData === true) return
  for (const name of queryLocks(query, 'analyzed').locks) {
    const read = context.find(name)
    const whole = read.kind === 'table' ? familyOf(context.schema, read) : [read]
    const beneath = read.kind === 'view' && read.form === 'view' ? underlying(context.schema, read, true) : []
    for (const one of [...whole, ...beneath]) context.work.scan(one)
  }
}

/** Without a condition every row is changed; with one it depends on indexes and the planner. */
export function change(context: EffectContext, { relation, whereClause }: UpdateStmt | DeleteStmt): void {
  if (whereClause !== undefined) return
  const table = context.find(nameOf(relation))
  for (const one of isOnly(relation) ? [table] : familyOf(context.schema, table)) context.work.scan(one)
}
