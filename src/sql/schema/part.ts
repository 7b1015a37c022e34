import { namesIn } from '../names-in.ts'
import type { Statement } from '../parse.ts'
import { copySchema } from './copy.ts'
import { nameKey, nameOfKey, type Relation, type Schema, type Table } from './schema.ts'

/**
 * A copy of what statements can touch, to try them on: a copy of all of it for each of many migrations would cost their
 * number squared. All of it is copied where a statement reaches what it does not name.
 */
export function copyPart(schema: Schema, statements: readonly Pick<Statement, 'node'>[]): Schema {
  const names = namesIn(statements)
  if (reachesFurther.some((word) => names.has(word))) return copySchema(schema)
  const relations = new Map<number, Relation>()
  const whole = new Set<number>()
  for (const relation of named(schema, names)) include(schema, relation, relations, whole)
  for (const table of usersOfTypes(schema, names)) include(schema, table, relations, whole)
  return copySchema({
    ...schema,
    relations,
    names: new Map([...relations.values()].map(({ schema: space, name, id }) => [nameKey(space, name), id])),
    functions: new Map([...schema.functions].filter(([key]) => names.has(nameOfKey(key).name))),
  })
}

const reachesFurther = ['DROP_CASCADE', 'OBJECT_SCHEMA', 'DropOwnedStmt']

function* named(schema: Schema, names: ReadonlySet<string>): Generator<Relation> {
  for (const space of schema.schemas) {
    for (const name of names) {
      const id = schema.names.get(nameKey(space, name))
      const relation = id === undefined ? undefined : schema.relations.get(id)
      if (relation !== undefined) yield relation
    }
  }
}

/** Tables with a column of a type of somebody's own that is named. */
function* usersOfTypes(schema: Schema, names: ReadonlySet<string>): Generator<Table> {
  const types = new Set([...schema.types.keys()].map((key) => nameOfKey(key).name).filter((name) => names.has(name)))
  if (types.size === 0) return
  for (const relation of schema.relations.values()) {
    if (relation.kind === 'table' && [...relation.columns.values()].some(({ type }) => types.has(type.name))) yield relation
  }
}

/**
 * A relation with what hangs on it: its table or indexes, its sequences, tables at both ends of its foreign keys, parents
 * and partitions. `whole`: those that came with all of this.
 */
function include(schema: Schema, relation: Relation, into: Map<number, Relation>, whole: Set<number>): void {
  if (whole.has(relation.id)) return
  whole.add(relation.id)
  into.set(relation.id, relation)
  const add = (id: number | undefined) => {
    const found = id === undefined ? undefined : schema.relations.get(id)
    if (found !== undefined) into.set(found.id, found)
  }
  const includeAll = (ids: Iterable<number>) => {
    for (const id of ids) {
      const found = schema.relations.get(id)
      if (found !== undefined) include(schema, found, into, whole)
    }
  }
  if (relation.kind === 'index') includeAll([relation.table])
  if (relation.kind === 'sequence') add(relation.ownedBy?.table)
  if (relation.kind !== 'table') return
  for (const id of [...relation.indexes, ...relation.sequences, ...relation.referencedBy]) add(id)
  includeAll([...relation.children, ...relation.parents, relation.partitionOf?.parent ?? 0])
  for (const constraint of relation.constraints.values()) if (constraint.kind === 'foreign') add(constraint.references.id)
}
