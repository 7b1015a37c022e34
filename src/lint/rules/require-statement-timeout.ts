import { waitsByDesign } from '../../sql/classify.ts'
import { relationName, strongLocks } from '../held-locks.ts'
import type { StatementRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { isLimited } from '../timeouts.ts'

const rule: StatementRule = {
  name: 'require-statement-timeout',
  group: 'locks',
  severity: 'advice',
  optIn: true,
  problem: 'A statement that takes longer than anybody thought keeps its lock until somebody ends it by hand.',
  remedy: "Begin the file with SET LOCAL statement_timeout = '30s'.",
  because:
    'statement_timeout ends a statement that runs too long and gives its locks back; lock_timeout counts only the time that it waits.',
  examples: {
    bad: ['alter table users add column points int', "set local lock_timeout = '2s'; alter table users add column points int"],
    good: [
      "set local statement_timeout = '30s'; alter table users add column points int",
      'create table carts (id bigint); alter table carts add column note text',
    ],
  },
  on: 'every-statement',
  check(_, scope) {
    const lock = unlimited(scope)
    if (lock === undefined || scope.earlier.some((one) => unlimited(one) !== undefined)) return undefined
    return { message: `Nothing limits how long this keeps ${relationName(lock.relation)} locked.` }
  },
}

export default rule

function unlimited(scope: StatementScope) {
  return waitsByDesign(scope.statement) || isLimited('statement_timeout', scope) ? undefined : strongLocks(scope)[0]
}
