import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readContent } from '../../src/adapters/postgres/content/read-content.ts'
import { readSchema } from '../../src/adapters/postgres/read-schema.ts'
import { openRescue } from '../../src/adapters/postgres/rescue/source.ts'
import { findTools, toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import { runChild } from '../../src/adapters/process.ts'
import { folderStore } from '../../src/adapters/storage/folder.ts'
import type { Store } from '../../src/backup/store.ts'
import { parseConnection } from '../../src/connection.ts'
import { plain } from '../../src/migration/layouts/plain.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { type DownLoss, lossesOfDown } from '../../src/rollback/down/loss.ts'
import { countLosses, lostTables, type Rescue, saveRescue } from '../../src/rollback/down/rescue.ts'
import { rescueManifestSchema } from '../../src/rollback/down/rescue-manifest.ts'
import type { CountedLoss, RescueSource } from '../../src/rollback/down/rescue-source.ts'
import { memoryStore } from '../fakes/store.ts'
import { rescueCases } from './rescue-cases.ts'
import { awkwardPassword, binDir, startServer, type TestServer, uniqueName } from './server.ts'

const never = new AbortController().signal
const tools = { binDir, install: false, env: process.env, say: () => {} }
let server: TestServer
let root: string
let bin: string

beforeAll(async () => {
  server = await startServer()
  root = await mkdtemp(join(tmpdir(), 'shiplock-rescue-'))
  bin = (await findTools({ ...tools, major: server.major, set: 'client' })).binDir
})
afterAll(async () => {
  await server?.stop()
  await rm(root, { recursive: true, force: true })
})

describe('a down loses what was counted, and its rescue copy puts exactly that back', () => {
  test.each(rescueCases)('$name', { timeout: 60_000 }, async ({ before, down, loses, touches, renames }) => {
    const database = await makeDatabase(before)
    const first = touches === undefined ? undefined : await measured(database, down)
    await server.query(touches ?? '', database)
    const content = await contentOf(database)
    const { rescue, counted } = await rescued(database, down)
    expect(counted.map(({ what, counted }) => [what, Number(counted)])).toEqual(loses)
    if (first !== undefined) {
      expect(first.map(({ counted }) => counted)).toEqual(counted.map(({ counted }) => counted))
      expect(first.map(({ markedAs }) => markedAs)).not.toEqual(counted.map(({ markedAs }) => markedAs))
    }

    await server.query(down, database)
    expect(await putBack(rescue)).toMatchObject({ stderr: expect.not.stringContaining('ERROR'), exitCode: 0 })
    if (renames !== undefined) await server.query(renames, database)
    expect(await contentOf(database)).toEqual(content)
    if (renames !== undefined || loses.every(([, count]) => count === 0)) return

    const again = await putBack(rescue)
    expect(again.stderr).toMatch(/already/)
    expect(again.exitCode).not.toBe(0)
  })
})

describe('a rescue copy', () => {
  const users = `create table users (id int primary key, phone text default 'none', name text); insert into users select i, 'p' || i, 'n' || i from generate_series(1, 9) i`

  test('leaves alone what was written since: a new row gets the default, and a row that is back already stays as it is', async () => {
    const database = await makeDatabase(
      `${users}; create table notes (id int primary key, text text); insert into notes values (1, 'old'), (2, 'older')`,
    )
    const down = 'alter table users drop column phone; delete from notes'
    const { rescue } = await rescued(database, down)
    await server.query(
      `${down}; delete from users where id = 1; insert into users values (10, 'new'); insert into notes values (2, 'newer')`,
      database,
    )
    const ended = await putBack(rescue)

    expect(ended.stderr).toContain('1 of 2 rows of "public"."notes" are there already')
    expect(await server.query('select id, phone from users where id > 8 order by id', database)).toEqual([
      { id: 9, phone: 'p9' },
      { id: 10, phone: 'none' },
    ])
    expect(await server.query('select * from notes order by id', database)).toEqual([
      { id: 1, text: 'old' },
      { id: 2, text: 'newer' },
    ])
  })

  test('fills what the newer release has made again, with what nobody wrote since; and is refused the second time', async () => {
    const tables = `create table orders (id int primary key, note text default 'it''s'); create table "odd \\Table" (c text); create function f() returns trigger language plpgsql as $$ begin raise 'fired'; end $$`
    const [up, down] = [
      `alter table users add column phone text default 'none', add column "né\\w" int; ${tables}; create trigger t before insert or update on orders for each row execute function f()`,
      'alter table users drop column phone, drop column "né\\w"; drop table orders cascade; drop table "odd \\Table"; drop function f',
    ]
    const database = await makeDatabase(
      `create table users (id int primary key); insert into users select generate_series(1, 4); ${up}; alter table orders disable trigger t;
       update users set phone = 'p' || id, "né\\w" = id where id < 4; insert into orders values (1, 'a\tb''$1'), (2, null); insert into "odd \\Table" values (E'\\\\.'), ('\\N'); alter table orders enable trigger t`,
    )
    const { rescue } = await rescued(database, down)
    await server.query(`${down}; ${up}; insert into users values (5); update users set phone = 'new' where id = 2`, database)
    const ended = await putBack(rescue)
    expect(ended).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('3 rows of "public"."users" got their old values') })
    const users = await server.query<Record<string, unknown>>('select * from users order by id', database)
    expect(users.map((row) => Object.values(row))).toEqual([
      [1, 'p1', 1],
      [2, 'new', 2],
      [3, 'p3', 3],
      [4, 'none', null],
      [5, 'none', null],
    ])
    expect(await server.query('select * from orders order by id', database)).toEqual([
      { id: 1, note: "a\tb'$1" },
      { id: 2, note: null },
    ])
    expect(await server.query('select * from "odd \\Table"', database)).toHaveLength(2)
    const before = await contentOf(database)
    expect(await putBack(rescue)).toMatchObject({ stderr: expect.stringContaining('already'), exitCode: expect.not.stringMatching(/^0$/) })
    expect(await contentOf(database)).toEqual(before)
  })

  test('is refused by another database, until somebody says that it is meant, and by one where the down did not run', async () => {
    const [database, other] = [await makeDatabase(users), await makeDatabase(users)]
    const down = 'alter table users drop column phone'
    const { rescue } = await rescued(database, down)
    expect((await putBack(rescue)).stderr).toContain('every value of "phone" that this rescue copy holds is there already')
    await server.query(down, other)
    const elsewhere = { ...rescue, command: rescue.command.replace(database, other) }
    expect((await putBack(elsewhere)).stderr).toContain('is of another database than this one')
    expect(await putBack(elsewhere, { PGOPTIONS: '-c shiplock.elsewhere=on' })).toMatchObject({ exitCode: 0 })
    expect(await server.query('select phone from users where id = 4', other)).toEqual([{ phone: 'p4' }])
  })

  test('is a file with a manifest beside it, whose hash and rows are those of the file', async () => {
    const store = memoryStore()
    const database = await makeDatabase(users)
    const { rescue } = await rescued(database, 'alter table users drop column phone, drop column name', store)
    expect([...store.objects.keys()]).toEqual([rescue.key, rescue.manifestKey])
    expect(rescue.key).toMatch(
      new RegExp(`^shop/rescues/production/\\d{4}/\\d\\d/\\d\\d/${database}-\\d{8}T\\d{6}Z-0002_more-[\\w-]+\\.\\d+\\.sql$`),
    )
    const manifest = rescueManifestSchema.parse(JSON.parse(String(store.objects.get(rescue.manifestKey))))
    expect(manifest.object).toEqual({ key: rescue.key, sizeBytes: rescue.bytes, sha256: rescue.sha256, rows: '9' })
    expect(manifest.losses.map(({ count }) => count)).toEqual(['9', '9'])
  })

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['loses its last bytes', (bytes) => bytes.subarray(0, -20)],
    ['loses a row', (bytes) => Buffer.from(bytes.toString().replace('3\tp3\n', ''))],
    ['changes a byte', (bytes) => Buffer.from(bytes.toString().replace('p7', 'p8'))],
  ])('is none in a store that %s: nothing is left there', async (_name, damage) => {
    const store = memoryStore()
    const lossy: Store = {
      ...store,
      async put(key, source, signal) {
        const put = await store.put(key, source, signal)
        const bytes = store.objects.get(key)
        if (key.endsWith('.sql') && bytes !== undefined) store.objects.set(key, damage(bytes))
        return put
      },
    }
    await expect(rescued(await makeDatabase(users), 'alter table users drop column phone', lossy)).rejects.toMatchObject({
      code: 'rescue-failed',
    })
    expect([...store.objects]).toEqual([])
  })

  test('is none where the connection breaks in the middle of the rows', async () => {
    const store = memoryStore()
    const database = await makeDatabase(
      `create table big (id int primary key, text text); insert into big select i, repeat('x', 1000) from generate_series(1, 20000) i`,
    )
    const slow: Store = {
      ...store,
      async put(key, source, signal) {
        await server.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'shiplock/test'`)
        return store.put(key, source, signal)
      },
    }
    await expect(rescued(database, 'drop table big', slow)).rejects.toMatchObject({ code: 'connection-lost' })
    expect([...store.objects]).toEqual([])
  })

  test('is refused, and so is the count, to a role that does not see every row', async () => {
    const role = uniqueName('reader')
    const database = await makeDatabase(
      `${users}; create role ${role}; grant select on users to ${role}; alter table users enable row level security; create policy mine on users using (id < 5)`,
    )
    const down = 'alter table users drop column phone'
    await expect(withSource(database, down, async () => {}, role)).rejects.toMatchObject({ code: 'insufficient-rights' })
    expect((await measured(database, down))[0]?.counted).toBe(9n)
  })

  test.each([
    [
      'a table without a key',
      'create table users (id int, phone text); insert into users values (1, null), (2, $$x$$)',
      'alter table users drop column phone',
      1n,
    ],
    ['a key that goes too', users, 'alter table users drop column phone, drop column id', 9n],
    ['rows that inherit', `${users}; create table admins () inherits (users)`, 'alter table users drop column phone', 9n],
    ['what a block hides', users, `do $$ begin execute format('drop table %I', lower('USERS')); end $$`, undefined],
    ['rows that nobody can tell beforehand', users, `update users set name = 'x'; delete from users where name = 'x'`, undefined],
  ])('cannot be made of %s, which is said before anything is stored', async (_name, before, down, count) => {
    const store = memoryStore()
    const database = await makeDatabase(before)
    const counted = await measured(database, down)
    expect(counted.find(({ copy }) => copy === undefined)?.counted).toBe(count)
    await expect(rescued(database, down, store)).rejects.toMatchObject({ code: 'rescue-incomplete' })
    expect([...store.objects]).toEqual([])
  })

  test('has marks that only its own data changes', async () => {
    const database = await makeDatabase(`${users}; create table other (id int); alter table users add column state text`)
    const down = `alter table users drop column phone; delete from users where id > 8; alter table users alter column name type varchar(1)`
    const marks = async () => (await measured(database, down)).map(({ markedAs }) => markedAs)
    const before = await marks()
    await server.query(
      `insert into other values (1); update users set state = 'x' where id < 8; insert into users values (0, null, 'n'); cluster users using users_pkey`,
      database,
    )
    const after = await marks()
    expect([after[0], after[2]]).toEqual([before[0], before[2]])
    await server.query('update users set phone = case id when 1 then $$p2$$ else $$p1$$ end where id < 3', database)
    expect((await marks())[0]).not.toBe(before[0])
  })
})

async function makeDatabase(sql: string): Promise<string> {
  const database = uniqueName('rescue')
  await server.createDatabase(database)
  await server.query(sql, database)
  return database
}

function migrationWith(down: string): Migration {
  const file = (name: string, text: string) => ({ name, path: `db/${name}`, bytes: Buffer.from(text) })
  const [migration] = plain.read([file('0002_more.sql', 'select 1'), file('0002_more.down.sql', down)], 'pre', {})
  if (migration === undefined) throw new Error('no migration')
  return migration
}

function surroundings(database: string, role?: string) {
  const connection = { ...parseConnection(server.url()), database }
  return {
    ...tools,
    database: { connection, tls: { mode: 'off' as const, ca: undefined }, role },
    applicationName: 'shiplock/test',
    roots: [tmpdir()],
    signal: never,
  }
}

async function losses(database: string, down: string): Promise<readonly DownLoss[]> {
  return lossesOfDown(migrationWith(down), await readSchema(surroundings(database)))
}

async function withSource<Result>(
  database: string,
  down: string,
  use: (source: RescueSource, counted: readonly CountedLoss[]) => Promise<Result>,
  role?: string,
): Promise<Result> {
  const found = await losses(database, down)
  await using source = await openRescue({ ...surroundings(database, role), tables: lostTables(found), lockWaitMs: 5000 })
  return await use(source, await countLosses(source, found))
}

function measured(database: string, down: string): Promise<readonly CountedLoss[]> {
  return withSource(database, down, async (_source, counted) => counted)
}

function rescued(
  database: string,
  down: string,
  store: Store = folderStore(root, () => new Date()),
): Promise<{ rescue: Rescue; counted: readonly CountedLoss[] }> {
  return withSource(database, down, async (source, counted) => ({
    counted,
    rescue: await saveRescue({
      source,
      store,
      place: { url: pathToFileURL(root).href, endpoint: undefined },
      project: 'shop',
      environment: 'production',
      migration: '0002_more',
      run: { id: '1', attempt: '1', host: 'here' },
      losses: counted,
      signal: never,
    }),
  }))
}

/** As somebody would paste it. */
function putBack({ command }: Rescue, env: Record<string, string> = {}) {
  const target = { PGHOST: '127.0.0.1', PGPORT: String(server.port), PGUSER: 'postgres', PGPASSWORD: awkwardPassword }
  const path = `${bin}:${process.env.PATH}`
  return runChild('bash', ['-c', command], { env: { ...toolEnvironment(process.env), ...target, ...env, PATH: path } })
}

/** All rows, definitions and sequences, whatever the order of columns. */
async function contentOf(database: string) {
  const client = new pg.Client(server.url(database))
  await client.connect()
  try {
    const reading = { stateSchema: 'shiplock', serverMajor: server.major, inRecovery: false }
    const { tables, sequences, catalog } = await readContent(client, reading, { mode: 'full', limitMs: 0 })
    return { tables, sequences, catalog }
  } finally {
    await client.end()
  }
}
