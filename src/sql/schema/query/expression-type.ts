import type { Node } from '@pgsql/types'
import { wordsOf } from '../../locks/names.ts'
import { columnType, plainType } from '../column-type.ts'
import type { ColumnType } from '../schema.ts'
import type { Reading } from './read-query.ts'

/** The type of an expression where its text tells it surely. */
export function expressionType(reading: Reading, node: Node | undefined): ColumnType | undefined {
  if (node === undefined) return undefined
  if ('ColumnRef' in node) return withoutSerial(reading.find(node.ColumnRef.fields ?? [])?.type)
  if ('TypeCast' in node) return withoutSerial(columnType(reading.schema, node.TypeCast.typeName))
  if ('A_Const' in node) return constantType(node.A_Const)
  if ('BoolExpr' in node || 'NullTest' in node || 'BooleanTest' in node) return plainType('bool')
  if ('SubLink' in node) return node.SubLink.subLinkType === 'EXISTS_SUBLINK' ? plainType('bool') : undefined
  if ('CollateClause' in node) return expressionType(reading, node.CollateClause.arg)
  if ('FuncCall' in node) return callType(reading, wordsOf(node.FuncCall.funcname), node.FuncCall.args ?? [])
  if ('SQLValueFunction' in node) return valueFunctions[node.SQLValueFunction.op ?? '']
  if ('A_Expr' in node && comparisons.has(wordsOf(node.A_Expr.name).at(-1) ?? '') && node.A_Expr.kind !== 'AEXPR_NULLIF') {
    return plainType('bool')
  }
  return undefined
}

function withoutSerial(type: ColumnType | undefined): ColumnType | undefined {
  return type === undefined ? undefined : { ...type, serial: false }
}

function constantType({ ival, sval, boolval, isnull }: { ival?: unknown; sval?: unknown; boolval?: unknown; isnull?: boolean }) {
  if (ival !== undefined) return plainType('int4')
  if (boolval !== undefined) return plainType('bool')
  return sval !== undefined || isnull === true ? plainType('text') : undefined
}

const comparisons = new Set(['=', '<>', '<', '>', '<=', '>=', '~~', '!~~', '~~*', '!~~*'])

const valueFunctions: Readonly<Record<string, ColumnType>> = {
  SVFOP_CURRENT_DATE: plainType('date'),
  SVFOP_CURRENT_TIMESTAMP: plainType('timestamptz'),
  SVFOP_LOCALTIMESTAMP: plainType('timestamp'),
  SVFOP_CURRENT_USER: plainType('name'),
}

const results: Readonly<Record<string, string>> = {
  count: 'int8',
  now: 'timestamptz',
  lower: 'text',
  upper: 'text',
  concat: 'text',
  row_number: 'int8',
  gen_random_uuid: 'uuid',
  bool_and: 'bool',
  bool_or: 'bool',
  string_agg: 'text',
}

const sums: Readonly<Record<string, string>> = { int2: 'int8', int4: 'int8', int8: 'numeric', numeric: 'numeric', float8: 'float8' }

const extremes: Readonly<Record<string, string>> = {
  int2: 'int2',
  int4: 'int4',
  int8: 'int8',
  numeric: 'numeric',
  float8: 'float8',
  text: 'text',
  varchar: 'text',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
}

function callType(reading: Reading, words: readonly string[], args: readonly Node[]): ColumnType | undefined {
  const name = words.at(-1) ?? ''
  if (words.length > 1 && words[0] !== 'pg_catalog') return undefined
  const known = results[name]
  if (known !== undefined) return plainType(known)
  const first = expressionType(reading, args[0])
  if (first === undefined || first.array > 0 || first.schema !== undefined) return undefined
  const sum = name === 'sum' ? sums[first.name] : undefined
  if (sum !== undefined) return plainType(sum)
  const extreme = name === 'min' || name === 'max' ? extremes[first.name] : undefined
  return extreme === undefined ? undefined : plainType(extreme)
}
