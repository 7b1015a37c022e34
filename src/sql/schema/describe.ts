import type { Node } from '@pgsql/types'
import type { Column, ColumnType, Index, Relation, Schema, Table, TableConstraint, UserType } from './schema.ts'

/** One object of a schema, as `table public.users` or `column public.users.email`, and what it is, in SQL's words. */
export type Description = ReadonlyMap<string, string>

/** All that the schema holds, in words that are equal exactly when it is; origins, numbers and the order of columns are left out. */
export function describeSchema(schema: Schema): Description {
  const found = new Map<string, string>()
  for (const name of schema.schemas) found.set(`schema ${name}`, '')
  for (const extension of schema.extensions) found.set(`extension ${extension}`, '')
  for (const relation of schema.relations.values()) describeRelation(schema, relation, found)
  for (const [key, type] of schema.types) found.set(`type ${dotted(key)}`, typeText(type))
  for (const [key, functions] of schema.functions) {
    for (const one of functions)
      found.set(`${one.kind} ${dotted(key)}(${one.arguments.join(', ')})`, json([one.returns, one.volatility, one.language, one.body]))
  }
  for (const [name, { allTables, tables, schemas }] of schema.publications) {
    found.set(`publication ${name}`, json([allTables, [...tables].map((id) => nameById(schema, id)).sort(), [...schemas].sort()]))
  }
  return found
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

function describeRelation(schema: Schema, relation: Relation, found: Map<string, string>): void {
  const name = `${relation.schema}.${relation.name}`
  if (relation.kind === 'table') describeTable(schema, relation, name, found)
  else if (relation.kind === 'index') found.set(`index ${name}`, indexText(schema, relation))
  else if (relation.kind === 'sequence') found.set(`sequence ${name}`, relation.type)
  else found.set(`${relation.form === 'view' ? 'view' : 'materialized view'} ${name}`, json([relation.columns, relation.query]))
}

function describeTable(schema: Schema, table: Table, name: string, found: Map<string, string>): void {
  const { form, persistence, rowSecurity, replicaIdentity, options, partitionKey, partitionOf } = table
  const parents = [...table.parents, partitionOf?.parent].map((id) => nameById(schema, id))
  found.set(
    `table ${name}`,
    json([form, persistence, rowSecurity, replicaIdentity.kind, options, partitionKey, parents, partitionOf?.bound]),
  )
  for (const column of table.columns.values()) found.set(`column ${name}.${column.name}`, columnText(column))
  for (const constraint of table.constraints.values()) found.set(`constraint ${constraint.name} of ${name}`, constraintText(constraint))
  for (const [trigger, { enabled }] of table.triggers) found.set(`trigger ${trigger} of ${name}`, String(enabled))
  for (const policy of table.policies) found.set(`policy ${policy} of ${name}`, '')
}

function columnText({ type, notNull, default: value, generated, identity, collation }: Column): string {
  return json([columnTypeText(type), notNull, value, generated, identity, collation])
}

function columnTypeText({ schema, name, modifiers, array }: ColumnType): string {
  return `${schema === undefined ? '' : `${schema}.`}${name}${modifiers.length > 0 ? `(${modifiers.join(',')})` : ''}${'[]'.repeat(array)}`
}

function constraintText(constraint: TableConstraint): string {
  const { origin, ...facts } = constraint
  if (facts.kind === 'foreign') return json({ ...facts, references: { ...facts.references, id: undefined } })
  return json('index' in facts ? { ...facts, index: undefined } : facts)
}

function indexText(schema: Schema, { table, keys, include, unique, predicate, method, valid }: Index): string {
  return json([nameById(schema, table), keys, include, unique, predicate, method, valid])
}

function typeText(type: UserType): string {
  const { origin, ...facts } = type
  return json({
    ...facts,
    checks: 'checks' in facts ? [...facts.checks] : undefined,
    attributes: 'attributes' in facts ? [...facts.attributes] : undefined,
  })
}

function nameById(schema: Schema, id: number | undefined): string | undefined {
  const relation = id === undefined ? undefined : schema.relations.get(id)
  return relation === undefined ? undefined : `${relation.schema}.${relation.name}`
}

function dotted(key: string): string {
  return (JSON.parse(key) as string[]).join('.')
}

/** Where something stands in its text is no part of what it is. */
function json(value: Node | unknown): string {
  return JSON.stringify(value, (key, part) => (key === 'location' ? undefined : part)) ?? ''
}
