import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decodeArchive } from '../../src/adapters/postgres/archive.ts'
import { openMigrationDatabase } from '../../src/adapters/postgres/migration-database.ts'
import { applicationName, openSession } from '../../src/adapters/postgres/session.ts'
import { openSource } from '../../src/adapters/postgres/source.ts'
import { knownTables, readKnownTables, readLedgerHeads } from '../../src/adapters/postgres/source-facts.ts'
import { findTools, toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import { runChild } from '../../src/adapters/process.ts'
import { folderStore } from '../../src/adapters/storage/folder.ts'
import { manifestKeyOf } from '../../src/backup/key.ts'
import { readManifest } from '../../src/backup/manifest.ts'
import type { Store } from '../../src/backup/store.ts'
import backup from '../../src/commands/backup.ts'
import type { Context, DatabaseInputs } from '../../src/commands/command.ts'
import verifyBackup from '../../src/commands/verify-backup.ts'
import { parseConnection } from '../../src/connection.ts'
import { layouts } from '../../src/migration/layouts/index.ts'
import { quoteName } from '../../src/migration/ledger.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { fakeContext } from '../fakes/context.ts'
import { givenTo } from '../fakes/given.ts'
import { noDatabase } from '../fakes/no-database.ts'
import { awkwardPassword, startServer, type TestServer, uniqueName } from './server.ts'

const never = new AbortController().signal
const tools = { binDir: process.env.SHIPLOCK_TEST_PG_BIN_DIR || undefined, install: false }
let server: TestServer
let root: string

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'shiplock-backup-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

describe('the counts of a dump', () => {
  test('are exactly those of the dump, while others go on writing', async () => {
    const { url, database } = await busyDatabase()
    await using source = await open(url)
    await server.query(
      "insert into events (body) select 'after the snapshot' from generate_series(1, 500); delete from events where id <= 7",
      database,
    )
    await using writer = keepWriting(database)
    const dump = await source.dump({ lockWaitTimeoutMs: 10_000, signal: never })
    const store = folderStore(root, () => new Date())
    const [rows] = await Promise.all([rowsOf(source), store.put('a.dump', dump.archive, never)])
    await dump.finished

    expect(writer.written()).toBeGreaterThan(0)
    expect(rows['public.events']).toBe(20_000)
    expect(await restoredCount('a.dump', 'events')).toBe(20_000)
    const [live] = await server.query<{ count: string }>('select count(*) from events', database)
    expect(Number(live?.count)).toBeGreaterThan(20_400)
  })

  test('cover every schema, partitions by leaf, empty tables, and names that need quotes', async () => {
    const url = await server.createDatabase(uniqueName('names'))
    await server.query(
      `create schema "Odd ""schema"; create table "Odd ""schema"."a.b" (id int); insert into "Odd ""schema"."a.b" values (1), (2);
       create table empty (); create table part (id int) partition by range (id);
       create table part_1 partition of part for values from (0) to (10); insert into part values (1), (2), (3);
       create table parent (id int); create table child () inherits (parent); insert into parent values (1); insert into child values (2)`,
      databaseOf(url),
    )
    await using source = await open(url)

    expect(await rowsOf(source)).toEqual({
      '"Odd ""schema"."a.b"': 2,
      'public.empty': 0,
      'public.part_1': 3,
      'public.parent': 1,
      'public.child': 1,
    })
  })
})

describe('a source', () => {
  test('knows the facts of its database', async () => {
    const url = await server.createDatabase(uniqueName('facts'))
    await server.query('create schema tools; create extension pg_trgm schema tools', databaseOf(url)).catch(() => {})
    await using source = await open(url)

    expect(source.facts).toMatchObject({
      database: databaseOf(url),
      serverMajor: server.major,
      encoding: 'UTF8',
      collate: 'C',
      ctype: 'C',
      stamp: undefined,
    })
    expect(source.facts.systemIdentifier).toMatch(/^\d+$/)
    expect(source.facts.sizeBytes).toBeGreaterThan(1_000_000)
    expect(source.facts.extensions).toContainEqual({ name: 'plpgsql', version: '1.0', schema: 'pg_catalog' })
    expect(Math.abs(source.snapshot.at.getTime() - Date.now())).toBeLessThan(60_000)
  })

  test('knows its stamp and the heads of its version tables, wherever they lie', async () => {
    const url = await server.createDatabase(uniqueName('heads'))
    await server.query(
      `create schema shiplock; create table shiplock.stamp (id uuid); insert into shiplock.stamp values ('6f1b6c1e-0000-4000-8000-000000000001');
       create table shiplock.ledger (version text, applied_at timestamptz); insert into shiplock.ledger values ('1', '2026-11-21Z');
       create schema "other one"; create table "other one".goose_db_version (id int); insert into "other one".goose_db_version values (1), (4);
       create table goose_db_version_post (id bigint); create table goose_db_version (id text)`,
      databaseOf(url),
    )
    await using source = await open(url)

    expect(source.facts.stamp).toBe('6f1b6c1e-0000-4000-8000-000000000001')
    expect((await source.readContent(counts)).ledgerHeads).toEqual([
      { table: 'other one.goose_db_version', head: '2/4' },
      { table: 'public.goose_db_version_post', head: '0/' },
      { table: 'shiplock.ledger', head: '1/1795219200' },
    ])
  })

  test('knows the head of a project of its own where several share a table, and a table that was named', async () => {
    const url = await server.createDatabase(uniqueName('heads'))
    await server.query(
      `create schema shiplock; create table shiplock.ledger (project text, version text, applied_at timestamptz);
       insert into shiplock.ledger values ('shop', '1', '2026-11-21Z'), ('billing', '1', '2026-11-22Z');
       create table versions (id int); create schema app; create table app.versions_post (id int); create table ledger (id int);
       create table schema_migrations (version varchar); insert into schema_migrations values ('9'), ('10')`,
      databaseOf(url),
    )
    const heads = async (known: Parameters<typeof readLedgerHeads>[2]) => {
      await using session = await openSession(databaseInputs(url), 'test')
      return await readLedgerHeads(session.client, 'shiplock', known)
    }
    const migrations = { table: 'public.schema_migrations', head: expect.stringMatching(/^2\/[0-9a-f]{64}$/) }
    expect(await heads(knownTables('shop', undefined))).toEqual([
      migrations,
      { table: 'shiplock.ledger', head: '2/1795305600', ofProject: '1/1795219200' },
    ])
    expect((await heads(knownTables('shop', 'versions'))).map(({ table }) => table)).toEqual([
      'app.versions_post',
      'public.schema_migrations',
      'public.versions',
      'shiplock.ledger',
    ])
    expect((await heads({ also: ['app.versions_post', 'shiplock.ledger'] })).map(({ table, ofProject }) => [table, ofProject])).toEqual([
      ['app.versions_post', undefined],
      ['public.schema_migrations', undefined],
      ['shiplock.ledger', undefined],
    ])
  })

  test('knows the version table of every layout without being told, by the head that a run of it sees', async () => {
    const database = uniqueName('layouts')
    const url = await server.createDatabase(database)
    const scope = { project: 'shop', versions: ['1'] }
    const seen: Record<string, unknown> = {}
    for (const { name, runBy, table, ledger, newFile, read } of layouts) {
      const own = { schema: table.schema === 'state' ? 'shiplock' : `of ${name}`, table: table.table }
      const { name: file, text } = runBy === undefined ? newFile('a', 'pre', '1', false) : { name: '1_a.rb', text: 'class A; end' }
      const [migration] = read([{ path: file, name: file, bytes: Buffer.from(`${text}\nselect 1;\n`) }], 'pre', {})
      await server.query(`create schema ${quoteName(own.schema)}; ${ledger.create(own)}`, database)
      await server.query(ledger.record(own, migration as Migration, scope), database)
      const [row] = await server.query(`select (${ledger.head(own, scope)})::text as head`, database)
      seen[`${own.schema}.${own.table}`] = row?.head
    }
    await using session = await openSession(databaseInputs(url), 'test')
    const known = await readKnownTables(session.client, 'shiplock', knownTables('shop', undefined))
    expect(Object.fromEntries(known.map((one) => [one.table, one.head]))).toEqual(seen)
    expect(known.filter(({ empty }) => empty)).toEqual([])
  })

  test('does without a stamp where the table of that name is another one', async () => {
    const url = await server.createDatabase(uniqueName('nostamp'))
    await server.query('create schema other; create table other.stamp (x int)', databaseOf(url))
    await using source = await open(url, 'other')

    expect(source.facts.stamp).toBeUndefined()
  })

  test('reads nothing of what objects in public pretend to be', async () => {
    const url = await server.createDatabase(uniqueName('tricks'))
    await server.query(
      `create function public.count() returns bigint language sql as 'select 666::bigint';
       create function public.pg_database_size(oid) returns bigint language sql as 'select 666::bigint';
       create table public.pg_extension (extname text); create table public.pg_class (x int); create table t (id int); insert into t values (1)`,
      databaseOf(url),
    )
    await using source = await open(`${url}?options=${encodeURIComponent('-c search_path=public,pg_catalog')}`)

    expect(source.facts.sizeBytes).not.toBe(666)
    expect(source.facts.extensions).toHaveLength(1)
    expect((await rowsOf(source))['public.t']).toBe(1)
  })

  test('holds nothing after it was let go', async () => {
    const { url, database } = await busyDatabase()
    const source = await open(url)
    await source.dump({ lockWaitTimeoutMs: 10_000, signal: never }) // and nobody reads it
    await source[Symbol.asyncDispose]()
    await sleep(200)

    expect(await dumpPids(source.snapshot.id)).toEqual([])
    expect(await server.query(`select pid, query from pg_stat_activity where datname = '${database}'`)).toEqual([])
  })
})

describe('a database whose name is a trap', () => {
  test.each(['host=evil.example port=1', `a b"c'd\\e`, 'ünïcødé 東京', 'postgres://x@evil.example/y', '-f', '--help', '$(id); id', 'x=y'])(
    'is dumped under its own name: %s',
    async (stem) => {
      const name = `${stem} ${uniqueName('')}`.trim()
      const url = await server.createDatabase(name)
      await server.query('create table marker (id int); insert into marker values (1)', name)
      const { outcome, store } = await runBackup(url)
      const key = await onlyDump(store)

      expect(outcome).toMatchObject({ verdict: 'pass' })
      expect((await readManifest(store, manifestKeyOf(key))).manifest).toMatchObject({
        source: { database: name },
        tables: [{ name: 'public.marker', rows: 1 }],
      })
      expect(await restoredCount(key, 'marker')).toBe(1)
    },
  )
})

describe('a pg_dump that is killed in the middle', () => {
  test('leaves no object, no manifest and no partial file', async () => {
    const { url } = await busyDatabase()
    const slow = slowStore()
    const running = runBackup(url, { store: slow.store })
    await slow.started
    const [pid] = await dumpPids()
    process.kill(pid as number, 'SIGKILL')
    slow.release()

    await expect(running).rejects.toMatchObject({ code: 'backup-failed', message: expect.stringContaining('SIGKILL') })
    expect(await filesIn(root)).toEqual([])
  })

  test('leaves a plausible half of one when the gate is left out', async () => {
    const { url } = await busyDatabase()
    await using source = await open(url)
    const slow = slowStore()
    const dump = await source.dump({ lockWaitTimeoutMs: 10_000, signal: never })
    const put = slow.store.put('half.dump', dump.archive, never)
    await slow.started
    process.kill((await dumpPids(source.snapshot.id))[0] as number, 'SIGKILL')
    slow.release()

    await expect(put).resolves.toMatchObject({ key: 'half.dump' })
    await expect(dump.finished).rejects.toMatchObject({ code: 'backup-failed' })
    const { binDir } = await clientTools()
    const list = await runChild(join(binDir, 'pg_restore'), ['--list', join(root, 'half.dump')], { env: toolEnvironment(process.env) })
    expect(list.exitCode).toBe(0) // which is why a list proves nothing
    expect(await decode(await folderStore(root, () => new Date()).get('half.dump'))).not.toBe('')
  })

  test('fails just as much when its server process is ended', async () => {
    const { url, database } = await busyDatabase(80_000) // the server must still be sending
    const slow = slowStore()
    const running = runBackup(url, { store: slow.store })
    await slow.started
    expect(
      await server.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}' and state = 'active' and query like 'COPY %'`,
      ),
    ).toHaveLength(1)
    slow.release()

    await expect(running).rejects.toMatchObject({ code: 'backup-failed' })
    expect(await filesIn(root)).toEqual([])
  })

  test.each([
    ['holds the snapshot', "not like '%as place%' and query not like '%statement_timeout%'"],
    ['holds the locks', "like '%statement_timeout = 0'"],
  ])('fails when the connection that %s breaks, and says that it was this', async (_what, last) => {
    const { url, database } = await busyDatabase()
    const slow = slowStore()
    const running = runBackup(url, { store: slow.store })
    running.catch(() => {}) // awaited below
    await slow.started
    await sleep(300) // all was read by now; the transactions are only held
    const ended = await server.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}' and state = 'idle in transaction' and query not like 'COPY %' and query ${last}`,
    )
    expect(ended).toHaveLength(1)

    await expect(running).rejects.toMatchObject({ code: 'connection-lost', message: expect.stringContaining('while dumping') })
    expect(await filesIn(root)).toEqual([])
    expect(await dumpPids()).toEqual([])
    slow.release()
  })
})

describe('a run that is stopped', () => {
  test('ends pg_dump and leaves nothing, within the time that a runner grants', async () => {
    const { url } = await busyDatabase()
    const slow = slowStore()
    const abort = new AbortController()
    const running = runBackup(url, { store: slow.store, signal: abort.signal })
    await slow.started
    const pids = await dumpPids()
    const before = performance.now()
    abort.abort('SIGTERM')

    await expect(running).rejects.toMatchObject({ code: 'interrupted' })
    expect(performance.now() - before).toBeLessThan(5000)
    expect(pids).toHaveLength(1)
    expect(await dumpPids()).toEqual([])
    expect(await filesIn(root)).toEqual([])
  })
})

describe('the password', () => {
  test('is in no command line and in no environment, and its file goes away', async () => {
    const { url } = await busyDatabase()
    const slow = slowStore()
    const running = runBackup(url, { store: slow.store })
    await slow.started
    const [pid] = await dumpPids()
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8')
    const passfile = /PGPASSFILE=([^\0]+)/.exec(environment)?.[1] as string
    const { mode } = await stat(passfile)
    const everybody = await everyCommandLine()
    slow.release()
    await running

    for (const secret of [awkwardPassword, encodeURIComponent(awkwardPassword)]) {
      expect(commandLine + environment + everybody).not.toContain(secret)
    }
    expect(commandLine).not.toMatch(/dbname|host|user/i)
    expect(environment).not.toContain('PGPASSWORD')
    expect(mode & 0o777).toBe(0o600)
    await expect(stat(passfile)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('variables of the machine', () => {
  test('change nothing', async () => {
    const { url } = await busyDatabase()
    const nonsense = {
      PGHOST: 'evil.example',
      PGHOSTADDR: '203.0.113.1',
      PGPORT: '1',
      PGDATABASE: 'other',
      PGUSER: 'nobody',
      PGPASSWORD: 'wrong',
      PGPASSFILE: '/nowhere',
      PGSERVICE: 'nothing',
      PGSERVICEFILE: '/nowhere',
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: '/nowhere',
      PGOPTIONS: '-c nonsense=1',
      PGCLIENTENCODING: 'LATIN1',
      PGTZ: 'Nowhere/Else',
      PGREQUIRESSL: '1',
      PGCHANNELBINDING: 'require',
      PGTARGETSESSIONATTRS: 'standby',
    }
    const before = { ...process.env }
    Object.assign(process.env, nonsense)
    try {
      expect((await runBackup(url, { variables: { ...before, ...nonsense } })).outcome.verdict).toBe('pass')
    } finally {
      for (const name of Object.keys(nonsense)) delete process.env[name]
      Object.assign(process.env, before)
    }
  })
})

describe('a dump that pg_dump refuses', () => {
  test('because a table is locked is not waited for longer than was said', async () => {
    const { url, database } = await busyDatabase()
    const holder = server.query('begin; lock table events in access exclusive mode; select pg_sleep(6)', database).catch(() => {})
    await sleep(300)
    const error = await runBackup(url, { inputs: { 'lock-wait-timeout': 500 } }).catch((thrown: unknown) => thrown)

    expect(error).toMatchObject({ code: 'backup-failed', hint: expect.stringContaining('lock') })
    expect(await filesIn(root)).toEqual([])
    await server.query(`select pg_cancel_backend(pid) from pg_stat_activity where query like '%pg_sleep(6)%' and pid <> pg_backend_pid()`)
    await holder
  })

  test('because rows would be missing is refused, not made smaller', async () => {
    const { url, database } = await busyDatabase()
    const role = await plainRole()
    await server.query(
      `grant usage on schema public to ${role}; grant select on all tables in schema public to ${role}; alter table events enable row level security; create policy few on events to ${role} using (id < 10)`,
      database,
    )
    const error = await runBackup(asRole(url, role)).catch((thrown: unknown) => thrown)

    expect(['insufficient-rights', 'backup-failed']).toContain((error as { code: string }).code)
    expect(error).toMatchObject({ hint: expect.stringContaining('BYPASSRLS') })
    expect(await filesIn(root)).toEqual([])
  })

  test('because an object may not be read says which right is missing', async () => {
    const { url } = await busyDatabase()
    const error = await runBackup(asRole(url, await plainRole())).catch((thrown: unknown) => thrown)

    expect(['insufficient-rights', 'backup-failed']).toContain((error as { code: string }).code)
    expect(error).toMatchObject({
      message: expect.stringContaining('permission denied'),
      hint: expect.stringContaining('pg_read_all_data'),
    })
  })

  test('can be made through a role that the user may assume', async () => {
    const { url, database } = await busyDatabase()
    const [login, owner] = [await plainRole('noinherit'), await plainRole()]
    await server.query(
      `grant ${owner} to ${login}; grant usage on schema public to ${owner}; grant select on all tables in schema public to ${owner}; grant select on all sequences in schema public to ${owner}`,
      database,
    )
    const { outcome } = await runBackup(asRole(url, login), { inputs: { role: owner } })

    expect(outcome.verdict).toBe('pass')
  })
})

describe('a stored backup', () => {
  test('is read back by the next machine that looks, from the first byte to the last', async () => {
    const { url } = await busyDatabase()
    const { outcome, store } = await runBackup(url)
    const again = await verifyBackup.run(verifyInputs, context({ store }))

    expect(outcome.outputs?.level).toBe('read-back')
    expect(again).toMatchObject({ verdict: 'pass', outputs: { id: outcome.outputs?.id, level: 'read-back' } })
    expect((await stat(join(root, await onlyDump(store)))).mode & 0o777).toBe(0o600)
  })

  test('that was cut, changed or swapped is found; the weaker level does not claim to', async () => {
    const { url, database } = await busyDatabase()
    const { store } = await runBackup(url)
    const path = join(root, await onlyDump(store))
    const whole = await readFile(path)
    const flipped = (at: number) => Buffer.from(whole.map((byte, index) => (index === at ? byte ^ 0x10 : byte)))
    await server.query("update events set body = 'other'", database)
    const look = async (bytes: Buffer, level: 'read-back' | 'landed' = 'read-back') => {
      await writeFile(path, bytes)
      const { verdict, outputs, checks = [] } = await verifyBackup.run({ ...verifyInputs, level }, context({ store }))
      return { verdict, level: outputs?.level, failed: checks.filter(({ status }) => status === 'fail').map(({ id }) => id) }
    }

    expect(await look(whole.subarray(0, -1))).toMatchObject({ verdict: 'fail', failed: ['landed'] })
    expect(await look(Buffer.concat([whole.subarray(0, -100), Buffer.alloc(100)]))).toMatchObject({
      verdict: 'fail',
      failed: expect.arrayContaining(['sha256']),
    })
    expect(await look(flipped(whole.length >> 1))).toMatchObject({ verdict: 'fail', failed: ['sha256', 'decoded'] })
    expect(await look(randomBytes(whole.length))).toMatchObject({ verdict: 'fail', failed: ['sha256', 'decoded'] })
    expect(await look(flipped(whole.length >> 1), 'landed')).toEqual({ verdict: 'pass', level: 'landed', failed: [] })
    expect(await look(whole)).toEqual({ verdict: 'pass', level: 'read-back', failed: [] })
  })

  test('keeps out whoever holds the lock of a migration', async () => {
    const { url } = await busyDatabase()
    await using other = await lockHolder(url)
    await other.lock('shop', { onLocked: 'fail', waitMs: 0, signal: never })

    await expect(runBackup(url, { inputs: { 'on-locked': 'fail' } })).rejects.toMatchObject({ code: 'run-in-progress' })
    expect(await filesIn(root)).toEqual([])
  })

  test('is not made in a dry run, which changes nothing on the server or in the store', async () => {
    const { url } = await busyDatabase()
    const { outcome } = await runBackup(url, { inputs: { 'dry-run': true } })

    expect(outcome).toMatchObject({ verdict: 'pass', reason: expect.stringContaining('nothing was written') })
    expect(await filesIn(root)).toEqual([])
  })
})

const backupInputs = givenTo(backup, {
  'lock-wait': 10_000,
  'pg-bin-dir': tools.binDir,
  'install-tools': false,
  store: 'file:///somewhere',
  'lock-wait-timeout': 10_000,
  'backup-when': 'always',
  'min-tables': 0,
})

const verifyInputs = {
  ...noDatabase,
  store: 'file:///somewhere',
  key: undefined,
  'max-backup-age': 3_600_000,
  level: 'read-back' as 'read-back' | 'landed',
  'pg-bin-dir': tools.binDir,
  'install-tools': false,
}

interface Given {
  readonly store?: Store
  readonly signal?: AbortSignal
  readonly variables?: Record<string, string | undefined>
  readonly inputs?: Partial<typeof backupInputs>
}

function context({ store = folderStore(root, () => new Date()), signal = never, variables = process.env }: Given = {}): Context {
  const { context: fake } = fakeContext({
    signal,
    variables,
    clock: {
      now: () => new Date(),
      monotonic: () => performance.now(),
      sleep: (ms, stop) => sleep(ms, undefined, stop ? { signal: stop } : {}).catch(() => {}),
    },
  })
  return {
    ...fake,
    openStore: async () => store,
    openSource: (database, options) =>
      openSource({
        ...sourceOptions,
        database,
        stateSchema: options.stateSchema,
        lockWaitTimeoutMs: options.lockWaitTimeoutMs,
        env: variables,
      }),
    openMigrationDatabase: (database, options) =>
      openMigrationDatabase({ ...fake, database, ...options, say: () => {}, warn: () => {}, sayForeign: () => {} }),
    decodeArchive: async (archive, { major }) => decodeArchive(archive, await clientTools(major), variables, signal),
  }
}

const sourceOptions = {
  tools,
  stateSchema: 'shiplock',
  env: process.env,
  applicationName: applicationName({ id: '77', attempt: '1', host: 'here', commit: undefined }),
  roots: [tmpdir()],
  say: () => {},
  now: () => new Date(),
  lockWaitTimeoutMs: 10_000 as number | undefined,
}

const counts = { mode: 'counts', limitMs: 0 } as const

async function rowsOf(source: Awaited<ReturnType<typeof openSource>>): Promise<Record<string, number | undefined>> {
  const { tables } = await source.readContent(counts)
  return Object.fromEntries(tables.map(({ name, rows }) => [name, rows]))
}

async function runBackup(url: string, given: Given = {}) {
  const store = given.store ?? folderStore(root, () => new Date())
  const inputs = { ...backupInputs, 'database-url': parseConnection(url), ...given.inputs }
  return { outcome: await backup.run(inputs, context({ ...given, store })), store }
}

function open(url: string, stateSchema = 'shiplock') {
  return openSource({ ...sourceOptions, database: databaseInputs(url), stateSchema })
}

function lockHolder(url: string) {
  const run = { id: 'other', attempt: '1', host: 'elsewhere', commit: undefined }
  return openMigrationDatabase({
    database: databaseInputs(url),
    stateSchema: 'shiplock',
    history: 'database',
    project: 'shop',
    environment: 'production',
    release: 'v1',
    run,
    say: () => {},
    warn: () => {},
    sayForeign: () => {},
  })
}

function databaseInputs(url: string): DatabaseInputs {
  return { connection: parseConnection(url), tls: { mode: 'off', ca: undefined }, role: undefined }
}

function databaseOf(url: string): string {
  return parseConnection(url).database
}

function asRole(url: string, role: string): string {
  return url.replace(/\/\/.*@/, `//${role}:secret@`)
}

async function plainRole(attributes = ''): Promise<string> {
  const role = uniqueName('role')
  await server.query(`create role ${role} login password 'secret' ${attributes}`)
  return role
}

/** Rows that hardly compress: megabytes of dump, more than the buffers on the way hold. */
async function busyDatabase(rows = 20_000): Promise<{ url: string; database: string }> {
  const database = uniqueName('busy')
  const url = await server.createDatabase(database)
  await server.query(
    `create table events (id bigint generated always as identity primary key, body text);
     insert into events (body) select string_agg(md5(random()::text), '') from generate_series(1, ${rows}) as row, generate_series(1, 8) group by row`,
    database,
  )
  return { url, database }
}

/** Inserts one row after another until it is let go. */
function keepWriting(database: string): AsyncDisposable & { written(): number } {
  let stopped = false
  let written = 0
  const writing = (async () => {
    for (; !stopped; written++) await server.query("insert into events (body) values ('meanwhile')", database)
  })()
  return {
    written: () => written,
    async [Symbol.asyncDispose]() {
      stopped = true
      await writing
    },
  }
}

/** A folder that takes the first bytes of a dump and no more until it is released. */
function slowStore() {
  const store = folderStore(root, () => new Date())
  let started = () => {}
  const begun = new Promise<void>((resolve) => {
    started = resolve
  })
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const hold = () => {
    let seen = 0
    return new Transform({
      highWaterMark: 1024,
      async transform(chunk: Buffer, _encoding, done) {
        seen += chunk.length
        if (seen > 100_000) {
          started()
          await released
        }
        done(null, chunk)
      },
    })
  }
  const put: Store['put'] = (key, source, signal) => {
    if (!key.endsWith('.dump')) return store.put(key, source, signal)
    const held = hold()
    pipeline(source, held, { signal }).catch(() => {})
    return store.put(key, held, signal)
  }
  return { store: { ...store, put }, started: begun, release: () => release() }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name)
}

async function onlyDump(store: Store): Promise<string> {
  const dumps = (await store.list('')).filter(({ key }) => key.endsWith('.dump'))
  expect(dumps).toHaveLength(1)
  return dumps[0]?.key as string
}

/** Process ids of the pg_dump of a snapshot, or of any that this test's user runs on this server. */
async function dumpPids(snapshot = ''): Promise<number[]> {
  const found: number[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const environment = line.includes('pg_dump') ? await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '') : ''
    if (line.includes(`--snapshot=${snapshot}`) && environment.includes(`PGPORT=${server.port}\0`)) found.push(Number(pid))
  }
  return found
}

async function everyCommandLine(): Promise<string> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return (await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))).join('\n')
}

function clientTools(major = server.major) {
  return findTools({ ...tools, major, set: 'client', env: process.env, say: () => {} })
}

async function decode(archive: Readable): Promise<string> {
  return (await decodeArchive(archive, await clientTools(), process.env, never)).problem
}

/** Rows of one table in an archive: the lines between its COPY and the end mark. */
async function restoredCount(key: string, table: string): Promise<number> {
  const { binDir } = await clientTools()
  const out = join(root, 'restored.sql')
  await runChild(join(binDir, 'pg_restore'), ['--data-only', `--table=${table}`, `--file=${out}`, join(root, key)], {
    env: toolEnvironment(process.env),
  })
  const [, rows = ''] = /^COPY .*;\n([\s\S]*?)\\\.\n/m.exec(await readFile(out, 'utf8')) ?? []
  return rows.split('\n').length - 1
}
