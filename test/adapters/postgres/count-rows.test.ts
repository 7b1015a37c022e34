import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countRows } from '../../../src/adapters/postgres/count-rows.ts'
import { startServer, type TestServer, uniqueName } from '../../postgres/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

async function counts(sql: string, role?: string): Promise<Record<string, number>> {
  const database = uniqueName('counted')
  const client = new pg.Client(await server.createDatabase(database))
  await client.connect()
  try {
    await client.query(sql)
    if (role !== undefined) await client.query(`set role ${role}`)
    return Object.fromEntries(await countRows(client))
  } finally {
    await client.end()
  }
}

test('counts ordinary tables and leaf partitions, each under its own name', async () => {
  expect(
    await counts(`
      create table t (id int); insert into t select generate_series(1, 1000);
      create table parent (id int); create table child () inherits (parent);
      insert into parent values (1); insert into child values (2), (3);
      create table p (id int) partition by list (id);
      create table p1 partition of p for values in (1); create table p2 partition of p default;
      insert into p values (1), (2), (3);
      create unlogged table u (id int);
      create view v as select * from t; create materialized view m as select * from t`),
  ).toEqual({ 'public.t': 1000, 'public.parent': 1, 'public.child': 2, 'public.p1': 1, 'public.p2': 2, 'public.u': 0 })
})

test('quotes names only where needed', async () => {
  expect(
    await counts(`create schema "My App"; create table "My App"."or""der" (); create table "user" (); create table plain_1 ()`),
  ).toEqual({
    '"My App"."or""der"': 0,
    'public."user"': 0,
    'public.plain_1': 0,
  })
})

test('leaves out temporary tables, those of extensions, and the catalog', async () => {
  const own = `create temp table mine (); create table ours (); create extension hstore; create table theirs (); alter extension hstore add table theirs`
  expect(await counts(own)).toEqual({ 'public.ours': 0 })
})

test('refuses to count rows that a policy hides, instead of counting the others', async () => {
  const hidden = `create table t (id int); insert into t values (1), (2); alter table t enable row level security;
    create policy one on t using (id = 1); drop role if exists onlooker; create role onlooker; grant select on t to onlooker`
  await expect(counts(hidden, 'onlooker')).rejects.toMatchObject({ code: '42501' })
})

test('is not misled by functions and operators of other schemas', async () => {
  expect(
    await counts(`create table t (id int); insert into t values (1);
      create function public.quote_ident(name) returns text language sql as $$ select 'elsewhere' $$;
      create function public.never(oid, oid) returns boolean language sql as 'select false';
      create operator public.= (leftarg = oid, rightarg = oid, function = public.never);
      set search_path = public, pg_catalog`),
  ).toEqual({ 'public.t': 1 })
})
