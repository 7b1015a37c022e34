import { foreignKeysTo, type Schema, type Table } from '../schema.ts'
import { type findFunction, setOverloads } from './function.ts'

export function moveFunction(schema: Schema, found: NonNullable<ReturnType<typeof findFunction>>, to: string): void {
  setOverloads(
    schema,
    found.key,
    found.overloads.filter((one) => one !== found.one),
  )
  setOverloads(schema, to, [...(schema.functions.get(to) ?? []), found.one])
}

/** Foreign keys keep the name of the table that they refer to. */
export function followReferences(schema: Schema, table: Table): void {
  for (const { key } of foreignKeysTo(schema, table)) {
    key.references = { ...key.references, name: { schema: table.schema, name: table.name } }
  }
}

/** Keeps the order of the entries. */
export function renameKey<Value>(map: Map<string, Value>, from: string, to: string): void {
  if (!map.has(from)) return
  const entries = [...map]
  map.clear()
  for (const [key, value] of entries) map.set(key === from ? to : key, value)
}
