import type { Constraint } from '@pgsql/types'
import { nameOf, wordsOf } from '../locks/names.ts'
import { findRelation, type Table } from '../schema/schema.ts'
import type { Alteration } from './alter-table.ts'
import { isProvedNotNull } from './not-null.ts'
import type { TablePlans } from './table-plan.ts'
import { type EffectContext, type Heap, partitionsOf } from './work.ts'

/** ADD CONSTRAINT; one that is NOT VALID, or NOT ENFORCED, looks at no row. */
export function addConstraint(alteration: Alteration, constraint: Constraint): void {
  const { contype } = constraint
  const checks = constraint.skip_validation !== true && constraint.is_enforced !== false
  if (contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_EXCLUSION') addKey(alteration, constraint)
  else if (!checks) return
  else if (contype === 'CONSTR_CHECK') {
    const tables = constraint.is_no_inherit === true ? [alteration.target] : alteration.family
    for (const table of tables) alteration.plans.of(table).scans = true
  } else if (contype === 'CONSTR_NOTNULL') for (const column of wordsOf(constraint.keys)) setNotNull(alteration, column)
  else if (contype === 'CONSTR_FOREIGN') {
    addForeignKey(alteration, constraint)
  }
}

/** Partitions that have such a key already are not looked through: theirs becomes a part of the new one. */
function addForeignKey({ context, plans, target }: Alteration, { fk_attrs, pktable }: Constraint): void {
  const referenced = context.find(nameOf(pktable))
  const columns = wordsOf(fk_attrs)
  for (const table of partitionsOf(context.schema, target)) {
    if (table !== target && table.kind === 'table' && referenced.kind === 'table' && hasForeignKey(table, columns, referenced.id)) {
      // its triggers go, since those of the new one serve for both
      context.work.locks.push({ relation: referenced, mode: 'AccessExclusive', named: false })
    } else if (table.kind !== 'table' || table.form !== 'partitioned') validateKey(context, plans, table, referenced)
  }
}

/** Whether a table has a valid foreign key of its own from the columns. */
export function hasForeignKey(table: Table, columns: readonly string[], references: number | undefined): boolean {
  return [...table.constraints.values()].some(
    (one) => one.kind === 'foreign' && one.valid && one.references.id === references && one.columns.join() === columns.join(),
  )
}

/** An index over all rows, unless it is there already; a primary key wants its columns NOT NULL as well. */
export function addKey(alteration: Alteration, constraint: Constraint, column?: string): void {
  const { context, plans, target } = alteration
  const { contype, indexname } = constraint
  const tables = partitionsOf(context.schema, target).filter((table) => alteration.family.includes(table))
  if (indexname === undefined) for (const table of tables) plans.of(table).newIndexes++
  if (contype !== 'CONSTR_PRIMARY') return
  const index = indexname === undefined ? undefined : findRelation(context.schema, { schema: schemaOf(target), name: indexname })
  const columns = index?.kind === 'index' ? index.keys.flatMap((key) => key.column ?? []) : wordsOf(constraint.keys)
  for (const table of tables) for (const name of column === undefined ? columns : []) checkNotNull(alteration, table, name)
}

function schemaOf(relation: Heap): string | undefined {
  return relation.schema
}

/** SET NOT NULL, and ADD CONSTRAINT … NOT NULL, which says the same. */
export function setNotNull(alteration: Alteration, column: string): void {
  for (const table of alteration.family) checkNotNull(alteration, table, column)
}

function checkNotNull({ plans, dropped }: Alteration, table: Heap, column: string): void {
  if (table.kind === 'table' && (table.columns.get(column)?.notNull === true || isProvedNotNull(table, column, dropped))) return
  plans.of(table).scans = true
}

/** VALIDATE CONSTRAINT: nothing to do where it is valid. */
export function validateConstraint(alteration: Alteration, name: string): void {
  const { context, plans, target, family } = alteration
  const constraint = target.kind === 'table' ? target.constraints.get(name) : undefined
  if (constraint?.valid === true) return
  if (constraint?.kind === 'not-null') {
    for (const table of family) checkNotNull(alteration, table, constraint.column)
  } else if (constraint?.kind === 'foreign') {
    const { references } = constraint
    validateKey(context, plans, target, context.schema.relations.get(references.id ?? -1) ?? context.find(references.name))
  } else for (const table of family) plans.of(table).scans = true
}

/** The rows of both tables are joined. */
export function validateKey(context: EffectContext, plans: TablePlans, from: Heap, to: Heap | undefined): void {
  const tables = [from, ...(to === undefined ? [] : [to])]
  for (const table of tables) for (const part of partitionsOf(context.schema, table)) plans.of(part).scans = true
}
