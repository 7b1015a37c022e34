import type { ColumnType } from '../../sql/schema/schema.ts'
import { writtenRelation } from '../remedy/write.ts'

/** A column's type as a definition writes it. */
export function typeText({ name, schema, modifiers, array }: ColumnType): string {
  const base = schema === undefined ? (spoken[name] ?? writtenRelation({ schema, name })) : writtenRelation({ schema, name })
  return `${base}${modifiers.length > 0 ? `(${modifiers.join(', ')})` : ''}${'[]'.repeat(array)}`
}

/** Names that people write for those of the catalog. */
const spoken: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'int',
  int8: 'bigint',
  bool: 'boolean',
  bpchar: 'char',
  float4: 'real',
  float8: 'double precision',
}
