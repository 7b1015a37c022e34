import type { RangeVar } from '@pgsql/types'
import { nameOf, type RelationName } from '../../sql/locks/names.ts'
import { findRelation, nameKey, type Relation, type Schema, type Table, type UserType } from '../../sql/schema/schema.ts'
import type { StatementScope } from '../scope.ts'

/** A relation that code which still runs may use: known to be older than this release, or not known at all. */
export interface OldRelation {
  readonly name: RelationName
  readonly relation: Relation | undefined
}

/** `undefined` for what this release makes. */
export function oldRelation(scope: StatementScope, name: RelationName): OldRelation | undefined {
  const relation = findRelation(scope.schema, name)
  return scope.isNew(relation) || isTemporary(relation) ? undefined : { name, relation }
}

/** A table that code which still runs may use, by its name in a statement. */
export function oldTable(scope: StatementScope, range: RangeVar | undefined): { name: RelationName; table: Table | undefined } | undefined {
  const old = oldRelation(scope, nameOf(range))
  if (old === undefined) return undefined
  return { name: old.name, table: old.relation?.kind === 'table' ? old.relation : undefined }
}

/** Whether code that still runs may use a column. One that a table is known not to have is used by nobody. */
export function isOldColumn(scope: StatementScope, table: Table | undefined, name: string): boolean {
  const column = table?.columns.get(name)
  if (column !== undefined) return !scope.isNew(column)
  return table === undefined || !table.complete
}

export function findType(schema: Schema, { schema: space, name }: RelationName): UserType | undefined {
  for (const one of space === undefined ? schema.searchPath : [space]) {
    const found = schema.types.get(nameKey(one, name))
    if (found !== undefined) return found
  }
  return undefined
}

function isTemporary(relation: Relation | undefined): boolean {
  return relation?.kind === 'table' && relation.persistence === 'temporary'
}
