import { waitsByDesign } from '../../sql/classify.ts'
import { modeInSql } from '../../sql/locks/mode.ts'
import { relationName, strongLocks } from '../held-locks.ts'
import type { StatementRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { isLimited } from '../timeouts.ts'

const rule: StatementRule = {
  name: 'require-lock-timeout',
  aliases: ['require-timeout-settings'],
  group: 'locks',
  severity: 'warning',
  optIn: true,
  problem: 'While the statement waits for its lock, everybody else who wants the table waits behind it.',
  remedy: "Begin the file with SET LOCAL lock_timeout = '2s', and run it again when it fails.",
  because:
    'A lock that is waited for stands in the queue like one that is held. Shiplock sets a limit for every statement and tries again by itself: the rule is for files that another program runs as well. CONCURRENTLY waits by design, and a limit would only leave an invalid index.',
  examples: {
    bad: [
      'alter table users add column points int',
      "set lock_timeout = '0'; alter table users add column points int",
      "alter table users add column points int; set lock_timeout = '2s'",
      'create index orders_total_idx on orders (total)',
    ],
    good: [
      "set local lock_timeout = '2s'; alter table users add column points int",
      'set lock_timeout = 2000; alter table users add column points int; alter table orders add column note text',
      'create table carts (id bigint); alter table carts add column note text',
      { files: [{ transaction: false, sql: 'create index concurrently orders_total_idx on orders (total)' }] },
    ],
  },
  on: 'every-statement',
  check(_, scope) {
    const lock = unlimited(scope)
    if (lock === undefined || scope.earlier.some((one) => unlimited(one) !== undefined)) return undefined
    return { message: `Nothing limits how long this waits for ${modeInSql(lock.mode)} on ${relationName(lock.relation)}.` }
  },
}

export default rule

function unlimited(scope: StatementScope) {
  return waitsByDesign(scope.statement) || isLimited('lock_timeout', scope) ? undefined : strongLocks(scope)[0]
}
