import type { A_Expr, Node } from '@pgsql/types'
import { wordsOf } from '../../sql/locks/names.ts'
import { sameNode } from './same-node.ts'

/** Whether a CHECK allows all that another one allows: the same, or a longer list, or a further limit. */
export function allowsAllOf(check: Node, other: Node): boolean {
  if (sameNode(check, other)) return true
  if (!('A_Expr' in check) || !('A_Expr' in other)) return false
  const [one, two] = [check.A_Expr, other.A_Expr]
  if (!sameNode(one.lexpr, two.lexpr) || operatorOf(one) !== operatorOf(two)) return false
  if (one.kind === 'AEXPR_IN' && two.kind === 'AEXPR_IN' && operatorOf(one) === '=') {
    const allowed = itemsOf(one.rexpr)
    return itemsOf(two.rexpr).every((item) => allowed.some((same) => sameNode(same, item)))
  }
  const [limit, before] = [numberOf(one.rexpr), numberOf(two.rexpr)]
  if (one.kind !== 'AEXPR_OP' || limit === undefined || before === undefined) return false
  return operatorOf(one).startsWith('<') ? limit >= before : operatorOf(one).startsWith('>') && limit <= before
}

function operatorOf({ name }: A_Expr): string {
  const operator = wordsOf(name).at(-1) ?? ''
  return ['=', '<', '<=', '>', '>='].includes(operator) ? operator : `other ${operator}`
}

function itemsOf(node: Node | undefined): readonly Node[] {
  return node !== undefined && 'List' in node ? (node.List.items ?? []) : []
}

function numberOf(node: Node | undefined): number | undefined {
  if (node === undefined || !('A_Const' in node)) return undefined
  const { ival, fval } = node.A_Const
  return ival !== undefined ? (ival.ival ?? 0) : fval?.fval === undefined ? undefined : Number(fval.fval)
}
