import type { Part } from '../locks/statement-locks.ts'
import {
  childrenOf,
  type ForeignKey,
  foreignKeysTo,
  type Index,
  indexesOf,
  type Relation,
  type Schema,
  type Sequence,
  type Table,
  tableById,
} from '../schema/schema.ts'
import { ownedSequences, viewsReading } from './links.ts'
import { partitionsOf } from './work.ts'

interface Fall {
  readonly cascades: boolean
  /** The relation that the statement names. */
  readonly named: Relation
}

/** Relations that are locked because a relation, or a part of it, is dropped: what goes with it, and what holds on to it. */
export function fallsWith(schema: Schema, relation: Relation, only: Part | undefined, fall: Fall): Relation[] {
  const found = new Set<Relation>()
  if (only === undefined) dropWhole(schema, relation, fall.cascades, found)
  else if (relation.kind === 'table') dropPart(schema, relation, only, fall.cascades, found)
  else if (only.kind === 'column') dropViews(schema, relation, only.name, fall.cascades, found)
  else found.add(relation) // a trigger or a rule of a view
  return [...found]
}

function dropWhole(schema: Schema, relation: Relation, cascades: boolean, found: Set<Relation>): void {
  if (found.has(relation)) return
  found.add(relation)
  dropViews(schema, relation, undefined, cascades, found)
  if (relation.kind === 'view') for (const index of indexesOf(schema, relation)) found.add(index)
  if (relation.kind === 'index') dropIndex(schema, relation, cascades, found)
  if (relation.kind === 'sequence' && cascades) for (const table of tablesDrawingFrom(schema, relation)) found.add(table)
  if (relation.kind !== 'table') return
  for (const index of indexesOf(schema, relation)) found.add(index)
  for (const sequence of ownedSequences(schema, relation)) found.add(sequence)
  for (const constraint of relation.constraints.values()) if (constraint.kind === 'foreign') dropKey(schema, relation, constraint, found)
  for (const { table, key } of foreignKeysTo(schema, relation)) if (cascades || table === relation) dropKey(schema, table, key, found)
  const below = cascades ? [...relation.children] : [...relation.children].filter((id) => tableById(schema, id)?.partitionOf !== undefined)
  for (const id of below) {
    const child = tableById(schema, id)
    if (child !== undefined) dropWhole(schema, child, cascades, found)
  }
}

function dropPart(schema: Schema, table: Table, { kind, name }: Part, cascades: boolean, found: Set<Relation>): void {
  if (kind === 'column') dropColumn(schema, table, name, cascades, found)
  else if (kind === 'constraint') dropConstraint(schema, table, name, cascades, found)
  else if (kind === 'trigger') {
    for (const one of [table, ...childrenOf(schema, table)]) if (one.triggers.has(name)) found.add(one)
  } else if (kind !== 'policy' || table.policies.has(name)) found.add(table)
}

function dropColumn(schema: Schema, table: Table, column: string, cascades: boolean, found: Set<Relation>): void {
  dropViews(schema, table, column, cascades, found)
  for (const sequence of ownedSequences(schema, table, column)) found.add(sequence)
  for (const index of indexesOf(schema, table)) if (index.keys.some((key) => key.column === column)) found.add(index)
  for (const constraint of table.constraints.values()) {
    if (constraint.kind === 'foreign' && constraint.columns.includes(column)) dropKey(schema, table, constraint, found)
  }
  for (const { table: from, key } of foreignKeysTo(schema, table)) {
    if (cascades && key.references.columns.includes(column)) dropKey(schema, from, key, found)
  }
}

function dropConstraint(schema: Schema, table: Table, name: string, cascades: boolean, found: Set<Relation>): void {
  const constraint = table.constraints.get(name)
  if (constraint?.kind === 'foreign') dropKey(schema, table, constraint, found)
  if (constraint === undefined || !('index' in constraint)) return
  const index = schema.relations.get(constraint.index)
  if (index?.kind === 'index') dropIndex(schema, index, cascades, found)
}

/** With an index of a partitioned table go those of its partitions; with a key what refers to it. */
function dropIndex(schema: Schema, index: Index, cascades: boolean, found: Set<Relation>): void {
  found.add(index)
  const table = tableById(schema, index.table)
  if (table === undefined) return
  for (const id of table.children) {
    const part = tableById(schema, id)
    for (const own of part === undefined ? [] : indexesOf(schema, part)) {
      if (own.parent !== index.id) continue
      found.add(part as Table)
      dropIndex(schema, own, cascades, found)
    }
  }
  const constraint = index.constraint === undefined ? undefined : table.constraints.get(index.constraint)
  if (!cascades || constraint === undefined || !('columns' in constraint)) return
  for (const { table: from, key } of foreignKeysTo(schema, table)) {
    if (isSameSet(key.references.columns, constraint.columns)) dropKey(schema, from, key, found)
  }
}

/** A foreign key keeps triggers on both tables, and on their partitions. */
function dropKey(schema: Schema, table: Table, key: ForeignKey, found: Set<Relation>): void {
  const partner = tableById(schema, key.references.id)
  for (const one of [table, partner]) for (const part of one === undefined ? [] : partitionsOf(schema, one)) found.add(part as Table)
}

function dropViews(schema: Schema, relation: Relation, column: string | undefined, cascades: boolean, found: Set<Relation>): void {
  if (!cascades) return
  for (const view of viewsReading(schema, relation, column)) dropWhole(schema, view, true, found)
}

function tablesDrawingFrom(schema: Schema, sequence: Sequence): Table[] {
  return [...sequence.usedBy].flatMap((id) => tableById(schema, id) ?? [])
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name))
}
