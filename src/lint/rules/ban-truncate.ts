import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { isUsedTable } from '../bulk-write.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-truncate',
  group: 'data',
  severity: 'error',
  problem: 'Every row of the table is gone, and only a backup brings them back.',
  remedy: 'Delete the rows that are meant with DELETE … WHERE, in batches when there are many.',
  because:
    'TRUNCATE gives the table a new, empty file under ACCESS EXCLUSIVE: nobody reads it meanwhile, no trigger for deleted rows runs, and transactions with an older snapshot find it empty.',
  yieldsTo: ['ban-truncate-cascade'],
  examples: {
    bad: ['truncate orders', 'truncate table only orders restart identity', "do $$ begin execute 'truncate orders'; end $$"],
    good: ['create table carts (id bigint); truncate carts', 'delete from orders where id = 1'],
  },
  on: 'TruncateStmt',
  check({ relations }, scope) {
    const used = nodesOf(relations, 'RangeVar').filter((range) => isUsedTable(range, scope))
    if (used.length === 0) return undefined
    return { message: `TRUNCATE empties ${used.map((range) => tableName(nameOf(range))).join(', ')}.` }
  },
})
