import { typeText } from '../../src/sql/schema/column-type.ts'
import { mentionsOf } from '../../src/sql/schema/expression.ts'
import {
  type ColumnType,
  type Index,
  nameOfKey,
  type Schema,
  type Table,
  type TableConstraint,
  tableById,
  type UserType,
  type View,
} from '../../src/sql/schema/schema.ts'

/** What the model holds, in the words of `catalogFacts`. */
export function modelFacts(schema: Schema): Map<string, string> {
  const facts = new Map<string, string>()
  for (const relation of schema.relations.values()) {
    if (relation.schema === 'pg_temp') continue
    const name = `${relation.schema}.${relation.name}`
    if (relation.kind === 'table') tableFacts(schema, relation, name, facts)
    if (relation.kind === 'index') facts.set(`index ${name}`, indexFacts(schema, relation))
    if (relation.kind === 'view') viewFacts(schema, relation, name, facts)
    if (relation.kind !== 'sequence') continue
    const owner = tableById(schema, relation.ownedBy?.table)
    facts.set(`sequence ${name}`, words(relation.type, owner && `${owner.schema}.${owner.name}.${relation.ownedBy?.column}`))
  }
  for (const [key, type] of schema.types) facts.set(`type ${dotted(key)}`, typeFacts(type))
  for (const [key, overloads] of schema.functions) {
    for (const one of overloads)
      facts.set(`function ${dotted(key)}(${one.arguments.join(', ')})`, words(kinds[one.kind], one.volatility[0]))
  }
  for (const [name, { allTables, tables, schemas, details }] of schema.publications) {
    const named = [...tables].map((id) => words(nameOf(schema, id), details.has(id) && '…')).sort()
    facts.set(
      `publication ${name}`,
      words(allTables && 'all', named.length > 0 && named.join(', '), schemas.size > 0 && `schemas ${[...schemas].sort().join(', ')}`),
    )
  }
  return facts
}

const kinds = { function: 'f', procedure: 'p', aggregate: 'a' } as const
const commands: Readonly<Record<string, string>> = { select: 'r', insert: 'a', update: 'w', delete: 'd', all: '*' }

function words(...parts: readonly (string | number | false | undefined)[]): string {
  return parts.filter((part) => part !== false && part !== undefined && part !== '').join(' ')
}

function dotted(key: string): string {
  const { schema, name } = nameOfKey(key)
  return `${schema}.${name}`
}

function nameOf(schema: Schema, id: number | undefined): string {
  const found = id === undefined ? undefined : schema.relations.get(id)
  return `${found?.schema}.${found?.name}`
}

function tableFacts(schema: Schema, table: Table, name: string, facts: Map<string, string>): void {
  const above = [...table.parents, ...(table.partitionOf === undefined ? [] : [table.partitionOf.parent])]
    .map((id) => nameOf(schema, id))
    .sort()
  const { replicaIdentity: identity } = table
  facts.set(
    `table ${name}`,
    words(
      table.form,
      table.persistence[0],
      table.rowSecurity && 'row security',
      table.rowSecurityForced && 'forced',
      identity.kind === 'index' ? nameOf(schema, identity.index) : identity.kind !== 'default' && identity.kind,
      table.partitionOf !== undefined && 'partition',
      above.join(', '),
      [...table.options].sort().join(', '),
    ),
  )
  for (const column of table.columns.values()) {
    facts.set(
      `column ${name}.${column.name}`,
      words(
        sized(column.type),
        column.notNull && 'not null',
        column.default !== undefined && 'default',
        column.generated?.kind[0],
        column.identity === 'always' ? 'a' : column.identity === 'by default' && 'd',
        column.inherited,
        column.local && 'local',
      ),
    )
  }
  for (const constraint of table.constraints.values()) {
    if (constraint.kind !== 'not-null') facts.set(`constraint ${name}.${constraint.name}`, constraintFacts(schema, table, constraint))
  }
  for (const [trigger, { enabled }] of table.triggers) facts.set(`trigger ${name}.${trigger}`, enabled ? '' : 'disabled')
  for (const rule of table.rules.keys()) facts.set(`rule ${name}.${rule}`, '')
  for (const [policy, { command, permissive, using, check }] of table.policyTexts) {
    const parts = [commands[command], permissive && 'permissive', using !== undefined && 'using', check !== undefined && 'check'] as const
    facts.set(`policy ${name}.${policy}`, words(...parts))
  }
}

/** Where the server adds what was left out. */
function sized(type: ColumnType): string {
  return typeText(type)
}

function constraintFacts(schema: Schema, table: Table, constraint: TableConstraint): string {
  const index = 'index' in constraint ? schema.relations.get(constraint.index) : undefined
  switch (constraint.kind) {
    case 'check': {
      const columns = [...mentionsOf(constraint.expression).columns].filter((one) => table.columns.has(one)).sort()
      return words('c', columns.join(', '), !constraint.valid && 'not valid', constraint.inherited, constraint.local && 'local')
    }
    case 'foreign': {
      const { references, deferral } = constraint
      return words(
        'f',
        constraint.columns.join(', '),
        nameOf(schema, references.id),
        references.columns.join(', '),
        action(constraint.onDelete) + action(constraint.onUpdate),
        deferral !== 'not deferrable' && 'deferrable',
        deferral === 'initially deferred' && 'deferred',
        !constraint.valid && 'not valid',
      )
    }
    case 'primary':
    case 'unique':
      return words(
        constraint.kind[0],
        constraint.columns.join(', '),
        constraint.deferrable && 'deferrable',
        constraint.initiallyDeferred && 'deferred',
      )
    default:
      return words('x', index?.kind === 'index' && index.keys.map(({ column }) => column ?? '').join(', '))
  }
}

function action(text: string): string {
  return { 'no action': 'a', restrict: 'r', cascade: 'c', 'set null': 'n', 'set default': 'd' }[text] ?? '?'
}

function indexFacts(schema: Schema, index: Index): string {
  return words(
    nameOf(schema, index.table),
    index.keys.map(({ column, descending }) => words(column ?? '?', descending && 'desc')).join(', '),
    index.include.length > 0 && `include ${index.include.join(', ')}`,
    `[${index.ownColumns.join(', ')}]`,
    index.method,
    index.unique && 'unique',
    index.predicate !== undefined && 'partial',
    !index.valid && 'invalid',
    index.parent !== undefined && `part of ${nameOf(schema, index.parent)}`,
  )
}

function viewFacts(schema: Schema, view: View, name: string, facts: Map<string, string>): void {
  const reads = [...view.reads].flatMap(([id, columns]) => {
    const relation = nameOf(schema, id)
    return columns === 'all' || columns.size === 0 ? [relation] : [...columns].map((column) => `${relation}.${column}`)
  })
  facts.set(
    `view ${name}`,
    words(
      view.form === 'view' ? 'v' : 'm',
      `(${view.columns?.join(', ')})`,
      reads.sort(byteOrder).join(', '),
      !view.populated && 'not filled',
    ),
  )
  for (const [trigger, { enabled }] of view.triggers) facts.set(`trigger ${name}.${trigger}`, enabled ? '' : 'disabled')
  for (const rule of view.rules.keys()) facts.set(`rule ${name}.${rule}`, '')
}

function byteOrder(one: string, other: string): number {
  return one < other ? -1 : 1
}

function typeFacts(type: UserType): string {
  switch (type.kind) {
    case 'enum':
      return words('e', type.values.join(', '))
    case 'domain': {
      const checks = [...type.checks].map(([name, { valid }]) => words(name, !valid && 'not valid')).sort()
      return words('d', sized(type.base), type.notNull && 'not null', type.default !== undefined && 'default', checks.join(', '))
    }
    case 'composite':
      return words('c', [...type.attributes].map(([name, attribute]) => `${name} ${sized(attribute)}`).join(', '))
    default:
      return 'r'
  }
}
