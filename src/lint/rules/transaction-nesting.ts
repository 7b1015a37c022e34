import type { FileRule } from '../rule.ts'
import { transactionProblems } from '../transaction-control.ts'

const rule: FileRule = {
  name: 'transaction-nesting',
  group: 'robustness',
  severity: 'error',
  problem: 'Half of the migration is committed without its record, or the release refuses the file.',
  remedy: 'Remove BEGIN, COMMIT and their kin, or split the file into several migrations.',
  because:
    'Shiplock and the other tools open a transaction around a file and record the migration in it: a second BEGIN is only a warning to the server, and the first COMMIT ends the outer one. One BEGIN at the top with one COMMIT at the end is taken off.',
  examples: {
    bad: [
      'alter table users add column a int; commit; alter table users add column b int',
      'begin; alter table users add column a int; commit; begin; alter table users add column b int; commit',
      'savepoint one; update users set age = 1 where id = 1; release one',
      { files: [{ transaction: false, sql: 'begin; alter table users add column a int; rollback' }] },
      { fails: true, files: [{ sql: 'do $$ begin update users set age = 1 where id = 1; commit; end $$' }] },
    ],
    good: [
      'begin; alter table users add column a int; commit',
      { files: [{ transaction: false, sql: 'begin; alter table users add column a int; commit; vacuum users' }] },
      { files: [{ transaction: false, sql: 'do $$ begin update users set age = 1 where id = 1; commit; end $$' }] },
    ],
  },
  checkFile: (scope) => transactionProblems(scope).nested,
}

export default rule
