import type { Node } from '@pgsql/types'
import { wordsOf } from '../../sql/locks/names.ts'
import { openNode } from '../../sql/node.ts'
import { columnsIn } from '../remedy/columns-in.ts'

/** What writes of the old code put into a column. */
export type OldValue = 'null' | 'not null' | 'fits' | 'anything'

type Outcome = 'true' | 'false' | 'null'

/**
 * Whether a row that old code writes may violate a CHECK: only FALSE does, NULL passes. `put` tells what it puts
 * into a column; what `fits` passes every comparison, as the rows do that the server has looked at.
 */
export function mayBeFalse(expression: Node, put: (column: string) => OldValue): boolean {
  return outcomes(expression, put).has('false')
}

type Puts = (column: string) => OldValue
const anyOutcome: ReadonlySet<Outcome> = new Set<Outcome>(['true', 'false', 'null'])
const only = (outcome: Outcome): ReadonlySet<Outcome> => new Set([outcome])

function outcomes(node: Node, put: Puts): ReadonlySet<Outcome> {
  if ('BoolExpr' in node)
    return combined(
      node.BoolExpr.boolop ?? '',
      (node.BoolExpr.args ?? []).map((one) => outcomes(one, put)),
    )
  if ('NullTest' in node) {
    const value = node.NullTest.arg === undefined ? 'anything' : writtenTo(node.NullTest.arg, put)
    if (value === 'anything') return new Set<Outcome>(['true', 'false'])
    return only((value === 'null') === (node.NullTest.nulltesttype === 'IS_NULL') ? 'true' : 'false')
  }
  if ('A_Expr' in node && strict.has(node.A_Expr.kind ?? '')) {
    const values = [node.A_Expr.lexpr, node.A_Expr.rexpr].flatMap((one) => (one === undefined ? [] : [writtenTo(one, put)]))
    if (values.includes('null')) return only('null')
    return values.includes('fits') && !values.includes('anything') ? only('true') : anyOutcome
  }
  if ('ColumnRef' in node) {
    const value = writtenTo(node, put)
    return value === 'null' ? only('null') : value === 'fits' ? only('true') : anyOutcome
  }
  return refersOnlyToFitting(node, put) ? only('true') : anyOutcome
}

/** Operators of the server are NULL when an operand is. */
const strict: ReadonlySet<string> = new Set([
  'AEXPR_OP',
  'AEXPR_OP_ANY',
  'AEXPR_IN',
  'AEXPR_LIKE',
  'AEXPR_ILIKE',
  'AEXPR_SIMILAR',
  'AEXPR_BETWEEN',
  'AEXPR_NOT_BETWEEN',
])

function writtenTo(node: Node, put: Puts): OldValue {
  if ('A_Const' in node) return node.A_Const.isnull ? 'null' : 'not null'
  if ('ColumnRef' in node) return put(wordsOf(node.ColumnRef.fields).at(-1) ?? '')
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return writtenTo(node.TypeCast.arg, put)
  const { kind, content } = openNode(node)
  if (kind === 'List')
    return ((content as { items?: Node[] }).items ?? []).every((one) => writtenTo(one, put) === 'not null') ? 'not null' : 'anything'
  if (kind === 'A_Expr' && outcomes(node, put).size === 1 && outcomes(node, put).has('null')) return 'null'
  return refersOnlyToFitting(node, put) ? 'fits' : 'anything'
}

/** Of a call, or of what is not taken apart: whether every column in it fits. */
function refersOnlyToFitting(node: unknown, put: Puts): boolean {
  const columns = columnsIn(node).map(({ name }) => name)
  return columns.length > 0 && columns.every((column) => put(column) === 'fits')
}

function combined(operator: string, parts: readonly ReadonlySet<Outcome>[]): ReadonlySet<Outcome> {
  const [first] = parts
  if (operator === 'NOT_EXPR' && first !== undefined) {
    return new Set([...first].map((one): Outcome => (one === 'true' ? 'false' : one === 'false' ? 'true' : 'null')))
  }
  // of AND the weakest part counts, of OR the strongest
  const order: readonly Outcome[] = operator === 'AND_EXPR' ? ['false', 'null', 'true'] : ['true', 'null', 'false']
  return parts.reduce((one, other) => {
    const both = new Set<Outcome>()
    for (const left of one) for (const right of other) both.add(order.indexOf(left) < order.indexOf(right) ? left : right)
    return both
  })
}
