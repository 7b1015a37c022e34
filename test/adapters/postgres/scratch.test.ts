import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeScratchCluster } from '../../../src/adapters/postgres/scratch.ts'
import { findTools, toolEnvironment } from '../../../src/adapters/postgres/tools.ts'
import { runChild } from '../../../src/adapters/process.ts'
import { killServersIn } from '../../../src/adapters/stray-servers.ts'
import { sweepWorkspaces } from '../../../src/adapters/workspace.ts'
import type { ScratchCluster } from '../../../src/drill/scratch.ts'
import { dumpOf, type TestDump } from '../../postgres/dump.ts'
import { awkwardPassword, binDir, startServer, type TestServer } from '../../postgres/server.ts'

let server: TestServer
let root: string

beforeAll(async () => {
  server = await startServer({ settings: { wal_level: 'logical' } })
})
afterAll(() => server.stop())
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'scratch-'))
  await chmod(root, 0o711) // the server's account passes through
})
afterEach(() => rm(root, { recursive: true, force: true }))

const scratch = (given: Partial<Parameters<typeof makeScratchCluster>[0]> = {}) =>
  makeScratchCluster({
    major: server.major,
    encoding: 'UTF8',
    collate: 'C',
    ctype: 'C',
    ours: false,
    allowUnsafeClient: true,
    binDir,
    install: false,
    roots: [root],
    env: process.env,
    say: () => {},
    signal: new AbortController().signal,
    ...given,
  })

async function restore(cluster: ScratchCluster, { path }: TestDump): Promise<void> {
  for (const section of ['pre-data', 'data', 'post-data'] as const) await cluster.restore(path, section, AbortSignal.any([]))
}

const value = async (cluster: ScratchCluster, sql: string) => (await cluster.query(sql, 10_000)).rows[0]?.[0]

/** Processes that work below a folder. */
async function processesIn(folder: string): Promise<string[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return names.filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
    } catch {
      return false
    }
  })
}

describe('a restore', () => {
  test('brings back tables, rows, views, sequences, defaults, partitions and large objects, all owned by a plain role', async () => {
    await using dump = await dumpOf(
      server,
      `create schema "My App";
       create table "My App".t (id serial primary key, name text not null default 'x', check (id > 0));
       insert into "My App".t (name) select 'n' || i from generate_series(1, 500) i;
       create view "My App".v as select count(*) as n from "My App".t;
       create table m (day date, n int) partition by range (day);
       create table m_1 partition of m for values from ('2026-01-01') to ('2026-02-01');
       insert into m values ('2026-01-05', 1), ('2026-01-06', 2);
       select lo_from_bytea(4242, 'large');
       comment on large object 4242 is 'a comment';
       comment on schema public is 'ours'`,
    )
    await using cluster = await scratch()
    await restore(cluster, dump)
    await cluster.analyze()
    expect(await cluster.notRestored(dump.path)).toEqual([])
    expect(Object.fromEntries(await cluster.countRows())).toEqual({ '"My App".t': 500, 'public.m_1': 2 })
    expect(await value(cluster, 'select n from "My App".v')).toBe('500')
    expect(await value(cluster, `select last_value from "My App".t_id_seq`)).toBe('500')
    expect(await value(cluster, `select convert_from(lo_get(4242), 'UTF8')`)).toBe('large')
    expect(
      await value(
        cluster,
        `select string_agg(distinct pg_get_userbyid(relowner), ',') from pg_class where relnamespace in ('public'::regnamespace, '"My App"'::regnamespace)`,
      ),
    ).toBe('drill_restorer')
    expect(
      await value(cluster, `select string_agg(rolname, ',' order by rolname) from pg_roles where rolname like 'drill%' and not rolsuper`),
    ).toBe('drill_reader,drill_restorer')
  })

  test('never runs the code of a dump as somebody who may start programs', async () => {
    const file = join(root, 'written-by-the-dump')
    await using dump = await dumpOf(
      server,
      `create function innocent(int) returns boolean language plpgsql as 'begin return true; end';
       create table t (id int check (innocent(id)));
       insert into t values (1);
       create or replace function innocent(int) returns boolean language plpgsql as $$
         begin execute 'copy (select 1) to program ''touch ${file}; chmod 666 ${file}'''; return true;
         exception when insufficient_privilege then return true; end $$`,
    )
    await chmod(root, 0o777)
    await using cluster = await scratch()
    await restore(cluster, dump)
    expect(await cluster.countRows()).toEqual(new Map([['public.t', 1]]))
    expect(existsSync(file)).toBe(false)

    // the same archive, restored by a superuser, does write the file: this is what the plain role is for
    const tools = await findTools({ major: server.major, set: 'server', binDir, install: false, env: process.env, say: () => {} })
    await server.createDatabase('restored_by_superuser')
    const env = {
      ...toolEnvironment(process.env),
      PGHOST: '127.0.0.1',
      PGPORT: String(server.port),
      PGUSER: 'postgres',
      PGPASSWORD: awkwardPassword,
    }
    await runChild(join(tools.binDir, 'pg_restore'), ['--dbname=restored_by_superuser', dump.path], { env })
    expect(existsSync(file)).toBe(true)
  })

  test('loads what row security hides, and materialized views of it', async () => {
    await using dump = await dumpOf(
      server,
      `create table parent (id int primary key);
       create table hidden (id int references parent, secret text);
       insert into parent values (1), (2); insert into hidden values (1, 'a'), (2, 'b');
       create materialized view m as select * from hidden;
       alter table hidden enable row level security;
       alter table hidden force row level security;
       create policy nobody on hidden using (false)`,
    )
    await using cluster = await scratch()
    await restore(cluster, dump)
    expect(Object.fromEntries(await cluster.countRows())).toEqual({ 'public.hidden': 2, 'public.parent': 2 })
    expect(await value(cluster, 'select count(*) from hidden')).toBe('2')
    expect(await value(cluster, 'select count(*) from m')).toBe('2')
  })

  test('finds its extensions in the schemas where they were', async () => {
    await using dump = await dumpOf(
      server,
      `create schema extensions;
       create extension pg_trgm schema extensions;
       create extension pgcrypto schema extensions;
       create extension hstore;
       create extension earthdistance cascade;
       comment on schema extensions is 'of others';
       create table t (id int, name text, tags hstore, hash bytea default extensions.digest('x', 'sha256'));
       insert into t values (1, 'a', 'k=>v');
       create index on t using gin (name extensions.gin_trgm_ops)`,
    )
    await using cluster = await scratch()
    const wanted = [
      { name: 'earthdistance', schema: 'public' },
      { name: 'cube', schema: 'public' },
      { name: 'hstore', schema: 'public' },
      { name: 'pg_trgm', schema: 'extensions' },
      { name: 'pgcrypto', schema: 'extensions' },
      { name: 'plpgsql', schema: 'pg_catalog' },
    ]
    expect(await cluster.prepareExtensions(wanted)).toEqual([])
    await restore(cluster, dump)
    expect(await cluster.countRows()).toEqual(new Map([['public.t', 1]]))
    expect(await value(cluster, `select tags -> 'k' from t`)).toBe('v')
    expect(await value(cluster, `select encode(hash, 'hex') = encode(sha256('x'), 'hex') from t`)).toBe('t')
    expect((await cluster.notRestored(dump.path)).every((object) => object.startsWith('COMMENT EXTENSION '))).toBe(true)
  })

  test('makes no extension outside of its list, and says so', async () => {
    await using cluster = await scratch()
    const wanted = ['dblink', 'postgres_fdw', 'file_fdw', 'plpython3u', 'no_such_extension', 'citext'].map((name) => ({
      name,
      schema: 'public',
    }))
    expect(await cluster.prepareExtensions(wanted)).toEqual(['dblink', 'postgres_fdw', 'file_fdw', 'plpython3u', 'no_such_extension'])
  })

  test('leaves out what needs a superuser together with what depends on it, names it, and loads the rest', async () => {
    await using dump = await dumpOf(
      server,
      `create table t (id int); insert into t values (1);
       create extension postgres_fdw;
       create server far foreign data wrapper postgres_fdw options (host 'production.example');
       create user mapping for current_user server far options (user 'u', password 'p');
       create foreign table elsewhere (id int) server far;
       create view both_sides as select * from t union all select * from elsewhere;
       create publication everything for all tables;
       create publication one for table t;
       create function on_ddl() returns event_trigger language plpgsql as 'begin end';
       create event trigger watch on ddl_command_start execute function on_ddl();
       create subscription later connection 'dbname=nowhere' publication p with (connect = false, slot_name = none, enabled = false)`,
    )
    await using cluster = await scratch()
    expect(await cluster.prepareExtensions([{ name: 'postgres_fdw', schema: 'public' }])).toEqual(['postgres_fdw'])
    await restore(cluster, dump)
    expect(await cluster.countRows()).toEqual(new Map([['public.t', 1]]))
    expect(await cluster.notRestored(dump.path)).toEqual([
      'EXTENSION postgres_fdw',
      'COMMENT EXTENSION postgres_fdw',
      'SERVER far',
      'USER MAPPING USER MAPPING postgres SERVER far',
      'FOREIGN TABLE public elsewhere',
      'VIEW public both_sides',
      'PUBLICATION everything',
      'PUBLICATION one',
      'PUBLICATION TABLE public one t',
      'SUBSCRIPTION later',
      'EVENT TRIGGER watch',
    ])
    await server.query('alter subscription later disable; drop subscription later', dump.database)
  })

  test('leaves out what only a superuser may define, as its definition tells, and nothing else of its kind', async () => {
    await using dump = await dumpOf(
      server,
      `create table t (id int); insert into t values (1);
       create function c() returns trigger language c as '$libdir/lo', 'lo_manage';
       create trigger by_c after delete on t for each row execute function c();
       create function leakproof() returns int language sql leakproof as 'select 1'; create view needs_it as select leakproof();
       create function loud() returns int language sql set log_min_messages = 'error' as 'select 1';
       create function quiet() returns int language sql set search_path = '' set work_mem = '1MB' as 'select 1';
       create function tenant() returns int language sql set app.tenant = '1' as 'select 1';
       create type base; create function base_in(cstring) returns base language internal strict immutable as 'textin';
       create function base_out(base) returns cstring language internal strict immutable as 'textout';
       create type base (input = base_in, output = base_out, like = text); create table of_base (b base);
       create type pair as (a int, b int);
       create cast (base as text) without function; create cast (pair as text) with inout;
       create cast (int as json) with inout;
       create aggregate joined(text, text) (sfunc = string_agg_transfn, stype = internal, finalfunc = string_agg_finalfn);
       create operator class odd for type int using btree as function 1 btint4cmp(int, int);
       create access method heap2 type table handler heap_tableam_handler;
       create text search template tmpl (lexize = dsimple_lexize); create text search dictionary d (template = tmpl)`,
    )
    await using cluster = await scratch()
    await restore(cluster, dump)
    expect(await cluster.countRows()).toEqual(new Map([['public.t', 1]]))
    const left = await cluster.notRestored(dump.path)
    expect([...left].sort()).toEqual([
      'ACCESS METHOD heap2',
      'AGGREGATE public joined(text, text)',
      'CAST CAST (integer AS json)',
      'CAST CAST (public.base AS text)',
      'FUNCTION public base_in(cstring)',
      'FUNCTION public base_out(public.base)',
      'FUNCTION public c()',
      'FUNCTION public leakproof()',
      'FUNCTION public loud()',
      'FUNCTION public tenant()',
      'OPERATOR CLASS public odd',
      'OPERATOR FAMILY public odd',
      'SHELL TYPE public base',
      'TABLE DATA public of_base',
      'TABLE public of_base',
      'TEXT SEARCH DICTIONARY public d',
      'TEXT SEARCH TEMPLATE public tmpl',
      'TRIGGER public t by_c',
      'TYPE public base',
      'VIEW public needs_it',
    ])
    expect(await value(cluster, 'select quiet()')).toBe('1')
  })

  test('stops at the first error, names the object, and keeps the values of its rows to itself', async () => {
    await using dump = await dumpOf(
      server,
      `create function small(int) returns boolean language sql as 'select true';
       create table t (id int constraint is_small check (small(id)), name text);
       insert into t values (1, 'jane@example.org');
       create or replace function small(int) returns boolean language sql as 'select false'`,
    )
    await using cluster = await scratch()
    const error = await restore(cluster, dump).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'restore-failed' })
    expect(error.message).toContain('data did not load')
    expect(error.message).toContain('COPY failed for table "t"')
    expect(error.message).toContain('violates check constraint "is_small"')
    expect(error.message).not.toContain('jane')
  })

  test('of something that is no archive fails with what pg_restore says', async () => {
    const file = join(root, 'no-archive')
    await writeFile(file, 'x'.repeat(10_000), { mode: 0o640 })
    const before = await stat(file)
    await using cluster = await scratch()
    const error = await cluster.restore(file, 'pre-data', AbortSignal.any([])).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'restore-failed' })
    expect(error.message).toContain('table of contents cannot be read')
    const { uid, mode } = await stat(file)
    expect({ uid, mode }).toEqual({ uid: before.uid, mode: before.mode }) // what is not ours is not touched
  })
})

describe('a smoke query', () => {
  test('reads everything and changes nothing, whatever it tries', async () => {
    await using dump = await dumpOf(
      server,
      `create schema app; create table app.t (id int); insert into app.t values (1), (null);
      create function app.sneaky() returns void language sql security definer as 'delete from app.t'`,
    )
    await using cluster = await scratch()
    await restore(cluster, dump)
    expect(await cluster.query('select id, true from app.t order by id', 1000)).toEqual({
      rows: [
        ['1', 't'],
        [null, 't'],
      ],
      rowCount: 2,
    })
    const refused: [string, string][] = [
      ['delete from app.t', '25006'],
      ['select app.sneaky()', '25006'],
      ['create temp table x ()', '25006'],
      ['set transaction read write', '25001'],
      ['commit; delete from app.t', '42601'],
      [`copy app.t to program 'id'`, '42501'],
      [`select pg_read_file('postgresql.conf')`, '42501'],
      ['select 1 / 0', '22012'],
    ]
    for (const [sql, code] of refused) await expect(cluster.query(sql, 1000), sql).rejects.toMatchObject({ code })
    await expect(cluster.query('select pg_sleep(60)', 200)).rejects.toMatchObject({ code: '57014' })
    expect(await value(cluster, 'select count(*) from app.t')).toBe('2')
  })

  test('keeps only the first rows of a long answer and counts all of them', async () => {
    await using cluster = await scratch()
    const { rows, rowCount } = await cluster.query('select i from generate_series(1, 100000) i', 10_000)
    expect([rows.length, rowCount]).toEqual([100, 100_000])
  })
})

describe('the cluster', () => {
  test('has no listener, no network where the machine allows that, and none of our variables', async () => {
    await using cluster = await scratch({
      env: { ...process.env, PGPASSWORD: 'ours', AWS_SECRET_ACCESS_KEY: 'ours', DATABASE_URL: 'ours' },
    })
    expect(await value(cluster, 'show listen_addresses')).toBe('')
    const [pid] = (await readFile(join(cluster.directory, 'data', 'postmaster.pid'), 'utf8')).split('\n')
    const alone = readlinkSync(`/proc/${pid}/ns/net`) !== readlinkSync('/proc/self/ns/net')
    expect(cluster.isolation).toBe(alone ? 'no network' : 'sockets only')
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('ours')
  })

  test('loads the libraries and runs the SQL that the team gives it, before and after the archive', async () => {
    await using dump = await dumpOf(server, 'create schema app; create table app.t (id int); insert into app.t values (1)')
    const [before, after] = [join(root, 'before.sql'), join(root, 'after.sql')]
    await writeFile(before, 'create extension dblink;\ncreate schema team; create table team.seen as select current_user::text as who;')
    await writeFile(after, 'insert into team.seen select count(*)::text from app.t')
    await using cluster = await scratch({ preload: ['auto_explain', 'pg_stat_statements'], before, after })
    expect(
      await value(
        cluster,
        `select count(*) from pg_settings where name in ('auto_explain.log_nested_statements', 'pg_stat_statements.max')`,
      ),
    ).toBe('2')
    const wanted = ['dblink', 'postgres_fdw'].map((name) => ({ name, schema: 'public' }))
    expect(await cluster.prepareExtensions(wanted)).toEqual(['postgres_fdw']) // the team made the other one itself
    await restore(cluster, dump)
    expect(await value(cluster, 'select string_agg(who, $$,$$ order by who) from team.seen')).toMatch(/^1,drill_[0-9a-f]{12}$/)
  })

  test('says which of the SQL files of the team failed, or is not there', async () => {
    const before = join(root, 'before.sql')
    await expect(scratch({ before })).rejects.toMatchObject({ code: 'unreadable-file', message: expect.stringContaining('before.sql') })
    await writeFile(before, 'select no_such_function()')
    await using cluster = await scratch({ before })
    await expect(cluster.prepareExtensions([])).rejects.toMatchObject({
      code: 'scratch-failed',
      message: expect.stringContaining('drill-before failed'),
    })
  })

  test('has the encoding and the locale of the source', async () => {
    await using cluster = await scratch({ encoding: 'LATIN1', collate: 'C', ctype: 'C' })
    expect(await value(cluster, 'show server_encoding')).toBe('LATIN1')
  })

  test('is refused, with the locale by name, when this machine does not have it', async () => {
    await expect(scratch({ collate: 'xx_XX.UTF-8' })).rejects.toMatchObject({
      code: 'scratch-failed',
      message: expect.stringContaining('xx_XX.UTF-8'),
    })
    expect(await readdir(root)).toEqual([])
  })

  test('works below a folder whose path is too long for a socket', async () => {
    const long = join(root, 'a'.repeat(120))
    await mkdir(long, { mode: 0o711 })
    await using cluster = await scratch({ roots: [long] })
    expect(cluster.directory.startsWith(long)).toBe(true)
    expect(await value(cluster, 'select 1')).toBe('1')
  })

  test('leaves nothing behind', async () => {
    {
      await using cluster = await scratch()
      expect(await processesIn(cluster.directory)).not.toEqual([])
      await cluster.query('select 1', 1000)
    }
    expect(await readdir(root)).toEqual([])
    expect(await processesIn(root)).toEqual([])
  })

  test('stops at once on a signal, with whatever runs there', async () => {
    const controller = new AbortController()
    const started = performance.now()
    {
      await using cluster = await scratch({ signal: controller.signal })
      const query = cluster.query('select pg_sleep(600)', 600_000).catch((error) => error)
      setTimeout(() => controller.abort('SIGTERM'), 300)
      expect(await query).toBeInstanceOf(Error)
    }
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(await readdir(root)).toEqual([])
    expect(await processesIn(root)).toEqual([])
  })

  test.each(['pre-data', 'data', 'post-data'] as const)('stops at once on a signal while %s is restored', async (section) => {
    const sections = ['pre-data', 'data', 'post-data'] as const
    // statements that last: a matview's, a check's and an index's, whose function was quick when the dump was made
    const lasting = {
      'pre-data': ['create table t (id int)', 'create view slow as select 1 as x'],
      data: ['create table t (id int check (slow(id))); insert into t values (1)', ''],
      'post-data': ['create table t (id int); insert into t values (1); create index on t (slow(id))', ''],
    }[section]
    await using dump = await dumpOf(
      server,
      `create function slow(int) returns boolean language plpgsql immutable as 'begin return true; end'; ${lasting.join('; ')};
       create or replace function slow(int) returns boolean language plpgsql immutable as 'begin perform pg_sleep(600); return true; end'`,
    )
    const controller = new AbortController()
    {
      await using cluster = await scratch({ signal: controller.signal })
      for (const one of sections.slice(0, sections.indexOf(section))) await cluster.restore(dump.path, one, controller.signal)
      const restored = cluster.restore(dump.path, section, controller.signal).catch((error) => error)
      setTimeout(() => controller.abort('SIGTERM'), 500)
      if (section === 'pre-data') await restored
      else expect(await restored).toBe('SIGTERM')
    }
    expect(await readdir(root)).toEqual([])
    expect(await processesIn(root)).toEqual([])
  })

  test('is not left behind by a signal while it is made', async () => {
    for (const ms of [1, 300, 700]) {
      const controller = new AbortController()
      setTimeout(() => controller.abort('SIGTERM'), ms)
      const made = await scratch({ signal: controller.signal }).catch(() => undefined)
      await made?.[Symbol.asyncDispose]()
      expect(await readdir(root)).toEqual([])
      expect(await processesIn(root)).toEqual([])
    }
  })

  test('of a run that was killed is stopped and removed by the next', async () => {
    const place = { major: server.major, encoding: 'UTF8', collate: 'C', ctype: 'C', binDir, install: false, roots: [root] }
    const options = { ...place, ours: true }
    const script = `import { makeScratchCluster } from ${JSON.stringify(resolve('src/adapters/postgres/scratch.ts'))}
      const options = ${JSON.stringify(options)}
      const cluster = await makeScratchCluster({ ...options, env: process.env, say: () => {}, signal: new AbortController().signal })
      cluster.query('select sum(i) from generate_series(1, 100000000000) i', 600000)
      setTimeout(() => console.log(cluster.directory), 500)`
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise((done) => owner.once('exit', done))
    const directory = await new Promise<string>((done, fail) => {
      owner.stdout.once('data', (text) => done(String(text).trim()))
      owner.once('exit', () => fail(new Error('the run ended by itself')))
    })
    owner.kill('SIGKILL')
    await ended
    expect(await processesIn(directory)).not.toEqual([])

    expect(await sweepWorkspaces([root])).toContain(directory)
    expect(await processesIn(root)).toEqual([])
    expect(await readdir(root)).toEqual([])
  })

  test('that is kept runs on and says how to get in', async () => {
    const said: string[] = []
    let directory: string
    {
      await using cluster = await scratch({ say: (text) => said.push(text) })
      directory = cluster.directory
      cluster.keep()
    }
    try {
      await sweepWorkspaces([root])
      expect(await processesIn(directory)).not.toEqual([])
      expect(said.at(-2)).toMatch(/^the scratch cluster is kept: PGPASSFILE=\S+\/pgpass psql --host=\S+ --username=drill_restorer drill$/)
    } finally {
      await killServersIn(directory)
    }
  })
})
