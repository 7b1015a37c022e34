import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeScratchCluster } from '../../../src/adapters/postgres/scratch.ts'
import { findTools } from '../../../src/adapters/postgres/tools.ts'
import { clientProblem } from '../../../src/drill/safe-client.ts'
import type { ScratchCluster } from '../../../src/drill/scratch.ts'
import { dumpOf, type TestDump } from '../../postgres/dump.ts'
import { ownership } from '../../postgres/ownership.ts'
import { binDir, startServer, type TestServer } from '../../postgres/server.ts'

let server: TestServer
let root: string

beforeAll(async () => {
  server = await startServer({ settings: { wal_level: 'logical' } })
  await server.query('create role app; create role reporting; create role "My Role"; create role steward; create role member in role app')
})
afterAll(() => server.stop())
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'scratch-'))
  await chmod(root, 0o711)
})
afterEach(() => rm(root, { recursive: true, force: true }))

const scratch = (given: Partial<Parameters<typeof makeScratchCluster>[0]> = {}) =>
  makeScratchCluster({
    major: server.major,
    encoding: 'UTF8',
    collate: 'C',
    ctype: 'C',
    ours: true,
    binDir,
    install: false,
    roots: [root],
    env: process.env,
    say: () => {},
    signal: new AbortController().signal,
    ...given,
  })

async function restore(cluster: ScratchCluster, { path }: Pick<TestDump, 'path'>): Promise<void> {
  for (const section of ['pre-data', 'data', 'post-data'] as const) await cluster.restore(path, section, AbortSignal.any([]))
}

const value = async (cluster: ScratchCluster, sql: string) => (await cluster.query(sql, 10_000)).rows[0]?.[0]
const ownershipIn = async (database: string) =>
  (await server.query<{ ownership: string }>(`set search_path = ''; set search_path = pg_catalog; ${ownership}`, database))[0]?.ownership

const inCopy = (cluster: ScratchCluster) =>
  value(
    cluster,
    `with path as materialized (select set_config('search_path', 'pg_catalog', true)) select ownership from path, lateral (${ownership}) o`,
  )

const extensions = (names: readonly string[]) => names.map((name) => ({ name, schema: name === 'pg_trgm' ? 'Ext' : 'public' }))

test('a copy has the owners, grants and grantors of the source, whatever kind of object it is', async () => {
  await using dump = await dumpOf(
    server,
    `create schema "Ext" authorization "My Role"; create schema app authorization app; create schema shared;
     grant usage, create on schema shared to reporting; revoke usage on schema public from public; grant usage on schema public to reporting, app, "My Role";
     create extension hstore; create extension pg_trgm schema "Ext"; create extension citext; create extension btree_gist; create extension pg_stat_statements;
     create extension "uuid-ossp"; create extension unaccent; create extension ltree; create extension tablefunc; create extension intarray;
     grant execute on function pg_stat_statements_reset to reporting; revoke usage on language plpgsql from public;
     grant execute on function pg_read_file(text) to reporting;
     create type app.mood as enum ('sad', 'glad'); alter type app.mood owner to reporting;
     create domain app.positive int check (value > 0); alter domain app.positive owner to "My Role"; revoke usage on type app.positive from public;
     create type app.pair as (a int, b text); create type app.span as range (subtype = int);
     create table app.t (id int generated always as identity primary key, mood app.mood, n app.positive, tags hstore, name citext, secret text);
     alter table app.t owner to app; insert into app.t (mood, n, tags, name) values ('glad', 1, 'k=>v', 'x'), ('sad', 2, '', 'y');
     grant select (id, name), update (name) on app.t to reporting; grant select on app.t to steward with grant option; grant usage on schema app to steward, reporting;
     set session authorization steward; grant select on app.t to "My Role"; reset session authorization;
     create table app.parted (day date, n int) partition by range (day); alter table app.parted owner to app;
     create table shared.parted_1 partition of app.parted for values from ('2026-01-01') to ('2026-02-01'); alter table shared.parted_1 owner to reporting;
     insert into app.parted values ('2026-01-05', 1);
     create table forced (id int primary key, owner_name text); alter table forced owner to app; insert into forced values (1, 'a'), (2, 'b');
     alter table forced enable row level security; alter table forced force row level security;
     create policy own on forced to reporting, "My Role" using (owner_name = current_user);
     create table app.child (id int references forced); alter table app.child owner to "My Role"; insert into app.child values (1);
     create view app.v as select * from app.t; alter view app.v owner to reporting; grant select on app.v to public;
     create materialized view shared.m as select count(*) as n from forced; alter materialized view shared.m owner to reporting;
     create unique index on shared.m (n); grant select on shared.m to steward;
     create function app.f(int) returns int language plpgsql security definer set search_path = '' as 'begin return $1; end';
     alter function app.f owner to reporting; revoke execute on function app.f from public; grant execute on function app.f to app;
     create procedure app.pr() language sql as 'select 1'; alter procedure app.pr owner to app;
     create aggregate app.total(int) (sfunc = int4pl, stype = int4); alter aggregate app.total(int) owner to app;
     create operator app.=== (leftarg = int, rightarg = int, function = int4eq, restrict = eqsel); alter operator app.===(int, int) owner to app;
     create collation app.c from "C"; alter collation app.c owner to app;
     create conversion app.conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8; alter conversion app.conv owner to app;
     create text search configuration app.words (copy = simple); alter text search configuration app.words owner to app;
     create text search dictionary app.dict (template = simple); alter text search dictionary app.dict owner to app;
     create statistics app.st on id, n from app.t; alter statistics app.st owner to app;
     create cast (app.pair as text) with inout;
     create sequence shared.s owned by none; alter sequence shared.s owner to app; grant usage on sequence shared.s to reporting;
     create rule quiet as on delete to app.child do also nothing;
     create function app.trg() returns trigger language plpgsql as 'begin return new; end'; create trigger tr before insert on app.t for each row execute function app.trg();
     select lo_from_bytea(77, 'large'); alter large object 77 owner to app; grant select on large object 77 to reporting;
     alter default privileges for role app in schema app grant select on tables to reporting;
     alter default privileges for role "My Role" revoke execute on functions from public;
     create function watch() returns event_trigger language plpgsql as 'begin end'; create event trigger et on ddl_command_end execute function watch();
     create publication everything for all tables;
     comment on schema public is 'ours'; comment on table app.t is 't'; comment on column app.t.id is 'i'; comment on function app.f is 'f'; comment on large object 77 is 'l';
     comment on type app.mood is 'm'; comment on domain app.positive is 'd'; comment on policy own on forced is 'p'; comment on trigger tr on app.t is 'tr';
     comment on collation app.c is 'c'; comment on conversion app.conv is 'cv'; comment on cast (app.pair as text) is 'ca'; comment on materialized view shared.m is 'mv';
     comment on index shared.m_n_idx is 'ix'; comment on operator app.===(int, int) is 'op'; comment on rule quiet on app.child is 'r'; comment on extension hstore is 'x';
     comment on statistics app.st is 's'; comment on text search dictionary app.dict is 'td'; comment on aggregate app.total(int) is 'a'; comment on sequence shared.s is 'sq';
     comment on constraint t_pkey on app.t is 'pk'; comment on event trigger et is 'e'; comment on publication everything is 'pub'`,
  )
  await using cluster = await scratch()
  const names = 'hstore pg_trgm citext btree_gist pg_stat_statements uuid-ossp unaccent ltree tablefunc intarray plpgsql'.split(' ')
  expect(await cluster.prepareExtensions(extensions(names))).toEqual([])
  await restore(cluster, dump)
  await cluster.analyze()
  expect((await inCopy(cluster))?.split('\n')).toEqual((await ownershipIn(dump.database))?.split('\n'))
  const left = await cluster.notRestored(dump.path)
  expect(left.filter((object) => !object.startsWith('COMMENT EXTENSION '))).toEqual([
    'ACL LANGUAGE plpgsql',
    'ACL pg_catalog FUNCTION pg_read_file(text)',
    expect.stringMatching(/^ACL public FUNCTION pg_stat_statements_reset\(userid oid, dbid oid, queryid bigint[^)]*\)$/),
    'PUBLICATION everything',
    'COMMENT PUBLICATION everything',
    'EVENT TRIGGER et',
    'COMMENT EVENT TRIGGER et',
  ])
  expect(Object.fromEntries(await cluster.countRows())).toMatchObject({ 'app.t': 2, 'public.forced': 2, 'shared.parted_1': 1 })
  expect(await value(cluster, 'select n from shared.m')).toBe('2')
  expect(await value(cluster, 'select app.f(3)')).toBe('3')
  const stubs = await value(
    cluster,
    `select bool_or(rolsuper or rolcanlogin or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)::text
     from pg_roles where rolname in ('app', 'reporting', 'My Role', 'steward', 'postgres')`,
  )
  expect(stubs).toBe('false')
})

test('a grant that its own role made is not taken for one of the owner, and columns keep theirs beside it', async () => {
  await using dump = await dumpOf(
    server,
    `create schema app; grant usage on schema app to steward;
     create table app.t (a int, b int); alter table app.t owner to app; revoke all on app.t from app;
     grant select on app.t to steward with grant option; grant select (b) on app.t to member;
     set session authorization steward; grant select on app.t to reporting; grant select (a) on app.t to member; reset session authorization`,
  )
  await using cluster = await scratch()
  await restore(cluster, dump)
  expect(await inCopy(cluster)).toEqual(await ownershipIn(dump.database))
  expect(await cluster.countRows()).toEqual(new Map([['app.t', 0]]))
})

test('what a role reads through a view or a materialized view of a superuser is there, as it was in the source', async () => {
  await using dump = await dumpOf(
    server,
    `create schema app authorization app; create table app.t (id int); alter table app.t owner to app; insert into app.t values (1);
     create view v as select * from app.t; create materialized view m as select * from v; create view w as select * from m`,
  )
  await using cluster = await scratch({ roles: { superusers: ['postgres'], replicators: [], memberships: [] } })
  await restore(cluster, dump)
  expect([await value(cluster, 'select count(*) from v'), await value(cluster, 'select id from w')]).toEqual(['1', '1'])
  expect(await inCopy(cluster)).toEqual(await ownershipIn(dump.database))
})

test('an archive without a manifest gives nothing to anybody, and policies still name their roles', async () => {
  await using dump = await dumpOf(
    server,
    `create table t (id int); alter table t owner to app; grant select on t to reporting; create policy p on t to "My Role" using (true);
     create schema s authorization app; create materialized view s.m as select 1 as one; insert into t values (1)`,
  )
  await using cluster = await scratch({ ours: false, allowUnsafeClient: true })
  await restore(cluster, dump)
  expect(await inCopy(cluster)).not.toMatch(/of app|reporting/)
  expect(await value(cluster, `select string_agg(distinct pg_get_userbyid(relowner), ',') from pg_class where relname in ('t', 'm')`)).toBe(
    'drill_restorer',
  )
  expect(await value(cluster, 'select polroles::regrole[] from pg_policy')).toBe('{"\\"My Role\\""}')
  expect(await value(cluster, 'select one from s.m')).toBe('1')
})

test('an archive without a manifest is not opened by a program with a known hole', async () => {
  const tools = await findTools({ major: server.major, set: 'server', binDir, install: false, env: process.env, say: () => {} })
  if (clientProblem(tools.version) === undefined) await (await scratch({ ours: false }))[Symbol.asyncDispose]()
  else await expect(scratch({ ours: false })).rejects.toMatchObject({ code: 'unsafe-client', exitCode: 2 })
})
