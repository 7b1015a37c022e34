import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeMismatch, type Mismatch } from '../../src/drill/compare.ts'
import { runDrill } from '../drill/run-drill.ts'
import { type MadeBackup, makeBackup, storeHolding } from '../drill/stored-backup.ts'
import { dumpDatabase } from './dump.ts'
import { installWith } from './own-install.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

/** It brings rows along, and leaves others to its users: one table with a condition that ends as its author liked, one without any. */
const files = {
  'shop_rates.control': `default_version = '1.0'\nrelocatable = true\n`,
  'shop_rates--1.0.sql': `
    create sequence numbers;
    create table rates (name text primary key, value numeric, standard boolean not null default false);
    create table zones (id int primary key default nextval('numbers'), name text);
    create table internal (id int);
    insert into rates values ('normal', 19, true), ('reduced', 7, true); insert into internal values (1);
    select pg_catalog.pg_extension_config_dump('rates', 'where not standard order by name');
    select pg_catalog.pg_extension_config_dump('zones', '');
    select pg_catalog.pg_extension_config_dump('numbers', '');`,
}

let install: Awaited<ReturnType<typeof installWith>>
let server: TestServer
let sound: string
let backup: MadeBackup
let root: string
beforeAll(async () => {
  {
    await using first = await startServer()
    install = await installWith(first, files)
  }
  server = await startServer({ binDir: install.binDir })
  sound = uniqueName('rates')
  await server.createDatabase(sound)
  await server.query(
    `create schema app; create extension shop_rates schema app; create table app.orders (id int); insert into app.orders values (1);
     insert into app.rates values ('own', 3), ('other', 4); insert into app.zones (name) select 'zone ' || i from generate_series(1, 5) i`,
    sound,
  )
  backup = await makeBackup(server, sound)
})
afterAll(async () => {
  await server?.stop()
  await install?.[Symbol.asyncDispose]()
})
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rates-'))
  await chmod(root, 0o711) // the server's account passes through
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function drill(changed: Partial<MadeBackup>) {
  const before = join(root, 'before.sql')
  await writeFile(before, 'create schema app; create extension shop_rates schema app')
  const inputs = { 'pg-bin-dir': install.binDir, 'drill-before': before }
  const { outcome } = await runDrill({ root, store: await storeHolding({ ...backup, ...changed }), inputs })
  const mismatches = ((outcome.details?.mismatches ?? []) as readonly Mismatch[]).map(describeMismatch)
  return { verdict: outcome.verdict, level: outcome.outputs?.level, reason: outcome.reason, checks: outcome.checks, mismatches }
}

async function archiveAfter(sql: string): Promise<Buffer> {
  const damaged = uniqueName('damaged')
  await server.query(`create database ${damaged} template ${sound}`)
  await server.query(sql, damaged)
  await using dump = await dumpDatabase(server, damaged)
  return await readFile(dump.path)
}

describe("rows that a database's users gave to an extension", () => {
  test('are counted and hashed as the dump holds them, and are equal in the copy', async () => {
    expect(backup.manifest.tables.map(({ name }) => name)).toEqual(['app.orders'])
    expect(backup.manifest.extensionTables).toMatchObject([
      { name: 'app.rates', rows: 2, method: 'row-text-1', extension: 'shop_rates' },
      { name: 'app.zones', rows: 5, method: 'row-text-1', extension: 'shop_rates' },
    ])
    const found = await drill({})
    expect(found).toMatchObject({ verdict: 'pass', level: 'equal', mismatches: [] })
    expect(found.checks).toContainEqual({ id: 'row-counts', status: 'pass', value: '8 rows in 3 tables' })
    expect(found.checks).toContainEqual({ id: 'sequences', status: 'pass', value: '1 sequence' })
    expect(found.checks).toContainEqual({ id: 'min-tables', status: 'pass', value: 1, limit: 1 })
  })

  test.each<[what: string, sql: string, ...differences: (string | RegExp)[]]>([
    ['one is missing', `delete from app.rates where name = 'own'`, 'app.rates: expected 2 rows, found 1 row', /^content of app\.rates: /],
    ['one has another value', `update app.rates set value = 5 where name = 'own'`, /^content of app\.rates: expected row-text-1 /],
    ['one of a table without a condition is missing', 'delete from app.zones where id = 5', 'app.zones: expected 5 rows, found 4 rows'],
    ['their sequence fell back', `select setval('app.numbers', 2)`, 'sequence app.numbers: expected at least 5, found 2'],
  ])('fail the drill where %s', async (_, sql, ...differences) => {
    const found = await drill({ archive: await archiveAfter(sql) })
    expect(found).toMatchObject({ verdict: 'fail', level: 'restored' })
    for (const difference of differences) {
      expect(found.mismatches).toContainEqual(typeof difference === 'string' ? difference : expect.stringMatching(difference))
    }
  })

  test('are not compared with an older manifest, which does not tell them', async () => {
    const { extensionTables: _, ...older } = backup.manifest
    const archive = await archiveAfter('delete from app.rates')
    const found = await drill({ archive, manifest: { ...older, sequences: [] } })
    expect(found).toMatchObject({ verdict: 'pass', level: 'equal', mismatches: [] })
    expect(found.checks).toContainEqual({ id: 'row-counts', status: 'pass', value: '1 row in 1 table' })
  })
})
