import { bulkWrite } from '../bulk-write.ts'
import { heldBefore, relationName, whoWaits } from '../held-locks.ts'
import type { StatementRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

const rule: StatementRule = {
  name: 'ban-backfill-with-ddl',
  group: 'locks',
  severity: 'error',
  problem: 'Whoever uses the table that was altered waits until the last row is written.',
  remedy: 'Write the rows in a migration of its own, after the one that alters the table, and in batches.',
  because:
    'A lock is held until its transaction ends: ALTER TABLE takes an instant, and the rows that are written behind it in the same transaction keep its lock for as long as they take.',
  examples: {
    bad: [
      'alter table users add column points int; update users set points = 0 where points is null',
      'alter table orders add column note text; delete from users where age is null',
      'do $$ begin alter table users add column points int; update users set points = 0 where points is null; end $$',
    ],
    good: [
      {
        files: [
          { sql: 'alter table users add column points int' },
          { phase: 'post', sql: 'update users set points = 0 where points is null' },
        ],
      },
      'alter table users add column points int; update users set points = 0 where id = 1',
      'create table carts (id bigint primary key); insert into carts select id from users',
      { files: [{ transaction: false, sql: 'alter table users add column points int; update users set points = 0 where points is null' }] },
    ],
  },
  on: ['UpdateStmt', 'DeleteStmt', 'InsertStmt', 'MergeStmt'],
  check(_, scope) {
    const write = bulkWrite(scope)
    const held = heldBefore(scope)
    if (write === undefined || held === undefined || scope.earlier.some(isSuch)) return undefined
    const altered = relationName(held.relation)
    return {
      message: `This ${write.verb} of ${tableName(write.table)} runs while the transaction keeps ${altered} locked.`,
      harm: `Every ${whoWaits(held.mode)} of ${altered} waits until all rows are written.`,
      instead: scope.nested
        ? []
        : [
            {
              phase: 'post',
              transactional: true,
              sql: `${scope.sql};`,
              note: 'After the migration that alters the table; in batches when there are many rows.',
            },
          ],
    }
  },
}

export default rule

/** One finding tells of all of them. */
function isSuch(scope: StatementScope): boolean {
  return heldBefore(scope) !== undefined && bulkWrite(scope) !== undefined
}
