import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeRehearsal } from '../../../src/adapters/postgres/rehearsal.ts'
import { sweepWorkspaces } from '../../../src/adapters/workspace.ts'
import { parseConnection } from '../../../src/connection.ts'
import type { Rehearsal, RehearsalOutcome } from '../../../src/migration/rehearsal.ts'
import { binDir, startServer, type TestServer, uniqueName } from '../../postgres/server.ts'

let server: TestServer
let root: string

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rehearsal-'))
  await chmod(root, 0o711) // the server's account passes through
})
afterEach(() => rm(root, { recursive: true, force: true }))

type Options = Partial<Parameters<typeof makeRehearsal>[0]> & { url?: string; role?: string }

/** A rehearsal on a copy of a database that is made with this SQL, or why there is none. */
async function attempt(sql: string, options: Options = {}) {
  return copyOf(await sourceOf(sql), options)
}

/** Its name. */
async function sourceOf(sql: string): Promise<string> {
  const database = uniqueName('source')
  await server.createDatabase(database)
  await server.query(sql, database)
  return database
}

function copyOf(database: string, { url, role, ...given }: Options = {}) {
  return makeRehearsal({
    database: { connection: { ...parseConnection(url ?? server.url()), database }, tls: { mode: 'off', ca: undefined }, role },
    applicationName: 'shiplock/test',
    binDir,
    roots: [root],
    env: process.env,
    say: () => {},
    signal: new AbortController().signal,
    ...given,
  })
}

async function rehearse(sql: string, options?: Options): Promise<Rehearsal> {
  const made = await attempt(sql, options)
  if ('notPossible' in made) throw new Error(made.notPossible)
  return made
}

const inTransaction = (...migrations: string[]) => migrations.map((sql) => ({ sql, transactional: true }))

/** `public.t AccessExclusive`, in order; an index and the like with its kind. */
function shown(outcome: RehearsalOutcome | undefined): string[] | string | undefined {
  if (outcome === undefined || 'failed' in outcome) return outcome?.failed
  return outcome.locks
    .map(({ schema, name, kind, mode }) => `${kind === 'table' ? '' : `${kind} `}${schema}.${name} ${mode}`)
    .sort((a, b) => (a < b ? -1 : 1))
}

async function locksOf(rehearsal: Rehearsal, ...migrations: string[]) {
  return (await rehearsal.run(inTransaction(...migrations))).map(shown)
}

async function processesBelow(folder: string): Promise<string[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return names.filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
    } catch {
      return false
    }
  })
}

describe('the locks of a migration', () => {
  test('are seen where its text does not show them: in a DO block and in a function that it calls', async () => {
    await using rehearsal = await rehearse(
      `create table users (id int primary key); create table orders (id int primary key);
       create function close_orders() returns void language plpgsql as 'begin lock table orders in share mode; end'`,
    )
    expect(
      await locksOf(
        rehearsal,
        `do $$ begin execute 'alter table ' || 'users' || ' add column email text'; end $$`,
        'select close_orders()',
      ),
    ).toEqual([['public.users AccessExclusive'], ['public.orders Share']])
  })

  test('name the other side of a foreign key, and of one that goes with its table', async () => {
    await using rehearsal = await rehearse('create table parent (id int primary key); create table child (parent_id int)')
    expect(
      await locksOf(
        rehearsal,
        'alter table child add foreign key (parent_id) references parent not valid',
        'alter table child validate constraint child_parent_id_fkey',
        'drop table child',
      ),
    ).toEqual([
      ['public.child ShareRowExclusive', 'public.parent ShareRowExclusive'],
      ['index public.parent_pkey AccessShare', 'public.child ShareUpdateExclusive', 'public.parent RowShare'],
      ['public.child AccessExclusive', 'public.parent AccessExclusive'],
    ])
  })

  test('name each partition', async () => {
    await using rehearsal = await rehearse(
      `create table m (day date) partition by range (day);
       create table m_1 partition of m for values from ('2026-01-01') to ('2026-02-01');
       create table m_2 partition of m for values from ('2026-02-01') to ('2026-03-01')`,
    )
    expect(await locksOf(rehearsal, 'alter table m add column note text')).toEqual([
      ['public.m AccessExclusive', 'public.m_1 AccessExclusive', 'public.m_2 AccessExclusive'],
    ])
  })

  test('are one mode for a relation, which conflicts with whatever its locks conflict with', async () => {
    await using rehearsal = await rehearse('create table t (id int primary key)')
    expect(await locksOf(rehearsal, 'update t set id = 1; create index t_id on t (id)')).toEqual([
      ['index public.t_pkey RowExclusive', 'public.t ShareRowExclusive'],
    ])
  })

  test('leave out what the migration made itself, and name what an earlier one made', async () => {
    await using rehearsal = await rehearse('create schema app')
    expect(
      await locksOf(
        rehearsal,
        'create table app.t (id int); alter table app.t add column a int',
        'alter table app.t rename to renamed',
        'alter table app.renamed add column b int',
      ),
    ).toEqual([[], ['app.t AccessExclusive'], ['app.renamed AccessExclusive']])
  })

  test('do not depend on what the migration does to its session', async () => {
    await using rehearsal = await rehearse('create table t (id int); create schema app; create role nobody_in_particular')
    expect(
      await locksOf(rehearsal, `alter table t add column a int; set search_path = app; set role nobody_in_particular`, 'lock table t'),
    ).toEqual([['public.t AccessExclusive'], ['public.t AccessExclusive']])
  })

  test('include those that checks at the end of the transaction take', async () => {
    await using rehearsal = await rehearse(
      `create table seen (id int); create table t (id int);
       create function look() returns trigger language plpgsql as 'begin lock table seen in exclusive mode; return null; end';
       create constraint trigger late after insert on t deferrable initially deferred for each row execute function look()`,
    )
    expect(await locksOf(rehearsal, 'insert into t values (1)')).toEqual([['public.seen Exclusive', 'public.t RowExclusive']])
  })
})

describe('a migration', () => {
  test('that fails says why and leaves nothing, and the next is tried', async () => {
    await using rehearsal = await rehearse('create table t (id int)')
    expect(
      await locksOf(
        rehearsal,
        `create table half (id int); do $$ begin raise 'no rows to work on'; end $$`,
        'alter table half add column a int',
        'create role somebody',
        'alter table t add column a int',
      ),
    ).toEqual([
      'no rows to work on (SQLSTATE P0001)',
      'relation "half" does not exist (SQLSTATE 42P01)',
      'permission denied to create role (SQLSTATE 42501)',
      ['public.t AccessExclusive'],
    ])
  })

  test('outside a transaction shows no locks, and later ones build on it', async () => {
    await using rehearsal = await rehearse('create table t (id int)')
    const outcomes = await rehearsal.run([
      { sql: 'create index concurrently t_id on t (id);\nalter table t add column a int;', transactional: false },
      ...inTransaction('drop index t_id; alter table t drop column a'),
    ])
    expect(outcomes.map(shown)).toEqual(['runs outside a transaction', ['index public.t_id AccessExclusive', 'public.t AccessExclusive']])
  })

  test('finds no row of the source', async () => {
    await using rehearsal = await rehearse('create table t (id int); insert into t values (1)')
    expect(await locksOf(rehearsal, `do $$ begin if exists (select from t) then raise 'a row'; end if; end $$`)).toEqual([
      ['public.t AccessShare'],
    ])
  })

  test('finds the roles and the owners of the source', async () => {
    const [owner, reader] = [uniqueName('Owner of'), uniqueName('reader')]
    await using rehearsal = await rehearse(
      `create role "${owner}"; create role ${reader};
       create schema app authorization "${owner}";
       create table app.t (id int); alter table app.t owner to "${owner}"; alter table app.t enable row level security;
       create policy mine on app.t to ${reader} using (id > 0)`,
    )
    expect(
      await locksOf(
        rehearsal,
        `set role "${owner}"; alter table app.t add column a int`,
        `grant select on app.t to ${reader}`,
        `create table app.u (id int); alter table app.u owner to "${owner}"`,
        `set role ${reader}; alter table app.t add column b int`,
      ),
    ).toEqual([['app.t AccessExclusive'], [], [], 'must be owner of table t (SQLSTATE 42501)'])
  })

  test('finds names where they are found in the database', async () => {
    const role = uniqueName('app')
    await using rehearsal = await rehearse(
      `create role ${role} login superuser password 'secret'; alter role ${role} set search_path = "$user", shared;
       create schema ${role}; create schema shared;
       create table ${role}.t (id int); create table shared.t (id int); create table shared.u (id int)`,
      { url: `postgres://${role}:secret@127.0.0.1:${server.port}/any` },
    )
    expect(await locksOf(rehearsal, 'alter table t add column a int', 'alter table u add column a int')).toEqual([
      [`${role}.t AccessExclusive`],
      ['shared.u AccessExclusive'],
    ])
  })
})

describe('a rehearsal', () => {
  test('makes the extensions that the schema needs', async () => {
    await using rehearsal = await rehearse('create schema ext; create extension citext schema ext; create table ext.t (name ext.citext)')
    expect(await locksOf(rehearsal, 'alter table ext.t add column other ext.citext')).toEqual([['ext.t AccessExclusive']])
  })

  test('says what the copy is without', async () => {
    const said: string[] = []
    await using _ = await rehearse(
      `create function on_ddl() returns event_trigger language plpgsql as 'begin end';
       create event trigger watch on ddl_command_start execute function on_ddl()`,
      { say: (text) => said.push(text) },
    )
    expect(said.at(-1)).toBe('the copy for the rehearsal is without what only a superuser can make: EVENT TRIGGER watch')
  })

  test('only reads the database: the role, its dump and its session may not write', async () => {
    const role = uniqueName('reads')
    await using rehearsal = await rehearse(
      `create role ${role} login password 'secret' in role pg_read_all_data; alter role ${role} set default_transaction_read_only = on;
       create table t (id int)`,
      { url: `postgres://${role}:secret@127.0.0.1:${server.port}/any` },
    )
    expect(await locksOf(rehearsal, 'alter table t add column a int')).toEqual([['public.t AccessExclusive']])
  })

  test('assumes the role that the migrations assume', async () => {
    const [login, owner] = [uniqueName('login'), uniqueName('owner')]
    const url = `postgres://${login}:secret@127.0.0.1:${server.port}/any`
    const sql = `create role ${owner}; create role ${login} login noinherit password 'secret' in role ${owner};
      create table t (id int); alter table t owner to ${owner}`
    await using rehearsal = await rehearse(sql, { url, role: owner })
    expect(await locksOf(rehearsal, 'alter table t add column a int')).toEqual([['public.t AccessExclusive']])
  })

  test('has neither a row nor a password in its folders while it runs what came from the database', async () => {
    let files: string[] = []
    let archive = ''
    await using _ = await rehearse(
      `create table people (name text); insert into people values ('jane@example.org');
       create function on_ddl() returns event_trigger language plpgsql as 'begin end';
       create event trigger watch on ddl_command_start execute function on_ddl()`,
      {
        say(text) {
          if (!text.startsWith('the copy')) return
          files = readdirSync(root, { recursive: true }).map(String)
          archive = readFileSync(join(root, files.find((path) => path.endsWith('/schema')) ?? ''), 'latin1')
        },
      },
    )
    expect(archive).toContain('CREATE TABLE public.people')
    expect(archive).not.toContain('jane')
    expect(files.filter((path) => /pgpass|password$|authorities/.test(path))).toEqual([])
  })

  test('leaves nothing behind', async () => {
    {
      await using rehearsal = await rehearse('create table t (id int)')
      await locksOf(rehearsal, 'alter table t add column a int')
      expect(await processesBelow(root)).not.toEqual([])
    }
    expect(await processesBelow(root)).toEqual([])
    expect(await readdir(root)).toEqual([])
  })

  test('ends at its limit; what has not run by then is not known', async () => {
    const started = performance.now()
    {
      await using rehearsal = await rehearse('create table t (id int)', { limitMs: 5000 })
      expect(await locksOf(rehearsal, 'lock table t', 'select pg_sleep(600)', 'lock table t')).toEqual([
        ['public.t AccessExclusive'],
        'it took longer than 5.0 s',
        'it took longer than 5.0 s',
      ])
    }
    expect(performance.now() - started).toBeLessThan(15_000)
    expect(await processesBelow(root)).toEqual([])
    expect(await readdir(root)).toEqual([])
  })

  test.each([0, 60, 300, 600, 1500])('ends at once when the run is stopped %i ms after its start', async (afterMs) => {
    const database = await sourceOf('create table t (id int)')
    const run = new AbortController()
    setTimeout(() => run.abort('SIGTERM'), afterMs)
    const started = performance.now()
    const made = await copyOf(database, { signal: run.signal })
    if ('notPossible' in made) expect(made).toEqual({ notPossible: 'the run was stopped' })
    else {
      expect(await locksOf(made, 'select pg_sleep(600)')).toEqual(['the run was stopped'])
      await made[Symbol.asyncDispose]()
    }
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(await processesBelow(root)).toEqual([])
    expect(await readdir(root)).toEqual([])
  })

  test('of a run that was killed is stopped and removed by the next', async () => {
    const given = { connection: parseConnection(server.url(await sourceOf(''))), tls: { mode: 'off' }, role: undefined }
    const script = `import { makeRehearsal } from ${JSON.stringify(resolve('src/adapters/postgres/rehearsal.ts'))}
      const made = await makeRehearsal({ database: ${JSON.stringify(given)}, applicationName: 'shiplock/test',
        binDir: ${JSON.stringify(binDir)}, roots: [${JSON.stringify(root)}], env: process.env, say() {}, signal: new AbortController().signal })
      console.log(made.notPossible ?? 'running')
      await made.run([{ sql: 'select pg_sleep(600)', transactional: true }])`
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise((done) => owner.once('exit', done))
    expect(String(await new Promise((done) => owner.stdout.once('data', done))).trim()).toBe('running')
    owner.kill('SIGKILL')
    await ended
    expect(await processesBelow(root)).not.toEqual([])

    await sweepWorkspaces([root])
    expect(await processesBelow(root)).toEqual([])
    expect(await readdir(root)).toEqual([])
  })
})

describe('no rehearsal is possible, and nothing is left behind,', () => {
  afterEach(async () => {
    expect(await processesBelow(root)).toEqual([])
    expect((await readdir(root)).filter((name) => name !== 'bin')).toEqual([])
  })

  test('for a role that may not dump every table', async () => {
    const role = uniqueName('limited')
    const made = await attempt(
      `create role ${role} login password 'secret'; create table mine (id int); alter table mine owner to ${role}; create table secret (id int)`,
      { url: `postgres://${role}:secret@127.0.0.1:${server.port}/any` },
    )
    expect(made).toEqual({ notPossible: 'pg_dump could not read the schema: permission denied for table secret' })
  })

  test('while somebody locks a table', async () => {
    const database = await sourceOf('create table t (id int)')
    const holder = server.query('begin; lock table t; select pg_sleep(7); commit', database)
    const started = performance.now()
    expect(await copyOf(database)).toEqual({ notPossible: 'pg_dump could not read the schema: somebody held a lock on a table for 5.0 s' })
    expect(performance.now() - started).toBeLessThan(7000)
    await holder
  })

  test('within its limit, when the server does not answer', async () => {
    const database = await sourceOf('')
    const holder = server.query('begin; lock table pg_extension; select pg_sleep(4); commit', database)
    const started = performance.now()
    expect(await copyOf(database, { limitMs: 1000 })).toEqual({ notPossible: 'it took longer than 1.0 s' })
    expect(performance.now() - started).toBeLessThan(3500)
    await holder
  })

  test('without a server to ask, or the role that it is to assume', async () => {
    expect(await attempt('', { url: 'postgres://u:p@127.0.0.1:1/any' })).toEqual({
      notPossible: expect.stringMatching(/^127\.0\.0\.1:1\/source_\w+ could not be reached \(ECONNREFUSED\)$/),
    })
    expect(await attempt('', { role: 'no_such_role' })).toEqual({
      notPossible: "The connection's user may not assume the role no_such_role, or the role does not exist",
    })
  })

  test("without the server's version of PostgreSQL on this machine", async () => {
    const bin = join(root, 'bin')
    expect(await attempt('', { binDir: bin })).toEqual({ notPossible: expect.stringContaining('none is installed') })

    await mkdir(bin)
    const programs = ['initdb', 'postgres', 'pg_restore', 'pg_dump']
    for (const name of programs) await writeFile(join(bin, name), '#!/bin/sh\necho "PostgreSQL 99.3"\n', { mode: 0o755 })
    expect(await attempt('', { binDir: bin })).toEqual({
      notPossible: `this machine has PostgreSQL 99.3, and the server has ${server.major}`,
    })
  })

  test('when the schema needs an extension that no copy gets', async () => {
    const made = await attempt(
      'create extension adminpack; create extension citext; update pg_extension set extname = $$vector$$ where extname = $$citext$$',
    )
    expect(made).toEqual({ notPossible: 'the copy would lack extensions that are not to be had here: vector' })
  })

  test('when a plain role may not make what the schema holds', async () => {
    const made = await attempt('create table t (i int); alter table t owner to pg_monitor')
    expect(made).toEqual({ notPossible: expect.stringContaining('pg_monitor') })
  })
})
