import type { Node } from '@pgsql/types'
import type { RelationName } from '../locks/names.ts'
import { mentionsOf } from './expression.ts'
import { clipped } from './names.ts'
import { creationSchema, nameKey, type Origin, type Relation, type Schema, type Table, type TableConstraint } from './schema.ts'

type Without<One> = One extends unknown ? Omit<One, 'id' | 'schema' | 'name' | 'origin'> : never

/** Adds a relation under a name in the first schema of the search path, unless it says its own. `undefined` when the name is taken. */
export function addRelation<One extends Relation>(
  schema: Schema,
  name: RelationName,
  origin: Origin,
  facts: Without<One>,
): One | undefined {
  const space = creationSchema(schema, name)
  const kept = clipped(name.name)
  const key = nameKey(space, kept)
  if (schema.names.has(key)) return undefined
  const id = schema.nextId++
  const relation = Object.assign(facts, { id, schema: space, name: kept, origin }) as unknown as One
  schema.relations.set(id, relation)
  schema.names.set(key, id)
  return relation
}

export function renameRelation(schema: Schema, relation: Relation, to: { readonly schema?: string; readonly name?: string }): void {
  schema.names.delete(nameKey(relation.schema, relation.name))
  relation.schema = to.schema ?? relation.schema
  relation.name = clipped(to.name ?? relation.name)
  schema.names.set(nameKey(relation.schema, relation.name), relation.id)
}

/** Puts a constraint at a table; one of the same name is replaced. */
export function setConstraint(schema: Schema, table: Table, constraint: TableConstraint): void {
  if (!table.constraints.has(constraint.name)) countConstraint(schema, table.schema, constraint.name, 1)
  table.constraints.set(constraint.name, constraint)
}

/** Takes the entry of a constraint away, and nothing that belongs to it. */
export function unsetConstraint(schema: Schema, table: Table, name: string): void {
  if (table.constraints.delete(name)) countConstraint(schema, table.schema, name, -1)
}

export function countConstraint(schema: Schema, space: string, name: string, change: 1 | -1): void {
  const key = nameKey(space, name)
  const count = (schema.constraintNames.get(key) ?? 0) + change
  if (count > 0) schema.constraintNames.set(key, count)
  else schema.constraintNames.delete(key)
}

/** Remembers which functions a relation calls, for the day when one is dropped. */
export function noteCalls(schema: Schema, relation: Pick<Relation, 'id'>, ...expressions: readonly (Node | undefined)[]): void {
  for (const expression of expressions) for (const name of mentionsOf(expression).functions) noteCall(schema, relation, name)
}

export function noteCall(schema: Schema, { id }: Pick<Relation, 'id'>, name: string): void {
  const callers = schema.callers.get(name)
  if (callers === undefined) schema.callers.set(name, new Set([id]))
  else callers.add(id)
}
