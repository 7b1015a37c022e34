import { describe, expect, test } from 'vitest'
import { parseStatements } from '../../../src/sql/parse.ts'
import { copySchema } from '../../../src/sql/schema/copy.ts'
import { describeSchema, differences } from '../../../src/sql/schema/describe.ts'
import { applyStatement } from '../../../src/sql/schema/replay.ts'
import { emptySchema, findTable, type Schema } from '../../../src/sql/schema/schema.ts'

/** Replays texts, each as a file of its own. */
async function replayed(...files: string[]): Promise<Schema> {
  return replayOn(emptySchema(), ...files)
}

async function replayOn(schema: Schema, ...files: string[]): Promise<Schema> {
  for (const [file, sql] of files.entries()) {
    const parsed = await parseStatements(sql)
    if ('problem' in parsed) throw new Error(parsed.problem.message)
    for (const [index, statement] of parsed.statements.entries()) applyStatement(schema, statement, { file, statement: index })
  }
  return schema
}

async function described(...files: string[]) {
  return describeSchema(await replayed(...files))
}

describe('a session ends with its file', () => {
  test('a search path that one file sets does not reach the next', async () => {
    const schema = await replayed('create schema app; set search_path = app; create table one (a int)', 'create table two (a int)')
    expect(findTable(schema, { schema: 'app', name: 'one' })).toBeDefined()
    expect(findTable(schema, { schema: 'public', name: 'two' })).toBeDefined()
  })

  test('what SET LOCAL sets ends with its transaction', async () => {
    const { searchPath, timeZone } = await replayed("begin; set local search_path = app; set local time zone 'UTC'; commit")
    expect({ searchPath, timeZone }).toEqual({ searchPath: ['public'], timeZone: undefined })
  })

  test('a time zone that a file sets is known until its end', async () => {
    expect((await replayed("set timezone = 'UTC'")).timeZone).toBe('UTC')
    expect((await replayed("set timezone = 'UTC'", 'select 1')).timeZone).toBeUndefined()
  })

  test('two files may make the same temporary table, and it hides another of that name', async () => {
    const schema = await replayed('create table t (a int)', 'create temp table t (b int)', 'create temp table t (c int)')
    expect([...(findTable(schema, { schema: undefined, name: 't' })?.columns.keys() ?? [])]).toEqual(['c'])
    expect([...describeSchema(schema).keys()]).toEqual(['schema public', 'table public.t', 'column public.t.a'])
  })
})

describe('what cannot be followed is marked, and nothing throws', () => {
  test('a DO block that puts a statement together makes the tables that it names incomplete', async () => {
    const block = `do $$ begin execute format('alter table %I add x int', 'orders'); end $$`
    const schema = await replayed(`create table orders (a int); create table users (a int); ${block}`)
    expect(findTable(schema, { schema: undefined, name: 'orders' })?.complete).toBe(false)
    expect(findTable(schema, { schema: undefined, name: 'users' })?.complete).toBe(true)
  })

  test.each([
    'drop table nothing; drop view nothing; drop index nothing cascade; drop type nothing cascade; drop function nothing',
    'alter table nothing add a int; alter table nothing rename to other; alter table nothing rename a to b; alter index nothing rename to x',
    'create index on nothing (a); create table t (like nothing); create table u partition of nothing default; create table v () inherits (nothing)',
    'create view v as select x.a, * from nothing x join other using (id); create table c as select * from nothing; create table d of nothing',
    'alter type nothing add value $$a$$; alter domain nothing add check (value > 0); alter sequence nothing owned by nothing.a',
    'create trigger t after insert on nothing execute function f(); create policy p on nothing; create rule r as on insert to nothing do nothing',
    'alter publication nothing add table nothing; alter schema nothing rename to other; alter table nothing set schema other; drop owned by someone',
    'create table t (a int); alter table t drop constraint nothing, alter b type text, validate constraint nothing; alter table t attach partition nothing default; alter table t detach partition nothing',
    'import foreign schema far limit to (a) from server s into public; create cast (int as text) without function; drop cast (int as text)',
    'create collation c from "C"; alter collation c rename to d; create statistics s on a, b from nothing; alter statistics s set schema other',
  ])('%s', async (sql) => {
    await expect(replayed(sql)).resolves.toBeDefined()
  })
})

describe('descriptions', () => {
  test('are equal however the statements were written', async () => {
    const one = await described(`create table t (a integer primary key, b varchar default 'x', check (a > 0))`)
    const other = await described(`
      CREATE TABLE public.t (b character varying, a int4);
      alter table t add constraint t_pkey primary key (a), alter column b set default  'x';
      alter table t add constraint t_a_check check ( a >  0 ) not valid; alter table t validate constraint t_a_check`)
    expect(differences(one, other)).toEqual([])
  })

  test.each([
    ['a type', 'alter table t alter b type varchar(5)'],
    ['a default', "alter table t alter b set default 'y'"],
    ['the text of a check', 'alter table t drop constraint t_a_check, add check (a > 1)'],
    ['validity', 'alter table t drop constraint t_a_check, add check (a > 0) not valid'],
    ['the order of an index', 'drop index i; create index i on t (a desc)'],
    ['a predicate', 'drop index i; create index i on t (a) where a > 3'],
    ['what a view selects', 'create or replace view v as select a from t where a > 2'],
    ['the body of a function', "create or replace function f() returns int language sql as 'select 2'"],
    ['an enum value', "alter type e add value 'b'"],
    ['a trigger that is off', 'alter table t disable trigger r'],
    ['a policy', 'alter policy p on t using (a > 5)'],
    ['row security', 'alter table t enable row level security'],
    ['what a publication holds', 'alter publication pub drop table t'],
    ['an action of a foreign key', 'alter table u drop constraint fk, add constraint fk foreign key (t) references t on delete cascade'],
    ['a collation', 'drop collation c'],
    ['a storage option', 'alter table t set (fillfactor = 50)'],
    ['the owner of a sequence', 'alter sequence s owned by t.a'],
  ])('tell %s apart', async (_, change) => {
    const base = `
      create type e as enum ('a'); create sequence s; create collation c from "C";
      create table t (a int primary key, b varchar default 'x', check (a > 0)); create index i on t (a);
      create table u (t int, constraint fk foreign key (t) references t);
      create view v as select a from t where a > 1;
      create function f() returns int language sql as 'select 1'; create function g() returns trigger language plpgsql as '';
      create trigger r after insert on t execute function g(); create policy p on t using (a > 4); create publication pub for table t`
    expect(differences(await described(base), await described(base, change))).toHaveLength(1)
  })

  test('are what they were after a change and the way back', async () => {
    const base = 'create table t (a int primary key, b text unique); create view v as select b from t; create index i on t (lower(b))'
    const there = 'alter table t rename b to c; alter table t rename to u; alter table u add d int references u; create index j on u (d)'
    const back = 'alter table u drop d; alter table u rename to t; alter table t rename c to b'
    expect(differences(await described(base), await described(base, there, back))).toEqual([])
  })
})

test('a copy that is changed leaves the original as it was', async () => {
  const schema = await replayed(`
    create schema app; create type e as enum ('a'); create domain d as int constraint positive check (value > 0); create type pair as (a int);
    create table t (a serial primary key, b d, c e, constraint b_check check (b > 0) not valid); create table u (a int references t);
    create view v as select a from t; create materialized view m as select b from t; create index m_b on m (b);
    create table p (a int) partition by range (a); create table p1 partition of p default; create index p_a on p (a);
    create function f() returns trigger language plpgsql as ''; create trigger r after insert on t execute function f();
    create policy o on t using (a > 0); create publication pub for table t; create extension citext; create collation c from "C"`)
  const before = structuredClone(schema)
  const words = describeSchema(schema)
  await replayOn(
    copySchema(schema),
    `alter table t rename a to x; alter table t validate constraint b_check; alter table t disable trigger r; alter policy o on t using (x > 1);
     alter table t enable row level security, alter b drop default, alter b set not null; alter table u rename to w;
     alter type e rename value 'a' to 'z'; alter type e rename to f; alter domain d drop constraint positive; alter type pair add attribute b int;
     alter publication pub set table w; alter table p detach partition p1; alter index p_a rename to p_b; alter view v rename column a to z;
     alter table t set schema app; drop function f cascade; drop collation c; drop extension citext; create table n (a int);
     drop domain d cascade; drop table app.t cascade; drop table p; drop schema app`,
  )
  expect(schema).toEqual(before)
  expect(differences(words, describeSchema(schema))).toEqual([])
})
