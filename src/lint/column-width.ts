import type { ColumnType } from '../sql/schema/schema.ts'

const integers = ['int2', 'int4', 'int8']
const texts = ['varchar', 'bpchar', 'text']
const moments = ['timestamp', 'timestamptz']

const spoken: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  bpchar: 'char',
  bool: 'boolean',
  float4: 'real',
  float8: 'double precision',
}

/** A type as people write it. */
export function spokenType({ name, modifiers, array }: ColumnType): string {
  const isPlain = modifiers.length === 0 || name === 'interval'
  return `${spoken[name] ?? name}${isPlain ? '' : `(${modifiers.join(',')})`}${array > 0 ? '[]' : ''}`
}

/** Whether the first is a whole number that cannot hold all that the other does. */
export function isShorterInteger(one: ColumnType, other: ColumnType): boolean {
  const places = [one, other].map(({ name, array }) => (array > 0 ? -1 : integers.indexOf(name)))
  const [short = -1, long = -1] = places
  return short >= 0 && long > short
}

/** Which values of the one type the other does not take, or takes with less in them; `undefined` when it takes all. */
export function lostBy(from: ColumnType, to: ColumnType): string | undefined {
  if (from.array > 0 || to.array > 0) return undefined
  if (isShorterInteger(to, from)) return `numbers beyond ${spokenType(to)}`
  if (texts.includes(from.name) && texts.includes(to.name)) return lostText(from, to)
  if (from.name === 'numeric' && to.name === 'numeric') return lostDigits(from.modifiers, to.modifiers)
  if (['numeric', 'float4', 'float8'].includes(from.name) && integers.includes(to.name)) return 'fractions, and numbers beyond its range'
  if (from.name === 'float8' && to.name === 'float4') return 'digits behind the sixth'
  if (moments.includes(from.name) && to.name === 'date') return 'the time of day'
  if (moments.includes(from.name) && from.name === to.name && precisionOf(to) < precisionOf(from)) return 'fractions of a second'
  if (texts.includes(from.name) && !texts.includes(to.name) && !['citext', 'name'].includes(to.name))
    return `text that is no ${spokenType(to)}`
  return undefined
}

function lostText(from: ColumnType, to: ColumnType): string | undefined {
  const longest = ({ name, modifiers }: ColumnType) =>
    name === 'text' ? Number.POSITIVE_INFINITY : (modifiers[0] ?? (name === 'bpchar' ? 1 : Number.POSITIVE_INFINITY))
  return longest(to) < longest(from) ? `text of more than ${longest(to)} characters` : undefined
}

function lostDigits(from: readonly number[], to: readonly number[]): string | undefined {
  const [precision, scale = 0] = to
  if (precision === undefined) return undefined
  const [oldPrecision = Number.POSITIVE_INFINITY, oldScale = from.length === 0 ? Number.POSITIVE_INFINITY : 0] = from
  if (oldPrecision === Number.POSITIVE_INFINITY || oldPrecision - oldScale > precision - scale)
    return `numbers with more than ${precision - scale} digits before the point`
  return oldScale > scale ? `digits behind the ${scale === 0 ? 'point' : `${scale} after the point`}` : undefined
}

function precisionOf({ modifiers }: ColumnType): number {
  return modifiers[0] ?? 6
}
