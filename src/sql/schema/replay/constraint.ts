import type { Constraint } from '@pgsql/types'
import { wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { noteCalls, setConstraint } from '../add.ts'
import { mentionsOf } from '../expression.ts'
import { chooseConstraintName, clipped, ownColumnNames } from '../names.ts'
import { childTables } from '../remove.ts'
import { type CheckConstraint, findRelation, type IndexKey, type Origin, type Schema, type Table } from '../schema.ts'
import { buildIndex, holdConstraint, type PlannedConstraint, requireValues } from './build-index.ts'
import type { WrittenConstraint } from './column.ts'
import { columnName, indexKey } from './create-index.ts'
import { addForeignKey } from './foreign-key.ts'
import { renameConstraintIndex } from './rename-index.ts'

interface Where {
  /** Whether the table is being made: there are no rows to doubt. */
  readonly creating?: boolean
  /** ONLY: partitions and other children are left alone. */
  readonly only?: boolean
}

const order = ['CONSTR_CHECK', 'CONSTR_NOTNULL', 'CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_EXCLUSION', 'CONSTR_FOREIGN']
const ranks = new Map(order.map((kind, rank) => [kind, kind === 'CONSTR_EXCLUSION' ? rank - 1 : rank]))

/** Adds constraints in the order in which the server does, on which the names depend that it chooses. */
export function addConstraints(schema: Schema, table: Table, written: readonly WrittenConstraint[], origin: Origin, where: Where): void {
  const known = written.filter(({ constraint }) => ranks.has(constraint.contype ?? ''))
  const rank = ({ constraint }: WrittenConstraint) => ranks.get(constraint.contype ?? '') ?? 0
  const keys: string[] = []
  for (const one of known.sort((a, b) => rank(a) - rank(b))) {
    if (where.creating && isKey(one.constraint)) {
      const key = keyText(one)
      if (keys.includes(key)) continue // a UNIQUE that the primary key says already
      keys.push(key)
    }
    addConstraint(schema, table, one, origin, where)
  }
}

export function addConstraint(schema: Schema, table: Table, written: WrittenConstraint, origin: Origin, where: Where = {}): void {
  const { constraint, column } = written
  switch (constraint.contype) {
    case 'CONSTR_CHECK':
      addCheck(schema, table, constraint, origin, where)
      return
    case 'CONSTR_NOTNULL':
      addNotNull(schema, table, constraint, origin, column)
      return
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
    case 'CONSTR_EXCLUSION':
      addKey(schema, table, written, origin, where)
      return
    case 'CONSTR_FOREIGN':
      addForeignKey(schema, table, written, origin, where.creating === true)
      return
    default:
      return
  }
}

function addCheck(schema: Schema, table: Table, constraint: Constraint, origin: Origin, { creating, only }: Where): void {
  const expression = constraint.raw_expr
  if (expression === undefined) return
  const columns = [...mentionsOf(expression).columns].filter((name) => table.columns.has(name))
  const second = columns.length === 1 ? columns[0] : undefined
  const name = given(constraint) ?? chooseConstraintName(schema, table.schema, [table.name, second, 'check'])
  const check: CheckConstraint = {
    kind: 'check',
    name,
    expression,
    noInherit: constraint.is_no_inherit === true,
    valid: creating === true || constraint.skip_validation !== true,
    origin,
    inherited: 0,
    local: true,
  }
  const before = table.constraints.get(name)
  if (before !== undefined) {
    before.local = true
    return
  }
  setConstraint(schema, table, check)
  noteCalls(schema, table, expression)
  if (!only) passCheckOn(schema, table, check)
}

/** Gives the tables below a check that their parent has. */
function passCheckOn(schema: Schema, table: Table, check: CheckConstraint): void {
  if (check.noInherit) return
  for (const child of childTables(schema, table)) {
    const own = child.constraints.get(check.name)
    if (own !== undefined) {
      own.inherited++
      continue
    }
    const copy: CheckConstraint = { ...check, inherited: 1, local: false }
    setConstraint(schema, child, copy)
    noteCalls(schema, child, check.expression)
    passCheckOn(schema, child, copy)
  }
}

/** One without a name is a mark of its column, and nothing more. */
function addNotNull(schema: Schema, table: Table, constraint: Constraint, origin: Origin, at: string | undefined): void {
  const column = at ?? wordsOf(constraint.keys)[0]
  const valid = constraint.skip_validation !== true
  if (column === undefined || !table.columns.has(column)) return
  if (valid) requireValues(schema, table, [column])
  const known = table.columns.get(column)
  if (known !== undefined && valid) known.notNull = true
  if (constraint.conname === undefined && at !== undefined) return
  const name = given(constraint) ?? chooseConstraintName(schema, table.schema, [table.name, column, 'not_null'])
  setConstraint(schema, table, { kind: 'not-null', name, column, valid, origin, inherited: 0, local: true })
}

function addKey(schema: Schema, table: Table, { constraint, column }: WrittenConstraint, origin: Origin, { only }: Where): void {
  const planned: PlannedConstraint = {
    kind: constraint.contype === 'CONSTR_PRIMARY' ? 'primary' : constraint.contype === 'CONSTR_UNIQUE' ? 'unique' : 'exclusion',
    deferrable: constraint.deferrable === true,
    initiallyDeferred: constraint.initdeferred === true,
  }
  if (constraint.indexname !== undefined) {
    const index = findRelation(schema, { schema: table.schema, name: constraint.indexname })
    if (index?.kind !== 'index') return
    const name = given(constraint)
    if (name !== undefined) renameConstraintIndex(schema, index, name)
    holdConstraint(schema, table, index, planned, origin)
    return
  }
  const excluded = (constraint.exclusions ?? []).flatMap((one) => ('List' in one ? [one.List.items ?? []] : []))
  const elements = excluded.flatMap((items) => nodesOf(items, 'IndexElem'))
  const columns = constraint.keys === undefined ? (column === undefined ? [] : [column]) : wordsOf(constraint.keys)
  const include = wordsOf(constraint.including)
  const plan = {
    name: given(constraint),
    keys: planned.kind === 'exclusion' ? elements.map(indexKey) : columns.map(plainKey),
    include,
    unique: planned.kind !== 'exclusion',
    nullsNotDistinct: constraint.nulls_not_distinct === true,
    predicate: constraint.where_clause,
    method: constraint.access_method ?? 'btree',
    exclusions: excluded.map((items) =>
      nodesOf(items, 'List')
        .flatMap(({ items: words }) => wordsOf(words ?? []).slice(-1))
        .join(),
    ),
    ownColumns: ownColumnNames([...(planned.kind === 'exclusion' ? elements.map(columnName) : columns), ...include]),
    constraint: planned,
  }
  buildIndex(schema, table, plan, origin, { only: only === true })
}

function given({ conname }: Constraint): string | undefined {
  return conname === undefined ? undefined : clipped(conname)
}

function plainKey(column: string): IndexKey {
  return { column, expression: undefined, descending: false, opclass: undefined, collation: undefined }
}

function isKey({ contype }: Constraint): boolean {
  return contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE'
}

function keyText({ constraint, column }: WrittenConstraint): string {
  const columns = constraint.keys === undefined ? [column] : wordsOf(constraint.keys)
  return JSON.stringify([columns, wordsOf(constraint.including), constraint.deferrable === true, constraint.initdeferred === true])
}
