import type { LockMode } from '../locks/mode.ts'
import type { Part, Reach, ReachLock } from '../locks/statement-locks.ts'
import {
  childrenOf,
  type ForeignKey,
  foreignKeysTo,
  indexesOf,
  type Relation,
  type Schema,
  type Table,
  tableById,
} from '../schema/schema.ts'
import { fallsWith } from './falls.ts'
import { ownedSequences } from './links.ts'
import { partitionsOf } from './work.ts'

export interface Reached {
  readonly relation: Relation
  readonly mode: LockMode
}

/** What is locked beside a relation, as `ReachLock` explains it. */
export function reachedFrom(schema: Schema, relation: Relation, reach: readonly ReachLock[]): Reached[] {
  const below = reach.flatMap((one) => familyBelow(schema, relation, one))
  const family = [relation, ...below.map((one) => one.relation)]
  const chain = reach.flatMap(({ to, mode }) =>
    to === 'referencing-chain' ? referencingChain(schema, family).map((one) => ({ relation: one, mode })) : [],
  )
  const start: Start = { relation, family, emptied: [...family, ...chain.map((one) => one.relation)] }
  const beside = reach.flatMap(({ to, mode, only }) => (steps[to]?.(schema, start, only) ?? []).map((one) => ({ relation: one, mode })))
  return [...below, ...chain, ...beside].filter((one) => one.relation !== relation || one.mode !== 'AccessShare')
}

/** A narrowed wish for children is about a constraint: where the named one has none, they have none either. */
function familyBelow(schema: Schema, relation: Relation, { to, mode, only }: ReachLock): Reached[] {
  if (to !== 'children' && to !== 'partitions') return []
  if (relation.kind === 'index')
    return to === 'partitions' ? partsOfIndex(schema, relation.id, relation.table).map((one) => ({ relation: one, mode })) : []
  if (relation.kind !== 'table') return []
  if (to === 'children' && only !== undefined && !hasInherited(relation, only)) return []
  const below = to === 'children' ? childrenOf(schema, relation) : partitionsOf(schema, relation).slice(1)
  return below.map((one) => ({ relation: one as Table, mode }))
}

function hasInherited(table: Table, only: Part): boolean {
  const kind = table.constraints.get(only.name)?.kind
  return kind === 'check' || kind === 'not-null'
}

/** Indexes of the partitions, and the partitions, which are reached by way of an index of their parent. */
function partsOfIndex(schema: Schema, index: number, table: number): Relation[] {
  const owner = tableById(schema, table)
  if (owner === undefined) return []
  const parts = [...owner.children].flatMap((id) => tableById(schema, id) ?? [])
  return parts.flatMap((part) =>
    indexesOf(schema, part)
      .filter(({ parent }) => parent === index)
      .flatMap((own) => [own, ...partsOfIndex(schema, own.id, part.id)]),
  )
}

interface Start {
  readonly relation: Relation
  /** With the children and partitions that are asked for. */
  readonly family: readonly Relation[]
  readonly emptied: readonly Relation[]
}

type Step = (schema: Schema, start: Start, only: Part | undefined) => readonly Relation[]

const steps: Partial<Record<Reach, Step>> = {
  parent: (schema, { relation }) => {
    const parent = relation.kind === 'table' ? tableById(schema, relation.partitionOf?.parent) : undefined
    return parent === undefined ? [] : [parent, ...defaultOf(schema, parent)]
  },
  default: (schema, { relation }) => {
    const rest = relation.kind === 'table' ? defaultOf(schema, relation) : []
    return rest.flatMap((one) => [one, ...childrenOf(schema, one)])
  },
  referenced: (schema, { family }, only) =>
    tablesIn(family).flatMap((table) =>
      keysFrom(table, only).flatMap(({ references }) => wholeTable(schema, tableById(schema, references.id))),
    ),
  referencing: (schema, { family }, only) =>
    tablesIn(family).flatMap((table) =>
      foreignKeysTo(schema, table)
        .filter(({ key }) => isWished(key, key.references.columns, only))
        .flatMap((one) => wholeTable(schema, one.table)),
    ),
  table: (schema, { family }) => family.flatMap((one) => (one.kind === 'index' ? (schema.relations.get(one.table) ?? []) : [])),
  indexes: (schema, { emptied }, only) =>
    emptied.flatMap((one) => {
      const all = one.kind === 'table' || one.kind === 'view' ? indexesOf(schema, one) : []
      if (only === undefined) return all
      return all.filter((index) => (only.kind === 'index' ? index.name : index.constraint) === only.name)
    }),
  sequences: (schema, { emptied }, only) =>
    tablesIn(emptied).flatMap((table) => ownedSequences(schema, table, only?.kind === 'column' ? only.name : undefined)),
  underlying: (schema, { family }) => family.flatMap((one) => underlying(schema, one, true)),
  source: (schema, { relation }) => underlying(schema, relation, false),
  parts: (schema, { relation, family }, only) =>
    family.flatMap((one) => fallsWith(schema, one, only, { cascades: false, named: relation })),
  dependents: (schema, { relation, family }, only) =>
    family.flatMap((one) => fallsWith(schema, one, only, { cascades: true, named: relation })),
}

function tablesIn(relations: readonly Relation[]): Table[] {
  return relations.filter((one) => one.kind === 'table')
}

function defaultOf(schema: Schema, parent: Table): Table[] {
  const parts = [...parent.children].flatMap((id) => tableById(schema, id) ?? [])
  return parts.filter((part) => part.partitionOf?.bound.isDefault === true)
}

function wholeTable(schema: Schema, table: Table | undefined): Table[] {
  return table === undefined ? [] : [table, ...childrenOf(schema, table)]
}

function keysFrom(table: Table, only: Part | undefined): ForeignKey[] {
  return [...table.constraints.values()].filter((one) => one.kind === 'foreign').filter((key) => isWished(key, key.columns, only))
}

function isWished(key: ForeignKey, columns: readonly string[], only: Part | undefined): boolean {
  if (only === undefined) return true
  return only.kind === 'column' ? columns.includes(only.name) : key.name === only.name
}

function referencingChain(schema: Schema, from: readonly Relation[]): Table[] {
  const found = new Set<Table>()
  const follow = (table: Table) => {
    for (const { table: other } of foreignKeysTo(schema, table)) {
      for (const one of wholeTable(schema, other)) {
        if (found.has(one)) continue
        found.add(one)
        follow(one)
      }
    }
  }
  for (const table of tablesIn(from)) follow(table)
  return [...found]
}

/** What a view reads, through other views too; reading a materialized view touches nothing below it. */
export function underlying(schema: Schema, relation: Relation, plainOnly: boolean): Relation[] {
  if (relation.kind !== 'view' || (plainOnly && relation.form === 'materialized')) return []
  return [...relation.reads.keys()].flatMap((id) => {
    const read = schema.relations.get(id)
    if (read === undefined || read === relation) return []
    return [read, ...(read.kind === 'table' ? childrenOf(schema, read) : underlying(schema, read, true))]
  })
}
