import type { A_Expr, BoolExpr, FuncCall, Node } from '@pgsql/types'
import { nameInText, wordsOf } from '../../locks/names.ts'
import type { Table } from '../../schema/schema.ts'
import { type Constant, constantOf } from './constant.ts'

/** A condition, as far as a proof needs to take it apart. */
export type Formula =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Formula[] }
  | { readonly kind: 'null'; readonly operand: string; readonly isNull: boolean }
  | { readonly kind: 'compare'; readonly operand: string; readonly operator: Operator; readonly value: Constant }
  /** Anything else, equal only to itself. */
  | { readonly kind: 'other'; readonly text: string }

const operators = ['<', '<=', '=', '>=', '>', '<>'] as const
export type Operator = (typeof operators)[number]

/** Reads a condition on the rows of a table. */
export function formulaOf(node: Node, table: Table): Formula {
  return read(node, table, false)
}

const negators: Readonly<Record<Operator, Operator>> = { '<': '>=', '<=': '>', '=': '<>', '>=': '<', '>': '<=', '<>': '=' }
const mirrored: Readonly<Record<Operator, Operator>> = { '<': '>', '<=': '>=', '=': '=', '>=': '<=', '>': '<', '<>': '<>' }

/** NOT is carried down to the parts, as the planner does. */
export function negated(formula: Formula): Formula {
  switch (formula.kind) {
    case 'and':
    case 'or':
      return { kind: formula.kind === 'and' ? 'or' : 'and', of: formula.of.map(negated) }
    case 'null':
      return { ...formula, isNull: !formula.isNull }
    case 'compare':
      return { ...formula, operator: negators[formula.operator] }
    case 'other':
      return { kind: 'other', text: `not ${formula.text}` }
  }
}

function read(node: Node, table: Table, isNegated: boolean): Formula {
  const found = plain(node, table)
  return isNegated ? negated(found) : found
}

function plain(node: Node, table: Table): Formula {
  if ('BoolExpr' in node) return boolean(node.BoolExpr, table)
  if ('NullTest' in node && node.NullTest.arg !== undefined) {
    return { kind: 'null', operand: operandOf(node.NullTest.arg), isNull: node.NullTest.nulltesttype === 'IS_NULL' }
  }
  if ('FuncCall' in node) return { kind: 'other', text: hashCall(node.FuncCall) ?? textOf(node) }
  if ('A_Expr' in node) return expression(node.A_Expr, table) ?? other(node)
  if ('ColumnRef' in node) return { kind: 'compare', operand: operandOf(node), operator: '=', value: { kind: 'text', value: 'true' } }
  return other(node)
}

function boolean({ boolop, args = [] }: BoolExpr, table: Table): Formula {
  if (boolop === 'NOT_EXPR') return args[0] === undefined ? { kind: 'or', of: [] } : read(args[0], table, true)
  return { kind: boolop === 'OR_EXPR' ? 'or' : 'and', of: args.map((one) => plain(one, table)) }
}

function expression({ kind, name, lexpr, rexpr }: A_Expr, table: Table): Formula | undefined {
  if (lexpr === undefined || rexpr === undefined) return undefined
  const word = wordsOf(name).at(-1) ?? ''
  const operator = (word === '!=' ? '<>' : word) as Operator
  switch (kind) {
    case 'AEXPR_OP':
      return compare(lexpr, operator, rexpr, table) ?? compare(rexpr, mirrored[operator], lexpr, table)
    case 'AEXPR_IN':
      return each(lexpr, operator, itemsOf(rexpr), operator === '=' ? 'or' : 'and', table)
    case 'AEXPR_OP_ANY':
      return each(lexpr, operator, itemsOf(rexpr), 'or', table)
    case 'AEXPR_OP_ALL':
      return each(lexpr, operator, itemsOf(rexpr), 'and', table)
    case 'AEXPR_BETWEEN':
      return between(lexpr, itemsOf(rexpr), table)
    case 'AEXPR_NOT_BETWEEN': {
      const inside = between(lexpr, itemsOf(rexpr), table)
      return inside === undefined ? undefined : negated(inside)
    }
    default:
      return undefined
  }
}

function compare(operand: Node, operator: Operator | undefined, value: Node, table: Table): Formula | undefined {
  if (operator === undefined || !operators.includes(operator)) return undefined
  const name = columnBehindText(operand, table) ?? operandOf(operand)
  const constant = constantOf(value, table.columns.get(name)?.type)
  return constant === undefined ? undefined : { kind: 'compare', operand: name, operator, value: constant }
}

/** A varchar is compared as text, cast or not. */
function columnBehindText(node: Node, table: Table): string | undefined {
  if (!('TypeCast' in node) || wordsOf(node.TypeCast.typeName?.names).at(-1) !== 'text') return undefined
  const { arg } = node.TypeCast
  if (arg === undefined || !('ColumnRef' in arg)) return undefined
  const column = operandOf(arg)
  return ['varchar', 'text'].includes(table.columns.get(column)?.type.name ?? '') ? column : undefined
}

function between(operand: Node, [low, high]: readonly Node[], table: Table): Formula | undefined {
  const from = low === undefined ? undefined : compare(operand, '>=', low, table)
  const to = high === undefined ? undefined : compare(operand, '<=', high, table)
  return from === undefined || to === undefined ? undefined : { kind: 'and', of: [from, to] }
}

/** The planner takes no longer lists apart. */
const longestList = 100

function each(operand: Node, operator: Operator, items: readonly Node[], kind: 'and' | 'or', table: Table): Formula | undefined {
  if (items.length === 0 || items.length > longestList) return undefined
  const of = items.flatMap((item) => compare(operand, operator, item, table) ?? [])
  return of.length === items.length ? { kind, of } : undefined
}

function itemsOf(node: Node): readonly Node[] {
  if ('List' in node) return node.List.items ?? []
  if ('A_ArrayExpr' in node) return node.A_ArrayExpr.elements ?? []
  return 'TypeCast' in node && node.TypeCast.arg !== undefined ? itemsOf(node.TypeCast.arg) : []
}

/** A column by its name, another expression by its text. */
export function operandOf(node: Node): string {
  if ('ColumnRef' in node) return wordsOf(node.ColumnRef.fields).at(-1) ?? ''
  return textOf(node)
}

/** The check of a hash partition, which only an equal one implies. */
export function hashText(parent: string, modulus: number, remainder: number, keys: readonly string[]): string {
  return JSON.stringify(['hash', parent, modulus, remainder, ...keys])
}

/** `satisfies_hash_partition('parent'::regclass, modulus, remainder, key)`, as a team may write it in a CHECK. */
function hashCall({ funcname, args = [] }: FuncCall): string | undefined {
  if (wordsOf(funcname).at(-1) !== 'satisfies_hash_partition') return undefined
  const [parent, modulus, remainder, ...keys] = args
  if (parent === undefined || !('TypeCast' in parent) || parent.TypeCast.arg === undefined) return undefined
  const { arg } = parent.TypeCast
  const name = 'A_Const' in arg ? nameInText(arg.A_Const.sval?.sval ?? '') : undefined
  const [all, rest] = [modulus, remainder].map(integerOf)
  if (name === undefined || all === undefined || rest === undefined) return undefined
  return hashText(name.name, all, rest, keys.map(operandOf))
}

function integerOf(node: Node | undefined): number | undefined {
  return node !== undefined && 'A_Const' in node && node.A_Const.ival !== undefined ? (node.A_Const.ival.ival ?? 0) : undefined
}

function other(node: Node): Formula {
  return { kind: 'other', text: textOf(node) }
}

/** Equal exactly for equal expressions, wherever they stand, and whether or not a column is named with its table. */
export function textOf(node: Node): string {
  return JSON.stringify(node, (key, value) => {
    if (key === 'location' || key.endsWith('_location') || key.startsWith('rexpr_list_')) return undefined
    return key === 'ColumnRef' ? wordsOf((value as { fields?: Node[] }).fields).at(-1) : value
  })
}
