import type { CreateTrigStmt, TruncateStmt } from '@pgsql/types'
import { quoteName, quoteTable } from '../../migration/ledger.ts'
import { nameOf, type RelationName } from '../../sql/locks/names.ts'
import { nodesOf, openNode } from '../../sql/node.ts'
import { type ForeignKey, findTable, foreignKeysTo, type Origin, type Schema, type Table } from '../../sql/schema/schema.ts'
import type { DownStep } from './down-steps.ts'
import { type Draft, unknown } from './draft.ts'
import type { LiveNames } from './live-names.ts'
import { liveRow } from './rescue-part.ts'
import { type RowCondition, rowsMet } from './row-subset.ts'
import { type Traces, tablesIn } from './traces.ts'

/** What a statement that changes rows takes away, with what the server takes along; `undefined` for statements of other kinds. */
export function rowChanges(
  schema: Schema,
  names: LiveNames,
  step: DownStep,
  before: readonly Traces[],
  origin: Origin,
): readonly Draft[] | undefined {
  const { node } = step.statement
  const isKnown = (table: Table | undefined) =>
    table !== undefined && table.origin.file !== origin.file && names.table(table.id) !== undefined
  const isOwn = (table: Table | undefined) => table?.origin.file === origin.file || table?.persistence === 'temporary'
  if ('TruncateStmt' in node) {
    const tables = nodesOf(node.TruncateStmt.relations, 'RangeVar').map((one) => findTable(schema, nameOf(one)))
    if (step.inBlock || tables.some((one) => !isKnown(one) && !isOwn(one))) return [unknown(`the rows that ${step.shown} takes away`)]
    return truncated(schema, names, node.TruncateStmt, tables.filter(isKnown) as Table[])
  }
  const [verb, name] = target(step)
  if (verb === undefined || name === undefined) return undefined
  const table = findTable(schema, name)
  if (isOwn(table)) return []
  if (table === undefined || !isKnown(table) || step.inBlock || verb === 'MERGE' || verb === 'INSERT')
    return verb === 'INSERT' ? undefined : [unknown(`what ${verb} changes in ${shown(name)}`)]
  const touched = [...tablesIn(step.statement)].some((one) => before.some((traces) => traces.has(one)))
  const met = touched ? undefined : rowsMet(step.statement, step.text)
  const change: Change = { schema, names, verb: verb as Verb, met, seen: new Set() }
  if (verb === 'DELETE')
    return [...deleted(change, table, met?.where, `the rows that DELETE takes out of ${label(table)}`), ...fired(table, 'DELETE')]
  return updated(change, table, step)
}

type Verb = 'DELETE' | 'UPDATE' | 'TRUNCATE'

interface Change {
  readonly schema: Schema
  readonly names: LiveNames
  readonly verb: Verb
  /** `undefined` when nobody can tell which rows are met. */
  readonly met: { readonly where: RowCondition | undefined } | undefined
  readonly seen: Set<number>
}

function target({ statement: { node } }: DownStep): readonly [string, RelationName] | readonly [undefined, undefined] {
  if ('DeleteStmt' in node) return ['DELETE', nameOf(node.DeleteStmt.relation)]
  if ('UpdateStmt' in node) return ['UPDATE', nameOf(node.UpdateStmt.relation)]
  if ('MergeStmt' in node) return ['MERGE', nameOf(node.MergeStmt.relation)]
  if ('InsertStmt' in node) return ['INSERT', nameOf(node.InsertStmt.relation)]
  return [undefined, undefined]
}

/** With CASCADE goes every table that refers to one of them, and what refers to those. */
function truncated(schema: Schema, names: LiveNames, { behavior, restart_seqs }: TruncateStmt, named: readonly Table[]): readonly Draft[] {
  const all = new Set(named)
  if (behavior === 'DROP_CASCADE') for (const table of all) for (const { table: from } of foreignKeysTo(schema, table)) all.add(from)
  return referredFirst(schema, [...all])
    .filter(
      (table) =>
        names.table(table.id) !== undefined &&
        !(table.partitionOf !== undefined && all.has(schema.relations.get(table.partitionOf.parent) as Table)),
    )
    .flatMap((table) => [
      {
        kind: 'rows' as const,
        what: `the rows that TRUNCATE takes out of ${label(table)}`,
        fails: false,
        about: { kind: 'rows' as const, id: table.id, where: undefined, ownPath: false, restarts: restart_seqs === true },
      },
      ...fired(table, 'TRUNCATE'),
    ])
}

/** Tables that others refer to come before those; in a circle they stay as they are. */
function referredFirst(schema: Schema, tables: readonly Table[]): readonly Table[] {
  const placed: Table[] = []
  let left = [...tables]
  while (left.length > 0) {
    const free = left.filter(
      (one) => !left.some((other) => other !== one && foreignKeysTo(schema, other).some(({ table }) => table === one)),
    )
    const next = free.length === 0 ? left : free
    placed.push(...next)
    left = left.filter((one) => !next.includes(one))
  }
  return placed
}

function deleted(change: Change, table: Table, where: RowCondition | undefined, what: string): readonly Draft[] {
  const { schema, met, names, seen } = change
  if (met === undefined || seen.has(table.id) || names.table(table.id) === undefined) return [unknown(what)]
  seen.add(table.id)
  const about = { kind: 'rows', id: table.id, where: where?.(liveRow), ownPath: where !== undefined, restarts: false } as const
  const own: Draft = { kind: 'rows', what, fails: false, about }
  return [own, ...foreignKeysTo(schema, table).flatMap(({ table: from, key }) => followed(change, table, from, key, where))]
}

/** What a foreign key does to the rows that refer to those that go. */
function followed(change: Change, table: Table, from: Table, key: ForeignKey, where: RowCondition | undefined): readonly Draft[] {
  const { names } = change
  if (key.onDelete === 'no action' || key.onDelete === 'restrict' || from.partitionOf !== undefined) return []
  const [parent, child] = [names.table(table.id), names.table(from.id)]
  const said = `ON DELETE ${key.onDelete.toUpperCase()}`
  const what =
    key.onDelete === 'cascade'
      ? `the rows that ${said} takes out of ${label(from)}`
      : `the values of ${list(from, key.columns)} that ${said} overwrites`
  const columns = key.columns.map((one) => names.column(from.id, one))
  const referred = key.references.columns.map((one) => names.column(table.id, one))
  if (parent === undefined || child === undefined || [...columns, ...referred].includes(undefined)) return [unknown(what)]
  const depth = change.seen.size
  const above = `shiplock_above_${depth}`
  const refers: RowCondition = (row) => {
    const equal = columns.map(
      (column, at) => `${above}.${quoteName(referred[at] as string)} operator(pg_catalog.=) ${row}.${quoteName(column as string)}`,
    )
    const condition = [...equal, ...(where === undefined ? [] : [where(above)])].join(' and ')
    return `exists (select from ${quoteTable(parent.name)} as ${above} where ${condition})`
  }
  if (key.onDelete === 'cascade') return deleted(change, from, refers, what)
  if (change.met === undefined) return [unknown(what)]
  const about = {
    kind: 'values',
    id: from.id,
    columns: columns as string[],
    retyped: false,
    where: refers(liveRow),
    ownPath: where !== undefined,
  } as const
  return [{ kind: 'values', what, fails: false, about }]
}

function updated({ schema, names, met }: Change, table: Table, { statement: { node }, shown: text }: DownStep): readonly Draft[] {
  const written = 'UpdateStmt' in node ? nodesOf(node.UpdateStmt.targetList, 'ResTarget').map(({ name = '' }) => name) : []
  const old = [...new Set(written)].filter((one) => names.column(table.id, one) !== undefined)
  const effects = fired(table, 'UPDATE')
  if (old.length === 0) return effects
  const what = `the values of ${list(table, old)} that UPDATE overwrites`
  const follows = foreignKeysTo(schema, table).filter(
    ({ key }) => !['no action', 'restrict'].includes(key.onUpdate) && key.references.columns.some((one) => old.includes(one)),
  )
  const along = follows.map(({ table: from, key }) =>
    unknown(`the values of ${list(from, key.columns)} that ON UPDATE overwrites with ${text}`),
  )
  if (met === undefined) return [unknown(what), ...along, ...effects]
  const columns = old.map((one) => names.column(table.id, one) as string)
  const about = {
    kind: 'values',
    id: table.id,
    columns,
    retyped: false,
    where: met.where?.(liveRow),
    ownPath: met.where !== undefined,
  } as const
  return [{ kind: 'values', what, fails: false, about }, ...along, ...effects]
}

const eventBits: Readonly<Record<Verb, number>> = { DELETE: 8, UPDATE: 16, TRUNCATE: 32 }

/** Triggers and rules run what nobody follows. */
function fired(table: Table, verb: Verb): readonly Draft[] {
  const triggers = [...table.triggers].filter(([, { enabled, definition }]) => {
    const { content } = openNode(definition)
    return enabled && ((content as CreateTrigStmt).events ?? 0) & eventBits[verb]
  })
  return [
    ...triggers.map(([name]) => unknown(`what the trigger ${name} of ${label(table)} changes when ${verb} fires it`)),
    ...[...table.rules.keys()].map((name) => unknown(`what the rule ${name} of ${label(table)} makes of ${verb}`)),
  ]
}

function label({ schema, name }: Pick<Table, 'schema' | 'name'>): string {
  return shown({ schema, name })
}

function shown({ schema, name }: RelationName): string {
  return schema === undefined || schema === 'public' ? name : `${schema}.${name}`
}

function list(table: Table, columns: readonly string[]): string {
  return columns.map((column) => `${label(table)}.${column}`).join(', ')
}
