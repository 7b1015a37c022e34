import type { DropStmt, Node } from '@pgsql/types'
import { nameOfWords, wordsOf } from '../../locks/names.ts'
import { countConstraint } from '../add.ts'
import { mentionsOf } from '../expression.ts'
import { removeColumn, removeConstraint, removeRelation } from '../remove.ts'
import { findRelation, findTypeKey, type Index, indexesOf, nameOfKey, type Schema, type Table } from '../schema.ts'
import { findFunction, setOverloads } from './function.ts'
import { otherKey } from './other.ts'

export function drop(schema: Schema, { removeType, objects, behavior }: DropStmt): void {
  const cascade = behavior === 'DROP_CASCADE'
  for (const object of objects ?? []) (drops[removeType ?? ''] ?? dropOther)(schema, object, cascade, removeType ?? '')
}

type Drop = (schema: Schema, object: Node, cascade: boolean, kind: string) => void

const drops: Readonly<Record<string, Drop>> = {
  OBJECT_TABLE: dropRelation,
  OBJECT_INDEX: dropRelation,
  OBJECT_VIEW: dropRelation,
  OBJECT_MATVIEW: dropRelation,
  OBJECT_SEQUENCE: dropRelation,
  OBJECT_FOREIGN_TABLE: dropRelation,
  OBJECT_TYPE: dropType,
  OBJECT_DOMAIN: dropType,
  OBJECT_FUNCTION: dropFunction,
  OBJECT_PROCEDURE: dropFunction,
  OBJECT_ROUTINE: dropFunction,
  OBJECT_AGGREGATE: dropFunction,
  OBJECT_SCHEMA: (schema, object, cascade) => dropSchema(schema, wordsOf(object).at(-1) ?? '', cascade),
  OBJECT_EXTENSION: (schema, object) => void schema.extensions.delete(wordsOf(object).at(-1) ?? ''),
  OBJECT_PUBLICATION: (schema, object) => void schema.publications.delete(wordsOf(object).at(-1) ?? ''),
  OBJECT_TRIGGER: (schema, object) => dropTrigger(schema, wordsOf(object)),
  OBJECT_RULE: (schema, object) => {
    const { relation, name } = partOf(schema, object)
    if (relation?.kind === 'table' || relation?.kind === 'view') relation.rules.delete(name)
  },
  OBJECT_POLICY: (schema, object) => {
    const { relation, name } = partOf(schema, object)
    if (relation?.kind !== 'table') return
    relation.policies.delete(name)
    relation.policyTexts.delete(name)
  },
}

function dropRelation(schema: Schema, object: Node, cascade: boolean): void {
  const found = findRelation(schema, nameOfWords(wordsOf(object)))
  if (found !== undefined) removeRelation(schema, found, cascade)
}

function dropTrigger(schema: Schema, words: readonly string[]): void {
  const name = words.at(-1) ?? ''
  const relation = findRelation(schema, nameOfWords(words.slice(0, -1)))
  if (relation?.kind === 'view') relation.triggers.delete(name)
  if (relation?.kind === 'table') removeTrigger(schema, relation, name)
}

/** Triggers of a partitioned table go from its partitions too. */
function removeTrigger(schema: Schema, table: Table, name: string): void {
  table.triggers.delete(name)
  if (table.form !== 'partitioned') return
  for (const id of table.children) {
    const child = schema.relations.get(id)
    if (child?.kind === 'table' && child.triggers.get(name)?.inherited) removeTrigger(schema, child, name)
  }
}

function partOf(schema: Schema, object: Node) {
  const words = wordsOf(object)
  return { relation: findRelation(schema, nameOfWords(words.slice(0, -1))), name: words.at(-1) ?? '' }
}

function dropType(schema: Schema, object: Node, cascade: boolean): void {
  const key = findTypeKey(schema, nameOfWords(wordsOf(object)))
  if (key !== undefined) removeType(schema, key, cascade)
}

function removeType(schema: Schema, key: string, cascade: boolean): void {
  const type = schema.types.get(key)
  if (type === undefined) return
  const { schema: space, name } = nameOfKey(key)
  if (type.kind === 'domain') for (const check of type.checks.keys()) countConstraint(schema, space, check, -1)
  schema.types.delete(key)
  if (!cascade) return
  for (const id of schema.typeUsers.get(key) ?? []) {
    const table = schema.relations.get(id)
    if (table?.kind !== 'table') continue
    for (const column of table.columns.values()) {
      if (column.type.schema === space && column.type.name === name) removeColumn(schema, table, column.name, { cascade })
    }
  }
  for (const [other, { kind, ...facts }] of schema.types) {
    if (kind === 'domain' && 'base' in facts && facts.base.schema === space && facts.base.name === name) removeType(schema, other, true)
  }
  for (const [other, overloads] of schema.functions) {
    const kept = overloads.filter((one) => ![...one.arguments, one.returns].some((text) => text?.replace('[]', '') === `${space}.${name}`))
    if (kept.length < overloads.length) setOverloads(schema, other, kept)
  }
}

function dropFunction(schema: Schema, object: Node, cascade: boolean): void {
  const found = 'ObjectWithArgs' in object ? findFunction(schema, object.ObjectWithArgs) : undefined
  if (found === undefined) return
  setOverloads(
    schema,
    found.key,
    found.overloads.filter((one) => one !== found.one),
  )
  if (cascade && !schema.functions.has(found.key)) removeCalls(schema, nameOfKey(found.key).name)
}

/** What calls a function that CASCADE drops: triggers, defaults, checks, generated columns, indexes, views, policies. */
function removeCalls(schema: Schema, name: string): void {
  for (const id of schema.callers.get(name) ?? []) {
    const relation = schema.relations.get(id)
    if (relation?.kind === 'view' && mentionsOf(relation.query).functions.has(name)) removeRelation(schema, relation, true)
    else if (relation?.kind === 'table') removeCallsOfTable(schema, relation, name)
    else if (relation?.kind === 'view') removeTriggers(relation.triggers, name)
  }
  schema.callers.delete(name)
}

function removeCallsOfTable(schema: Schema, table: Table, name: string): void {
  removeTriggers(table.triggers, name)
  for (const column of table.columns.values()) {
    if (mentionsOf(column.default).functions.has(name)) column.default = undefined
    if (mentionsOf(column.generated?.expression).functions.has(name)) removeColumn(schema, table, column.name, { cascade: true })
  }
  for (const one of table.constraints.values()) {
    if (one.kind === 'check' && mentionsOf(one.expression).functions.has(name)) removeConstraint(schema, table, one.name)
  }
  for (const index of indexesOf(schema, table)) if (calls(index, name)) removeRelation(schema, index)
  for (const [key, { using, check }] of table.policyTexts) {
    if (!mentionsOf(using).functions.has(name) && !mentionsOf(check).functions.has(name)) continue
    table.policies.delete(key)
    table.policyTexts.delete(key)
  }
}

function removeTriggers(triggers: Map<string, { readonly function: string }>, name: string): void {
  for (const [key, trigger] of triggers) if (trigger.function.split('.').at(-1) === name) triggers.delete(key)
}

function calls(index: Index, name: string): boolean {
  return mentionsOf(index.predicate).functions.has(name) || index.keys.some(({ expression }) => mentionsOf(expression).functions.has(name))
}

function dropSchema(schema: Schema, space: string, cascade: boolean): void {
  schema.schemas.delete(space)
  if (!cascade) return
  for (const relation of [...schema.relations.values()]) if (relation.schema === space) removeRelation(schema, relation, true)
  for (const key of [...schema.types.keys()]) if (nameOfKey(key).schema === space) removeType(schema, key, true)
  for (const key of [...schema.functions.keys()]) {
    if (nameOfKey(key).schema !== space) continue
    schema.functions.delete(key)
    removeCalls(schema, nameOfKey(key).name)
  }
  for (const publication of schema.publications.values()) publication.schemas.delete(space)
  const inside = `${JSON.stringify([space]).slice(0, -1)},`
  for (const key of schema.others.keys()) if (key.slice(key.indexOf(' ') + 1).startsWith(inside)) schema.others.delete(key)
}

function dropOther(schema: Schema, object: Node, _cascade: boolean, kind: string): void {
  schema.others.delete(otherKey(schema, kind, object))
}
