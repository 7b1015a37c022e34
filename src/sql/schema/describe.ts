import { typeText } from './column-type.ts'
import { describeExpression } from './describe/expression.ts'
import { describeTable } from './describe/table.ts'
import { joinWords, type Text } from './describe/words.ts'
import {
  type Index,
  nameOfKey,
  type Publication,
  type Schema,
  type Sequence,
  tableById,
  type UserFunction,
  type UserType,
  type View,
} from './schema.ts'

/** One object of a schema, as `table public.users` or `column public.users.email`, and what it is, in SQL's words. */
export type Description = ReadonlyMap<string, string>

export interface DescribeOptions {
  /**
   * Expressions, queries and definitions are left out, all but whether there is one. A server gives them back in other
   * words than it was given.
   */
  readonly withoutTexts?: boolean
}

/**
 * All that the schema holds, in words that are equal exactly when it is; origins and numbers are left out, and so are
 * temporary objects, the order of columns, and names of constraints that only say NOT NULL.
 */
export function describeSchema(schema: Schema, { withoutTexts = false }: DescribeOptions = {}): Description {
  const words = new Map<string, string>()
  const text = (value: unknown) => (value === undefined || value === '' ? '' : withoutTexts ? '…' : describeExpression(value))
  for (const one of schema.schemas) words.set(`schema ${one}`, 'exists')
  for (const one of schema.extensions) words.set(`extension ${one}`, 'exists')
  for (const relation of schema.relations.values()) {
    if (relation.schema === 'pg_temp') continue
    const name = `${relation.schema}.${relation.name}`
    if (relation.kind === 'table') describeTable(schema, relation, text, words)
    if (relation.kind === 'index') words.set(`index ${name}`, describeIndex(schema, relation, text))
    if (relation.kind === 'view') describeView(schema, relation, name, text, words)
    if (relation.kind === 'sequence') words.set(`sequence ${name}`, describeSequence(schema, relation))
  }
  for (const [key, type] of schema.types) words.set(`type ${dotted(key)}`, describeType(type, text))
  for (const [key, overloads] of schema.functions) {
    for (const one of overloads) words.set(`function ${dotted(key)}(${one.arguments.join(', ')})`, describeFunction(one, withoutTexts))
  }
  for (const [name, publication] of schema.publications) {
    words.set(`publication ${name}`, describePublication(schema, publication, withoutTexts))
  }
  for (const [key, definition] of schema.others) {
    words.set(
      key.replace(/^OBJECT_(\w+)/, (_, kind: string) => kind.toLowerCase().replaceAll('_', ' ')),
      text(definition),
    )
  }
  return words
}

/** Objects that two descriptions do not share. */
export function differences(
  one: Description,
  other: Description,
): { readonly object: string; readonly one: string | undefined; readonly other: string | undefined }[] {
  const objects = new Set([...one.keys(), ...other.keys()])
  return [...objects]
    .filter((object) => one.get(object) !== other.get(object))
    .map((object) => ({ object, one: one.get(object), other: other.get(object) }))
}

function dotted(key: string): string {
  const { schema, name } = nameOfKey(key)
  return `${schema}.${name}`
}

function describeIndex(schema: Schema, index: Index, text: Text): string {
  const owner = schema.relations.get(index.table)
  const above = index.parent === undefined ? undefined : schema.relations.get(index.parent)
  const keys = index.keys.map((key, at) =>
    joinWords(
      key.column ?? (key.expression === undefined ? '' : `(${text(key.expression)})`),
      key.collation !== undefined && `collate ${key.collation}`,
      key.opclass,
      key.descending && 'desc',
      index.exclusions[at] !== undefined && `with ${index.exclusions[at]}`,
    ),
  )
  return joinWords(
    index.unique && 'unique',
    `on ${owner?.schema}.${owner?.name} using ${index.method} (${keys.join(', ')})`,
    index.include.length > 0 && `include (${index.include.join(', ')})`,
    index.nullsNotDistinct && 'nulls not distinct',
    index.predicate !== undefined && `where ${text(index.predicate)}`,
    above !== undefined && `part of ${above.schema}.${above.name}`,
    !index.valid && 'invalid',
  )
}

function describeView(schema: Schema, view: View, name: string, text: Text, words: Map<string, string>): void {
  const reads = [...view.reads].map(([id, columns]) => {
    const read = schema.relations.get(id)
    return `${read?.schema}.${read?.name}(${columns === 'all' ? '*' : [...columns].sort().join(', ')})`
  })
  const columns = view.columns === undefined ? '?' : view.columns.join(', ')
  const form = view.form === 'view' ? 'view' : 'materialized view'
  words.set(
    `${form} ${name}`,
    joinWords(`(${columns})`, `reads ${reads.sort().join(', ')}`, !view.populated && 'not filled', text(view.query)),
  )
  for (const [trigger, one] of view.triggers)
    words.set(`trigger ${name}.${trigger}`, joinWords(one.enabled ? 'enabled' : 'disabled', text(one.definition)))
  for (const [rule, definition] of view.rules) words.set(`rule ${name}.${rule}`, text(definition))
}

function describeSequence(schema: Schema, { type, ownedBy, identity }: Sequence): string {
  const owner = tableById(schema, ownedBy?.table)
  return joinWords(
    identity ? 'as identity' : `as ${type}`,
    owner !== undefined && `owned by ${owner.schema}.${owner.name}.${ownedBy?.column}`,
  )
}

function describeType(type: UserType, text: Text): string {
  switch (type.kind) {
    case 'enum':
      return `enum (${type.values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')})`
    case 'domain': {
      const checks = [...type.checks].map(([name, check]) =>
        joinWords(`${name} check (${text(check.expression)})`, !check.valid && 'not valid'),
      )
      return joinWords(
        `domain over ${typeText(type.base)}`,
        type.notNull && 'not null',
        type.default !== undefined && `default ${text(type.default)}`,
        ...checks.sort(),
      )
    }
    case 'composite':
      return `(${[...type.attributes].map(([name, attribute]) => `${name} ${typeText(attribute)}`).join(', ')})`
    default:
      return joinWords(type.kind, text(type.words))
  }
}

function describeFunction({ kind, returns, volatility, language, body, options }: UserFunction, withoutTexts: boolean): string {
  const head = joinWords(kind, returns !== undefined && `returns ${returns}`, `language ${language}`, volatility)
  return withoutTexts ? head : joinWords(head, options, body)
}

function describePublication(schema: Schema, { allTables, tables, schemas, details }: Publication, withoutTexts: boolean): string {
  const named = [...tables].map((id) => {
    const table = tableById(schema, id)
    return joinWords(`${table?.schema}.${table?.name}`, details.has(id) && (withoutTexts ? '…' : details.get(id)))
  })
  const options = details.get('options')
  return joinWords(
    allTables && 'for all tables',
    named.length > 0 && `for ${named.sort().join(', ')}`,
    schemas.size > 0 && `for schemas ${[...schemas].sort().join(', ')}`,
    !withoutTexts && options,
  )
}
