import type { DefineStmt, Node } from '@pgsql/types'
import { nameOf, nameOfWords, wordsOf } from '../../locks/names.ts'
import { openNode } from '../../node.ts'
import { canonicalText, stringsOf } from '../expression.ts'
import { creationSchema, type Origin, type Schema } from '../schema.ts'
import { createAggregate } from './function.ts'
import { defineType } from './type.ts'

/** CREATE of what is only counted: its kind, and where its statement keeps the name. */
const kinds: Readonly<Record<string, readonly [kind: string, name: string]>> = {
  CreateStatsStmt: ['OBJECT_STATISTIC_EXT', 'defnames'],
  CreateCastStmt: ['OBJECT_CAST', ''],
  CreateTransformStmt: ['OBJECT_TRANSFORM', ''],
  CreateConversionStmt: ['OBJECT_CONVERSION', 'conversion_name'],
  CreateOpClassStmt: ['OBJECT_OPCLASS', 'opclassname'],
  CreateOpFamilyStmt: ['OBJECT_OPFAMILY', 'opfamilyname'],
  CreateEventTrigStmt: ['OBJECT_EVENT_TRIGGER', 'trigname'],
  CreateForeignServerStmt: ['OBJECT_FOREIGN_SERVER', 'servername'],
  CreateFdwStmt: ['OBJECT_FDW', 'fdwname'],
  CreateAmStmt: ['OBJECT_ACCESS_METHOD', 'amname'],
  CreatePLangStmt: ['OBJECT_LANGUAGE', 'plname'],
  CreateSubscriptionStmt: ['OBJECT_SUBSCRIPTION', 'subname'],
}

export function createOther(schema: Schema, node: Node): void {
  const { kind, content } = openNode(node)
  const [type, field] = kinds[kind] ?? []
  if (type === undefined || field === undefined) return
  const facts = content as Readonly<Record<string, unknown>>
  const key = field === '' ? `${type} ${canonicalText([facts.sourcetype, facts.targettype, facts.type_name, facts.lang])}` : undefined
  schema.others.set(key ?? named(schema, type, facts[field]), canonicalText(withoutName(facts, field)))
}

export const otherKinds = Object.keys(kinds)

/** CREATE of an aggregate, an operator, a type, a collation or a text search object. */
export function define(schema: Schema, statement: DefineStmt, origin: Origin): void {
  const { kind = '', defnames, args, definition } = statement
  if (kind === 'OBJECT_AGGREGATE') {
    createAggregate(schema, wordsOf(defnames), args, definition, origin)
    return
  }
  if (kind === 'OBJECT_TYPE') {
    defineType(schema, nameOfWords(wordsOf(defnames)), definition, origin)
    return
  }
  schema.others.set(named(schema, kind, defnames), canonicalText(definition))
}

/** The key of something that DROP or RENAME names. */
export function otherKey(schema: Schema, kind: string, object: Node): string {
  if (kind === 'OBJECT_CAST' && 'List' in object) {
    const [from, to] = (object.List.items ?? []).map((one) => ('TypeName' in one ? one.TypeName : undefined))
    return `${kind} ${canonicalText([from, to, undefined, undefined])}`
  }
  if ('ObjectWithArgs' in object) return named(schema, kind, object.ObjectWithArgs.objname)
  return named(schema, kind, 'String' in object ? object.String.sval : 'List' in object ? object.List.items : [])
}

const withoutSchema = ['EVENT_TRIGGER', 'FOREIGN_SERVER', 'FDW', 'ACCESS_METHOD', 'LANGUAGE', 'SUBSCRIPTION'].map((one) => `OBJECT_${one}`)

function named(schema: Schema, kind: string, name: unknown): string {
  const words = typeof name === 'string' ? [name] : stringsOf(name)
  if (withoutSchema.includes(kind)) return `${kind} ${JSON.stringify([words.at(-1) ?? ''])}`
  const { schema: space, name: last } = nameOfWords(words)
  return `${kind} ${JSON.stringify([creationSchema(schema, { schema: space }), last])}`
}

function withoutName(facts: Readonly<Record<string, unknown>>, field: string): unknown {
  const relations = ((facts.relations ?? []) as readonly Node[]).map((one) => ('RangeVar' in one ? nameOf(one.RangeVar).name : ''))
  return { ...facts, [field]: undefined, if_not_exists: undefined, relations }
}
