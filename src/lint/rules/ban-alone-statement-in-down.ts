import { standsAlone } from '../../sql/classify.ts'
import { downPlace } from '../down/down-place.ts'
import type { ReleaseProblem, ReleaseRule } from '../rule.ts'

const rule: ReleaseRule = {
  name: 'ban-alone-statement-in-down',
  group: 'robustness',
  severity: 'error',
  problem: 'The way back fails on the day on which it is needed.',
  remedy: 'Leave CONCURRENTLY out of the way back, or mark the migration to run outside a transaction.',
  because:
    'CONCURRENTLY, VACUUM, CREATE DATABASE and a few more refuse to run in a transaction block (SQLSTATE 25001), and a way back runs in its migration’s mode.',
  examples: {
    bad: [
      {
        files: [
          {
            sql: 'create table carts (id bigint, user_id bigint); create index carts_user_id_idx on carts (user_id)',
            down: 'drop index concurrently carts_user_id_idx; drop table carts',
          },
        ],
      },
    ],
    good: [
      {
        files: [
          {
            transaction: false,
            sql: 'create index concurrently orders_total_idx on orders (total)',
            down: 'drop index concurrently orders_total_idx',
          },
        ],
      },
      { files: [{ sql: 'create index orders_total_idx on orders (total)', down: 'drop index orders_total_idx' }] },
    ],
  },
  checkRelease: (scope) =>
    scope.files.flatMap((file): ReleaseProblem[] => {
      if (!(file.migration.downTransactional ?? file.migration.transactional)) return []
      return (file.down?.statements ?? []).flatMap((statement) => {
        const what = standsAlone(statement)
        if (what === undefined) return []
        const message = `The way back of ${file.migration.id} runs in a transaction, where ${what} is refused.`
        return [{ ...downPlace(file, statement), message }]
      })
    }),
}

export default rule
