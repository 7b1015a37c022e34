import type { Node, RangeVar } from '@pgsql/types'
import { nameOf, type RelationName, wordsOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { indexesOf, type Table, tableById } from '../../sql/schema/schema.ts'
import { movedToPost } from '../compatibility/moved.ts'
import { oldTable } from '../compatibility/old-objects.ts'
import { listed } from '../compatibility/sql-text.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'prefer-post-for-backfill',
  group: 'compatibility',
  severity: 'warning',
  phase: 'pre',
  problem: 'The deploy waits for the backfill, and what the code that still runs writes after it is left out.',
  remedy:
    'Change rows in a post migration, in batches; what the new code reads at once is kept up to date by a trigger or by the code meanwhile.',
  because:
    'Pre migrations end before the new code starts: rows that old code inserts or changes between the two are not seen by a backfill that has run.',
  yieldsTo: ['ban-backfill-with-ddl', 'ban-write-without-where', 'require-batched-backfill'],
  examples: {
    bad: [
      'alter table users add column kind text; update users set kind = nickname',
      'update orders set amount = 1 where amount is null',
      'create table names as select id from users; insert into names select id from users where age > 3',
      'delete from orders where placed_at < now()',
    ],
    good: [
      { files: [{ phase: 'post', transaction: false, sql: 'update orders set amount = 1 where amount is null' }] },
      'update products set stock = 3 where id = 7',
      "update users set name = 'a' where email in ('a@b', 'c@d')",
      'create table carts (id bigint, total int); update carts set total = 0',
      "insert into products (id, title, price) values (1001, 'a', 2)",
      'delete from products where id = 3',
    ],
  },
  on: ['UpdateStmt', 'InsertStmt', 'DeleteStmt'],
  check(_, scope) {
    const message = judged(scope)
    return message === undefined
      ? undefined
      : { message, instead: movedToPost(scope, undefined, 'In batches where there are many rows, each in a transaction of its own.') }
  },
})

function judged(scope: StatementScope): string | undefined {
  const { node } = scope.statement
  if ('UpdateStmt' in node) {
    const { relation, whereClause, targetList } = node.UpdateStmt
    const old = oldTable(scope, relation)
    if (old === undefined || isPoint(scope, old.table, whereClause)) return undefined
    const name = tableName(old.name)
    const fresh = nodesOf(targetList, 'ResTarget').flatMap((one) =>
      scope.isNew(old.table?.columns.get(one.name ?? '')) ? (one.name ?? []) : [],
    )
    if (fresh.length === 0) return `Rows of ${name} change while the old code still reads and writes them.`
    if (hasNewTrigger(scope, old.table)) return `The deploy waits until ${listed(fresh)} is filled in every row of ${name}.`
    return `Rows that the old code writes to ${name} after this are left without ${listed(fresh)}.`
  }
  if ('DeleteStmt' in node) {
    const old = oldTable(scope, node.DeleteStmt.relation)
    if (old === undefined || isPoint(scope, old.table, node.DeleteStmt.whereClause)) return undefined
    return `Rows of ${tableName(old.name)} are deleted while the old code still reads and writes them.`
  }
  if (!('InsertStmt' in node)) return undefined
  const { selectStmt, relation } = node.InsertStmt
  const sources = selectStmt === undefined || !('SelectStmt' in selectStmt) ? [] : nodesOf(selectStmt.SelectStmt.fromClause, 'RangeVar')
  const copied = sources.flatMap((range) => source(scope, range))
  if (copied.length === 0 || relation?.relpersistence === 't') return undefined
  return `Rows that the old code writes to ${listed(copied.map(tableName))} after this are missing in ${tableName(nameOf(relation))}.`
}

/** A table that the old code writes to, unless a trigger of this release carries its writes over. */
function source(scope: StatementScope, range: RangeVar): RelationName[] {
  const old = oldTable(scope, range)
  return old === undefined || hasNewTrigger(scope, old.table) ? [] : [old.name]
}

/** Whether the condition names single rows, by a unique column. */
function isPoint(scope: StatementScope, table: Table | undefined, condition: Node | undefined): boolean {
  if (condition === undefined) return false
  if ('BoolExpr' in condition)
    return condition.BoolExpr.boolop === 'AND_EXPR' && (condition.BoolExpr.args ?? []).some((one) => isPoint(scope, table, one))
  if (!('A_Expr' in condition) || wordsOf(condition.A_Expr.name).at(-1) !== '=') return false
  const { kind, lexpr, rexpr } = condition.A_Expr
  if ((kind !== 'AEXPR_OP' && kind !== 'AEXPR_IN') || lexpr === undefined || !('ColumnRef' in lexpr) || !isConstant(rexpr)) return false
  const column = wordsOf(lexpr.ColumnRef.fields).at(-1) ?? ''
  if (table === undefined) return column === 'id'
  return indexesOf(scope.schema, table).some(
    ({ unique, keys, predicate }) => unique && predicate === undefined && keys.length === 1 && keys[0]?.column === column,
  )
}

function isConstant(node: Node | undefined): boolean {
  if (node === undefined) return false
  if ('List' in node) return (node.List.items ?? []).every(isConstant)
  if ('TypeCast' in node) return isConstant(node.TypeCast.arg)
  return 'A_Const' in node
}

function hasNewTrigger(scope: StatementScope, table: Table | undefined): boolean {
  const released = tableById(scope.release.before, table?.id)
  return [...(table?.triggers.keys() ?? [])].some((trigger) => released?.triggers.has(trigger) === false)
}
