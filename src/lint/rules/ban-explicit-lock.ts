import { lockModes, modeInSql } from '../../sql/locks/mode.ts'
import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { isUsedTable } from '../bulk-write.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-explicit-lock',
  group: 'locks',
  severity: 'warning',
  problem: 'Whoever uses the table waits from here to the end of the transaction.',
  remedy: 'Leave LOCK TABLE out: each statement takes the lock that it needs, when it needs it.',
  because:
    'A lock is held until its transaction ends; LOCK TABLE takes ACCESS EXCLUSIVE, which even readers wait for, unless it names another mode.',
  examples: {
    bad: [
      'lock table users',
      'lock table orders, products in share row exclusive mode',
      'do $$ begin lock users in exclusive mode; end $$',
    ],
    good: [
      'lock table users in row exclusive mode',
      'lock table users in share update exclusive mode',
      'create table carts (id bigint); lock table carts',
    ],
  },
  on: 'LockStmt',
  check({ relations, mode = 8 }, scope) {
    const named = lockModes[mode - 1] ?? 'AccessExclusive'
    const used = nodesOf(relations, 'RangeVar').filter((range) => isUsedTable(range, scope))
    if (used.length === 0 || mode <= lockModes.indexOf('ShareUpdateExclusive') + 1) return undefined
    const names = used.map((range) => tableName(nameOf(range))).join(', ')
    return { message: `LOCK TABLE holds ${modeInSql(named)} on ${names} until the transaction ends.` }
  },
})
