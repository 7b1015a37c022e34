import { downPlace } from '../down/down-place.ts'
import { judgeFiles } from '../down/judge-files.ts'
import type { Remainder } from '../down/way-back.ts'
import type { ReleaseRule } from '../rule.ts'
import { enumerate, objectName } from '../wording.ts'

const rule: ReleaseRule = {
  name: 'require-inverse-down',
  group: 'data',
  severity: 'warning',
  problem: 'After the way back the schema is one that no release was ever tested on, and the migration may fail when it runs again.',
  remedy: 'Let the way back drop what the migration makes and make again what it drops, in the opposite order.',
  because:
    'The way back is replayed behind its migration, on a model of the schema; both schemas are compared by tables, columns with type, default and NOT NULL, constraints, indexes and the rest.',
  examples: {
    bad: [
      {
        files: [
          {
            sql: 'alter table users add column phone text, add column fax text',
            down: 'alter table users drop column phone',
          },
        ],
      },
      { files: [{ sql: 'create index orders_total_idx on orders (total)', down: 'drop index if exists orders_total_index' }] },
      {
        files: [
          {
            sql: 'alter table users alter column nickname set not null',
            down: 'alter table users alter column name drop not null',
          },
        ],
      },
      {
        files: [{ phase: 'post', sql: 'alter table users drop column name', down: 'alter table users add column name text' }],
      },
    ],
    good: [
      {
        files: [
          {
            sql: 'create table carts (id bigint primary key); create index carts_id_idx on carts (id)',
            down: 'drop table carts',
          },
        ],
      },
      {
        files: [
          {
            phase: 'post',
            sql: 'alter table users drop column name',
            down: 'alter table users add column name varchar(100); create index users_name_idx on users (name)',
          },
        ],
      },
      { files: [{ sql: 'alter table users rename column name to label', down: 'alter table users rename column label to name' }] },
      'alter table users add column phone text',
      {
        given: 'create table steps (id bigserial primary key, name text)',
        files: [
          {
            phase: 'post',
            sql: 'alter table steps rename to steps_old; create table steps (name text primary key); insert into steps select name from steps_old; drop table steps_old',
            down: 'alter table steps rename to steps_old; create table steps (id bigserial primary key, name text); insert into steps (name) select name from steps_old; drop table steps_old',
          },
        ],
      },
      {
        given: 'create table carts (id bigint primary key); create table cart_items (cart_id bigint primary key references carts (id))',
        files: [
          {
            phase: 'post',
            sql: 'drop table cart_items; drop table carts',
            down: 'create table carts (id bigint primary key); create table cart_items (cart_id bigint primary key references carts (id))',
          },
        ],
      },
    ],
  },
  checkRelease: (scope) =>
    judgeFiles(scope).flatMap(({ file, judgement }) => {
      const remainders = judgement?.remainders ?? []
      if (remainders.length === 0) return []
      const message = `The way back of ${file.migration.id} does not undo it: ${enumerate(remainders.map(remainderText))}.`
      return [{ ...downPlace(file), message }]
    }),
}

export default rule

function remainderText({ object, state }: Remainder): string {
  const verb = { 'left over': 'stays behind', missing: 'is missing', different: 'is not as it was' }[state]
  return `${objectName(object)} ${verb}`
}
