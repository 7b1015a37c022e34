import type { FileRule } from '../rule.ts'
import { transactionProblems } from '../transaction-control.ts'

const rule: FileRule = {
  name: 'ban-uncommitted-transaction',
  group: 'robustness',
  severity: 'error',
  problem: 'What the migration does is rolled back when its connection ends, or the release refuses the file.',
  remedy: 'Add COMMIT at the end of the file, or remove BEGIN.',
  because: 'A transaction that nobody commits is rolled back with its session; until then it keeps every lock that it took.',
  examples: {
    bad: [
      'begin; alter table users add column a int',
      { files: [{ transaction: false, sql: 'start transaction; alter table users add column a int' }] },
    ],
    good: ['begin; alter table users add column a int; commit', 'alter table users add column a int'],
  },
  checkFile: (scope) => transactionProblems(scope).uncommitted,
}

export default rule
