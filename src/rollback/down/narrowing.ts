import type { Node } from '@pgsql/types'
import { quoteText } from '../../migration/ledger.ts'
import { carriedOut } from '../../sql/destructive/query.ts'
import { wordsOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { type Statement, tokensOf } from '../../sql/parse.ts'
import { type ColumnType, nameKey, type Schema } from '../../sql/schema/schema.ts'
import { ofRow } from './loss-queries.ts'

export interface Narrowing {
  /** The rows whose value becomes another one, or is refused. */
  readonly where: string
  readonly fails: boolean
}

interface TypeChange {
  /** As the statement calls it. */
  readonly column: string
  /** As the live database calls it. */
  readonly live: string
  readonly from: ColumnType
  readonly to: ColumnType
  readonly fails: boolean
}

/** Which values a change of type cuts or refuses; `undefined` where only the change itself would tell. */
export function narrowing(schema: Schema, change: TypeChange, statement: Statement, text: string): Narrowing | undefined {
  const { to, column } = change
  const value = ofRow(change.live)
  const using = usingOf(statement, column)
  const labels = enumLabels(schema, to)
  if (labels !== undefined) {
    if (using !== undefined && !isCastOf(using, column)) return undefined
    const list = labels.map(quoteText).join(', ')
    const unknown = `not ${value}::pg_catalog.text operator(pg_catalog.=) any (array[${list}]::pg_catalog.text[])`
    return { where: unknown, fails: true }
  }
  if (to.schema !== undefined || to.array > 0 || change.from.array > 0) return undefined
  if (using !== undefined && !isCastOf(using, column)) return ofExpression(change, using, statement, text)
  const found = byType[to.name]?.(value, change)
  return found === undefined ? undefined : { where: found, fails: change.fails }
}

function enumLabels(schema: Schema, { schema: space, name, array }: ColumnType): readonly string[] | undefined {
  const type = space === undefined ? undefined : schema.types.get(nameKey(space, name))
  return type?.kind === 'enum' && array === 0 ? type.values : undefined
}

const texts = ['text', 'varchar', 'bpchar', 'citext']
const wholes: Readonly<Record<string, readonly [string, string]>> = {
  int2: ['-32768', '32767'],
  int4: ['-2147483648', '2147483647'],
  int8: ['-9223372036854775808', '9223372036854775807'],
}
const floats = ['float4', 'float8']

type Condition = (value: string, change: TypeChange) => string | undefined

const byType: Readonly<Record<string, Condition | undefined>> = {
  varchar: tooLong,
  bpchar: tooLong,
  int2: outOfRange,
  int4: outOfRange,
  int8: outOfRange,
  numeric: tooManyDigits,
  date: changedByCast,
  timestamp: changedByCast,
  timestamptz: changedByCast,
}

function tooLong(value: string, { from, to: { modifiers } }: TypeChange): string | undefined {
  const [length] = modifiers
  if (length === undefined || !texts.includes(from.name)) return undefined
  return `pg_catalog.char_length(${value}::pg_catalog.text) operator(pg_catalog.>) ${length}`
}

function outOfRange(value: string, { from, to }: TypeChange): string | undefined {
  const [least, most] = wholes[to.name] ?? []
  if (least === undefined || (wholes[from.name] === undefined && from.name !== 'numeric' && !floats.includes(from.name))) return undefined
  const number = `${value}::pg_catalog.numeric`
  const outside = `(${number} operator(pg_catalog.<) '${least}'::pg_catalog.numeric or ${number} operator(pg_catalog.>) '${most}'::pg_catalog.numeric)`
  return wholes[from.name] === undefined ? `(pg_catalog.round(${number}) operator(pg_catalog.<>) ${number} or ${outside})` : outside
}

function tooManyDigits(value: string, { from, to: { modifiers } }: TypeChange): string | undefined {
  const [precision, scale = 0] = modifiers
  if (precision === undefined || (from.name !== 'numeric' && wholes[from.name] === undefined)) return undefined
  const number = `${value}::pg_catalog.numeric`
  const rounded = `pg_catalog.round(${number}, ${scale})`
  const limit = `pg_catalog.power(10::pg_catalog.numeric, (${precision - scale})::pg_catalog.numeric)`
  return (
    `(${number} operator(pg_catalog.<>) 'NaN'::pg_catalog.numeric and (${rounded} operator(pg_catalog.<>) ${number}` +
    ` or pg_catalog.abs(${rounded}) operator(pg_catalog.>=) ${limit}))`
  )
}

const moments = ['date', 'timestamp', 'timestamptz']

/** The way there and back, in the time zone of the session as ALTER TABLE has it. */
function changedByCast(value: string, { from, to }: TypeChange): string | undefined {
  if (!moments.includes(from.name)) return undefined
  const there = `${value}::pg_catalog.${to.name}${to.modifiers.length === 0 ? '' : `(${to.modifiers.join(',')})`}`
  return `${there}::pg_catalog.${from.name} operator(pg_catalog.<>) ${value}`
}

/** What an expression makes of a text can be seen beforehand, where it is written for one column and calls nothing of somebody's own. */
function ofExpression({ to, column, live }: TypeChange, using: Node, { node }: Statement, text: string): Narrowing | undefined {
  if (!texts.includes(to.name) || live !== column || carriedOut(using) !== undefined || !('AlterTableStmt' in node)) return undefined
  const token = tokensOf(text).filter((one) => one.text.toLowerCase() === 'using' && one.keywordKind > 0)
  const [only] = token
  if (node.AlterTableStmt.cmds?.length !== 1 || token.length !== 1 || only === undefined) return undefined
  const made = `(${Buffer.from(text).toString('utf8', only.end)}\n)::pg_catalog.text`
  const value = `${ofRow(live)}::pg_catalog.text`
  const differs = `${made} operator(pg_catalog.<>) ${value} collate pg_catalog."C"`
  return { where: `(${value} is not null and coalesce(${differs}, true))`, fails: false }
}

function usingOf({ node }: Statement, column: string): Node | undefined {
  if (!('AlterTableStmt' in node)) return undefined
  const command = nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd').find(
    (one) => one.subtype === 'AT_AlterColumnType' && one.name === column,
  )
  return command?.def !== undefined && 'ColumnDef' in command.def ? command.def.ColumnDef.raw_default : undefined
}

/** The column, cast to its new type, perhaps by way of its text. */
function isCastOf(using: Node, column: string): boolean {
  if ('ColumnRef' in using) return wordsOf(using.ColumnRef.fields).at(-1) === column
  if (!('TypeCast' in using) || using.TypeCast.arg === undefined) return false
  return isCastOf(using.TypeCast.arg, column)
}
