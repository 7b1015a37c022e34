import type { Node, TypeName } from '@pgsql/types'
import { wordsOf } from '../../locks/names.ts'
import type { ColumnType } from '../../schema/schema.ts'

/** A constant, in a form in which equal values look equal. */
export type Constant =
  | { readonly kind: 'number'; readonly value: string }
  /** Date and time: digits that sort as the values do; a zone makes it another kind. */
  | { readonly kind: 'time' | 'zoned time'; readonly value: string }
  /** Can only be equal to another: what comes first depends on the collation. */
  | { readonly kind: 'text'; readonly value: string }

const numbers = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'oid']
const times = ['date', 'timestamp', 'timestamptz']

/** The value of a literal that is compared with a column of the type. */
export function constantOf(node: Node, type: ColumnType | undefined): Constant | undefined {
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return castOf(node.TypeCast.arg, node.TypeCast.typeName, type)
  const text = literalOf(node)
  return text === undefined ? undefined : read(text, type?.name)
}

/** A cast to another type than the column's makes another comparison, of which nothing is known. */
function castOf(value: Node, typeName: TypeName | undefined, type: ColumnType | undefined): Constant | undefined {
  const cast = wordsOf(typeName?.names).at(-1)
  const isSame = cast === type?.name || type === undefined || (isText(cast) && isText(type.name)) || (isNumber(cast) && isNumber(type.name))
  const text = literalOf(value)
  if (text === undefined || !(isSame || (cast === 'date' && type?.name === 'timestamp'))) return undefined
  return read(text, type?.name ?? cast)
}

function isText(name: string | undefined): boolean {
  return name !== undefined && ['text', 'varchar', 'bpchar'].includes(name)
}

function isNumber(name: string | undefined): boolean {
  return name !== undefined && ['int2', 'int4', 'int8'].includes(name)
}

function literalOf(node: Node): string | undefined {
  if ('Integer' in node) return String(node.Integer.ival ?? 0)
  if ('Float' in node) return node.Float.fval
  if ('String' in node) return node.String.sval ?? ''
  if ('A_Expr' in node && node.A_Expr.lexpr === undefined && wordsOf(node.A_Expr.name)[0] === '-' && node.A_Expr.rexpr !== undefined) {
    const value = literalOf(node.A_Expr.rexpr)
    return value === undefined ? undefined : `-${value}`
  }
  if (!('A_Const' in node) || node.A_Const.isnull === true) return undefined
  const { ival, fval, sval, boolval } = node.A_Const
  if (ival !== undefined) return String(ival.ival ?? 0)
  if (fval !== undefined) return fval.fval
  if (boolval !== undefined) return String(boolval.boolval ?? false)
  return sval === undefined ? undefined : (sval.sval ?? '')
}

function read(text: string, type: string | undefined): Constant | undefined {
  if (type === undefined ? isNumeral(text) : numbers.includes(type))
    return isNumeral(text) ? { kind: 'number', value: text.trim() } : undefined
  if (type !== undefined && times.includes(type)) return readTime(text)
  if (type === 'bool') return { kind: 'text', value: String(['t', 'true', 'y', 'yes', 'on', '1'].includes(text.toLowerCase())) }
  return { kind: 'text', value: type === 'uuid' ? text.toLowerCase() : text }
}

function isNumeral(text: string): boolean {
  return /^\s*[+-]?\d+(\.\d+)?\s*$/.test(text)
}

const isoTime = /^(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?\s*(z|utc|[+-]00(?::?00)?)?$/i

/** Dates as ISO 8601 writes them; of another zone than UTC nothing is known. */
function readTime(text: string): Constant | undefined {
  const [, year, month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', zone] = isoTime.exec(text.trim()) ?? []
  if (year === undefined) return undefined
  const value = [year, month.padStart(2, '0'), day.padStart(2, '0'), hour, minute, second, fraction.padEnd(6, '0')].join('')
  return { kind: zone === undefined ? 'time' : 'zoned time', value }
}

/** Negative, zero or positive, as the first is less than, equal to or greater than the other; `undefined` when nobody can tell. */
export function order(one: Constant, other: Constant): number | undefined {
  if (one.kind !== other.kind) return undefined
  if (one.value === other.value) return 0
  switch (one.kind) {
    case 'number':
      return Math.sign(compareNumbers(one.value, other.value))
    case 'text':
      return undefined
    default:
      return one.value < other.value ? -1 : 1
  }
}

/** Exact, since a double would call two large keys equal. */
function compareNumbers(one: string, other: string): number {
  const digits = Math.max(...[one, other].map((text) => (text.split('.')[1] ?? '').length))
  const scaled = (text: string) => {
    const [whole = '0', fraction = ''] = text.replace('+', '').split('.')
    return BigInt(`${whole}${fraction.padEnd(digits, '0')}`)
  }
  const difference = scaled(one) - scaled(other)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Whether two text constants are surely different values. */
export function areDifferent(one: Constant, other: Constant): boolean {
  if (one.kind === 'text' && other.kind === 'text') return one.value !== other.value
  const found = order(one, other)
  return found !== undefined && found !== 0
}
