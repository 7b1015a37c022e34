import { describe, expect, test } from 'vitest'
import {
  conflictingModes,
  type LockMode,
  lockModes,
  modeInSql,
  type ReachLock,
  type StatementLocks,
  statementLocks,
  strongerMode,
} from '../../src/sql/locks.ts'
import { parseStatements } from '../../src/sql/parse.ts'

describe('modes', () => {
  test('conflict both ways, and each stronger one with more', () => {
    for (const one of lockModes) {
      for (const other of lockModes) expect(conflictingModes(one).includes(other)).toBe(conflictingModes(other).includes(one))
    }
    expect(conflictingModes('AccessShare')).toEqual(['AccessExclusive'])
    expect(conflictingModes('ShareUpdateExclusive')).not.toContain('RowExclusive')
    expect(conflictingModes('Share')).not.toContain('Share')
    expect(conflictingModes('AccessExclusive')).toEqual(lockModes)
  })

  test('together ask for what conflicts with either', () => {
    for (const one of lockModes) {
      for (const other of lockModes) {
        const both = new Set([...conflictingModes(one), ...conflictingModes(other)])
        expect(new Set(conflictingModes(strongerMode(one, other)))).toEqual(both)
      }
    }
    expect(strongerMode('Share', 'ShareUpdateExclusive')).toBe('ShareRowExclusive')
    expect(strongerMode('RowExclusive', 'Share')).toBe('ShareRowExclusive')
  })

  test('are spelt as LOCK TABLE spells them', () => {
    expect(lockModes.map(modeInSql)).toEqual([
      'ACCESS SHARE',
      'ROW SHARE',
      'ROW EXCLUSIVE',
      'SHARE UPDATE EXCLUSIVE',
      'SHARE',
      'SHARE ROW EXCLUSIVE',
      'EXCLUSIVE',
      'ACCESS EXCLUSIVE',
    ])
  })
})

/** Modes by their initials; AE is ACCESS EXCLUSIVE. A definition that is instant and harmless says no more. */
function describeLocks({ locks, creates, renames = [], unknown, work, definesOnly }: StatementLocks): string {
  const parts = locks.map(
    (one) => `${spell(one)} ${initials(one.mode)}${one.reach.length === 0 ? '' : ` (${one.reach.map(describeReach).join(', ')})`}`,
  )
  if (creates.length > 0) parts.push(`creates ${creates.map(spell).join(' ')}`)
  parts.push(...renames.map(({ from, to }) => `${spell(from)} becomes ${spell(to)}`))
  if (unknown !== undefined) return [...parts, 'unknown'].join('; ')
  return [...parts, ...(work === 'rows' ? ['rows'] : []), ...(definesOnly ? [] : ['not a definition'])].join('; ')
}

const describeReach = ({ to, mode, only }: ReachLock) =>
  `${to}${only === undefined ? '' : ` of ${only.kind} ${only.name}`} ${initials(mode)}`
const spell = ({ schema, name }: { schema: string | undefined; name: string }) => (schema === undefined ? name : `${schema}.${name}`)
const initials = (mode: LockMode) => mode.replace(/[a-z]/g, '')

async function locksOf(sql: string): Promise<StatementLocks> {
  const parsed = await parseStatements(sql)
  if ('problem' in parsed || parsed.statements.length !== 1) throw new Error(`not one statement: ${sql}`)
  return statementLocks(parsed.statements[0] as (typeof parsed.statements)[0])
}

type Cases = readonly (readonly [sql: string, locks: string])[]

const queries: Cases = [
  ['select 1', 'not a definition'],
  [
    "select now(), lower('A') || 'b', count(*) from app.t where a in (1, 2) and b between 3 and 4",
    'app.t AS (children AS, underlying AS); rows; not a definition',
  ],
  ['select * from only t', 't AS (underlying AS); rows; not a definition'],
  [
    'select * from a, b as other for update of other',
    'a AS (children AS, underlying AS); b RS (children RS, underlying RS); rows; not a definition',
  ],
  ['select * from (select * from a) x for share', 'a RS (children RS, underlying RS); rows; not a definition'],
  [
    'with a as (select * from a) select * from a, b',
    'a AS (children AS, underlying AS); b AS (children AS, underlying AS); rows; not a definition',
  ],
  [
    'with recursive a as (select * from b union all select * from a) select * from a',
    'b AS (children AS, underlying AS); rows; not a definition',
  ],
  ['select my_function(1)', 'unknown'],
  ["select app.lower('a')", 'unknown'],
  ['select pg_advisory_xact_lock(1)', 'unknown'],
  ['select a operator(app.+) b from t', 't AS (children AS, underlying AS); unknown'],
  ['select * from t where a @@@@ b', 't AS (children AS, underlying AS); unknown'],
  [`select setval('app."My Seq"', 1), nextval('s'::regclass)`, 'app.My Seq RE; s RE; not a definition'],
  [
    "select setval(pg_get_serial_sequence('app.t', 'id'), (select max(id) from app.t))",
    'app.t AS (sequences of column id RE, children AS, underlying AS); rows; not a definition',
  ],
  ['select nextval(name) from t', 't AS (children AS, underlying AS); unknown'],
  ["select set_config('search_path', '', false)", 'unknown'],
  ["select pg_catalog.set_config('lock_timeout', '1s', true)", 'not a definition'],
  ['select * into t from a', 'a AS (children AS, underlying AS); creates t; rows; not a definition'],
  [
    'insert into t select * from a',
    't RE (children RE, underlying RE, referenced RS, sequences RE); a AS (children AS, underlying AS); rows; not a definition',
  ],
  [
    'insert into t values (1) on conflict (id) do update set a = 2',
    't RE (children RE, underlying RE, referenced RS, sequences RE, referencing RE); rows; not a definition',
  ],
  [
    'update only t set a = (select max(b) from u) from v where v.id = t.id',
    't RE (underlying RE, referenced RS, referencing RE, sequences RE); u AS (children AS, underlying AS); v AS (children AS, underlying AS); rows; not a definition',
  ],
  [
    'delete from t using u where u.id = t.id returning (select count(*) from w)',
    't RE (children RE, underlying RE, referencing RE); u AS (children AS, underlying AS); w AS (children AS, underlying AS); rows; not a definition',
  ],
  [
    'with gone as (delete from a returning *) insert into b select * from gone',
    'a RE (children RE, underlying RE, referencing RE); b RE (children RE, underlying RE, referenced RS, sequences RE); rows; not a definition',
  ],
  [
    'merge into a using b on a.id = b.id when matched then delete',
    'a RE (children RE, underlying RE, referenced RS, referencing RE, sequences RE); b AS (children AS, underlying AS); rows; not a definition',
  ],
  ["copy t from '/file'", 't RE (children RE, underlying RE, referenced RS, sequences RE); rows; not a definition'],
  ["copy t to '/file'", 't AS (children AS, underlying AS); rows; not a definition'],
  ["copy (select * from t) to program 'cat'", 't AS (children AS, underlying AS); rows; not a definition'],
  ['explain analyze delete from t', 't RE (children RE, underlying RE, referencing RE); rows; not a definition'],
  ['prepare q as delete from t', 't RE; not a definition'],
  ['declare c cursor for select * from t', 't AS (children AS, underlying AS); rows; not a definition'],
  ['execute q', 'unknown'],
  ["do 'begin end'", 'unknown'],
  ['call p()', 'unknown'],
]

const creations: Cases = [
  ['create table app.t (id integer)', 'creates app.t'],
  ['create table if not exists t (id integer)', ''],
  ['create temporary table t (id integer)', 'creates t; not a definition'],
  [
    'create table t (id integer default my_function(), check (my_function(id)), parent integer references t, foreign key (id) references app.u)',
    'app.u SRE (partitions SRE); creates t',
  ],
  ['create table t (like a including all)', 'a AS; creates t'],
  ['create table t partition of p for values in (1)', 'p AE (default AE, referenced SRE, referencing SRE, indexes SUE); creates t; rows'],
  ['create table t partition of p default', 'p AE (default AE, referenced SRE, referencing SRE, indexes SUE); creates t'],
  ['create table t () inherits (a, app.b)', 'a SUE; app.b SUE; creates t'],
  ['create table t of app.type_of_rows', 'app.type_of_rows AS; creates t'],
  ['create table t as select * from a', 'a AS (children AS, underlying AS); creates t; rows; not a definition'],
  ['create table t as execute q', 'creates t; unknown'],
  ['create materialized view app.m as select * from a with no data', 'a AS; creates app.m'],
  ['create index i on app.t (lower(a)) where b > 0', 'app.t S (partitions S); creates app.i; rows'],
  ['create unique index concurrently if not exists i on t (a)', 't SUE (partitions SUE); rows'],
  ['create index on only t (a)', 't S; rows'],
  ['create index i on t (my_function(a))', 't S (partitions S); creates i; unknown'],
  ['create view v as select my_function(a) from b', 'b AS; creates v'],
  ['create or replace view v as select * from a', 'v AE; a AS'],
  ['create temporary view v as select 1', 'creates v; not a definition'],
  ['create trigger r after insert on t for each row execute function f()', 't SRE (partitions SRE)'],
  ['create trigger r after insert on t execute function f()', 't SRE'],
  ['create rule r as on insert to t do also delete from u', 't AE; u RE'],
  ['create policy p on t using (a in (select a from u))', 't AE; u AS'],
  ['create sequence s owned by app.t.id', 'app.t AS; creates s'],
  ['create statistics s on a, b from t', 't SUE'],
  ['create type app.c as (a integer)', 'creates app.c'],
  ["create type e as enum ('a')", ''],
  ['create domain d as text check (my_function(value))', ''],
  ['create function f() returns integer language sql return (select count(*) from t)', 't AS'],
  ["create function f() returns trigger language plpgsql as 'begin end'", ''],
  ["create function f() returns integer language c as 'library'", 'not a definition'],
  ['create schema s create table t (id integer references app.u)', 'app.u SRE (partitions SRE); creates s.t'],
  ['create publication p for table only a, b', 'a SUE; b SUE (children SUE)'],
  ['create extension pgcrypto', 'unknown'],
  ['create event trigger e on ddl_command_end execute function f()', 'not a definition'],
  ['create role r', ''],
  ['create database d', 'rows; not a definition'],
  ['create cast (text as integer) with inout', ''],
  ['create schema s create table t (id integer primary key) create view v as select * from t, app.t', 'app.t AS; creates s.t s.v'],
]

const columnsAndConstraints: Cases = [
  ['alter table t add column a integer', 't AE (children AE)'],
  ["alter table t add a text not null default 'x', add b timestamptz default now(), add c boolean default false", 't AE (children AE)'],
  ['alter table t add column a uuid default gen_random_uuid()', 't AE (children AE, indexes AE); rows'],
  ['alter table t add column a integer default my_function()', 't AE (children AE, indexes AE); unknown'],
  ['alter table t add column a app.mood', 't AE (children AE, indexes AE); rows'],
  ['alter table t add column a bigserial', 't AE (children AE, indexes AE); rows'],
  ['alter table t add column a integer not null', 't AE (children AE); rows'],
  ['alter table t add column a integer references app.u', 't AE (children AE); app.u SRE (partitions SRE)'],
  ['alter table t add column a integer default 1 references app.u', 't AE (children AE); app.u SRE (partitions SRE); rows'],
  ['alter table t add column a integer generated always as (b + 1) stored', 't AE (children AE, indexes AE); rows'],
  ['alter table only t add column a integer', 't AE'],
  ['alter table t drop column a', 't AE (children AE, parts of column a AE)'],
  ['alter table t drop column a cascade', 't AE (children AE, dependents of column a AE)'],
  [
    'alter table t alter a type text using my_function(a)',
    't AE (children AE, indexes AE, referenced of column a AE, referencing of column a AE, sequences of column a SRE); unknown',
  ],
  ['alter table t alter a set not null', 't AE (children AE); rows'],
  ['alter table t alter a set default my_function()', 't AE (children AE)'],
  ['alter table t alter a set statistics 10', 't SUE (children SUE)'],
  ['alter table t add check (a > 0)', 't AE (children AE); rows'],
  ['alter table t add check (my_function(a)) not valid', 't AE (children AE)'],
  ['alter table t add constraint f foreign key (a) references app.u not valid', 't SRE (children SRE); app.u SRE (partitions SRE)'],
  ['alter table t add foreign key (a) references u', 't SRE (children SRE); u SRE (partitions SRE); rows'],
  ['alter table t add primary key (a)', 't AE (children AE); rows'],
  ['alter table t add constraint c unique using index i', 't AE (children AE, indexes of index i SUE)'],
  ['alter table t validate constraint c', 't SUE (children of constraint c SUE, partitions SUE, referenced of constraint c RS); rows'],
  ['alter table t drop constraint c', 't AE (children of constraint c AE, referenced of constraint c AE, parts of constraint c AE)'],
  ['alter table t alter constraint c deferrable', 't AE (partitions AE)'],
  ['alter table t rename constraint c to d', 't AE (children of constraint c AE, indexes of constraint c SUE)'],
]

const otherAlterations: Cases = [
  ['alter table t set (fillfactor = 70, toast.autovacuum_enabled = off)', 't SUE'],
  ['alter table t set (user_catalog_table = true)', 't AE'],
  ['alter table t disable trigger all', 't SRE (partitions SRE)'],
  ['alter table t enable row level security', 't AE'],
  ['alter table t replica identity using index i', 't AE (indexes of index i S)'],
  ['alter table t cluster on i', 't SUE (indexes of index i SUE)'],
  ['alter table t inherit app.p', 't AE; app.p SUE'],
  ['alter table t owner to r', 't AE (indexes AE, sequences AE)'],
  ['alter table t set unlogged', 't AE (indexes AE, sequences AE, referenced AS, referencing AS); rows'],
  ['alter table t set tablespace s', 't AE; rows'],
  [
    'alter table t attach partition app.p for values in (1)',
    't SUE (default AE, referenced SRE, referencing SRE, indexes SUE); app.p AE (children AE, indexes AE); rows',
  ],
  ['alter table t detach partition p', 't AE (referenced SRE, referencing AE, default AE); p AE (children AE, indexes AE)'],
  ['alter table t detach partition p concurrently', 't SUE (referenced SRE, referencing AE, default AE); p AE (children AE, indexes AE)'],
  ['alter table all in tablespace a set tablespace b', 'unknown'],
  ['alter table app.t rename to u', 'app.t AE; app.t becomes app.u'],
  ['alter table app.t rename a to b', 'app.t AE (children AE)'],
  ['alter table app.t set schema other', 'app.t AE (sequences AE); app.t becomes other.t'],
  ['alter index i rename to j', 'i SUE; i becomes j'],
  ['alter index i set (fillfactor = 70)', 'i SUE'],
  ['alter index i attach partition j', 'i SUE (table AS); j AE (table AS)'],
  ['alter sequence s owned by none', 's SRE'],
  ['alter view v alter a set default 1', 'v AE (children AE)'],
  ['alter type app.c add attribute b integer cascade', 'app.c AE (dependents AE)'],
  ["alter type e add value 'b'", ''],
  ['alter domain d add check (value > 0)', 'unknown'],
  ['alter domain d add check (value > 0) not valid', ''],
  ['alter domain d set default 1', ''],
  ['alter trigger r on t rename to s', 't AE (parts of trigger r AE)'],
  ['alter schema a rename to b', 'unknown'],
  ['alter publication p set table t', 't SUE (children SUE); unknown'],
  ['alter publication p add table t', 't SUE (children SUE)'],
  ['alter policy p on t using (true)', 't AE'],
  ['alter function f() owner to r', ''],
  ['alter default privileges grant select on tables to r', ''],
  ['alter type app.c alter attribute b type text cascade', 'app.c AE (dependents AE); rows'],
]

const drops: Cases = [
  ['drop table app.t, u', 'app.t AE (parts AE, parent AE); u AE (parts AE, parent AE)'],
  ['drop table t cascade', 't AE (dependents AE, parent AE)'],
  ['drop index i', 'i AE (table AE, parts AE)'],
  ['drop index concurrently i', 'i SUE (table SUE)'],
  ['drop view v cascade', 'v AE (dependents AE)'],
  ['drop sequence s', 's AE (parts AE)'],
  ['drop trigger if exists r on app.t', 'app.t AS (parts of trigger r AE)'],
  ['drop policy p on t', 't AS (parts of policy p AE)'],
  ['drop type c', 'c AE'],
  ['drop type c cascade', 'c AE; unknown'],
  ['drop function f()', ''],
  ['drop function f() cascade', 'unknown'],
  ['drop schema s', ''],
  ['drop schema s cascade', 'unknown'],
  ['drop extension e', 'unknown'],
  ['drop statistics s', 'unknown'],
  ['drop owned by r', 'unknown'],
]

const upkeep: Cases = [
  ['truncate a, only b', 'a AE (children AE, indexes AE); b AE (indexes AE); not a definition'],
  ['truncate t restart identity cascade', 't AE (children AE, indexes AE, sequences AE, referencing-chain AE); not a definition'],
  ['lock table t in share mode', 't S (children S, underlying S)'],
  ['lock table only a, b', 'a AE (underlying AE); b AE (children AE, underlying AE)'],
  ['vacuum t', 't SUE (children SUE); rows; not a definition'],
  ['vacuum (full) t', 't AE (children AE, indexes AE); rows; not a definition'],
  ['vacuum (full off, analyze) t', 't SUE (children SUE); rows; not a definition'],
  ['vacuum', 'unknown'],
  ['analyze t', 't SUE (children SUE); rows; not a definition'],
  ['cluster t using i', 't AE (partitions AE, indexes AE); rows; not a definition'],
  ['cluster', 'unknown'],
  ['reindex table t', 't S (partitions S, indexes AE); rows; not a definition'],
  ['reindex (concurrently) index i', 'i SUE (partitions SUE, table SUE); rows; not a definition'],
  ['reindex schema s', 'unknown'],
  ['refresh materialized view m', 'm AE (indexes AE, source AS); rows; not a definition'],
  ['refresh materialized view concurrently m', 'm E (source AS); rows; not a definition'],
  ['refresh materialized view m with no data', 'm AE (indexes AE); not a definition'],
  ["comment on table app.t is 'x'", 'app.t SUE'],
  ["comment on column t.a is 'x'", 't SUE'],
  ["comment on constraint c on app.t is 'x'", 'app.t AS'],
  ["comment on function f() is 'x'", ''],
  ['grant select on t to r', 't AS'],
  ['grant select on all tables in schema s to r', ''],
]

const theSession: Cases = [
  ["set lock_timeout = '1s'", 'not a definition'],
  ['set search_path = app', 'unknown'],
  ['set local role r', 'unknown'],
  ['reset all', 'unknown'],
  ['discard all', 'unknown'],
  ['discard plans', 'not a definition'],
  ['set constraints all immediate', 'unknown'],
  ['set constraints all deferred', 'not a definition'],
  ['notify n', 'not a definition'],
  ['begin', 'not a definition'],
  ["load 'library'", 'unknown'],
]

describe.each([
  ['queries', queries],
  ['creations', creations],
  ['columns and constraints', columnsAndConstraints],
  ['other alterations', otherAlterations],
  ['drops', drops],
  ['upkeep', upkeep],
  ['the session', theSession],
] as const)('the locks of %s', (_, cases) => {
  test.each(cases)('%s', async (sql, locks) => {
    expect(describeLocks(await locksOf(sql))).toBe(locks)
  })
})

test('what nobody knows is neither instant nor a definition, and says why', async () => {
  const unknown = await locksOf('do $$ begin drop table t; end $$')
  expect(unknown).toEqual({
    locks: [],
    creates: [],
    unknown: 'what a DO block locks is not written in SQL',
    work: 'rows',
    definesOnly: false,
  })
  expect((await locksOf('alter table t add column a integer default app.f()')).unknown).toBe(
    'it calls app.f(), and what that locks is not written in the file',
  )
  expect(statementLocks({ node: { ReplicaIdentityStmt: {} } }).unknown).toBe('what ReplicaIdentityStmt locks is not known')
})
