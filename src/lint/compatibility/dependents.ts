import type { AlterTableCmd, DropStmt, Node } from '@pgsql/types'
import { nameOfWords, type RelationName, wordsOf } from '../../sql/locks/names.ts'
import { type Column, findRelation, foreignKeysTo, type Relation, type Schema, type Table, type View } from '../../sql/schema/schema.ts'
import { columnsIn } from '../remedy/columns-in.ts'
import { writtenRelation } from '../remedy/write.ts'

/** What the server refuses to leave behind without something: it stands in the way of a DROP, or goes with CASCADE. */
export interface Dependent {
  /** With its kind, for a sentence. */
  readonly what: string
  /** The statement that takes it away first. */
  readonly drop: string
}

/** What depends on the objects of a DROP, and is not among them. */
export function dependentsOfDrop(schema: Schema, { removeType, objects }: DropStmt): Dependent[] {
  const names = (objects ?? []).map((object) => nameOfWords(wordsOf(object)))
  if (removeType === 'OBJECT_SCHEMA') return names.flatMap(({ name }) => inSchema(schema, name))
  if (removeType === 'OBJECT_TYPE' || removeType === 'OBJECT_DOMAIN') return names.flatMap((name) => columnsOfType(schema, name))
  const gone = new Set(names.flatMap((name) => findRelation(schema, name) ?? []))
  const found = [...gone].flatMap((relation) => {
    if (relation.kind === 'sequence') return ownerOf(schema, relation)
    return [
      ...viewsOf(schema, relation)
        .filter((view) => !gone.has(view))
        .map(viewDependent),
      ...(relation.kind === 'table' ? tableDependents(schema, relation, gone) : []),
    ]
  })
  return distinct(found)
}

/** What depends on what a command of ALTER TABLE takes away or changes. */
export function dependentsOfCommand(schema: Schema, table: Table, { subtype, name = '' }: AlterTableCmd): Dependent[] {
  if (subtype === 'AT_DropConstraint') {
    const key = table.constraints.get(name)
    if (key?.kind !== 'primary' && key?.kind !== 'unique') return []
    return foreignKeysTo(schema, table)
      .filter(({ key: foreign }) => sameSet(foreign.references.columns, key.columns))
      .map(foreignDependent)
  }
  if (subtype !== 'AT_DropColumn' && subtype !== 'AT_AlterColumnType') return []
  const views = viewsOf(schema, table, name).map(viewDependent)
  const generated = [...table.columns.values()]
    .filter((column) => column.name !== name && columnsIn(column.generated?.expression).some((one) => one.name === name))
    .map((column) => ({
      what: `the generated column ${column.name}`,
      drop: `alter table ${relationName(table)} drop column ${writtenRelation({ schema: undefined, name: column.name })}`,
    }))
  if (subtype === 'AT_AlterColumnType') return distinct([...views, ...generated])
  const keys = foreignKeysTo(schema, table).filter(({ key, table: from }) => from !== table && key.references.columns.includes(name))
  return distinct([...views, ...generated, ...keys.map(foreignDependent)])
}

function viewsOf(schema: Schema, relation: Relation, column?: string): View[] {
  const readers = 'readBy' in relation ? [...relation.readBy].sort((one, other) => one - other) : []
  return readers.flatMap((id) => {
    const view = schema.relations.get(id)
    if (view?.kind !== 'view' || view === relation) return []
    const reads = view.reads.get(relation.id)
    return reads !== undefined && (column === undefined || reads === 'all' || reads.has(column)) ? [view] : []
  })
}

function tableDependents(schema: Schema, table: Table, gone: ReadonlySet<Relation>): Dependent[] {
  const keys = foreignKeysTo(schema, table).filter(({ table: from }) => from !== table && !gone.has(from))
  const children = [...table.children].flatMap((id) => {
    const child = schema.relations.get(id)
    return child?.kind === 'table' && child.partitionOf?.parent !== table.id && !gone.has(child)
      ? [
          {
            what: `the table ${child.name}, which inherits from it`,
            drop: `alter table ${relationName(child)} no inherit ${relationName(table)}`,
          },
        ]
      : []
  })
  return [...keys.map(foreignDependent), ...children]
}

function ownerOf(schema: Schema, { ownedBy }: Extract<Relation, { kind: 'sequence' }>): Dependent[] {
  const table = ownedBy === undefined ? undefined : schema.relations.get(ownedBy.table)
  if (table?.kind !== 'table' || table.columns.get(ownedBy?.column ?? '')?.default === undefined) return []
  const column = writtenRelation({ schema: undefined, name: ownedBy?.column ?? '' })
  return [
    {
      what: `the default of ${table.name}.${ownedBy?.column}`,
      drop: `alter table ${relationName(table)} alter column ${column} drop default`,
    },
  ]
}

function inSchema(schema: Schema, space: string): Dependent[] {
  return [...schema.relations.values()]
    .filter((one) => one.schema === space && (one.kind === 'table' || one.kind === 'view' || one.kind === 'sequence'))
    .map((one) =>
      one.kind === 'view'
        ? viewDependent(one)
        : { what: `the ${one.kind} ${one.schema}.${one.name}`, drop: `drop ${one.kind} ${writtenRelation(one)}` },
    )
}

function columnsOfType(schema: Schema, type: RelationName): Dependent[] {
  return [...schema.relations.values()].flatMap((table) =>
    table.kind !== 'table'
      ? []
      : [...table.columns.values()]
          .filter((column) => isOfType(column, type))
          .map((column) => ({
            what: `the column ${table.name}.${column.name}`,
            drop: `alter table ${relationName(table)} drop column ${writtenRelation({ schema: undefined, name: column.name })}`,
          })),
  )
}

function isOfType({ type }: Column, { schema, name }: RelationName): boolean {
  return type.name === name && (type.schema ?? schema ?? 'public') === (schema ?? type.schema ?? 'public')
}

function viewDependent(view: View): Dependent {
  const kind = view.form === 'materialized' ? 'materialized view' : 'view'
  return { what: `the ${kind} ${view.name}`, drop: `drop ${kind} ${relationName(view)}` }
}

function foreignDependent({ table, key }: ReturnType<typeof foreignKeysTo>[number]): Dependent {
  return {
    what: `the foreign key ${key.name} of ${table.name}`,
    drop: `alter table ${relationName(table)} drop constraint ${writtenRelation({ schema: undefined, name: key.name })}`,
  }
}

/** As a migration would write it. */
function relationName({ schema, name }: Relation): string {
  return writtenRelation({ schema: schema === 'public' ? undefined : schema, name })
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item))
}

function distinct(found: readonly Dependent[]): Dependent[] {
  return [...new Map(found.map((one) => [one.what, one])).values()]
}

/** The node of a statement's name for a sentence. */
export function objectsText(objects: readonly Node[] | undefined): string[] {
  return (objects ?? []).map((object) => wordsOf(object).join('.')).filter((name) => name !== '')
}
