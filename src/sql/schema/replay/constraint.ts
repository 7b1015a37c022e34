import type { Constraint } from '@pgsql/types'
import { nameOf, wordsOf } from '../../locks/names.ts'
import { addRelation, chooseName } from '../add.ts'
import {
  type ForeignKey,
  findRelation,
  findTable,
  type Index,
  type IndexKey,
  type Origin,
  type Schema,
  type Table,
  type TableConstraint,
} from '../schema.ts'

/** Adds a constraint to a table; `column` is that at which it is written. Those that only describe a column are left out. */
export function addConstraint(schema: Schema, table: Table, constraint: Constraint, origin: Origin, column?: string): void {
  const made = makeConstraint(schema, table, constraint, origin, column)
  if (made !== undefined && !table.constraints.has(made.name)) table.constraints.set(made.name, made)
}

function makeConstraint(
  schema: Schema,
  table: Table,
  constraint: Constraint,
  origin: Origin,
  column: string | undefined,
): TableConstraint | undefined {
  const at = column === undefined ? [] : [column]
  const named = (columns: readonly string[], suffix: string) => constraint.conname ?? chooseName(schema, table, columns, suffix)
  const valid = constraint.skip_validation !== true
  switch (constraint.contype) {
    case 'CONSTR_CHECK':
      return {
        kind: 'check',
        name: named(at, 'check'),
        expression: constraint.raw_expr ?? ({ Null: {} } as never),
        noInherit: constraint.is_no_inherit === true,
        valid,
        origin,
      }
    case 'CONSTR_NOTNULL': {
      const [name] = column === undefined ? wordsOf(constraint.keys) : [column]
      const known = table.columns.get(name ?? '')
      if (known !== undefined && valid) known.notNull = true
      if (name === undefined || (constraint.conname === undefined && column !== undefined)) return undefined
      return { kind: 'not-null', name: named([name], 'not_null'), column: name, valid, origin }
    }
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
      return makeKey(schema, table, constraint, origin, at)
    case 'CONSTR_EXCLUSION': {
      const name = named([], 'excl')
      const index = addRelation<Index>(
        schema,
        { schema: table.schema, name },
        origin,
        indexFacts(table, [], constraint.access_method ?? 'gist', name),
      )
      if (index === undefined) return undefined
      table.indexes.add(index.id)
      return { kind: 'exclusion', name, index: index.id, valid: true, origin }
    }
    case 'CONSTR_FOREIGN':
      return makeForeignKey(schema, table, constraint, origin, at)
    default:
      return undefined
  }
}

function makeKey(schema: Schema, table: Table, constraint: Constraint, origin: Origin, at: readonly string[]): TableConstraint | undefined {
  const kind = constraint.contype === 'CONSTR_PRIMARY' ? 'primary' : 'unique'
  const deferrable = constraint.deferrable === true
  if (constraint.indexname !== undefined) {
    const index = findRelation(schema, { schema: table.schema, name: constraint.indexname })
    if (index?.kind !== 'index') return undefined
    const columns = index.keys.flatMap(({ column }) => column ?? [])
    const name = constraint.conname ?? index.name
    index.constraint = name
    if (kind === 'primary') setNotNull(table, columns)
    return { kind, name, columns, index: index.id, deferrable, valid: true, origin }
  }
  const columns = constraint.keys === undefined ? at : wordsOf(constraint.keys)
  const name =
    constraint.conname ?? (kind === 'primary' ? chooseName(schema, table, [], 'pkey') : chooseName(schema, table, columns, 'key'))
  const index = addRelation<Index>(schema, { schema: table.schema, name }, origin, {
    ...indexFacts(table, columns, 'btree', name),
    unique: true,
    include: wordsOf(constraint.including),
  })
  if (index === undefined) return undefined
  table.indexes.add(index.id)
  if (kind === 'primary') setNotNull(table, columns)
  return { kind, name, columns, index: index.id, deferrable, valid: true, origin }
}

function indexFacts(table: Table, columns: readonly string[], method: string, constraint: string) {
  const keys = columns.map(
    (column): IndexKey => ({ column, expression: undefined, descending: false, opclass: undefined, collation: undefined }),
  )
  return {
    kind: 'index',
    table: table.id,
    keys,
    include: [],
    unique: false,
    predicate: undefined,
    method,
    valid: true,
    constraint,
    parent: undefined,
  } as const
}

function setNotNull(table: Table, columns: readonly string[]): void {
  for (const name of columns) {
    const column = table.columns.get(name)
    if (column !== undefined) column.notNull = true
  }
}

const actions = { a: 'no action', r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' } as const

function makeForeignKey(schema: Schema, table: Table, constraint: Constraint, origin: Origin, at: readonly string[]): ForeignKey {
  const columns = constraint.fk_attrs === undefined ? at : wordsOf(constraint.fk_attrs)
  const partner = findTable(schema, nameOf(constraint.pktable))
  partner?.referencedBy.add(table.id)
  const primary = [...(partner?.constraints.values() ?? [])].find(({ kind }) => kind === 'primary')
  const named = wordsOf(constraint.pk_attrs)
  return {
    kind: 'foreign',
    name: constraint.conname ?? chooseName(schema, table, columns, 'fkey'),
    columns,
    references: {
      id: partner?.id,
      name: nameOf(constraint.pktable),
      columns: named.length > 0 ? named : primary?.kind === 'primary' ? primary.columns : [],
    },
    onDelete: actions[(constraint.fk_del_action ?? 'a') as keyof typeof actions] ?? 'no action',
    onUpdate: actions[(constraint.fk_upd_action ?? 'a') as keyof typeof actions] ?? 'no action',
    valid: constraint.skip_validation !== true,
    origin,
  }
}
