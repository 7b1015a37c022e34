import type { Node, UpdateStmt } from '@pgsql/types'
import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findTable } from '../../sql/schema/schema.ts'
import { isUsedTable } from '../bulk-write.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-write-without-where',
  group: 'data',
  severity: 'error',
  problem: 'Every row of the table is deleted or overwritten, and only a backup brings back what it said.',
  remedy: 'Say with WHERE which rows are meant.',
  because:
    'Without WHERE, and with WHERE true, a DELETE or UPDATE is about all rows. A column that the release itself adds holds nothing to lose yet.',
  examples: {
    bad: [
      'delete from orders',
      'update users set age = 0',
      'update users set age = 0 where true',
      'alter table users add column points int; update users set points = 1, age = 2',
      'do $$ begin delete from orders; end $$',
    ],
    good: [
      'delete from orders where id = 1',
      'alter table users add column points int; update users set points = 0',
      'create table carts (id bigint primary key); delete from carts',
      'update orders set amount = 0 from users where users.id = orders.user_id and users.id = 1',
    ],
  },
  on: ['DeleteStmt', 'UpdateStmt'],
  check({ relation, whereClause, ...rest }, scope) {
    if ((whereClause !== undefined && !isTrue(whereClause)) || !isUsedTable(relation, scope)) return undefined
    const name = tableName(nameOf(relation))
    if (!('targetList' in rest)) return { message: `This DELETE empties ${name}.` }
    if (onlyNewColumns(rest, nameOf(relation), scope)) return undefined
    const columns = nodesOf(rest.targetList, 'ResTarget').map((target) => target.name)
    return { message: `This UPDATE overwrites ${columns.join(', ')} in every row of ${name}.` }
  },
})

function isTrue(condition: Node): boolean {
  return 'A_Const' in condition && condition.A_Const.boolval?.boolval === true
}

function onlyNewColumns({ targetList }: UpdateStmt, name: Parameters<typeof findTable>[1], scope: StatementScope): boolean {
  const table = findTable(scope.schema, name)
  return nodesOf(targetList, 'ResTarget').every((target) => scope.isNew(table?.columns.get(target.name ?? '')))
}
