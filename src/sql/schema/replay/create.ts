import type { CreateEnumStmt, CreatePolicyStmt, CreateTableAsStmt, ViewStmt } from '@pgsql/types'
import { nameOf, nameOfWords, wordsOf } from '../../locks/names.ts'
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
