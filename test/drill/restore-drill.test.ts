import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { killServersIn } from '../../src/adapters/stray-servers.ts'
import type { Manifest } from '../../src/backup/manifest.ts'
import { memoryStore } from '../fakes/store.ts'
import { startServer, type TestServer, uniqueName } from '../postgres/server.ts'
import { type DrillOptions, runDrill } from './run-drill.ts'
import { type MadeBackup, makeBackup, storeHolding } from './stored-backup.ts'

let server: TestServer
let backup: MadeBackup
let root: string
beforeAll(async () => {
  server = await startServer()
  const database = uniqueName('shop')
  await server.createDatabase(database)
  await server.query(
    `create table orders (id int primary key, email text); insert into orders select i, 'user' || i || '@example.org' from generate_series(1, 300) i;
     create table goose_db_version (id int primary key, version_id bigint); insert into goose_db_version values (1, 0), (2, 7);
     create publication p for table orders`,
    database,
  )
  backup = await makeBackup(server, database)
})
afterAll(async () => {
  await server.stop()
})
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'drill-'))
  await chmod(root, 0o711) // the server's account passes through
})
afterEach(() => rm(root, { recursive: true, force: true }))

interface Details {
  readonly phases: readonly { readonly name: string; readonly ms: number }[]
  readonly recoveryTimeMs: number
  readonly mismatches: unknown
  readonly smoke: unknown
  readonly record: string
  readonly kept: string
}

/** `change` makes the backup say something else than the truth. */
async function drill({ change, ...options }: Partial<DrillOptions> & { change?: Partial<Manifest> } = {}) {
  const manifest = { ...backup.manifest, ...change }
  const store = options.store ?? (await storeHolding({ ...backup, manifest }))
  const ran = await runDrill({ ...options, root, store })
  return { ...ran, manifest, details: ran.outcome.details as unknown as Details }
}

describe('a restore drill', () => {
  test('restores the newest backup, compares it, runs the smoke queries, and measures each step', async () => {
    const { outcome, checks, details, store, manifest } = await drill({
      smoke: {
        'a.sql': `-- expect: value = 300\nselect count(*) from orders;\nselect 1 / case when exists (select from orders) then 1 else 0 end;`,
      },
      inputs: { amcheck: 'auto', 'max-backup-age': 3_600_000, 'max-data-loss': 3_600_000, 'max-restore-time': 600_000 },
    })
    expect(outcome).toMatchObject({ verdict: 'pass', outputs: { 'backup-id': manifest.id, level: 'usable' } })
    expect(checks).toEqual({
      'backup-age': 'pass',
      'recovery-point': 'pass',
      restored: 'pass',
      'min-tables': 'pass',
      'row-counts': 'pass',
      fingerprints: 'pass',
      sequences: 'pass',
      'large-objects': 'pass',
      'ledger-heads': 'pass',
      schema: 'pass',
      owners: 'pass',
      grants: 'pass',
      memberships: 'pass',
      extensions: 'pass',
      locale: 'pass',
      smoke: 'pass',
      amcheck: 'pass',
      'recovery-time': 'pass',
    })
    const { phases } = details
    expect(phases.map(({ name }) => name)).toEqual([
      'locate',
      'fetch',
      'provision',
      'extensions',
      'pre-data',
      'data',
      'post-data',
      'analyze',
      'compare',
      'smoke',
      'amcheck',
    ])
    expect(outcome.outputs).toMatchObject({ 'recovery-point-seconds': 350 })
    expect(details.recoveryTimeMs).toBe(
      phases.filter(({ name }) => !['compare', 'amcheck'].includes(name)).reduce((sum, { ms }) => sum + ms, 0),
    )
    expect(details).toMatchObject({
      notRestored: ['PUBLICATION p', 'PUBLICATION TABLE public p orders', 'owner of the database'],
      mismatches: [],
      machine: { cpus: expect.any(Number), memoryBytes: expect.any(Number) },
    })

    const record = JSON.parse(String(store.objects.get(details.record)))
    expect(details.record).toBe(`${manifest.object.key}.drill-20261121T141000Z-77.1.json`)
    expect(record).toMatchObject({
      schema: 'shiplock/drill@1',
      backup: { id: manifest.id },
      verdict: 'pass',
      level: 'usable',
      run: { id: '77' },
    })
    expect(await readdir(root)).toEqual([])
  })

  test('fails, and names the table, when the copy does not hold what the manifest says', async () => {
    const tables = backup.manifest.tables.map((table) => ({ ...table, ...(table.name === 'public.orders' ? { rows: 301 } : {}) }))
    const change = { tables, ledgerHeads: [{ table: 'public.goose_db_version', head: '3/3' }] }
    const { outcome, checks, details } = await drill({ change })
    expect(outcome.verdict).toBe('fail')
    expect(checks).toMatchObject({ restored: 'pass', 'row-counts': 'fail', 'ledger-heads': 'fail', smoke: 'not-checked' })
    expect(details.mismatches).toEqual([
      { object: 'public.orders', expected: 301, found: 300 },
      { object: 'head of public.goose_db_version', expected: '3/3', found: '2/2' },
    ])
    expect(outcome.outputs).toMatchObject({ level: 'restored' })
  })

  test('fails when a smoke query does, shows where, and keeps rows to itself', async () => {
    const { outcome, details } = await drill({
      smoke: {
        'a.sql': 'select 1;\n\nselect 1 / 0;',
        'b.sql': `-- expect: value = 0\nselect count(*) from orders;\nselect email::int from orders;\nselect nothing from orders;`,
      },
    })
    expect(outcome).toMatchObject({ verdict: 'fail', outputs: { level: 'equal' } })
    expect(details.smoke).toEqual([
      { file: 'db/smoke/a.sql', line: 1, status: 'pass' },
      { file: 'db/smoke/a.sql', line: 3, status: 'fail', sqlstate: '22012', message: 'division by zero (SQLSTATE 22012)' },
      { file: 'db/smoke/b.sql', line: 2, status: 'fail', message: 'expected value = 0, found another value (show-data: true prints it)' },
      {
        file: 'db/smoke/b.sql',
        line: 3,
        status: 'fail',
        sqlstate: '22P02',
        message: 'it failed (show-data: true prints why) (SQLSTATE 22P02)',
      },
      { file: 'db/smoke/b.sql', line: 4, status: 'fail', sqlstate: '42703', message: 'column "nothing" does not exist (SQLSTATE 42703)' },
    ])
    expect(JSON.stringify(outcome)).not.toContain('example.org')
  })

  test('refuses a damaged dump before any program of PostgreSQL opens it', async () => {
    const { manifest } = backup
    const store = await storeHolding(backup)
    const bytes = Buffer.from(store.objects.get(manifest.object.key) as Buffer)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1
    store.objects.set(manifest.object.key, bytes)
    const { outcome, checks, details } = await drill({
      store,
      context: {
        makeScratchCluster: () => {
          throw new Error('nothing may open it')
        },
      },
    })
    expect(outcome).toMatchObject({ verdict: 'fail', error: { code: 'backup-damaged' } })
    expect(checks).toMatchObject({ restored: 'fail', 'row-counts': 'not-checked' })
    expect(JSON.parse(String(store.objects.get(details.record)))).toMatchObject({ verdict: 'fail', error: 'backup-damaged' })
  })

  test('stops before data is loaded when an extension is missing, and says nothing of the backup', async () => {
    const source = { ...backup.manifest.source, extensions: [{ name: 'postgis', version: '3', schema: 'public' }] }
    const { outcome, checks, details } = await drill({ change: { source } })
    expect(outcome).toMatchObject({ error: { code: 'scratch-failed', message: expect.stringContaining('postgis') } })
    expect(checks.restored).toBe('not-checked')
    expect(details.phases.at(-1)?.name).toBe('extensions')
  })

  test('knows every mistake in the smoke queries before it touches the store', async () => {
    const untouched = { context: { openStore: () => Promise.reject(new Error('touched')) } }
    await expect(drill({ ...untouched, smoke: { 'a.sql': '-- expect: rows about 3\nselect 1' } })).rejects.toMatchObject({
      code: 'invalid-smoke-query',
      at: 'db/smoke/a.sql:1:1',
    })
    await expect(drill({ ...untouched, smoke: { 'readme.md': '' } })).rejects.toMatchObject({ code: 'invalid-smoke-query' })
    await expect(drill({ ...untouched, inputs: { smoke: '/srv/nowhere' } })).rejects.toMatchObject({ code: 'unreadable-file' })
  })

  test('is inconclusive where there is no backup', async () => {
    await expect(drill({ store: memoryStore() })).rejects.toMatchObject({ code: 'backup-not-found', verdict: 'inconclusive' })
  })

  test('tears everything down on a signal, within the seconds that a runner grants', async () => {
    const controller = new AbortController()
    let stopped = 0
    const { outcome, store } = await drill({
      smoke: { 'a.sql': 'select pg_sleep(600)' },
      inputs: { 'smoke-timeout': 600_000 },
      context: {
        signal: controller.signal,
        log: {
          info: (text) => void (text.startsWith('compare') && setTimeout(abort, 300)),
          warn: () => {},
          foreign: () => {},
          live: () => {},
        },
      },
    })
    function abort() {
      stopped = performance.now()
      controller.abort('SIGINT')
    }
    expect(performance.now() - stopped).toBeLessThan(5000)
    expect(outcome).toMatchObject({ verdict: 'inconclusive', error: { code: 'interrupted' } })
    expect(outcome.details).toMatchObject({ level: 'equal', phases: expect.arrayContaining([{ name: 'data', ms: expect.any(Number) }]) })
    expect([...store.objects.keys()].some((key) => key.includes('.drill-'))).toBe(false)
    expect(await readdir(root)).toEqual([])
  })

  test('goes on without its record when the store takes none', async () => {
    const store = await storeHolding(backup)
    const { outcome, lines, details } = await drill({ store: { ...store, put: () => Promise.reject(new Error('read only')) } })
    expect(outcome.verdict).toBe('pass')
    expect(details.record).toBeUndefined()
    expect(lines).toContainEqual(expect.stringMatching(/^warning: the record of this drill was not kept .*read only/))
  })

  test('keeps the cluster when asked', async () => {
    const { details } = await drill({ inputs: { keep: true } })
    try {
      expect(await readdir(join(details.kept, 'data'))).toContain('postmaster.pid')
    } finally {
      await killServersIn(details.kept)
      await rm(details.kept, { recursive: true })
    }
  })

  test('warns when the backup that was named is of another environment', async () => {
    const { outcome, lines, manifest } = await drill({
      context: { environment: 'staging' },
      inputs: { key: backup.manifest.object.key },
    })
    expect(outcome.outputs).toMatchObject({ 'backup-id': manifest.id })
    expect(lines).toContain('warning: this backup is of shop, environment production')
  })
})
