import type { AlterEnumStmt, CreateEnumStmt, CreatePolicyStmt, CreatePublicationStmt, CreateTableAsStmt, ViewStmt } from '@pgsql/types'
import { nameOf, nameOfWords, wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { addRelation } from '../add.ts'
import { findTable, nameKey, type Origin, type Schema, type View } from '../schema.ts'

export function createView(schema: Schema, { view, query }: ViewStmt, origin: Origin): void {
  addRelation<View>(schema, nameOf(view), origin, {
    kind: 'view',
    form: 'view',
    columns: undefined,
    reads: new Map(),
    query,
    populated: true,
  })
}

export function createEnum(schema: Schema, { typeName, vals }: CreateEnumStmt, origin: Origin): void {
  const { schema: space, name } = nameOfWords(wordsOf(typeName))
  schema.types.set(nameKey(space ?? schema.searchPath[0] ?? 'public', name), { kind: 'enum', values: wordsOf(vals), origin })
}

export function alterEnum(schema: Schema, { typeName, oldVal, newVal, newValNeighbor, newValIsAfter }: AlterEnumStmt): void {
  const { schema: space, name } = nameOfWords(wordsOf(typeName))
  const type = schema.types.get(nameKey(space ?? schema.searchPath[0] ?? 'public', name))
  if (type?.kind !== 'enum' || newVal === undefined) return
  if (oldVal !== undefined) {
    type.values = type.values.map((one) => (one === oldVal ? newVal : one))
    return
  }
  if (type.values.includes(newVal)) return
  const at = newValNeighbor === undefined ? type.values.length : type.values.indexOf(newValNeighbor) + (newValIsAfter === true ? 1 : 0)
  type.values = [...type.values.slice(0, at), newVal, ...type.values.slice(at)]
}

export function createPublication(schema: Schema, { pubname = '', pubobjects, for_all_tables }: CreatePublicationStmt): void {
  const objects = nodesOf(pubobjects, 'PublicationObjSpec')
  schema.publications.set(pubname, {
    allTables: for_all_tables === true,
    tables: new Set(
      objects.flatMap(({ pubtable }) => (pubtable === undefined ? [] : (findTable(schema, nameOf(pubtable.relation))?.id ?? []))),
    ),
    schemas: new Set(objects.flatMap(({ pubobjtype, name }) => (pubobjtype === 'PUBLICATIONOBJ_TABLES_IN_SCHEMA' ? (name ?? []) : []))),
  })
}
export function createMaterializedView(schema: Schema, { objtype, into, query }: CreateTableAsStmt, origin: Origin): void {
  if (objtype !== 'OBJECT_MATVIEW') return
  addRelation<View>(schema, nameOf(into?.rel), origin, {
    kind: 'view',
    form: 'materialized',
    columns: undefined,
    reads: new Map(),
    query,
    populated: into?.skipData !== true,
  })
}

export function createPolicy(schema: Schema, { table, policy_name = '' }: CreatePolicyStmt): void {
  findTable(schema, nameOf(table))?.policies.add(policy_name)
}
