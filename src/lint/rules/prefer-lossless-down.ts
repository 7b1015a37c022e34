import { downPlace } from '../down/down-place.ts'
import { judgeFiles, offsetOf } from '../down/judge-files.ts'
import type { ReleaseRule } from '../rule.ts'

const rule: ReleaseRule = {
  name: 'prefer-lossless-down',
  group: 'data',
  severity: 'advice',
  optIn: true,
  problem: 'Taking the migration back throws away what users have entered since it ran.',
  remedy: 'Say in the release notes what is lost, or let the way back copy it to a table that stays.',
  because:
    'DROP COLUMN and DROP TABLE free their rows at once, UPDATE keeps no old value, and a narrower type fails on values that do not fit.',
  examples: {
    bad: [
      { files: [{ sql: 'alter table users add column phone text', down: 'alter table users drop column phone' }] },
      { files: [{ sql: 'create table carts (id bigint primary key)', down: 'drop table carts' }] },
      {
        files: [
          {
            phase: 'post',
            sql: 'alter table orders alter column amount type bigint',
            down: 'alter table orders alter column amount type int',
          },
        ],
      },
      { files: [{ sql: 'update users set nickname = lower(nickname)', down: 'select 1' }] },
    ],
    good: [
      {
        files: [
          {
            sql: 'alter table users alter column nickname set default now()::text',
            down: 'alter table users alter column nickname drop default',
          },
        ],
      },
      { files: [{ sql: 'create index orders_total_idx on orders (total)', down: 'drop index orders_total_idx' }] },
      { files: [{ sql: 'create view big_orders as select * from orders where total > 1000', down: 'drop view big_orders' }] },
      {
        files: [
          {
            sql: 'alter table users alter column name type varchar(200)',
            down: 'alter table users alter column name type text',
          },
        ],
      },
    ],
  },
  checkRelease: (scope) =>
    judgeFiles(scope).flatMap(({ file, judgement }) => {
      if (judgement?.wayBack.kind !== 'lossy') return []
      return judgement.wayBack.loses.map(({ what, by, fails }) => {
        const isDown = file.down !== undefined && !file.up.statements.includes(by)
        const place = isDown ? downPlace(file, by) : { path: file.migration.path, offset: offsetOf(file.up, by) }
        const message = fails
          ? `The way back of ${file.migration.id} meets ${what}.`
          : `Going back behind ${file.migration.id} loses ${what}.`
        return { ...place, message }
      })
    }),
}

export default rule
