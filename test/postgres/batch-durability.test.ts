import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
let store: string

beforeAll(async () => {
  server = await startServer({ settings: { wal_writer_delay: '10000ms', autovacuum: 'off' } }) // nothing else writes what a commit left behind
  store = await mkdtemp(join(tmpdir(), 'store-'))
})
afterAll(async () => {
  await removeProjects()
  await server?.stop()
  await rm(store, { recursive: true, force: true })
})

test('what a run says it applied before one of the batch failed outlives a crash of the server at that moment', async () => {
  const { run, query } = await makeRelease(server, {
    'db/migrations/1_a.sql': 'create table a (x int);',
    'db/migrations/2_b.sql': 'create table b (x int);',
    'db/migrations/3_c.sql': 'create table c (x int, x int);',
  })
  const failed = await run('migrate', '--phase', 'pre', '--history', 'store', '--store', `file://${store}`)
  await server.restart('immediate')
  expect(failed.result.commands[0]).toMatchObject({
    verdict: 'fail',
    applied: [{ id: '1_a' }, { id: '2_b' }],
    error: { code: 'migration-failed' },
  })
  expect(await query('select version from shiplock.ledger order by 1')).toEqual([{ version: '1' }, { version: '2' }])
  expect(await query("select to_regclass('a') is not null as a, to_regclass('b') is not null as b")).toEqual([{ a: true, b: true }])
})
