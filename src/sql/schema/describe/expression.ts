import type { Node } from '@pgsql/types'
import { wordsOf } from '../../locks/names.ts'
import { canonicalText, stringsOf } from '../expression.ts'

/** An expression in SQL's words where it is a simple one, and else as its nodes say it; equal for equal ones. */
export function describeExpression(value: unknown): string {
  if (typeof value === 'string') return value
  return simple(value as Node) ?? canonicalText(value)
}

function simple(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined
  if ('ColumnRef' in node) {
    const { fields = [] } = node.ColumnRef
    return fields.every((one) => 'String' in one) ? stringsOf(fields).join('.') : undefined
  }
  if ('A_Const' in node) return constant(node.A_Const)
  if ('SQLValueFunction' in node) return node.SQLValueFunction.typmod === -1 ? functionName(node.SQLValueFunction.op) : undefined
  if ('FuncCall' in node) return call(node.FuncCall)
  if ('A_Expr' in node) return operation(node.A_Expr)
  if ('NullTest' in node) {
    const arg = simple(node.NullTest.arg)
    return arg === undefined ? undefined : `${arg} is ${node.NullTest.nulltesttype === 'IS_NULL' ? '' : 'not '}null`
  }
  if (!('BoolExpr' in node)) return undefined
  const args = all(node.BoolExpr.args)
  if (args === undefined) return undefined
  if (node.BoolExpr.boolop === 'NOT_EXPR') return `not (${args[0]})`
  return args.map((one) => `(${one})`).join(node.BoolExpr.boolop === 'AND_EXPR' ? ' and ' : ' or ')
}

function constant({ ival, sval, boolval, fval, isnull }: Extract<Node, { A_Const: unknown }>['A_Const']): string | undefined {
  if (isnull === true) return 'null'
  if (ival !== undefined) return String(ival.ival ?? 0)
  if (fval !== undefined) return fval.fval
  if (boolval !== undefined) return String(boolval.boolval === true)
  return sval === undefined ? undefined : `'${(sval.sval ?? '').replaceAll("'", "''")}'`
}

function functionName(op: string | undefined): string | undefined {
  return op?.replace('SVFOP_', '').toLowerCase()
}

/** Nothing but a name and arguments; what an aggregate may have besides is left to the nodes. */
function call({ args, funcname, ...rest }: Extract<Node, { FuncCall: unknown }>['FuncCall']): string | undefined {
  const plain = Object.keys(rest).every((key) => key === 'location' || key === 'funcformat')
  const texts = all(args)
  return plain && texts !== undefined ? `${wordsOf(funcname).join('.')}(${texts.join(', ')})` : undefined
}

function operation({ kind, name, lexpr, rexpr }: Extract<Node, { A_Expr: unknown }>['A_Expr']): string | undefined {
  if (kind !== 'AEXPR_OP' || lexpr === undefined) return undefined
  const [left, right] = [simple(lexpr), simple(rexpr)]
  return left === undefined || right === undefined ? undefined : `${nested(lexpr, left)} ${wordsOf(name).join('.')} ${nested(rexpr, right)}`
}

function nested(node: Node | undefined, text: string): string {
  return node !== undefined && ('A_Expr' in node || 'BoolExpr' in node) ? `(${text})` : text
}

function all(nodes: readonly Node[] | undefined): string[] | undefined {
  const texts = (nodes ?? []).map(simple)
  return texts.includes(undefined) ? undefined : (texts as string[])
}
