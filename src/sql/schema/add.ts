import type { RelationName } from '../locks/names.ts'
import { findRelation, nameKey, type Origin, type Relation, type Schema, type Table } from './schema.ts'

type Without<One> = One extends unknown ? Omit<One, 'id' | 'schema' | 'name' | 'origin'> : never

/** Adds a relation under a name in the first schema of the search path, unless it says its own. `undefined` when the name is taken. */
export function addRelation<One extends Relation>(
  schema: Schema,
  name: RelationName,
  origin: Origin,
  facts: Without<One>,
): One | undefined {
  const space = name.schema ?? schema.searchPath[0] ?? 'public'
  const key = nameKey(space, name.name)
  if (schema.names.has(key)) return undefined
  const id = schema.nextId++
  const relation = { ...facts, id, schema: space, name: name.name, origin } as unknown as One
  schema.relations.set(id, relation)
  schema.names.set(key, id)
  return relation
}

/** Takes a relation away, and what cannot be without it: a table's indexes, constraints that refer to it. */
export function removeRelation(schema: Schema, relation: Relation): void {
  schema.relations.delete(relation.id)
  schema.names.delete(nameKey(relation.schema, relation.name))
  if (relation.kind === 'index') {
    const table = schema.relations.get(relation.table)
    if (table?.kind === 'table') table.indexes.delete(relation.id)
  }
  if (relation.kind === 'table') removeFromTables(schema, relation)
}

function removeFromTables(schema: Schema, table: Table): void {
  for (const id of [...table.indexes, ...table.children]) {
    const part = schema.relations.get(id)
    if (part?.kind === 'index' || (part?.kind === 'table' && part.partitionOf?.parent === table.id)) removeRelation(schema, part)
  }
  for (const id of table.parents) {
    const parent = schema.relations.get(id)
    if (parent?.kind === 'table') parent.children.delete(table.id)
  }
  const parent = table.partitionOf === undefined ? undefined : schema.relations.get(table.partitionOf.parent)
  if (parent?.kind === 'table') parent.children.delete(table.id)
  for (const id of table.referencedBy) {
    const from = schema.relations.get(id)
    if (from?.kind !== 'table') continue
    for (const [name, key] of from.constraints) if (key.kind === 'foreign' && key.references.id === table.id) from.constraints.delete(name)
  }
}

export function renameRelation(schema: Schema, relation: Relation, to: { readonly schema?: string; readonly name?: string }): void {
  schema.names.delete(nameKey(relation.schema, relation.name))
  relation.schema = to.schema ?? relation.schema
  relation.name = to.name ?? relation.name
  schema.names.set(nameKey(relation.schema, relation.name), relation.id)
}

/** A name that the server would choose: `table_column_suffix`, with a number when it is taken in the schema. */
export function chooseName(schema: Schema, table: Table, columns: readonly string[], suffix: string): string {
  const base = [table.name, ...columns, suffix].join('_').slice(0, 63)
  const taken = (name: string) => findRelation(schema, { schema: table.schema, name }) !== undefined || table.constraints.has(name)
  let name = base
  for (let number = 1; taken(name); number++) name = `${base}${number}`
  return name
}
