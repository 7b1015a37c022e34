import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await removeProjects()
  await server?.stop()
})

interface DryRun {
  readonly applied: readonly unknown[]
  readonly notRun: readonly string[]
  readonly statements: readonly { readonly id: string; readonly sql: string }[]
}

/** Every object of every schema but the server's own, and every row of the version table and the state. */
async function everything(query: <Row>(sql: string) => Promise<Row[]>): Promise<unknown> {
  const catalog = await query(
    `select n.nspname, c.relname, c.relkind, c.relfilenode, pg_get_userbyid(c.relowner), c.xmin::text from pg_class c
     join pg_namespace n on n.oid = c.relnamespace where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast' order by 1, 2`,
  )
  const rows =
    await query(`select table_schema, table_name, query_to_xml(format('select * from %I.%I order by 1', table_schema, table_name), true, false, '')::text
     from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2`)
  return { catalog, rows }
}

test('a dry run prints every message in order, as the first attempt would send it, and changes nothing', async () => {
  const { run, query, project } = await makeRelease(server, {
    'db/migrations/1_t.sql':
      'create table t (x int primary key) partition by range (x);\ncreate table t1 partition of t for values from (0) to (9);',
  })
  expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
  await project.write({
    'db/migrations/2_y.sql': 'alter table t add column y int;',
    'db/migrations/3_steps.sql': '-- shiplock: no-transaction\ncreate index concurrently i on t1 (x);\nupdate t set y = 1;',
  })
  const before = await everything(query)
  const dry = await run('migrate', '--phase', 'pre', '--dry-run')
  expect(await everything(query)).toEqual(before)
  const { applied, notRun, statements } = dry.result.commands[0] as unknown as DryRun
  expect([applied, notRun]).toEqual([[], ['2_y', '3_steps']])
  expect(statements[0]?.sql).toBe(
    [
      'begin',
      "set local lock_timeout = '100ms'",
      "set local lock_timeout = '100ms'",
      "set local statement_timeout = '100ms'",
      'lock table only "public"."t", only "public"."t1" in ACCESS EXCLUSIVE mode',
      "set local lock_timeout = '100ms'",
      "set local statement_timeout = '0ms'",
      'alter table t add column y int;\n;set local session authorization default',
      'set local role none',
      statements[0]?.sql.match(/insert into "shiplock"\."ledger".*/)?.[0]?.slice(0, -1),
      'commit;\n',
    ].join(';\n'),
  )
  const [build, update, ...record] = statements[1]?.sql.split('\n\n') ?? []
  expect(build).toContain('create index concurrently i on t1 (x)')
  expect(update).toMatch(/update t set y = 1\n;set local session[\s\S]*insert into "shiplock"\.step/)
  expect(record.join('')).toMatch(/delete from "shiplock"\.step[\s\S]*insert into "shiplock"\."ledger"/)
})

test('a dry run on a database that no run has been to creates nothing', async () => {
  const { run, query } = await makeRelease(server, { 'db/migrations/1_t.sql': 'create table t (x int);' })
  const dry = await run('migrate', '--phase', 'pre', '--dry-run')
  expect(dry.exitCode).toBe(0)
  expect((dry.result.commands[0] as unknown as DryRun).statements[0]?.sql).toContain('create table t (x int);')
  expect(await query("select relname from pg_class where relnamespace = 'public'::regnamespace")).toEqual([])
  expect(await query("select to_regnamespace('shiplock') as schema")).toEqual([{ schema: null }])
})
