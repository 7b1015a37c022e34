import { judgeFiles, offsetOf } from '../down/judge-files.ts'
import type { ReleaseRule } from '../rule.ts'

const rule: ReleaseRule = {
  name: 'prefer-reversible-migration',
  group: 'data',
  severity: 'advice',
  problem: 'Once the migration has run, only a backup or a fix forward helps.',
  remedy: 'Keep a copy of what goes until nobody can want it back, or release with the knowledge that this is the point of no return.',
  because:
    'A way back makes a column or a table again, but not its values; and PostgreSQL has no statement that takes a value out of an enum type.',
  examples: {
    bad: [
      "alter type order_state add value 'refunded'",
      { files: [{ phase: 'post', sql: 'alter table users drop column nickname', down: 'alter table users add column nickname text' }] },
      { files: [{ phase: 'post', sql: "delete from users where email = ''" }] },
      { files: [{ phase: 'post', sql: 'drop table products' }] },
    ],
    good: [
      { files: [{ sql: 'alter table users add column phone text', down: 'alter table users drop column phone' }] },
      {
        files: [
          {
            phase: 'post',
            sql: 'alter table users add column label text; update users set label = name; alter table users drop column name',
            down: 'alter table users add column name varchar(100); update users set name = label; alter table users drop column label',
          },
        ],
      },
      'create table carts (id bigint primary key, note text); alter table carts drop column note',
    ],
  },
  checkRelease: (scope) =>
    judgeFiles(scope).flatMap(({ file, judgement }) => {
      if (judgement?.wayBack.kind !== 'impossible') return []
      const { because, by } = judgement.wayBack
      const message = `Nothing takes ${file.migration.id} back in full: ${because}.`
      return [{ path: file.migration.path, offset: offsetOf(file.up, by), message }]
    }),
}

export default rule
