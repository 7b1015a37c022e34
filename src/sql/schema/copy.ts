import type { Relation, Schema } from './schema.ts'

/**
 * A copy that shares nothing that changes. Lists and the parser's nodes are never changed, only replaced, so that both
 * may hold the same.
 */
export function copySchema(schema: Schema): Schema {
  return {
    ...schema,
    searchPath: [...schema.searchPath],
    schemas: new Set(schema.schemas),
    relations: copyMap(schema.relations, copyRelation),
    names: new Map(schema.names),
    types: copyMap(schema.types, (type) => {
      if (type.kind === 'domain') return { ...type, checks: copyMap(type.checks, (check) => ({ ...check })) }
      return type.kind === 'composite' ? { ...type, attributes: new Map(type.attributes) } : { ...type }
    }),
    functions: copyMap(schema.functions, (overloads) => [...overloads]),
    publications: copyMap(schema.publications, (one) => ({
      ...one,
      tables: new Set(one.tables),
      schemas: new Set(one.schemas),
      details: new Map(one.details),
    })),
    extensions: new Set(schema.extensions),
    others: new Map(schema.others),
    constraintNames: new Map(schema.constraintNames),
    typeUsers: copyMap(schema.typeUsers, (users) => new Set(users)),
    callers: copyMap(schema.callers, (users) => new Set(users)),
  }
}

function copyRelation(relation: Relation): Relation {
  switch (relation.kind) {
    case 'index':
      return { ...relation }
    case 'sequence':
      return { ...relation, usedBy: new Set(relation.usedBy) }
    case 'view':
      return {
        ...relation,
        indexes: new Set(relation.indexes),
        triggers: copyMap(relation.triggers, (one) => ({ ...one })),
        rules: new Map(relation.rules),
        readBy: new Set(relation.readBy),
      }
    case 'table':
      return {
        ...relation,
        columns: copyMap(relation.columns, (one) => ({ ...one })),
        constraints: copyMap(relation.constraints, (one) => ({ ...one })),
        indexes: new Set(relation.indexes),
        parents: new Set(relation.parents),
        children: new Set(relation.children),
        referencedBy: new Set(relation.referencedBy),
        triggers: copyMap(relation.triggers, (one) => ({ ...one })),
        rules: new Map(relation.rules),
        policies: new Set(relation.policies),
        policyTexts: new Map(relation.policyTexts),
        readBy: new Set(relation.readBy),
        sequences: new Set(relation.sequences),
      }
  }
}

function copyMap<Key, Value>(map: ReadonlyMap<Key, Value>, copy: (value: Value) => Value): Map<Key, Value> {
  const copied = new Map<Key, Value>()
  for (const [key, value] of map) copied.set(key, copy(value))
  return copied
}
