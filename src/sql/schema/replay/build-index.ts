import type { Node } from '@pgsql/types'
import { addRelation, noteCalls, setConstraint } from '../add.ts'
import { canonicalText } from '../expression.ts'
import { chooseRelationName, joinedColumns } from '../names.ts'
import { childTables } from '../remove.ts'
import { type Index, type IndexKey, indexesOf, type Origin, type Schema, type Table, type View } from '../schema.ts'

/** What an index shall be. */
export interface IndexPlan {
  /** The server chooses one when it is left out. */
  readonly name: string | undefined
  readonly keys: readonly IndexKey[]
  readonly include: readonly string[]
  readonly unique: boolean
  readonly nullsNotDistinct: boolean
  readonly predicate: Node | undefined
  readonly method: string
  readonly exclusions: readonly string[]
  readonly ownColumns: readonly string[]
  readonly constraint: PlannedConstraint | undefined
}

export interface PlannedConstraint {
  readonly kind: 'primary' | 'unique' | 'exclusion'
  readonly deferrable: boolean
  readonly initiallyDeferred: boolean
}

const labels = { primary: 'pkey', unique: 'key', exclusion: 'excl' } as const

/** Makes an index and its constraint, and those of the partitions. `undefined` when its name is taken. */
export function buildIndex(
  schema: Schema,
  owner: Table | View,
  plan: IndexPlan,
  origin: Origin,
  { only = false, parent }: { readonly only?: boolean; readonly parent?: Index } = {},
): Index | undefined {
  const { constraint } = plan
  const label = constraint === undefined ? 'idx' : labels[constraint.kind]
  const columns = constraint?.kind === 'primary' ? undefined : joinedColumns(plan.ownColumns)
  const name = plan.name ?? chooseRelationName(schema, owner.schema, [owner.name, columns, label], constraint !== undefined)
  const parts = owner.kind === 'table' && owner.form === 'partitioned' ? childTables(schema, owner) : []
  const index = addRelation<Index>(schema, { schema: owner.schema, name }, origin, {
    kind: 'index',
    table: owner.id,
    keys: plan.keys,
    include: plan.include,
    unique: plan.unique,
    nullsNotDistinct: plan.nullsNotDistinct,
    predicate: plan.predicate,
    method: plan.method,
    exclusions: plan.exclusions,
    ownColumns: plan.ownColumns,
    valid: !only || parts.length === 0,
    constraint: undefined,
    parent: parent?.id,
  })
  if (index === undefined) return undefined
  owner.indexes.add(index.id)
  noteCalls(schema, owner, index.predicate, ...index.keys.map(({ expression }) => expression))
  if (owner.kind === 'table' && constraint !== undefined) holdConstraint(schema, owner, index, constraint, origin)
  if (!only) for (const part of parts) ensurePart(schema, index, part, origin)
  return index
}

/** Makes an index the one of a constraint with its name. */
export function holdConstraint(schema: Schema, table: Table, index: Index, constraint: PlannedConstraint, origin: Origin): void {
  const { kind, deferrable, initiallyDeferred } = constraint
  const base = { name: index.name, index: index.id, valid: true, origin, inherited: index.parent === undefined ? 0 : 1, local: true }
  const columns = index.keys.flatMap(({ column }) => column ?? [])
  index.constraint = index.name
  if (kind === 'exclusion') setConstraint(schema, table, { ...base, kind })
  else setConstraint(schema, table, { ...base, kind, columns, deferrable, initiallyDeferred })
  if (kind === 'primary') requireValues(schema, table, columns)
}

/** Gives a partition the index that its parent has: one of its own that is equal, or a new one. */
export function ensurePart(schema: Schema, index: Index, part: Table, origin: Origin): void {
  const constraint = plannedConstraint(schema, index)
  const equal = indexesOf(schema, part).find((one) => {
    const fits = constraint === undefined || plannedConstraint(schema, one) !== undefined
    return fits && one.parent === undefined && one.valid && sameDefinition(one, index)
  })
  if (equal !== undefined) {
    equal.parent = index.id
    const held = equal.constraint === undefined ? undefined : part.constraints.get(equal.constraint)
    if (held !== undefined) held.inherited = 1
    return
  }
  buildIndex(schema, part, { ...index, name: undefined, constraint }, origin, { parent: index })
}

/** NOT NULL for columns of a table and of those below it. */
export function requireValues(schema: Schema, table: Table, columns: readonly string[]): void {
  for (const name of columns) {
    const column = table.columns.get(name)
    if (column !== undefined) column.notNull = true
  }
  for (const child of childTables(schema, table)) requireValues(schema, child, columns)
}

function plannedConstraint(schema: Schema, index: Index): PlannedConstraint | undefined {
  const table = schema.relations.get(index.table)
  const held = table?.kind === 'table' && index.constraint !== undefined ? table.constraints.get(index.constraint) : undefined
  if (held?.kind === 'exclusion') return { kind: 'exclusion', deferrable: false, initiallyDeferred: false }
  if (held?.kind !== 'primary' && held?.kind !== 'unique') return undefined
  return { kind: held.kind, deferrable: held.deferrable, initiallyDeferred: held.initiallyDeferred }
}

function sameDefinition(one: Index, other: Index): boolean {
  const facts = ({ keys, include, unique, nullsNotDistinct, predicate, method, exclusions }: Index) =>
    canonicalText([keys, include, unique, nullsNotDistinct, predicate ?? null, method, exclusions])
  return facts(one) === facts(other)
}
