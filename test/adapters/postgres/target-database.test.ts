import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTarget } from '../../../src/adapters/postgres/target-database.ts'
import { parseConnection } from '../../../src/connection.ts'
import { dumpOf, type TestDump } from '../../postgres/dump.ts'
import { ownership } from '../../postgres/ownership.ts'
import { awkwardPassword, binDir, startServer, type TestServer, uniqueName } from '../../postgres/server.ts'

let source: TestServer
let other: TestServer
let root: string
let systemIdentifier: string | undefined

beforeAll(async () => {
  source = await startServer()
  other = await startServer()
  for (const server of [source, other]) {
    await server.query(`create role drill login password '${awkwardPassword.replaceAll("'", "''")}'`)
  }
  systemIdentifier = (await source.query<{ id: string }>('select system_identifier::text as id from pg_control_system()'))[0]?.id
})
afterAll(async () => {
  await source.stop()
  await other.stop()
})
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'target-'))
  await chmod(root, 0o711)
})
afterEach(() => rm(root, { recursive: true, force: true }))

const tls = { mode: 'off', ca: undefined } as const
const inputsOf = (url: string) => ({ connection: parseConnection(url), tls, role: undefined })

/** An empty database of the plain role `drill`, and its connection string. */
async function empty(server: TestServer, name = uniqueName('drill')): Promise<{ name: string; url: string }> {
  const url = await server.createDatabase(name)
  await server.query(`alter database "${name}" owner to drill`)
  if (server.major < 15) await server.query('alter schema public owner to drill', name)
  return { name, url: url.replace('//postgres:', '//drill:') }
}

const open = (url: string, given: Partial<Parameters<typeof openTarget>[0]> = {}) =>
  openTarget({
    target: inputsOf(url),
    source: { systemIdentifier, database: undefined },
    major: source.major,
    ours: true,
    binDir,
    install: false,
    applicationName: 'shiplock',
    roots: [root],
    env: process.env,
    say: () => {},
    ...given,
  })

type Target = Awaited<ReturnType<typeof open>>

async function restore(target: Target, { path }: TestDump): Promise<void> {
  for (const section of ['pre-data', 'data', 'post-data'] as const) await target.restore(path, section, AbortSignal.any([]))
}

const contents = async (server: TestServer, name: string) =>
  (await server.query<{ ownership: string }>(`set search_path = pg_catalog; ${ownership}`, name))[0]?.ownership

const shop = `
  create schema app; create type app.mood as enum ('sad'); create domain app.d as int; create extension hstore; create extension pg_stat_statements;
  create table app.t (id int generated always as identity primary key, m app.mood, tags hstore); insert into app.t (m) values ('sad');
  create table parted (n int) partition by range (n); create table parted_1 partition of parted for values from (1) to (9); insert into parted values (1);
  create table kept (id serial, n int); create view v as select * from kept; create materialized view mv as select count(*) as n from app.t;
  create function f() returns int language sql as 'select 1'; create procedure pr() language sql as 'select 1';
  create aggregate total(int) (sfunc = int4pl, stype = int4); create type pair as (a int); create type span as range (subtype = int);
  create operator === (leftarg = int, rightarg = int, function = int4eq); create collation c from "C"; create statistics st on id, n from kept;
  create text search configuration words (copy = simple); create cast (pair as text) with inout; select lo_from_bytea(0, 'large');
  create policy p on kept using (true); create policy q on kept to reporting using (true); comment on schema public is 'of the shop'`

describe("a target of somebody's own", () => {
  test('gets the copy, without owners and grants, and is as empty as before at the end', async () => {
    await source.query('create role reporting')
    await using dump = await dumpOf(source, shop)
    const { name, url } = await empty(other)
    await other.query('create schema extensions; create extension pg_trgm schema extensions', name)
    const before = await contents(other, name)
    {
      await using target = await open(url)
      expect([target.isolation, target.hasOwners]).toEqual(['none', false])
      expect(
        await target.prepareExtensions(['hstore', 'pg_stat_statements', 'plpgsql'].map((one) => ({ name: one, schema: 'public' }))),
      ).toEqual(['pg_stat_statements'])
      await restore(target, dump)
      await target.analyze()
      expect(Object.fromEntries(await target.countRows())).toEqual({ 'app.t': 1, 'public.kept': 0, 'public.parted_1': 1 })
      expect((await target.query('select n from mv', 1000)).rows).toEqual([['1']])
      await expect(target.query('insert into kept values (1)', 1000)).rejects.toMatchObject({ code: '25006' })
      const left = await target.notRestored(dump.path)
      expect(left.filter((object) => !object.startsWith('COMMENT EXTENSION'))).toEqual([
        'EXTENSION pg_stat_statements',
        'POLICY public kept q',
      ])
    }
    expect(await contents(other, name)).toBe(before)
    expect(await other.query('select extname from pg_extension order by 1', name)).toEqual([{ extname: 'pg_trgm' }, { extname: 'plpgsql' }])
    expect(await other.query('select oid from pg_largeobject_metadata', name)).toEqual([])
    expect(await readdir(root)).toEqual([])
  })

  test('is emptied after a restore that broke off, too', async () => {
    await using dump = await dumpOf(source, 'create table a (x int); create table b (x int)')
    const { name, url } = await empty(other)
    {
      await using target = await open(url)
      await target.restore(dump.path, 'pre-data', AbortSignal.any([]))
      await expect(target.restore(dump.path, 'data', AbortSignal.abort('SIGTERM'))).rejects.toBeDefined()
    }
    expect(await other.query("select relname from pg_class where relnamespace = 'public'::regnamespace", name)).toEqual([])
  })

  test('keeps the copy when asked, and says where', async () => {
    await using dump = await dumpOf(source, 'create table a (x int); alter table a enable row level security, force row level security')
    const { name, url } = await empty(other)
    const said: string[] = []
    {
      await using target = await open(url, { say: (text) => said.push(text) })
      target.keep()
      await restore(target, dump)
    }
    expect(await other.query("select relforcerowsecurity as forced from pg_class where relname = 'a'", name)).toEqual([{ forced: true }])
    expect(said.at(-1)).toBe(`the restored copy is kept in 127.0.0.1:${other.port}/${name}`)
  })
})

describe('a target is refused', () => {
  const refusal = (url: string, given: Partial<Parameters<typeof openTarget>[0]> = {}) =>
    open(url, given).then(
      (target) => target[Symbol.asyncDispose](),
      ({ code, exitCode, message }) => `${code} ${exitCode}: ${message.replace(/127\.0\.0\.1:\d+\/\w+/, 'HERE')}`,
    )

  test('on the server that the backup is from, by what its manifest says', async () => {
    const { url } = await empty(source)
    expect(await refusal(url)).toBe('unsafe-target 2: HERE is on the server that the backup is from.')
  })

  test('on the server that database-url names, whatever the manifest says, and however the server is called', async () => {
    const { url } = await empty(other)
    const database = inputsOf(other.url().replace('127.0.0.1', 'localhost'))
    expect(await refusal(url, { source: { systemIdentifier, database } })).toBe(
      'unsafe-target 2: HERE is on the server that the backup is from.',
    )
  })

  test('by the time when the server started, where its identifier cannot be read', async () => {
    const { name, url } = await empty(other)
    await other.query('revoke execute on function pg_control_system() from public', name)
    for (const [server, expected] of [
      [other, 'unsafe-target 2: HERE is on the server that the backup is from.'],
      [source, undefined],
    ] as const) {
      const database = inputsOf(server.url())
      expect(await refusal(url, { source: { systemIdentifier: undefined, database } })).toBe(expected)
    }
    expect(await refusal(url)).toBe('unsafe-target 2: Nothing tells whether HERE is on the server that the backup is from.')
  })

  test.each([
    ['create table t (x int)', 'table public.t'],
    ['create schema s; create function s.f() returns int language sql as $$ select 1 $$', 'function s.f()'],
    ['create sequence public.s', 'sequence public.s'],
    ['select lo_create(42)', 'large object 42'],
  ])('when it is not empty: %s', async (sql, object) => {
    const { name, url } = await empty(other)
    await other.query(sql, name)
    expect(await refusal(url)).toBe(`unsafe-target 2: HERE is not empty: it holds ${object}.`)
  })

  test('when it is not named drill_…', async () => {
    const { url } = await empty(other, uniqueName('staging'))
    expect(await refusal(url)).toBe('unsafe-target 2: HERE is not a database for drills: its name does not begin with drill_.')
  })

  test.each([['superuser'], ['in role pg_execute_server_program'], ['in role postgres']])('for a role that is %s', async (attribute) => {
    const role = uniqueName('mighty')
    await other.query(`create role ${role} login ${attribute} password '${awkwardPassword.replaceAll("'", "''")}'`)
    const { name, url } = await empty(other)
    await other.query(`alter database ${name} owner to ${role}`)
    expect(await refusal(url.replace('//drill:', `//${role}:`))).toBe(
      'unsafe-target 2: HERE would be restored by a superuser, or a role as mighty, and a dump can hold code that then runs as the server.',
    )
  })

  test('for a role that does not own it', async () => {
    const { name, url } = await empty(other)
    await other.query(`alter database ${name} owner to postgres`)
    expect(await refusal(url)).toBe('unsafe-target 2: The role of target-url does not own HERE.')
  })

  test('when it is no longer empty at the moment of the restore, and nothing of it is dropped', async () => {
    await using dump = await dumpOf(source, 'create table a (x int)')
    const { name, url } = await empty(other)
    {
      await using target = await open(url)
      await other.query('create table precious (x int)', name)
      await expect(target.restore(dump.path, 'pre-data', AbortSignal.any([]))).rejects.toMatchObject({ code: 'unsafe-target' })
    }
    expect(await other.query("select relname from pg_class where relnamespace = 'public'::regnamespace", name)).toEqual([
      { relname: 'precious' },
    ])
  })
})
