import type { CreateStmt, PartitionBoundSpec, PartitionCmd } from '@pgsql/types'
import { nameOf } from '../locks/names.ts'
import { childrenOf, type Index, indexesOf, type Schema, type Table, tableById } from '../schema/schema.ts'
import type { Alteration } from './alter-table.ts'
import { hasForeignKey, validateKey } from './constraint.ts'
import { textOf } from './proof/formula.ts'
import { provesBound, provesElsewhere } from './proof/partition-bound.ts'
import type { TablePlans } from './table-plan.ts'
import { type EffectContext, type Heap, partitionsOf } from './work.ts'

/** ATTACH PARTITION: the rows must belong there, and the table gets the indexes and foreign keys of the parent. */
export function attachPartition({ context, plans, target }: Alteration, { name, bound }: PartitionCmd): void {
  if (target.kind === 'index') return
  const partition = context.find(nameOf(name))
  if (target.kind !== 'table' || partition.kind !== 'table' || bound === undefined) {
    for (const table of partitionsOf(context.schema, partition)) plans.of(table).scans = true
    return
  }
  scanUnlessProved(context.schema, plans, partition, (table) => provesBound(context.schema, table, target, bound))
  checkDefault(context, target, bound, (table) => plans.of(table))
  for (const index of indexesOf(context.schema, target)) buildPart(context.schema, plans, index, partition)
  for (const key of target.constraints.values()) {
    if (key.kind !== 'foreign') continue
    const referenced = tableById(context.schema, key.references.id)
    if (!hasForeignKey(partition, key.columns, key.references.id)) validateKey(context, plans, partition, referenced)
    // the triggers of its own key go, since those of the parent's serve for both
    else if (referenced !== undefined) context.work.locks.push({ relation: referenced, mode: 'AccessExclusive', named: false })
  }
}

/** CREATE TABLE … PARTITION OF: the new table is empty, but the default partition may hold rows that belong into it. */
export function createPartition(context: EffectContext, { inhRelations, partbound }: CreateStmt): void {
  const [parent] = inhRelations ?? []
  if (partbound === undefined || parent === undefined || !('RangeVar' in parent)) return
  const found = context.find(nameOf(parent.RangeVar))
  if (found.kind !== 'table') return
  for (const table of defaultTables(context.schema, found, partbound)) context.work.scan(table)
}

function checkDefault(context: EffectContext, parent: Table, bound: PartitionBoundSpec, planOf: (table: Heap) => { scans: boolean }): void {
  for (const table of defaultTables(context.schema, parent, bound)) planOf(table).scans = true
}

/** Tables of the default partition that have to be looked through for rows of a new one. */
function defaultTables(schema: Schema, parent: Table, bound: PartitionBoundSpec): Table[] {
  if (bound.is_default === true) return []
  const rest = [...parent.children]
    .flatMap((id) => tableById(schema, id) ?? [])
    .find(({ partitionOf }) => partitionOf?.bound.isDefault === true)
  if (rest === undefined || provesElsewhere(schema, rest, parent, bound)) return []
  return [rest, ...childrenOf(schema, rest)].filter((table) => table === rest || !provesElsewhere(schema, table, parent, bound))
}

/** A proof for a table holds for all below it. */
function scanUnlessProved(schema: Schema, plans: TablePlans, table: Table, isProved: (table: Table) => boolean): void {
  if (isProved(table)) return
  plans.of(table).scans = true
  for (const id of table.children) {
    const child = tableById(schema, id)
    if (child !== undefined) scanUnlessProved(schema, plans, child, isProved)
  }
}

/** An index that serves is taken; for the rest one is built. */
function buildPart(schema: Schema, plans: TablePlans, index: Index, table: Table): void {
  if (indexesOf(schema, table).some((one) => one.parent === undefined && serves(one, index))) return
  for (const part of partitionsOf(schema, table)) if (part.kind === 'table' && part.form !== 'foreign') plans.of(part).newIndexes++
}

function serves(one: Index, wanted: Index): boolean {
  return (
    one.valid &&
    one.unique === wanted.unique &&
    one.method === wanted.method &&
    (wanted.constraint === undefined || one.constraint !== undefined) &&
    keyText(one) === keyText(wanted)
  )
}

function keyText({ keys, include, predicate }: Index): string {
  const parts = keys.map(({ column, expression, opclass, collation }) => [
    column,
    expression === undefined ? undefined : textOf(expression),
    opclass,
    collation,
  ])
  return JSON.stringify([parts, include, predicate === undefined ? undefined : textOf(predicate)])
}
