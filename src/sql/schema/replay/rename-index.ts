import { renameRelation, setConstraint, unsetConstraint } from '../add.ts'
import { type Index, type Schema, tableById } from '../schema.ts'

/** Renames an index and the constraint that it belongs to. */
export function renameConstraintIndex(schema: Schema, index: Index, to: string): void {
  renameRelation(schema, index, { name: to })
  const table = tableById(schema, index.table)
  const constraint = index.constraint === undefined ? undefined : table?.constraints.get(index.constraint)
  if (table === undefined || constraint === undefined) return
  unsetConstraint(schema, table, constraint.name)
  constraint.name = index.name
  index.constraint = index.name
  setConstraint(schema, table, constraint)
}
