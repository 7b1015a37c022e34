import { type Relation, type Schema, type Sequence, type Table, type View, viewById } from '../schema/schema.ts'

/** Sequences that fall with the table's columns; those of one column when it is named. */
export function ownedSequences(schema: Schema, table: Table, column?: string): Sequence[] {
  const owned = [...table.sequences].flatMap((id) => {
    const found = schema.relations.get(id)
    return found?.kind === 'sequence' ? [found] : []
  })
  return column === undefined ? owned : owned.filter(({ ownedBy }) => ownedBy?.column === column)
}

/** Views whose queries name the relation; a column narrows it to those that name the column. */
export function viewsReading(schema: Schema, relation: Relation, column?: string): View[] {
  if (relation.kind !== 'table' && relation.kind !== 'view') return []
  return [...relation.readBy].flatMap((id) => {
    const view = viewById(schema, id)
    const columns = view?.reads.get(relation.id)
    if (view === undefined || columns === undefined) return []
    return column === undefined || columns === 'all' || columns.has(column) ? [view] : []
  })
}
