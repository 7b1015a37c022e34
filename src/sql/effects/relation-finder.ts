import type { RelationName } from '../locks/names.ts'
import { findRelation, nameKey, type Relation, type Schema } from '../schema/schema.ts'
import type { UnknownRelation } from './effects.ts'

/** Finds what a name means; one that means nothing known is the same object each time. */
export type FindRelation = (name: RelationName) => Relation | UnknownRelation

export function relationFinder(schema: Schema): FindRelation {
  const unknown = new Map<string, UnknownRelation>()
  return (name) => {
    const found = findRelation(schema, name)
    if (found !== undefined) return found
    const key = nameKey(name.schema ?? '', name.name)
    const other = unknown.get(key) ?? { kind: 'unknown', schema: name.schema, name: name.name }
    unknown.set(key, other)
    return other
  }
}
