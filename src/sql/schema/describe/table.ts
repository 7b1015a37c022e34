import { typeText } from '../column-type.ts'
import type { Column, ForeignKey, Policy, Schema, Table, TableConstraint } from '../schema.ts'
import { joinWords, type Text } from './words.ts'

/** Puts a table into words: itself, its columns, constraints, triggers, rules and policies. */
export function describeTable(schema: Schema, table: Table, text: Text, words: Map<string, string>): void {
  const name = `${table.schema}.${table.name}`
  words.set(`table ${name}`, describeSelf(schema, table, text))
  for (const column of table.columns.values()) words.set(`column ${name}.${column.name}`, describeColumn(schema, column, text))
  for (const constraint of table.constraints.values()) {
    const described = describeConstraint(schema, constraint, text)
    if (described !== undefined) words.set(`constraint ${name}.${constraint.name}`, described)
  }
  for (const [trigger, { enabled, definition }] of table.triggers) {
    words.set(`trigger ${name}.${trigger}`, joinWords(enabled ? 'enabled' : 'disabled', text(definition)))
  }
  for (const [rule, definition] of table.rules) words.set(`rule ${name}.${rule}`, text(definition))
  for (const [policy, one] of table.policyTexts) words.set(`policy ${name}.${policy}`, describePolicy(one, text))
}

function describeSelf(schema: Schema, table: Table, text: Text): string {
  const named = (id: number) => {
    const other = schema.relations.get(id)
    return `${other?.schema}.${other?.name}`
  }
  const { partitionKey, partitionOf, replicaIdentity } = table
  const key = partitionKey?.columns.map((one) => (typeof one === 'string' ? one : `(${text(one)})`))
  const parents = [...table.parents].map(named).sort()
  return joinWords(
    table.persistence === 'unlogged' && 'unlogged',
    table.form === 'foreign' ? 'foreign table' : 'table',
    key !== undefined && `partitioned by ${partitionKey?.strategy} (${key.join(', ')})`,
    partitionOf !== undefined &&
      `partition of ${named(partitionOf.parent)} ${partitionOf.bound.isDefault ? 'default' : text(partitionOf.bound.node)}`,
    parents.length > 0 && `inherits ${parents.join(', ')}`,
    table.options.length > 0 && `with (${table.options.join(', ')})`,
    table.rowSecurity && 'row level security',
    table.rowSecurityForced && 'forced',
    replicaIdentity.kind === 'index'
      ? `replica identity ${named(replicaIdentity.index)}`
      : replicaIdentity.kind !== 'default' && `replica identity ${replicaIdentity.kind}`,
  )
}

function describeColumn(schema: Schema, column: Column, text: Text): string {
  const counter = column.counter === undefined ? undefined : schema.relations.get(column.counter)
  const value = counter === undefined ? text(column.default) : `nextval of ${counter.schema}.${counter.name}`
  return joinWords(
    typeText(column.type),
    column.collation !== undefined && `collate ${column.collation}`,
    column.notNull && 'not null',
    column.default !== undefined && `default ${value}`,
    column.generated !== undefined && `generated ${column.generated.kind} ${text(column.generated.expression)}`,
    column.identity !== undefined && `generated ${column.identity} as identity`,
    !column.local && 'inherited',
  )
}

/** NOT NULL is described with its column, unless old rows may violate it. */
function describeConstraint(schema: Schema, constraint: TableConstraint, text: Text): string | undefined {
  const validity = !constraint.valid && 'not valid'
  switch (constraint.kind) {
    case 'not-null':
      return constraint.valid ? undefined : joinWords(`not null ${constraint.column}`, validity)
    case 'check':
      return joinWords(
        `check (${text(constraint.expression)})`,
        constraint.noInherit && 'no inherit',
        validity,
        !constraint.local && 'inherited',
      )
    case 'foreign':
      return joinWords(describeForeignKey(schema, constraint), validity)
    case 'exclusion':
      return 'exclude'
    default:
      return joinWords(
        constraint.kind === 'primary' ? 'primary key' : 'unique',
        `(${constraint.columns.join(', ')})`,
        constraint.deferrable && 'deferrable',
        constraint.initiallyDeferred && 'initially deferred',
      )
  }
}

function describeForeignKey(schema: Schema, { columns, references, onDelete, onUpdate, deferral }: ForeignKey): string {
  const target = references.id === undefined ? undefined : schema.relations.get(references.id)
  const name = target === undefined ? references.name.name : `${target.schema}.${target.name}`
  return joinWords(
    `foreign key (${columns.join(', ')}) references ${name} (${references.columns.join(', ')})`,
    onDelete !== 'no action' && `on delete ${onDelete}`,
    onUpdate !== 'no action' && `on update ${onUpdate}`,
    deferral !== 'not deferrable' && deferral,
  )
}

function describePolicy({ command, permissive, roles, using, check }: Policy, text: Text): string {
  return joinWords(
    permissive ? 'permissive' : 'restrictive',
    `for ${command} to ${roles.join(', ')}`,
    using !== undefined && `using (${text(using)})`,
    check !== undefined && `with check (${text(check)})`,
  )
}
