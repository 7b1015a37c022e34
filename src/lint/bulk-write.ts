import type { Node, RangeVar, SelectStmt } from '@pgsql/types'
import { nameOf, type RelationName, wordsOf } from '../sql/locks/names.ts'
import { nodesOf, openNode } from '../sql/node.ts'
import { findRelation, indexesOf, type Relation } from '../sql/schema/schema.ts'
import { isUsed } from './held-locks.ts'
import type { StatementScope } from './scope.ts'

/** A statement that writes rows of a table in use, as many as there happen to be. */
export interface BulkWrite {
  readonly verb: 'UPDATE' | 'DELETE' | 'INSERT' | 'MERGE'
  readonly table: RelationName
}

export function bulkWrite(scope: StatementScope): BulkWrite | undefined {
  const { node } = scope.statement
  const batched = scope.file.up.nested.get(scope.index)?.some((one) => one.statement === scope.statement && one.batched)
  if (batched === true) return undefined
  const found = writeIn(node, scope)
  return found === undefined || !isUsedTable(found.relation, scope) ? undefined : { verb: found.verb, table: nameOf(found.relation) }
}

function writeIn(node: Node, scope: StatementScope): { verb: BulkWrite['verb']; relation: RangeVar | undefined } | undefined {
  if ('UpdateStmt' in node) {
    const { relation, whereClause } = node.UpdateStmt
    return isBounded(whereClause, relation, scope) ? undefined : { verb: 'UPDATE', relation }
  }
  if ('DeleteStmt' in node) {
    const { relation, whereClause } = node.DeleteStmt
    return isBounded(whereClause, relation, scope) ? undefined : { verb: 'DELETE', relation }
  }
  if ('InsertStmt' in node) {
    const { relation, selectStmt } = node.InsertStmt
    const query = selectStmt !== undefined && 'SelectStmt' in selectStmt ? selectStmt.SelectStmt : undefined
    return query !== undefined && readsUsedTable(query, scope) ? { verb: 'INSERT', relation } : undefined
  }
  return 'MergeStmt' in node ? { verb: 'MERGE', relation: node.MergeStmt.relation } : undefined
}

/** What others may be using, by its name where the statement stands. */
export function isUsedTable(range: RangeVar | undefined, scope: StatementScope): boolean {
  if (range === undefined) return false
  return isUsed(
    findRelation(scope.schema, nameOf(range)) ?? { kind: 'unknown', schema: range.schemaname, name: range.relname ?? '' },
    scope,
  )
}

function readsUsedTable({ fromClause, larg, rarg, limitCount, withClause }: SelectStmt, scope: StatementScope): boolean {
  if (limitCount !== undefined) return false
  const local = nodesOf(withClause?.ctes, 'CommonTableExpr').map(({ ctename }) => ctename)
  const reads = rangesIn(fromClause).some((range) => !local.includes(range.relname ?? '') && isUsedTable(range, scope))
  return reads || [larg, rarg].some((side) => side !== undefined && readsUsedTable(side, scope))
}

function rangesIn(value: unknown): readonly RangeVar[] {
  if (typeof value !== 'object' || value === null) return []
  if ('RangeVar' in value) return [value.RangeVar as RangeVar]
  return Object.values(value).flatMap(rangesIn)
}

/** Whether a condition picks rows by a unique key, one by one, or as many as a LIMIT allows. */
function isBounded(condition: Node | undefined, target: RangeVar | undefined, scope: StatementScope): boolean {
  const parts = conjuncts(condition)
  if (parts.some(isLimited)) return true
  const fixed = new Set(parts.flatMap((part) => fixedColumn(part, target)))
  const relation: Relation | undefined = findRelation(scope.schema, nameOf(target))
  if (relation?.kind !== 'table') return false
  return indexesOf(scope.schema, relation).some(
    ({ unique, predicate, keys }) =>
      unique && predicate === undefined && keys.every(({ column }) => column !== undefined && fixed.has(column)),
  )
}

function conjuncts(condition: Node | undefined): readonly Node[] {
  if (condition === undefined) return []
  const isAnd = 'BoolExpr' in condition && condition.BoolExpr.boolop === 'AND_EXPR'
  return isAnd ? (condition.BoolExpr.args ?? []).flatMap(conjuncts) : [condition]
}

/** `column = constant` or `column in (constants)`. */
function fixedColumn(part: Node, target: RangeVar | undefined): readonly string[] {
  if (!('A_Expr' in part) || wordsOf(part.A_Expr.name).at(-1) !== '=') return []
  const { kind, lexpr, rexpr } = part.A_Expr
  if (kind !== 'AEXPR_OP' && kind !== 'AEXPR_IN') return []
  const sides = [lexpr, rexpr]
  const [column] = sides.filter((side) => side !== undefined && 'ColumnRef' in side)
  const others = sides.filter((side) => side !== column)
  if (column === undefined || !('ColumnRef' in column) || !others.every((side) => side !== undefined && isConstant(side))) return []
  const words = wordsOf(column.ColumnRef.fields)
  const tables = [target?.alias?.aliasname ?? target?.relname, undefined]
  return tables.includes(words.at(-2)) ? words.slice(-1) : []
}

function isConstant(node: Node): boolean {
  const { kind } = openNode(node)
  if (kind === 'A_Const' || kind === 'ParamRef') return true
  if ('TypeCast' in node) return node.TypeCast.arg !== undefined && isConstant(node.TypeCast.arg)
  return 'List' in node && (node.List.items ?? []).every(isConstant)
}

/** `… in (select … limit 1000)`, and `= any (array(select … limit 1000))`. */
function isLimited(part: Node): boolean {
  if ('SubLink' in part) return part.SubLink.subLinkType === 'ANY_SUBLINK' && hasLimit(part.SubLink.subselect)
  if (!('A_Expr' in part) || part.A_Expr.kind !== 'AEXPR_OP_ANY') return false
  const { rexpr } = part.A_Expr
  return rexpr !== undefined && 'SubLink' in rexpr && rexpr.SubLink.subLinkType === 'ARRAY_SUBLINK' && hasLimit(rexpr.SubLink.subselect)
}

function hasLimit(query: Node | undefined): boolean {
  return query !== undefined && 'SelectStmt' in query && query.SelectStmt.limitCount !== undefined
}
