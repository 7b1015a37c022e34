import type { DefElem, Node } from '@pgsql/types'
import { optionsOf, wordsOf } from '../../locks/names.ts'

/** Options of a table, `name=value`, after some were set or reset. */
export function optionTexts(before: readonly string[], set: readonly Node[] | undefined, reset = false): readonly string[] {
  const values = new Map(before.map((text) => [text.slice(0, text.indexOf('=')), text]))
  for (const option of optionsOf(set)) {
    const name = option.defnamespace === undefined ? (option.defname ?? '') : `${option.defnamespace}.${option.defname}`
    if (reset) values.delete(name)
    else values.set(name, `${name}=${optionValue(option)}`)
  }
  return [...values.values()].sort()
}

/** The value of an option as text; `true` when it has none. */
function optionValue({ arg }: Pick<DefElem, 'arg'>): string {
  if (arg === undefined) return 'true'
  if ('Integer' in arg) return String(arg.Integer.ival ?? 0)
  if ('Float' in arg) return arg.Float.fval ?? ''
  if ('Boolean' in arg) return String(arg.Boolean.boolval === true)
  return wordsOf(arg).join('.')
}
