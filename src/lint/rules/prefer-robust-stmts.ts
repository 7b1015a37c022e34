import { repeatable } from '../repeatable.ts'
import type { StatementRule } from '../rule.ts'

const rule: StatementRule = {
  name: 'prefer-robust-stmts',
  group: 'robustness',
  severity: 'advice',
  optIn: true,
  problem: 'When a later statement of the file fails, a second run stops at this one.',
  remedy: 'Add IF EXISTS or IF NOT EXISTS, or OR REPLACE.',
  because:
    'Outside a transaction each statement stays done when the next one fails. Shiplock goes on where it stopped; other programs begin again. IF NOT EXISTS is no help for an index that is built concurrently: it accepts the invalid one of a build that failed.',
  examples: {
    bad: [
      { files: [{ transaction: false, sql: 'alter table users add column points int; vacuum users' }] },
      { files: [{ transaction: false, sql: 'create table carts (id bigint); vacuum users' }] },
      { files: [{ transaction: false, sql: 'drop view active_users; vacuum users' }] },
    ],
    good: [
      'alter table users add column points int; select 1',
      { files: [{ transaction: false, sql: 'alter table users add column if not exists points int; vacuum users' }] },
      { files: [{ transaction: false, sql: 'vacuum users; alter table users add column points int' }] },
      { files: [{ transaction: false, sql: 'create index concurrently orders_total_idx on orders (total); vacuum users' }] },
      { files: [{ transaction: false, sql: 'begin; create table carts (id bigint); commit; vacuum users' }] },
    ],
  },
  on: 'every-statement',
  check(_, { statement, file, index, inTransaction }) {
    const isLast = index === file.up.statements.length - 1
    const isIndex = 'IndexStmt' in statement.node || ('DropStmt' in statement.node && statement.node.DropStmt.removeType === 'OBJECT_INDEX')
    if (inTransaction || isLast || isIndex || repeatable(statement) !== 'with-if') return undefined
    return { message: 'This statement fails when the file is run a second time, because what it makes or removes is done.' }
  },
}

export default rule
