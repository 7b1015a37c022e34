import type { ColumnType } from '../../sql/schema/schema.ts'

/** What a change of type does to values: keeps them, fails on those that do not fit, or changes some of them without a word. */
export type TypeChange = 'keeps' | 'fits-or-fails' | 'changes'

const wholeNumbers = ['int2', 'int4', 'int8']
const texts = ['varchar', 'text', 'citext']

/** What the statement says itself, with USING: nothing, the bare cast to the new type, or more than that. */
export type Conversion = 'none' | 'cast' | 'expression'

export function typeChange(from: ColumnType, to: ColumnType, conversion: Conversion): TypeChange {
  const change = conversion === 'expression' ? 'changes' : changeOf(from, to)
  // the cast that ALTER makes by itself refuses a text that is too long; one that is written cuts it off
  return change === 'fits-or-fails' && conversion === 'cast' && texts.includes(to.name) ? 'changes' : change
}

function changeOf(from: ColumnType, to: ColumnType): TypeChange {
  if (from.array !== to.array || from.schema !== to.schema) return 'changes'
  const width = wholeNumbers.indexOf(to.name)
  if (wholeNumbers.includes(from.name)) {
    if (width >= 0) return width >= wholeNumbers.indexOf(from.name) ? 'keeps' : 'fits-or-fails'
    if (to.name === 'numeric') return to.modifiers.length === 0 ? 'keeps' : 'fits-or-fails'
    return texts.includes(to.name) && to.modifiers.length === 0 ? 'keeps' : 'changes'
  }
  if (texts.includes(from.name) && texts.includes(to.name)) return lengthChange(from, to)
  if (from.name === 'numeric' && to.name === 'numeric') return numericChange(from, to)
  if (from.name === to.name && same(from.modifiers, to.modifiers)) return 'keeps'
  return widenings.has(`${from.name} ${to.name}`) && to.modifiers.length === 0 ? 'keeps' : 'changes'
}

const widenings: ReadonlySet<string> = new Set([
  'float4 float8',
  'date timestamp',
  'date timestamptz',
  'timestamp timestamptz',
  'timestamptz timestamp',
  'timestamp timestamp',
  'timestamptz timestamptz',
  'uuid text',
  'json text',
  'bool text',
  'bpchar text',
])

function lengthChange(from: ColumnType, to: ColumnType): TypeChange {
  const [room = Number.POSITIVE_INFINITY] = to.modifiers
  const [held = Number.POSITIVE_INFINITY] = from.modifiers
  return room >= held ? 'keeps' : 'fits-or-fails'
}

/** Too many digits before the point fail; too many behind it are rounded away. */
function numericChange(from: ColumnType, to: ColumnType): TypeChange {
  if (to.modifiers.length === 0) return 'keeps'
  if (from.modifiers.length === 0) return 'changes'
  const [precision = 0, scale = 0] = from.modifiers
  const [newPrecision = 0, newScale = 0] = to.modifiers
  if (newScale < scale) return 'changes'
  return newPrecision - newScale >= precision - scale ? 'keeps' : 'fits-or-fails'
}

function same(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index])
}
