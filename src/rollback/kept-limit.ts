import type { Node } from '@pgsql/types'
import { constantOf } from '../sql/effects/proof/constant.ts'
import { type Formula, formulaOf } from '../sql/effects/proof/formula.ts'
import { implies } from '../sql/effects/proof/implies.ts'
import type { Schema, Table } from '../sql/schema/schema.ts'
import type { Limit } from './concern.ts'
import type { QueryWrite } from './footprint.ts'

/** Whether a limit cannot refuse what a query writes, as far as its text shows the values. */
export function keeps(write: QueryWrite, limit: Limit, schema: Schema): boolean {
  if (write.kind === 'delete' || write.kind === 'truncate') return true
  const table = [...schema.relations.values()].find((one): one is Table => one.kind === 'table' && one.name === write.relation)
  // a trigger may put other values in
  if (table === undefined || table.triggers.size > 0) return false
  const wanted = limit.kind === 'check' ? formulaOf(limit.expression, table) : undefined
  const asked = limit.kind === 'not-null' ? [limit.column] : operandsOf(wanted as Formula)
  if (write.kind === 'update' && write.columns !== 'all' && !asked.some((one) => (write.columns as ReadonlySet<string>).has(one))) {
    return limit.kind === 'not-null' || (!limit.old && asked.every((one) => table.columns.has(one)))
  }
  return write.rows?.every((row) => keepsRow(row, write.kind === 'insert', limit, wanted, table)) ?? false
}

function keepsRow(row: ReadonlyMap<string, Node>, isWhole: boolean, limit: Limit, wanted: Formula | undefined, table: Table): boolean {
  const writtenTo = (column: string) => {
    const given = row.get(column)
    const isLeftOut = given === undefined || 'SetToDefault' in given
    return isLeftOut ? (isWhole || given !== undefined ? (table.columns.get(column)?.default ?? 'null') : undefined) : given
  }
  if (limit.kind === 'not-null') {
    const value = writtenTo(limit.column)
    return value !== undefined && value !== 'null' && !isNull(value) && constantOf(value, undefined) !== undefined
  }
  if (wanted === undefined) return false
  const known: Formula[] = []
  const nulls = new Set<string>()
  for (const column of operandsOf(wanted)) {
    const value = writtenTo(column)
    if (value === undefined) continue
    if (value === 'null' || isNull(value)) nulls.add(column)
    else {
      const constant = constantOf(value, table.columns.get(column)?.type)
      if (constant !== undefined) known.push({ kind: 'compare', operand: column, operator: '=', value: constant })
    }
  }
  for (const column of nulls) known.push({ kind: 'null', operand: column, isNull: true })
  for (const { kind, ...one } of [...known])
    if (kind === 'compare') known.push({ kind: 'null', operand: (one as { operand: string }).operand, isNull: false })
  return implies({ kind: 'and', of: known }, withoutNulls(wanted, nulls))
}

/** A comparison with NULL is not false, and CHECK accepts what is not false. */
function withoutNulls(wanted: Formula, nulls: ReadonlySet<string>): Formula {
  if (wanted.kind === 'and' || wanted.kind === 'or') return { ...wanted, of: wanted.of.map((one) => withoutNulls(one, nulls)) }
  return wanted.kind === 'compare' && nulls.has(wanted.operand) ? { kind: 'and', of: [] } : wanted
}

function isNull(value: Node): boolean {
  return 'A_Const' in value && value.A_Const.isnull === true
}

function operandsOf(formula: Formula): readonly string[] {
  switch (formula.kind) {
    case 'and':
    case 'or':
      return formula.of.flatMap(operandsOf)
    case 'other':
      return ['*']
    default:
      return [formula.operand]
  }
}
