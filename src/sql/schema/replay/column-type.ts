import type { TypeName } from '@pgsql/types'
import { isBuiltinType } from '../../locks/builtins.ts'
import { wordsOf } from '../../locks/names.ts'
import type { ColumnType } from '../schema.ts'

const serials: Readonly<Record<string, string>> = {
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallserial: 'int2',
  serial2: 'int2',
}

/** A type as a column's definition writes it. */
export function columnType(type: TypeName | undefined): ColumnType {
  const words = wordsOf(type?.names)
  const name = words.at(-1) ?? ''
  const serial = words.length === 1 ? serials[name] : undefined
  const builtin = isBuiltinType(words)
  return {
    name: serial ?? name,
    schema: words.length > 1 && !builtin ? words.at(-2) : undefined,
    modifiers: (type?.typmods ?? []).flatMap((one) =>
      'A_Const' in one && one.A_Const.ival !== undefined ? [one.A_Const.ival.ival ?? 0] : [],
    ),
    array: type?.arrayBounds?.length ?? 0,
    serial: serial !== undefined,
  }
}
