import { expect, test } from 'vitest'
import { plain } from '../../src/migration/layouts/plain.ts'
import { lossesOfDown } from '../../src/rollback/down/loss.ts'
import { lostTables, notRescued } from '../../src/rollback/down/rescue.ts'
import { rescueKey, rescueManifestKey } from '../../src/rollback/down/rescue-key.ts'
import { RescueRowCounter } from '../../src/rollback/down/rescue-rows.ts'
import { schemaFromDump } from '../../src/sql/schema/from-dump.ts'

const live = `
  create type public.state as enum ('new', 'paid');
  create table public.users (id int primary key, mail text not null unique, phone text, state public.state);
  create table public.orders (id int, buyer int references public.users on delete cascade, note text);
  create table public.audited (id int primary key, note text);
  create table public.nodes (id int primary key, above int references public.nodes on delete cascade);
  create function public.log() returns trigger language plpgsql as 'begin return old; end';
  create trigger log after delete or update on public.audited for each row execute function public.log();
  create view public.seen as select id from public.users;
  create materialized view public.sums as select count(*) from public.users;
  create sequence public.tickets;`

async function lossesIn(down: string) {
  const read = await schemaFromDump({ script: live, invalidIndexes: [], filledViews: [], searchPath: ['public'], timeZone: 'UTC' })
  if ('problem' in read) throw new Error(read.problem.message)
  const file = (name: string, text: string) => ({ name, path: `db/${name}`, bytes: Buffer.from(text) })
  const [migration] = plain.read([file('2_more.sql', 'select 1'), file('2_more.down.sql', down)], 'pre', {})
  if (migration === undefined) throw new Error('no migration')
  return lossesOfDown(migration, read.schema)
}

async function shortly(down: string) {
  return (await lossesIn(down)).map(({ kind, what, copy }) => `${kind}: ${what} (${copy?.kind ?? 'no copy'})`)
}

test.each<[string, readonly string[]]>([
  ['drop table users cascade', ['table: the rows of users (table)']],
  ['drop table if exists nothing; drop index users_mail_key; drop view seen; drop materialized view sums', []],
  ['create table fresh (id int); insert into fresh select id from users; drop table fresh', []],
  ['alter table users drop column phone', ['column: the values of users.phone (columns)']],
  ['alter table orders drop column note', ['column: the values of orders.note (no copy)']],
  ['drop type state cascade', ['column: the values of users.state (columns)']],
  [
    'alter table users alter column phone type varchar(5)',
    ['narrowed: values of users.phone that varchar(5) does not hold: on them it fails (values)'],
  ],
  ['alter table users alter column id type bigint', []],
  ['drop sequence tickets', ['values: the last number of the sequence tickets (sequence)']],
  ['alter sequence tickets restart', ['values: the last number of the sequence tickets (position)']],
  ['truncate orders', ['rows: the rows that TRUNCATE takes out of orders (rows)']],
  [
    'truncate users cascade',
    ['rows: the rows that TRUNCATE takes out of users (rows)', 'rows: the rows that TRUNCATE takes out of orders (rows)'],
  ],
  [
    'delete from users',
    ['rows: the rows that DELETE takes out of users (rows)', 'rows: the rows that ON DELETE CASCADE takes out of orders (rows)'],
  ],
  [
    'delete from nodes where id > 5',
    ['rows: the rows that DELETE takes out of nodes (rows)', 'unknown: the rows that ON DELETE CASCADE takes out of nodes (no copy)'],
  ],
  [
    'delete from audited',
    [
      'rows: the rows that DELETE takes out of audited (rows)',
      'unknown: what the trigger log of audited changes when DELETE fires it (no copy)',
    ],
  ],
  ['delete from orders where my_check(id)', ['unknown: the rows that DELETE takes out of orders (no copy)']],
  [
    'alter table orders add column kind int; delete from orders where kind is null',
    ['unknown: the rows that DELETE takes out of orders (no copy)'],
  ],
  ['alter table users add column name text; update users set name = mail', []],
  ['update users set id = id + 1', ['values: the values of users.id that UPDATE overwrites (values)']],
  [
    'insert into users values (1, $$a$$) on conflict (id) do update set mail = $$b$$',
    ['unknown: the values of users.mail that INSERT … ON CONFLICT DO UPDATE overwrites (no copy)'],
  ],
  ['merge into users using orders on users.id = orders.id when matched then delete', ['unknown: what MERGE changes in users (no copy)']],
  ['do $$ begin delete from orders; end $$', ['unknown: what DELETE changes in orders (no copy)']],
  ['do $$ begin if true then drop table orders; end if; end $$', ['table: the rows of orders (table)']],
  [
    'do $$ begin execute format($f$drop table %I$f$, current_user); end $$',
    [expect.stringMatching(/^unknown: what a DO block changes.* \(no copy\)$/) as unknown as string],
  ],
  ['call clean_up()', ['unknown: what CALL of a procedure changes, which its text does not show (no copy)']],
  ['select clean_up()', ['unknown: what a call of clean_up() changes, which its text does not show (no copy)']],
  [
    'with gone as (delete from orders returning *) insert into audited select id, note from gone',
    ['unknown: what DELETE changes, which its text does not show (no copy)'],
  ],
  ['drop extension hstore', ['unknown: what DROP EXTENSION changes, which its text does not show (no copy)']],
  ['drop owned by somebody', ['unknown: what DROP OWNED changes, which its text does not show (no copy)']],
  ['drop table', [expect.stringMatching(/^unknown: what the down changes, which the parser does not read/) as unknown as string]],
])('%s', async (down, expected) => {
  expect(await shortly(down)).toEqual(expected)
})

test('a loss has its place, its text in one line, and queries that mean the same under any search path', async () => {
  const [loss] = await lossesIn('-- the phone\nalter table users\n  drop column phone;')
  expect(loss).toMatchObject({
    place: 'db/2_more.down.sql:2',
    statement: 'alter table users drop column phone',
    table: { schema: 'public', table: 'users' },
    columns: ['phone'],
    unit: 'values',
    count:
      'select pg_catalog.count(shiplock_live."phone") from "public"."users" as shiplock_live where (pg_catalog.num_nonnulls(shiplock_live."phone") operator(pg_catalog.>) 0)',
    copy: { key: ['id'] },
  })
})

test('the key that finds rows again is one that the down leaves alone', async () => {
  const copies = (await lossesIn('alter table users drop column phone; alter table users drop column id cascade')).map(({ copy }) => copy)
  expect(copies).toMatchObject([{ key: ['mail'] }, { key: ['mail'] }])
  const all = await lossesIn(`update users set mail = ''; alter table users drop column phone, drop column id cascade`)
  expect(notRescued(all)).toHaveLength(3)
})

test('names are those of the live database, and of the end of the down beside them', async () => {
  const [loss] = await lossesIn(
    'alter table users rename column id to uid; alter table users rename to people; alter table people drop column phone',
  )
  expect(loss).toMatchObject({
    what: 'the values of people.phone',
    table: { table: 'users' },
    copy: { table: { table: 'users' }, target: { table: 'people' }, renamed: { id: 'uid' }, key: ['id'] },
  })
})

test('each table is locked once, and no sequence', async () => {
  const losses = await lossesIn('alter table users drop column phone, drop column state; drop sequence tickets')
  expect(lostTables(losses)).toEqual([{ schema: 'public', table: 'users' }])
})

test('a rescue copy has a key of its own, whatever the database is called', () => {
  const at = new Date('2026-11-21T14:10:05Z')
  const name = { project: 'shop', environment: 'production', database: 'a/b', migration: '0007_more', at, run: { id: '77', attempt: '2' } }
  const key = rescueKey(name)
  expect(key).toMatch(/^shop\/rescues\/production\/2026\/11\/21\/a-b-[0-9a-f]{6}-20261121T141005Z-0007_more-77\.2\.sql$/)
  expect(rescueManifestKey(key)).toBe(key.replace(/\.sql$/, '.manifest.json'))
})

test('rows are counted line by line, however the bytes are cut, and only between the lines that announce and end them', () => {
  const text =
    '-- note\ncopy other from stdin;\n-- tag 2 rows\ncopy t from stdin;\n1\tcopy x from stdin;\n-- tag\n\\.\n\nselect 1;\n-- tag 0 rows\ncopy u from stdin;\n\\.\n'
  for (const size of [1, 3, 7, 1000]) {
    const counter = new RescueRowCounter('tag')
    for (let at = 0; at < text.length; at += size) counter.write(Buffer.from(text.slice(at, at + size)))
    expect(counter).toMatchObject({ counts: [2n, 0n], isWhole: true })
  }
  const cut = new RescueRowCounter('tag')
  cut.write(Buffer.from(text.slice(0, 60)))
  expect(cut.isWhole).toBe(false)
})
