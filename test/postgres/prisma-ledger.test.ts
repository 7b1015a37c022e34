import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { prisma } from '../../src/migration/layouts/prisma.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { makeProject, shiplock } from '../program.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
let database: string
beforeAll(async () => {
  server = await startServer()
  database = uniqueName('ledger')
  await server.createDatabase(database)
  await server.query(hostile, database)
})
afterAll(() => server.stop())
beforeEach(() => run(`drop table if exists public._prisma_migrations; ${ledger.create(table)}; ${ledger.create(table)}`))

const table = { schema: 'public', table: '_prisma_migrations' }
const scope = { project: 'shop' }
const { ledger } = prisma
const run = <Row = Record<string, unknown>>(sql: string) => server.query<Row>(`set search_path = evil, pg_catalog; ${sql}`, database)
const migration = (id: string) => ({ id, version: String(Number(id.split('_')[0])), checksum: 'c0ffee' }) as Migration
const [first, second] = [migration('0007_first'), migration("20260102030405_it's")]

/** Names that stand before the server's own, as a careless or hostile role may have them. */
const hostile = `create schema evil;
  create domain evil.text as varchar(1); create domain evil.timestamptz as varchar;
  create function evil.now() returns timestamptz language sql as $$ select 'epoch'::timestamptz $$;
  create function evil.gen_random_uuid() returns pg_catalog.text language sql as $$ select 'same' $$;
  create function evil.nothing(pg_catalog.text, pg_catalog.text) returns bool language sql as $$ select false $$;
  create operator evil.= (leftarg = pg_catalog.text, rightarg = pg_catalog.text, function = evil.nothing);`

const rows = () =>
  run(`select migration_name as name, logs, applied_steps_count as steps, finished_at is not null as finished, finished_at = started_at as at_once,
    rolled_back_at is not null as back, length(id) as id, checksum from public._prisma_migrations order by started_at, rolled_back_at nulls last`)
const entries = () =>
  run<{ version: string; dirty: boolean }>(`select version, dirty, checksum, applied_at from (${ledger.select(table, scope)}) e order by 1`)
const head = async (without?: string[]) =>
  Object.values((await run<Record<string, string>>(ledger.head(table, scope, without)))[0] ?? {})[0]
/** Prisma's own row of a migration that began. */
const begun = (name: string) =>
  run(
    `insert into public._prisma_migrations (id, checksum, migration_name, started_at) values (pg_catalog.gen_random_uuid(), 'c0ffee', $n$${name}$n$, pg_catalog.now())`,
  )

test('writes what deploy writes for a migration that ran, reads it, and its head tells what stands there', async () => {
  const empty = await head()
  await run(ledger.record(table, first, scope))
  const one = await head()
  await run(ledger.record(table, second, scope))
  expect(await rows()).toEqual(
    ['0007_first', "20260102030405_it's"].map((name) => ({
      ...{ name, logs: null, steps: 1, finished: true, at_once: false, back: false, id: 36, checksum: 'c0ffee' },
    })),
  )
  expect(await entries()).toEqual(
    ['20260102030405', '7'].map((version) => ({ version, dirty: false, checksum: 'c0ffee', applied_at: expect.any(Date) })),
  )
  expect(await run(`select name from (${ledger.select(table, scope)}) e order by 1`)).toEqual([
    { name: '0007_first' },
    { name: "20260102030405_it's" },
  ])
  expect([await head(['20260102030405']), await head(['7', '20260102030405'])]).toEqual([one, empty])
})

test('takes a migration out again, and leaves the rows of earlier attempts that were rolled back', async () => {
  await begun(second.id)
  await run(ledger.dirty?.settle(table, second, 'reverted', scope) ?? '')
  await run(ledger.record(table, second, scope))
  await run(ledger.record(table, first, scope))
  await run(ledger.erase(table, second, scope))
  expect(await rows()).toMatchObject([
    { name: second.id, back: true },
    { name: first.id, back: false },
  ])
  expect(await entries()).toMatchObject([{ version: '7' }])
})

test('an attempt that did not end is dirty until it is settled, also beside one that did', async () => {
  await run(ledger.record(table, first, scope))
  const before = await head()
  await begun(first.id)
  expect(await entries()).toMatchObject([{ version: '7', dirty: true }])
  expect(await head()).not.toBe(before)
  await run(ledger.dirty?.settle(table, first, 'reverted', scope) ?? '')
  expect(await entries()).toMatchObject([{ version: '7', dirty: false }])
  expect(await head()).toBe(before)
})

test('settles as applied, and marks as applied, as resolve does: no steps, no time taken, and empty logs', async () => {
  await begun(first.id)
  await run(ledger.dirty?.settle(table, first, 'applied', scope) ?? '')
  await run(ledger.mark?.(table, second, scope) ?? '')
  const marked = { logs: '', steps: 0, finished: true, at_once: true, back: false }
  expect((await rows()).sort((a, b) => String(a.name).localeCompare(String(b.name)) || Number(b.back) - Number(a.back))).toMatchObject([
    { name: first.id, logs: null, steps: 0, finished: false, back: true },
    { name: first.id, ...marked },
    { name: second.id, ...marked },
  ])
  expect(await entries()).toMatchObject([
    { version: '20260102030405', dirty: false },
    { version: '7', dirty: false },
  ])
})

test('a row without a number keeps its name, so that it is named and not taken for another', async () => {
  await begun('init')
  await begun('000_zero')
  expect(await entries()).toMatchObject([{ version: '0' }, { version: 'init' }])
})

test('runs the folders in the schema that the connection string names, and knows the table again', async () => {
  const url = new URL(await server.createDatabase('schemas'))
  await server.query('create schema app', 'schemas')
  await using project = await makeProject({
    'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    'prisma/migrations/0_init/migration.sql': '-- This is an empty migration.',
    'prisma/migrations/20260101000000_a/migration.sql': 'create table a (id int);\ncreate table b (id int);\n',
    'prisma/migrations/20260102000000_b/migration.sql': 'CREATE INDEX CONCURRENTLY a_id ON a (id);\n',
  })
  const migrate = async (query: string) => {
    url.search = query
    const { result } = await shiplock(['migrate', '--phase', 'pre', '--project', 'shop', '--migrations', 'prisma/migrations'], {
      cwd: project.dir,
      env: { DATABASE_URL: url.href },
    })
    const { applied, error } = result.commands[0] as unknown as { applied?: { id: string }[]; error?: { message: string } }
    return error?.message ?? applied?.map(({ id }) => id)
  }
  expect(await migrate('schema=app&connection_limit=2')).toEqual(['0_init', '20260101000000_a', '20260102000000_b'])
  expect(await migrate(`options=${encodeURIComponent('-c search_path=app,public')}`)).toEqual([])
  const homes =
    "select array_agg(distinct relnamespace::regnamespace::text) as homes from pg_class where relname in ('a', 'b', '_prisma_migrations')"
  expect(await server.query(homes, 'schemas')).toEqual([{ homes: ['app'] }])
  expect(await migrate('')).toMatch(/no version table public\._prisma_migrations here, and app\._prisma_migrations is one of prisma's/)
  expect(await server.query(homes, 'schemas'), 'nothing ran once more').toEqual([{ homes: ['app'] }])
})
