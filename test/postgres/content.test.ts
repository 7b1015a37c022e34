import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLargeObjects } from '../../src/adapters/postgres/content/large-objects.ts'
import { readContent, readContentLike } from '../../src/adapters/postgres/content/read-content.ts'
import { readTables } from '../../src/adapters/postgres/content/read-tables.ts'
import { pinSettings } from '../../src/adapters/postgres/content/settings.ts'
import { listTables } from '../../src/adapters/postgres/content/tables.ts'
import { TimeLimit } from '../../src/adapters/postgres/content/time-limit.ts'
import { openSource } from '../../src/adapters/postgres/source.ts'
import { findTools, toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import { runChild } from '../../src/adapters/process.ts'
import { folderStore } from '../../src/adapters/storage/folder.ts'
import type { Content, FingerprintPolicy } from '../../src/backup/content.ts'
import { type WrittenDump, writeDump } from '../../src/backup/write-dump.ts'
import { parseConnection } from '../../src/connection.ts'
import { partitions, richSchema, wideTable } from './rich-database.ts'
import { awkwardPassword, binDir, startServer, type TestServer, uniqueName } from './server.ts'

const never = new AbortController().signal
const full: FingerprintPolicy = { mode: 'full', limitMs: 0 }
let server: TestServer
let root: string

beforeAll(async () => {
  server = await startServer()
  root = await mkdtemp(join(tmpdir(), 'shiplock-content-'))
})
afterAll(async () => {
  await server.stop()
  await rm(root, { recursive: true, force: true })
})

describe('what is read beside a dump', () => {
  test('is what a restored copy holds, of every type, name and kind, while others write and change what they like', async () => {
    const database = await makeDatabase(richSchema, wideTable, partitions(60))
    await using source = await open(database)
    await server.query(
      `insert into app.twins values ('late', 'row'); update app.values set n = 0; delete from app."values" where id < 100; select lo_unlink(max(oid)) from pg_largeobject_metadata;
       insert into goose_db_version (version_id) values (3); create table app.late (id int); select lo_from_bytea(0, 'late')`,
      database,
    )
    const writing = keepWriting(database)
    const dump = await writeDumpOf(source, full)
    await writing.stop()
    const copy = await restoredCopy(dump, database)
    const found = await readCopy(copy, dump)

    expect(found.tables).toEqual(dump.tables)
    expect(found.largeObjects).toEqual(dump.largeObjects)
    expect(dump.largeObjects).toMatchObject({ count: 3, bytes: 1_400_003 })
    expect(found.ledgerHeads).toEqual([{ table: 'public.goose_db_version', head: '2/2' }])
    expect(ofSchema(found)).toEqual(ofSchema(dump))
    expect(found.sequences.map(({ name, ownerMax }) => [name, ownerMax])).toEqual(
      dump.sequences.map(({ name, ownerMax }) => [name, ownerMax]),
    )
    expect(dump.sequences).toContainEqual({ name: 'app.serials_id_seq', lastValue: '25', isCalled: true, ownerMax: '25' })
    expect(dump.sequences).toContainEqual({ name: 'app.counted', lastValue: '11', isCalled: true })
    expect(found.sequences).toContainEqual({ name: 'app.down', lastValue: '-1', isCalled: false })
    expect(dump.tables).toHaveLength(75)
    expect(new Set(dump.tables.map(({ method }) => method))).toEqual(new Set(['row-text-1']))
    const live = await readOf(database, full)
    expect(differing(live.tables, dump.tables)).toEqual(
      expect.arrayContaining(['app."values"', 'app.late', 'app.twins', 'public.goose_db_version']),
    )
  })

  test('reads the same whatever the session was told before', async () => {
    const database = await makeDatabase(richSchema)
    const told = `set timezone = 'Asia/Tokyo'; set datestyle = 'German'; set intervalstyle = iso_8601; set bytea_output = escape; set extra_float_digits = -5;
      set lc_monetary = 'C.UTF-8'; set xmlbinary = hex; set quote_all_identifiers = on; set search_path = app, public`

    expect(await readOf(database, full, told)).toEqual(await readOf(database, full))
  })

  test('sees one changed character, one swapped pair of values, and a pair of equal rows that went', async () => {
    const database = await makeDatabase(richSchema)
    const before = await readOf(database, full)
    const changes: [string, string][] = [
      ['app."values"', `update app.values set "Ä b""c" = '' where id = 3`],
      ['"Odd ""schema"."a.b Ü"', `update "Odd ""schema"."a.b Ü" set id = -id, "Id" = -"Id" where id = 5`],
      ['app.twins', 'alter table app.twins disable rule quiet; delete from app.twins where ctid in (select ctid from app.twins limit 2)'],
      ['app.child', 'update only app.child set extra = 6'],
      ['app.nothing', 'delete from app.nothing'],
    ]
    for (const [table, change] of changes) {
      await server.query(change, database)
      const after = await readOf(database, full)
      expect(differing(after.tables, before.tables)).toContain(table)
    }
  })

  test('does not depend on where a row lies, nor on the order of columns', async () => {
    const one = await makeDatabase(
      `create table t (a int primary key, gone int, b text); alter table t drop column gone; insert into t select i, md5(i::text) from generate_series(1, 5000) i`,
    )
    const other = await makeDatabase(
      `create table t (b text, a int primary key); insert into t select md5(i::text), i from generate_series(5000, 1, -1) i; update t set b = b where a % 2 = 0`,
    )
    for (const mode of ['full', 'sample'] as const) {
      const [a, b] = [await readOf(one, { mode, limitMs: 0 }), await readOf(other, { mode, limitMs: 0 })]
      expect(a.tables).toEqual(b.tables)
    }
  })
})

describe('a sample', () => {
  const sample: FingerprintPolicy = { mode: 'sample', limitMs: 0 }

  test('is of the rows whose keys say so, and of all rows where there is no key', async () => {
    const database =
      await makeDatabase(`create table keyed (id int primary key, v int); insert into keyed select i, 0 from generate_series(1, 6400) i;
      create table bare (id int, v int); insert into bare select i, 0 from generate_series(1, 100) i`)
    const before = await readOf(database, sample)
    await server.query('update bare set v = 1 where id = 7', database)
    let seen = 0
    for (let id = 1; id <= 6400; id += 64) {
      await server.query(`update keyed set v = 1 where id between ${id} and ${id + 63}`, database)
      const { tables } = await readOf(database, sample)
      if (tables.find(({ name }) => name === 'public.keyed')?.fingerprint !== before.tables[1]?.fingerprint) seen++
      if (seen > 0) break
    }

    expect(before.tables).toMatchObject([
      { name: 'public.bare', rows: 100, method: 'row-text-1' },
      { name: 'public.keyed', rows: 6400, method: 'key-sample-64-1' },
    ])
    expect(seen).toBe(1)
    expect(differing((await readOf(database, sample)).tables, before.tables)).toContain('public.bare')
  })

  test('of a copy whose key is missing has no fingerprint, which is no equal one', async () => {
    const database = await makeDatabase('create table keyed (id int primary key); insert into keyed select generate_series(1, 1000)')
    const expected = await readOf(database, sample)
    await server.query('alter table keyed drop constraint keyed_pkey', database)

    expect((await readCopy(database, expected)).tables).toEqual([{ name: 'public.keyed', rows: 1000, counted: 'snapshot' }])
  })
})

describe('the time for fingerprints', () => {
  const sizes = `create table small (id int); insert into small values (1);
    create table large (id int, v text); insert into large select i, repeat('x', 200) from generate_series(1, 100000) i`

  test('is not exceeded: the smallest tables come first, and what is not reached is neither hashed nor counted', async () => {
    const database = await makeDatabase(sizes)
    const clock = [0, 0, 0, 995, 1000]
    const limit = new TimeLimit(1000, () => clock.shift() ?? Number.NaN)
    const tables = await inSession(database, async (client) => {
      const found = await readTables(client, await listTables(client), 'auto', limit)
      await client.query('select 1') // the transaction goes on
      return found
    })

    expect(tables).toEqual([
      { name: 'public.large' },
      { name: 'public.small', rows: 1, counted: 'snapshot', method: 'row-text-1', fingerprint: expect.stringMatching(/^-?\d+$/) },
    ])
    expect(clock).toEqual([])
  })

  test('is not spent on a table that would not end in it', async () => {
    const database = await makeDatabase(sizes)
    const clock = [0, 0, 700] // the large one has 25 MB, which take about as long
    const limit = new TimeLimit(1000, () => clock.shift() ?? Number.NaN)
    const tables = await inSession(database, async (client) => readTables(client, await listTables(client), 'auto', limit))

    expect(tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['public.large', undefined],
      ['public.small', 1],
    ])
    expect(clock).toEqual([])
  })

  test('is not over because somebody cancels our query', async () => {
    const database = await makeDatabase(sizes)
    const reading = inSession(database, async (client) => {
      const tables = await listTables(client)
      const cancelling = server.query(
        `begin; lock table large; select pg_sleep(0.5); select pg_cancel_backend(pid) from pg_stat_activity where datname = '${database}' and wait_event_type = 'Lock'; commit`,
        database,
      )
      await sleep(200)
      return Promise.all([readTables(client, tables, 'auto', new TimeLimit(60_000)), cancelling])
    })

    await expect(reading).rejects.toMatchObject({ code: '57014' })
  })

  test('that is over before the large objects leaves their number', async () => {
    const database = await makeDatabase("select lo_from_bytea(0, 'abc')")
    const over = new TimeLimit(0)

    expect(await inSession(database, (client) => readLargeObjects(client, 'auto', over))).toEqual({ count: 1 })
  })
})

describe('a table that is emptied while a dump begins', () => {
  test('is waited for, or waits: its rows are in the dump whichever comes first', async () => {
    const database = await makeDatabase('create table t (id int); insert into t select generate_series(1, 1000)')
    await using source = await open(database)
    const truncated = server.query('truncate t', database) // would leave nothing in it for an older snapshot
    await sleep(300)
    const dump = writeDumpOf(source, full)
    await expect(dump).rejects.toMatchObject({ code: 'backup-failed', hint: expect.stringContaining('lock') })
    await source[Symbol.asyncDispose]()
    await truncated
  })
})

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function makeDatabase(...statements: string[]): Promise<string> {
  const database = uniqueName('content')
  await server.createDatabase(database)
  for (const sql of statements) await server.query(sql, database)
  return database
}

function open(database: string) {
  return openSource({
    database: { connection: parseConnection(server.url(database)), tls: { mode: 'off', ca: undefined }, role: undefined },
    tools: { binDir, install: false },
    stateSchema: 'shiplock',
    env: process.env,
    applicationName: 'shiplock/1.1',
    roots: [tmpdir()],
    say: () => {},
    now: () => new Date(),
    lockWaitTimeoutMs: 2000,
  })
}

function writeDumpOf(source: Awaited<ReturnType<typeof open>>, fingerprint: FingerprintPolicy): Promise<WrittenDump> {
  const store = folderStore(root, () => new Date())
  const key = `${source.facts.database}.dump`
  return writeDump({ source, store, key, lockWaitTimeoutMs: 2000, fingerprint, signal: never, expectedBytes: 1_000_000, onBytes: () => {} })
}

async function restoredCopy(dump: WrittenDump, database: string): Promise<string> {
  const copy = await makeDatabase()
  const tools = await findTools({ major: server.major, set: 'client', binDir, install: false, env: process.env, say: () => {} })
  const env = {
    ...toolEnvironment(process.env),
    PGHOST: '127.0.0.1',
    PGPORT: String(server.port),
    PGUSER: 'postgres',
    PGPASSWORD: awkwardPassword,
  }
  const archive = join(root, `${database}.dump`)
  const restored = await runChild(join(tools.binDir, 'pg_restore'), ['--exit-on-error', `--dbname=${copy}`, archive], { env })
  expect(restored).toMatchObject({ exitCode: 0, stderr: '' })
  expect(dump.sizeBytes).toBeGreaterThan(0)
  return copy
}

/** A session in a transaction, as `openSource` has one. */
async function inSession<T>(database: string, work: (client: pg.Client) => Promise<T>, told = ''): Promise<T> {
  const client = new pg.Client(server.url(database))
  await client.connect()
  try {
    if (told !== '') await client.query(told)
    await pinSettings(client)
    await client.query('begin isolation level repeatable read, read only')
    return await work(client)
  } finally {
    await client.end()
  }
}

const reading = () => ({ stateSchema: 'shiplock', serverMajor: server.major, inRecovery: false })

function readOf(database: string, policy: FingerprintPolicy, told = ''): Promise<Content> {
  return inSession(database, (client) => readContent(client, reading(), policy), told)
}

function readCopy(database: string, expected: Content): Promise<Content> {
  return inSession(database, (client) => readContentLike(client, reading(), expected))
}

/** The database itself is not restored, unless by --create. */
function ofSchema({ catalog }: Content) {
  return catalog.filter(({ kind }) => kind !== 'database' && kind !== 'setting')
}

function differing(found: Content['tables'], expected: Content['tables']): string[] {
  const known = new Map(expected.map((table) => [table.name, JSON.stringify(table)]))
  return found.filter((table) => known.get(table.name) !== JSON.stringify(table)).map(({ name }) => name)
}

/** Inserts, changes, deletes and defines until it is told to stop, which waits for the last statement. */
function keepWriting(database: string): { stop(): Promise<void> } {
  let stopped = false
  const writing = (async () => {
    for (let i = 0; !stopped; i++) {
      await server.query(
        `insert into app.twins values ('w', '${i}'); update app.part set note = '${i}' where id = ${i % 300}; delete from app.values where id = ${500 - (i % 400)};
         select lo_put((select min(oid) from pg_largeobject_metadata), 0, 'changed'); create table public.new_${i} (id int); drop table public.new_${i};
         insert into goose_db_version (version_id) values (${i})`,
        database,
      )
    }
  })()
  return {
    async stop() {
      stopped = true
      await writing
    },
  }
}
