import type { AlterObjectSchemaStmt } from '@pgsql/types'
import { nameOf, nameOfWords, wordsOf } from '../../locks/names.ts'
import { countConstraint, renameRelation } from '../add.ts'
import { noteTypeUse } from '../column-type.ts'
import { findRelation, findTypeKey, nameKey, nameOfKey, type Relation, type Schema } from '../schema.ts'
import { findFunction } from './function.ts'
import { followReferences, moveFunction, renameKey } from './move.ts'
import { otherKey } from './other.ts'

/** `ALTER … SET SCHEMA`. */
export function setSchema(schema: Schema, { objectType, relation, object, newschema = '' }: AlterObjectSchemaStmt): void {
  if (relation !== undefined) {
    const found = findRelation(schema, nameOf(relation))
    if (found !== undefined) moveRelation(schema, found, newschema)
    return
  }
  if (object === undefined || objectType === 'OBJECT_EXTENSION') return
  if (objectType === 'OBJECT_TYPE' || objectType === 'OBJECT_DOMAIN') {
    const key = findTypeKey(schema, nameOfWords(wordsOf(object)))
    if (key !== undefined) moveType(schema, key, { schema: newschema, name: nameOfKey(key).name })
    return
  }
  const found = 'ObjectWithArgs' in object ? findFunction(schema, object.ObjectWithArgs) : undefined
  if (found !== undefined) {
    moveFunction(schema, found, nameKey(newschema, nameOfKey(found.key).name))
    return
  }
  const key = otherKey(schema, objectType ?? '', object)
  const [kind = '', ...rest] = key.split(' ')
  const name = (JSON.parse(rest.join(' ')) as unknown[]).at(-1)
  renameKey(schema.others, key, `${kind} ${JSON.stringify([newschema, name])}`)
}

/** Gives a type another name, wherever it is used. */
export function moveType(schema: Schema, key: string, to: { readonly schema: string; readonly name: string }): void {
  const type = schema.types.get(key)
  if (type === undefined) return
  const from = nameOfKey(key)
  const target = nameKey(to.schema, to.name)
  schema.types.delete(key)
  schema.types.set(target, type)
  if (type.kind === 'domain' && from.schema !== to.schema) moveConstraints(schema, type.checks.keys(), from.schema, to.schema)
  retype(schema, key, to)
  schema.typeUsers.delete(key)
  const [before, after] = [`${from.schema}.${from.name}`, `${to.schema}.${to.name}`]
  const changed = (text: string) => (text === before || text === `${before}[]` ? after + text.slice(before.length) : text)
  for (const [name, overloads] of schema.functions) {
    if (!overloads.some((one) => [...one.arguments, one.returns ?? ''].some((text) => changed(text) !== text))) continue
    schema.functions.set(
      name,
      overloads.map((one) => ({
        ...one,
        arguments: one.arguments.map(changed),
        returns: one.returns === undefined ? undefined : changed(one.returns),
      })),
    )
  }
  for (const [name, other] of schema.types) {
    if (other.kind === 'domain' && other.base.schema === from.schema && other.base.name === from.name) {
      schema.types.set(name, { ...other, base: { ...other.base, ...to } })
    }
    if (other.kind !== 'composite') continue
    for (const [attribute, one] of other.attributes) {
      if (one.schema === from.schema && one.name === from.name) other.attributes.set(attribute, { ...one, ...to })
    }
  }
}

/** `ALTER SCHEMA … RENAME`. */
export function moveSchema(schema: Schema, from: string, to: string): void {
  if (schema.schemas.delete(from)) schema.schemas.add(to)
  for (const relation of schema.relations.values()) if (relation.schema === from) moveOne(schema, relation, to)
  for (const key of [...schema.types.keys()]) {
    const { schema: space, name } = nameOfKey(key)
    if (space === from) moveType(schema, key, { schema: to, name })
  }
  for (const key of [...schema.functions.keys()]) {
    const { schema: space, name } = nameOfKey(key)
    if (space === from) renameKey(schema.functions, key, nameKey(to, name))
  }
  const [before, after] = [from, to].map((space) => `${JSON.stringify([space]).slice(0, -1)},`)
  for (const key of [...schema.others.keys()]) renameKey(schema.others, key, key.replace(` ${before}`, ` ${after}`))
  for (const publication of schema.publications.values()) if (publication.schemas.delete(from)) publication.schemas.add(to)
}

/** Indexes and owned sequences move with their table. */
function moveRelation(schema: Schema, relation: Relation, to: string): void {
  if (relation.schema === to) return
  const parts =
    relation.kind === 'table' ? [...relation.indexes, ...relation.sequences] : relation.kind === 'view' ? [...relation.indexes] : []
  moveOne(schema, relation, to)
  for (const id of parts) {
    const part = schema.relations.get(id)
    if (part !== undefined) moveOne(schema, part, to)
  }
}

function moveOne(schema: Schema, relation: Relation, to: string): void {
  const from = relation.schema
  renameRelation(schema, relation, { schema: to })
  if (relation.kind !== 'table') return
  moveConstraints(schema, relation.constraints.keys(), from, to)
  followReferences(schema, relation)
}

function moveConstraints(schema: Schema, names: Iterable<string>, from: string, to: string): void {
  for (const name of names) {
    countConstraint(schema, from, name, -1)
    countConstraint(schema, to, name, 1)
  }
}

/** Replaces a type in all columns that are of it. */
function retype(schema: Schema, key: string, to: { readonly schema: string; readonly name: string }): void {
  const from = nameOfKey(key)
  for (const id of schema.typeUsers.get(key) ?? []) {
    const table = schema.relations.get(id)
    if (table?.kind !== 'table') continue
    for (const column of table.columns.values()) {
      if (column.type.schema !== from.schema || column.type.name !== from.name) continue
      column.type = { ...column.type, ...to }
      noteTypeUse(schema, id, column.type)
    }
  }
}
