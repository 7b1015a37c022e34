import { createHash } from 'node:crypto'
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/adapters/clock.ts'
import { parseConnection } from '../../src/connection.ts'
import { stampedMoment } from '../../src/drill/stamped-moment.ts'
import { type MemoryStore, memoryStore } from '../fakes/store.ts'
import { dumpOf, type TestDump } from '../postgres/dump.ts'
import { startServer, type TestServer } from '../postgres/server.ts'
import { manifestOf } from './manifest.ts'
import { type DrillOptions, runDrill } from './run-drill.ts'

const key = 'daily/2026/11/20/shop-20261120T020000Z.dump'
const smoke = { 'a.sql': '-- expect: value = 300\nselect count(*) from orders' }

let server: TestServer
let dump: TestDump
let root: string
let store: MemoryStore
beforeAll(async () => {
  server = await startServer()
  dump = await dumpOf(
    server,
    `create extension pg_trgm; create table orders (id int primary key, email text);
     insert into orders select i, 'user' || i || '@example.org' from generate_series(1, 300) i;
     create index on orders using gin (email gin_trgm_ops);
     create table goose_db_version (id int primary key, version_id bigint); insert into goose_db_version values (1, 0), (2, 7)`,
  )
})
afterAll(async () => {
  await dump[Symbol.asyncDispose]()
  await server.stop()
})
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sources-'))
  await chmod(root, 0o711) // the server's account passes through
  store = memoryStore()
  store.objects.set(key, await readFile(dump.path))
})
afterEach(() => rm(root, { recursive: true, force: true }))

/** By the real clock: these dumps are made now. */
const drill = (options: Omit<DrillOptions, 'root' | 'store'>) =>
  runDrill({ ...options, root, store, context: { clock: systemClock, ...options.context } })

describe('a dump that another tool left in the store', () => {
  test('is restored and asked, and nothing of it is called equal', async () => {
    const { outcome, checks } = await drill({ inputs: { key }, smoke })
    expect(outcome).toMatchObject({ verdict: 'pass', outputs: { level: 'usable', 'recovery-point-seconds': expect.any(Number) } })
    expect(outcome.outputs).not.toHaveProperty('backup-id')
    expect(checks).toMatchObject({ restored: 'pass', 'row-counts': 'not-checked', 'ledger-heads': 'not-checked', smoke: 'pass' })
    expect(outcome.reason).toContain(`${key} was restored in `)
    expect(outcome.reason).toContain('302 rows in 2 tables, and no manifest says whether that is all; 1 of 1 query passed.')
    expect(JSON.stringify(outcome)).not.toMatch(/\b(?:equal|verified|OK)\b/i)
  })

  test('leaves the verdict open when nobody asked the copy anything', async () => {
    const { outcome } = await drill({ inputs: { key } })
    expect(outcome).toMatchObject({ verdict: 'inconclusive', outputs: { level: 'restored' } })
  })

  test('keeps the record of its drill beside it, which the next drill finds', async () => {
    const { outcome } = await drill({ inputs: { key }, smoke })
    const record = outcome.details?.record as string
    expect(record).toMatch(/^daily\/2026\/11\/20\/shop-20261120T020000Z\.dump\.drill-\d{8}T\d{6}Z-77\.1\.json$/)
    expect(JSON.parse(String(store.objects.get(record)))).toMatchObject({
      environment: 'production',
      verdict: 'pass',
      backup: { origin: 'dump', key },
    })
    const next = await drill({ inputs: { key }, smoke })
    expect(next.outcome.details?.history).toMatchObject([
      { verdict: 'pass', level: 'usable', sizeBytes: dump.sizeBytes, recoveryTimeMs: expect.any(Number) },
    ])
  })

  test('of a database in LATIN1 is restored into one', async () => {
    await server.query(`create database latin encoding 'LATIN1' locale 'C' template template0`)
    await server.query(`create table t as select 'é'::text as e`, 'latin')
    await using latin = await dumpOf(server, '', ['--dbname=latin'])
    store.objects.set(key, await readFile(latin.path))
    const asked = {
      'a.sql': `-- expect: value = 'LATIN1'\nselect current_setting('server_encoding');\n-- expect: value = 1\nselect octet_length(e) from t`,
    }
    expect((await drill({ inputs: { key }, smoke: asked })).outcome).toMatchObject({ verdict: 'pass' })
  })

  test('may have any name, but not that of a backup whose run did not reach its end', async () => {
    const own = manifestOf().object.key
    store.objects.set(own, store.objects.get(key) as Buffer)
    await expect(drill({ inputs: { key: own } })).rejects.toMatchObject({
      code: 'backup-not-found',
      message: expect.stringContaining('has no manifest'),
    })
    store.objects.set('other/shop', store.objects.get(key) as Buffer)
    expect((await drill({ inputs: { key: 'other/shop' }, smoke })).outcome.verdict).toBe('pass')
  })

  test('that does not exist brings up the names that do', async () => {
    const message = (wanted: string) => drill({ inputs: { key: wanted } }).then(String, (error) => `${error.code}: ${error.message}`)
    expect(await message('daily/2026/11/20/shop-20261120T030000Z.dump')).toBe(
      `backup-not-found: memory holds no backup and no dump daily/2026/11/20/shop-20261120T030000Z.dump. Did you mean ${key}?`,
    )
    expect(await message('daily/2026/12/all-of-it-and-more-with-a-very-different-name-than-the-others-have.dump')).toContain(
      `The last one in daily/2026/ is ${key}.`,
    )
    expect(await message('nowhere')).toBe('backup-not-found: memory holds no backup and no dump nowhere.')
  })

  test('that is plain SQL is refused, and no program opens it', async () => {
    store.objects.set(key, Buffer.from('-- PostgreSQL database dump\n\\! id\n'))
    const { outcome } = await drill({ inputs: { key }, context: { makeScratchCluster: () => Promise.reject(new Error('opened')) } })
    expect(outcome.error).toMatchObject({ code: 'invalid-input', exitCode: 2, message: expect.stringContaining('is plain SQL') })
  })
})

describe('a dump in a file', () => {
  test('is drilled where it lies, and stays as it is', async () => {
    const file = join(root, 'shop.dump')
    await copyFile(dump.path, file)
    await chmod(file, 0o644)
    const before = await stat(file)
    let seen: string[] = []
    const { outcome } = await drill({
      inputs: { file, store: undefined },
      smoke,
      context: {
        log: {
          info: (text) => {
            if (text.startsWith('pre-data')) void filesBelow(root).then((names) => (seen = names))
          },
          warn: () => {},
          foreign: () => {},
          live: () => {},
        },
      },
    })
    expect(outcome).toMatchObject({
      verdict: 'pass',
      outputs: { level: 'usable' },
      details: { backup: { origin: 'file', name: 'shop.dump' } },
    })
    expect(outcome.details).not.toHaveProperty('record')
    expect(seen.filter((name) => /\/(?:archive|backup\.dump)$/.test(name))).toEqual([])
    const after = await stat(file)
    expect([after.ino, after.uid, after.mode, after.mtimeMs]).toEqual([before.ino, before.uid, before.mode, before.mtimeMs])
    expect(
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ).toBe(dump.sha256)
    expect(await readdir(root)).toEqual(['shop.dump'])
  })

  test('that only its owner may read is drilled all the same', async () => {
    const file = join(root, 'private.dump')
    await copyFile(dump.path, file)
    await chmod(file, 0o600)
    expect((await drill({ inputs: { file }, smoke })).outcome.verdict).toBe('pass')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  test('that is a folder, is absent, or was not written by pg_dump is refused', async () => {
    const file = join(root, 'given')
    await expect(drill({ inputs: { file } })).rejects.toMatchObject({ code: 'unreadable-file' })
    await expect(drill({ inputs: { file: root } })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('directory format'),
    })
    await writeFile(file, '')
    expect((await drill({ inputs: { file } })).outcome).toMatchObject({
      verdict: 'fail',
      error: { code: 'backup-damaged' },
      reason: 'given: given is empty.',
    })
  })
})

describe('the database as it is now', () => {
  const fresh = () => ({ source: 'fresh' as const, 'database-url': parseConnection(server.url(dump.database)), store: undefined })

  test('is dumped and compared with its own snapshot', async () => {
    const { outcome, checks } = await drill({ inputs: { ...fresh(), 'max-data-loss': 1 }, smoke })
    expect(outcome).toMatchObject({ verdict: 'pass', outputs: { level: 'usable' } })
    expect(checks).toMatchObject({
      'row-counts': 'pass',
      'ledger-heads': 'pass',
      'recovery-point': 'not-checked',
      'backup-age': 'not-checked',
    })
    expect(outcome.reason).toMatch(
      /^A fresh dump of \w+ was restored in .*: 302 rows in 2 tables, as in the snapshot that was dumped; it is equal to what was dumped; 1 of 1 query passed\.$/,
    )
    const phases = (outcome.details?.phases as { name: string; ms: number }[]) ?? []
    expect(phases.map(({ name }) => name).slice(0, 3)).toEqual(['locate', 'dump', 'provision'])
    const dumping = phases.filter(({ name }) => ['dump', 'compare', 'amcheck'].includes(name)).reduce((sum, { ms }) => sum + ms, 0)
    expect(outcome.details?.recoveryTimeMs).toBe(phases.reduce((sum, { ms }) => sum + ms, 0) - dumping)
    expect(await readdir(root)).toEqual([])
  })

  test('compares equal while others write', async () => {
    let writing = true
    const writer = (async () => {
      while (writing) await server.query(`insert into orders select max(id) + 1, 'x' from orders`, dump.database)
    })()
    try {
      expect((await drill({ inputs: fresh() })).checks).toMatchObject({ 'row-counts': 'pass' })
    } finally {
      writing = false
      await writer
      await server.query('delete from orders where id > 300', dump.database)
    }
  })

  test('waits for a table that somebody has locked, no longer than lock-wait-timeout', async () => {
    const locked = server.query('begin; lock table orders; select pg_sleep(3)', dump.database)
    const { outcome } = await drill({ inputs: { ...fresh(), 'lock-wait-timeout': 200 } })
    await locked
    expect(outcome).toMatchObject({
      verdict: 'fail',
      error: { code: 'backup-failed' },
      checks: expect.arrayContaining([expect.objectContaining({ id: 'restored', status: 'not-checked' })]),
    })
  })

  test('has to be named', async () => {
    await expect(drill({ inputs: { source: 'fresh' } })).rejects.toMatchObject({
      code: 'invalid-input',
      message: 'source: fresh dumps the database as it is now, and no database was named.',
      hint: expect.stringContaining('DATABASE_URL'),
    })
  })
})

describe('only one source can be meant', () => {
  test.each([
    [{ key, file: '/srv/shop.dump' }, 'key and file'],
    [{ source: 'fresh' as const, file: '/srv/shop.dump' }, 'source: fresh and file'],
    [{ source: 'fresh' as const, key, file: '/srv/shop.dump' }, 'source: fresh and key and file'],
  ])('%#', async (inputs, names) => {
    await expect(drill({ inputs })).rejects.toMatchObject({ code: 'invalid-input', message: `${names} name different things to drill.` })
  })

  test('and one has to be', async () => {
    await expect(drill({ inputs: { store: undefined } })).rejects.toMatchObject({
      code: 'invalid-input',
      hint: expect.stringContaining('Set store'),
    })
  })
})

describe('the moment of a foreign dump', () => {
  const written = new Date('2026-11-20T09:30:00Z') // by a clock that may be anywhere on earth

  test('is the stamp of its name', () => {
    expect(stampedMoment(key, written)).toEqual({ snapshotAt: new Date('2026-11-20T02:00:00Z'), zoneUnknown: false })
    expect(stampedMoment('shop-2026-11-20T02:00:00Z.dump', written).zoneUnknown).toBe(false)
  })

  test('is its own clock where the name has none, or one that belongs to another dump', () => {
    const byClock = { snapshotAt: written, zoneUnknown: true }
    expect(stampedMoment('daily/20261120T020000Z/shop.dump', written)).toEqual(byClock)
    expect(stampedMoment('shop-20261118T020000Z.dump', written)).toEqual(byClock)
    expect(stampedMoment('shop-20261399T020000Z.dump', written)).toEqual(byClock)
  })
})

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true })
  return entries.map((name) => join(folder, name))
}
