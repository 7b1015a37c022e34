import type { TypeName } from '@pgsql/types'
import { isBuiltinType } from '../locks/builtins.ts'
import { wordsOf } from '../locks/names.ts'
import { type ColumnType, findTypeKey, nameKey, nameOfKey, type Schema } from './schema.ts'

const serials: Readonly<Record<string, string>> = {
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallserial: 'int2',
  serial2: 'int2',
}

/** A type as a definition writes it; one that the schema holds gets its schema. */
export function columnType(schema: Schema, type: TypeName | undefined): ColumnType {
  const words = wordsOf(type?.names)
  const name = words.at(-1) ?? ''
  const written = words.at(-2)
  const serial = words.length === 1 ? serials[name] : undefined
  const builtin = isBuiltinType(words) || written === 'pg_catalog'
  const key = builtin || serial !== undefined ? undefined : findTypeKey(schema, { schema: written, name })
  return {
    name: serial ?? name,
    schema: key !== undefined ? nameOfKey(key).schema : builtin ? undefined : written,
    modifiers: (type?.typmods ?? []).flatMap((one) =>
      'A_Const' in one && one.A_Const.ival !== undefined ? [one.A_Const.ival.ival ?? 0] : [],
    ),
    array: type?.arrayBounds?.length ?? 0,
    serial: serial !== undefined,
  }
}

/** One of PostgreSQL's own types. */
export function plainType(name: string, array = 0): ColumnType {
  return { name, schema: undefined, modifiers: [], array, serial: false }
}

/** A type in words, the same however it was written. */
export function typeText({ name, schema, modifiers, array }: ColumnType): string {
  const scaled = name === 'numeric' && modifiers.length === 1 ? [...modifiers, 0] : modifiers
  return `${schema === undefined ? '' : `${schema}.`}${name}${scaled.length === 0 ? '' : `(${scaled.join(',')})`}${array > 0 ? '[]' : ''}`
}

/** Remembers which tables use a type, for the day when it is renamed or dropped. */
export function noteTypeUse(schema: Schema, table: number, type: ColumnType): void {
  if (type.schema === undefined) return
  const key = nameKey(type.schema, type.name)
  const users = schema.typeUsers.get(key)
  if (users === undefined) schema.typeUsers.set(key, new Set([table]))
  else users.add(table)
}
