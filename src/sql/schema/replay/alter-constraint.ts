import { constraintsBelow, removeConstraint } from '../remove.ts'
import type { ForeignKey, Schema, Table } from '../schema.ts'
import { columnsBelow } from './alter-column.ts'
import type { Alteration } from './alteration.ts'
import { requireValues } from './build-index.ts'
import { addConstraint } from './constraint.ts'

export const constraintAlterations: Readonly<Record<string, Alteration>> = {
  AT_AddConstraint: ({ schema, table, origin, only }, { def }) => {
    if (def !== undefined && 'Constraint' in def)
      addConstraint(schema, table, { constraint: def.Constraint, column: undefined }, origin, { only })
  },
  AT_DropConstraint: (place, { name = '' }) => {
    const { schema, table, only } = place
    const constraint = table.constraints.get(name)
    const column = constraint?.kind === 'not-null' ? constraint.column : constraint === undefined ? columnOfNotNull(table, name) : undefined
    removeConstraint(schema, table, name, only)
    if (column !== undefined) for (const one of columnsBelow(place, column)) one.column.notNull = false
  },
  AT_ValidateConstraint: ({ schema, table, only }, { name = '' }) => validate(schema, table, name, only),
  AT_AlterConstraint: ({ schema, table }, { def }) => {
    if (def === undefined || !('ATAlterConstraint' in def)) return
    const { conname = '', deferrable, initdeferred, alterDeferrability } = def.ATAlterConstraint
    if (alterDeferrability === false) return
    const deferral = initdeferred === true ? 'initially deferred' : deferrable === true ? 'deferrable' : 'not deferrable'
    defer(schema, table, conname, deferral)
  },
}

/** Since PostgreSQL 18 every NOT NULL is a constraint, with a name that nobody has to write. */
function columnOfNotNull(table: Table, name: string): string | undefined {
  return [...table.columns.keys()].find((column) => `${table.name}_${column}_not_null` === name)
}

function validate(schema: Schema, table: Table, name: string, only: boolean): void {
  const constraint = table.constraints.get(name)
  if (constraint === undefined) return
  constraint.valid = true
  if (constraint.kind === 'not-null') requireValues(schema, table, [constraint.column])
  if (only) return
  for (const { child, copy } of constraintsBelow(schema, table, constraint)) validate(schema, child, copy.name, only)
}

function defer(schema: Schema, table: Table, name: string, deferral: ForeignKey['deferral']): void {
  const key = table.constraints.get(name)
  if (key?.kind !== 'foreign') return
  key.deferral = deferral
  for (const { child, copy } of constraintsBelow(schema, table, key)) defer(schema, child, copy.name, deferral)
}
