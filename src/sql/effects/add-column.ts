import type { ColumnDef, Constraint } from '@pgsql/types'
import { constraintsOf } from '../locks/constraint.ts'
import { nameOf } from '../locks/names.ts'
import { columnType } from '../schema/column-type.ts'
import type { Schema } from '../schema/schema.ts'
import type { Alteration } from './alter-table.ts'
import { addKey, validateKey } from './constraint.ts'
import { hasDomainChecks } from './domain.ts'
import { isVolatileIn } from './volatility.ts'

/** ADD COLUMN: a value that is the same for every row is kept once; any other one is written into each. */
export function addColumn(alteration: Alteration, column: ColumnDef, { ifNotExists }: { readonly ifNotExists: boolean }): void {
  const { context, plans, target, family } = alteration
  const name = column.colname ?? ''
  if (ifNotExists && target.kind === 'table' && target.columns.has(name)) return
  const constraints = constraintsOf(column.constraints)
  const rewrites = isComputed(context.schema, column, constraints)
  for (const table of family) {
    if (table !== target && table.kind === 'table' && table.columns.has(name)) continue // the two become one
    const plan = plans.of(table)
    if (rewrites) plan.rewrites = true
    if (looksAtRows(constraints)) plan.scans = true
  }
  // the server asks whether a default is written, be it NULL; without one the new column refers to nothing
  const isAllNull =
    !columnType(context.schema, column.typeName).serial &&
    !constraints.some(({ contype }) => contype === 'CONSTR_DEFAULT' || contype === 'CONSTR_GENERATED')
  for (const constraint of constraints) {
    if (constraint.contype === 'CONSTR_PRIMARY' || constraint.contype === 'CONSTR_UNIQUE') addKey(alteration, constraint, name)
    if (constraint.contype === 'CONSTR_FOREIGN' && !isAllNull && constraint.is_enforced !== false) {
      validateKey(context, plans, target, context.find(nameOf(constraint.pktable)))
    }
  }
}

function isComputed(schema: Schema, { typeName }: ColumnDef, constraints: readonly Constraint[]): boolean {
  const type = columnType(schema, typeName)
  if (type.serial || hasDomainChecks(schema, type)) return true
  return constraints.some(({ contype, raw_expr, generated_kind }) => {
    if (contype === 'CONSTR_IDENTITY') return true
    if (contype === 'CONSTR_GENERATED') return generated_kind !== 'v'
    return contype === 'CONSTR_DEFAULT' && isVolatileIn(schema, raw_expr)
  })
}

/** A CHECK is run for each row even where all have the same value; NOT NULL only where no default fills the column. */
function looksAtRows(constraints: readonly Constraint[]): boolean {
  const has = (kind: Constraint['contype']) => constraints.some(({ contype }) => contype === kind)
  const isChecked = constraints.some(({ contype, is_enforced }) => contype === 'CONSTR_CHECK' && is_enforced !== false)
  return isChecked || (has('CONSTR_NOTNULL') && !hasDefault(constraints))
}

function hasDefault(constraints: readonly Constraint[]): boolean {
  return constraints.some(({ contype, raw_expr }) => contype === 'CONSTR_DEFAULT' && !isNullLiteral(raw_expr))
}

function isNullLiteral(node: Constraint['raw_expr']): boolean {
  return node !== undefined && 'A_Const' in node && node.A_Const.isnull === true
}
