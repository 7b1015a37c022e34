import type { RelationName } from '../../sql/locks/names.ts'
import type { TouchedObject } from '../../sql/touched-objects.ts'

/** A table or a view, or a column of one. */
export interface Part {
  readonly name: RelationName
  readonly column: string | undefined
}

/** Whether a statement that touches this needs that. */
export function uses(touched: TouchedObject, { name, column }: Part): boolean {
  if (touched.relation !== name.name || (touched.schema ?? 'public') !== (name.schema ?? 'public')) return false
  return column === undefined || touched.columns?.has(column) === true
}
