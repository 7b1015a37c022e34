import { expect, test } from 'vitest'
import { rules as everyRule } from '../../src/lint/rules/index.ts'
import { lintExample } from './lint-example.ts'

/** What is wrong with the statements themselves; an example has no way back. */
const rules = everyRule.filter(({ name, optIn }) => optIn !== true && name !== 'require-down' && name !== 'prefer-reversible-migration')

test('proposes batches by the primary key, and finds nothing wrong with them', async () => {
  const sql = 'update users set nickname = name where nickname is null and name is not null'
  const found = await lintExample({ files: [{ phase: 'post', sql }] }, rules)
  const recipe = found.find(({ rule }) => rule === 'require-batched-backfill')?.instead[0]
  expect(recipe).toMatchInlineSnapshot(`
    {
      "phase": "post",
      "sql": "do $$
    declare
      at bigint := (select min(id) from users);
      last bigint := (select max(id) from users);
    begin
      while at <= last loop
        update users set nickname = name where nickname is null and name is not null
          and users.id >= at and users.id < at + 10000;
        commit;
        at := at + 10000;
      end loop;
    end $$;",
      "transactional": false,
    }
  `)
  const again = { sql: recipe?.sql ?? '', phase: recipe?.phase ?? 'pre', transaction: false } as const
  expect(await lintExample({ files: [again] }, rules)).toEqual([])
})

test('proposes no batches where adding to the end would change which rows are meant', async () => {
  for (const sql of [
    'update users set nickname = name where nickname is null or age > 5',
    'update users set nickname = name where nickname is null returning id',
    'update events set kind = null where kind = kind',
  ]) {
    const found = await lintExample(sql, rules)
    expect(found.filter(({ rule }) => rule === 'require-batched-backfill').map(({ instead }) => instead)).toEqual([[]])
  }
})

test('says one thing of rows that are written under a lock', async () => {
  const found = await lintExample('alter table users add column points int; update users set points = 0', rules)
  expect(found.map(({ rule }) => rule).filter((name) => /backfill|where|lock$/.test(name))).toEqual(['ban-backfill-with-ddl'])
})

test('names the mark of the layout that runs a file outside a transaction', async () => {
  const [found] = await lintExample('vacuum users', rules)
  expect(found?.message).toContain('-- shiplock: no-transaction')
})

test('points at the place in a DO block where the statement stands', async () => {
  const [found] = await lintExample('-- one\ndo $$\nbegin\n  truncate orders;\nend $$', rules)
  expect([found?.rule, found?.start.line, found?.start.column]).toEqual(['ban-truncate', 4, 3])
})

test('points at the text that is put together at run time', async () => {
  const sql = 'select 1;\ndo $$\nbegin\n  execute current_setting($q$a.b$q$);\nend $$'
  const found = await lintExample(sql, rules)
  const unread = found.find(({ rule }) => rule === 'prefer-static-sql')
  expect([unread?.start.line, unread?.start.column]).toEqual([4, 11])
})

test('a table that moves to another tablespace is written anew, and a partitioned one has nothing to move', async () => {
  const names = async (sql: string) =>
    (await lintExample(sql, rules)).map(({ rule }) => rule).filter((name) => name === 'ban-blocking-rewrite')
  expect(await names('alter table orders set tablespace fast')).toEqual(['ban-blocking-rewrite'])
  expect(await names('alter table events set tablespace fast')).toEqual([])
})

test('the second bulk write of a file is found although a small one stands before it', async () => {
  const sql = 'alter table users add column points int; update users set points = 1 where id = 1; update users set points = 0'
  const found = await lintExample(sql, rules)
  expect(found.filter(({ rule }) => rule === 'ban-backfill-with-ddl').map(({ statement }) => statement)).toEqual([
    'update users set points = 0',
  ])
})

test('a first migration, which makes everything that it touches, is left alone', async () => {
  const sql = `create table shops (id bigint generated always as identity primary key, name text, rank int);
create table staff (id bigint generated always as identity primary key, shop_id bigint references shops (id), role text);
create index staff_shop_id_idx on staff (shop_id);
insert into shops (name) select 'shop ' || n from generate_series(1, 3) n;
update shops set rank = 1;
delete from staff;
truncate staff;
lock table shops;
alter table staff disable trigger all;
alter table staff enable trigger all;
create materialized view ranks as select rank, count(*) from shops group by rank;
refresh materialized view ranks;
do $$ begin create type size as enum ('s'); exception when duplicate_object then null; end $$;
do $$ begin if not exists (select from shops) then update shops set name = null; end if; end $$;`
  const ours = rules.filter(({ optIn }) => optIn !== true)
  expect((await lintExample(sql, ours)).map(({ rule }) => rule)).toEqual([])
})
