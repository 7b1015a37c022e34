import type { Node } from '@pgsql/types'
import { wordsOf } from '../locks/names.ts'
import { columnType } from '../schema/column-type.ts'
import type { ColumnType, Schema } from '../schema/schema.ts'
import { baseType, hasDomainChecks, userType } from './domain.ts'

/**
 * Whether the values of a column have to be computed anew when its type changes, as ATColumnChangeRequiresRewrite
 * decides: it does not where the new type reads the stored bytes as they are.
 */
export function needsRewrite(schema: Schema, column: string, from: ColumnType, to: ColumnType, using: Node | undefined): boolean {
  const value = using === undefined ? from : readAs(schema, column, from, using)
  return value === undefined || coerced(schema, value, to) === undefined
}

/** The type that a USING expression gives to the stored bytes; `undefined` when it computes something. */
function readAs(schema: Schema, column: string, from: ColumnType, using: Node): ColumnType | undefined {
  if ('ColumnRef' in using) return wordsOf(using.ColumnRef.fields).at(-1) === column ? from : undefined
  if ('CollateClause' in using)
    return using.CollateClause.arg === undefined ? undefined : readAs(schema, column, from, using.CollateClause.arg)
  if (!('TypeCast' in using) || using.TypeCast.arg === undefined) return undefined
  const value = readAs(schema, column, from, using.TypeCast.arg)
  return value === undefined ? undefined : coerced(schema, value, columnType(schema, using.TypeCast.typeName))
}

/** The type afterwards; `undefined` when the bytes change, or have to be checked. */
function coerced(schema: Schema, from: ColumnType, to: ColumnType): ColumnType | undefined {
  if (hasDomainChecks(schema, to)) return undefined
  const [source, target] = [baseType(schema, from), baseType(schema, to)]
  // the way to a domain's base, or from one type to another, forgets the length that the values were cut to
  const kept = isSameType(source, target) && source === from ? source.modifiers : []
  if (!isSameType(source, target) && !isBinary(schema, source, target)) return undefined
  return keepsLength(target, kept) ? to : undefined
}

function isSameType(one: ColumnType, other: ColumnType): boolean {
  return one.name === other.name && one.array > 0 === other.array > 0 && (one.schema ?? other.schema) === (other.schema ?? one.schema)
}

/** Types whose values are stored alike, from and to, as pg_cast says WITHOUT FUNCTION. */
const binary: Readonly<Record<string, readonly string[]>> = {
  varchar: ['text', 'bpchar', 'citext'],
  text: ['varchar', 'bpchar', 'citext'],
  citext: ['text', 'varchar', 'bpchar'],
  xml: ['text', 'varchar', 'bpchar'],
  cidr: ['inet'],
  bit: ['varbit'],
  varbit: ['bit'],
  int4: ['oid', 'regclass', 'regproc', 'regprocedure', 'regtype', 'regrole', 'regnamespace'],
  oid: ['int4', 'regclass', 'regproc', 'regprocedure', 'regtype', 'regrole', 'regnamespace'],
  regclass: ['oid', 'int4'],
}

const zones = { timestamp: 'timestamptz', timestamptz: 'timestamp' } as const

function isBinary(schema: Schema, from: ColumnType, to: ColumnType): boolean {
  if (from.array > 0 || to.array > 0 || userType(schema, from) !== undefined || userType(schema, to) !== undefined) return false
  if (zones[from.name as keyof typeof zones] === to.name) return isUtc(schema.timeZone)
  return binary[from.name]?.includes(to.name) === true
}

/** Zones that never had another offset, as the server asks for. */
const utc = new Set([
  'utc',
  'gmt',
  'uct',
  'zulu',
  'universal',
  'greenwich',
  'gmt0',
  'gmt+0',
  'gmt-0',
  'z',
  '0',
  '00',
  '+00',
  '+00:00',
  '00:00',
])

function isUtc(zone: string | undefined): boolean {
  return zone !== undefined && utc.has(zone.toLowerCase().replace(/^etc\//, ''))
}

/** Whether every value that was cut to the old length fits the new one untouched. */
function keepsLength(to: ColumnType, old: readonly number[]): boolean {
  const wanted = to.modifiers
  if (wanted.length === 0) return true
  if (wanted.length === old.length && wanted.every((one, index) => one === old[index])) return true
  if (to.array > 0) return false
  return fits[to.name]?.(wanted, old) === true
}

type Fits = (wanted: readonly number[], old: readonly number[]) => boolean

const grows: Fits = ([wanted = 0], [old]) => old !== undefined && wanted >= old
const maxPrecision = 6
const isFiner: Fits = ([wanted = 0], [old]) => wanted >= maxPrecision || (old !== undefined && wanted >= old)
const allFields = 0x7fff
const allDigits = 0xffff

/** The smallest field that values have, from second to year, by the bits in which the parser writes fields. */
function leastField(fields: number): number {
  return fields === allFields ? 0 : [12, 11, 10, 3, 1, 2].findIndex((bit) => (fields & (1 << bit)) !== 0)
}

const fits: Readonly<Record<string, Fits>> = {
  varchar: grows,
  varbit: grows,
  numeric: ([precision = 0, scale = 0], [oldPrecision, oldScale = 0]) =>
    oldPrecision !== undefined && scale === oldScale && precision >= oldPrecision,
  time: isFiner,
  timetz: isFiner,
  timestamp: isFiner,
  timestamptz: isFiner,
  interval: ([fields = allFields, precision = allDigits], [oldFields = allFields, oldPrecision = allDigits]) => {
    if (leastField(fields) > leastField(oldFields)) return false
    return leastField(oldFields) > 0 || precision >= maxPrecision || precision >= oldPrecision
  },
}

/** Whether an index on the column orders its values as before, so that its file can be kept. */
export function keepsOrder(schema: Schema, from: ColumnType, to: ColumnType): boolean {
  const [source, target] = [baseType(schema, from), baseType(schema, to)]
  return isSameType(source, target) || familyOfType(source) === familyOfType(target)
}

/** Types that share a default operator class. */
function familyOfType({ name, array }: ColumnType): string {
  const family = name === 'varchar' ? 'text' : name === 'cidr' ? 'inet' : name
  return array > 0 ? `${name}[]` : family
}
