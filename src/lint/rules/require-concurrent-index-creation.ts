import { nameOf } from '../../sql/locks/names.ts'
import { findTable } from '../../sql/schema/schema.ts'
import { defineRule } from '../rule.ts'
import { concurrently, tableName } from '../wording.ts'

export default defineRule({
  name: 'require-concurrent-index-creation',
  group: 'locks',
  severity: 'error',
  problem: 'Every write to the table waits until the index is built.',
  remedy: 'Use CREATE INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction.',
  because: 'CREATE INDEX holds SHARE on its table from its first row to its last; inserts, updates and deletes need ROW EXCLUSIVE.',
  examples: {
    bad: ['create index orders_total_idx on orders (total)', 'create unique index users_nickname_key on users (nickname)'],
    good: [
      { files: [{ transaction: false, sql: 'create index concurrently orders_total_idx on orders (total)' }] },
      'create table carts (id bigint primary key, user_id bigint); create index carts_user_id_idx on carts (user_id)',
    ],
  },
  on: 'IndexStmt',
  check(index, scope) {
    if (index.concurrent === true) return undefined
    const table = findTable(scope.schema, nameOf(index.relation))
    // an index of a partitioned table cannot be built concurrently: that has a rule of its own
    if (table?.form === 'partitioned' || scope.isNew(table)) return undefined
    const name = tableName(nameOf(index.relation))
    return {
      message: `Building ${index.idxname ? `the index ${index.idxname}` : 'an index'} on ${name} holds back every write to it until the index is built.`,
      harm: `Every INSERT, UPDATE and DELETE on ${name} waits.`,
      instead: [{ phase: scope.phase, transactional: false, sql: `${concurrently(scope.sql)};` }],
    }
  },
})
