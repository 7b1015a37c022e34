import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { readManifest } from '../../src/backup/manifest.ts'
import backup from '../../src/commands/backup.ts'
import { ReleaseError } from '../../src/errors.ts'
import { putBackup } from '../fakes/backup.ts'
import { given, here, key, keys, manifestKey, stage, statuses } from '../fakes/backup-run.ts'
import { fakeSource } from '../fakes/source.ts'
import { type MemoryStore, memoryStore } from '../fakes/store.ts'

const stamp = { ...here, id: '0b0c9f6e-8f0e-4a53-9d10-1f7d4c1b2a3d', environment: 'production' }
const harmless = { '0007_add_email': 'alter table users add column email text' }
const destructive = { '0008_drop_users': 'drop table users' }
/** Before the moment of the source's snapshot. */
const ago = (hours: number) => new Date(Date.parse('2026-11-21T14:04:10Z') - hours * 3_600_000)
const tables = [
  { name: 'public.orders', rows: 1200 },
  { name: 'public.users', rows: 30 },
]

/** A store with a backup of each age, in hours. */
function storeWith(...hours: number[]): MemoryStore {
  const store = memoryStore()
  for (const one of hours) putBackup(store, { at: ago(one), tables })
  return store
}

describe('with backup-when major', () => {
  const major = { ...given, 'backup-when': 'major' } as const
  const daily = () => {
    const store = memoryStore()
    const { id } = putBackup(store, { at: ago(5), class: 'daily', source: { ...here, stamp: stamp.id } })
    return { store, id }
  }

  test.each([true, false])('nothing is made, written or locked beside a fresh daily backup (dry run: %s)', async (dryRun) => {
    const { store, id } = daily()
    const before = keys(store)
    const { context, did, source } = stage({ store, stamp, files: harmless })
    const outcome = await backup.run({ ...major, 'dry-run': dryRun }, context)

    expect(outcome).toEqual({
      verdict: 'pass',
      reason: `No backup was made: no pending migration can lose data, and the backup ${id} of the class daily is 5 h 6 min old.`,
      outputs: { made: 'false' },
      details: { made: false },
    })
    expect([keys(store), did, source.lockWaitTimeoutMs]).toEqual([before, [], undefined])
  })

  test.each([
    ['a pending migration may lose data', { files: destructive }, '0008_drop_users (DROP TABLE)'],
    ['the migrations cannot be read', {}, 'the pending migrations could not be read'],
  ])('one is made, and why is said, when %s', async (_when, more, why) => {
    const { store } = daily()
    const { context, lines } = stage({ store, stamp, ...more })
    const { outputs } = await backup.run(major, context)

    expect(outputs).toMatchObject({ made: 'true', level: 'read-back' })
    expect(lines).toContain(`a backup is needed: ${why}`)
    expect(keys(store)).toContain(manifestKey)
  })

  test('one of the class daily is always made, and no migration is read for it', async () => {
    const { store } = daily()
    const readFolder = () => Promise.reject(new Error('nobody asked for migrations'))
    const { outputs } = await backup.run({ ...major, class: 'daily' }, stage({ store, stamp, readFolder }).context)

    expect(outputs).toMatchObject({ made: 'true' })
  })
})

describe('a dump that is not what one would expect', () => {
  const empty = () => fakeSource({ content: { tables: [] } })
  const shrunk = () => fakeSource({ content: { tables: [{ name: 'public.orders', rows: 3, counted: 'snapshot' }] } })
  const landed = { ...given, level: 'landed' } as const

  test.each([
    ['holds no table at all', empty, 'min-tables', /the dump holds 0 tables, where min-tables asks for 1/],
    ['has lost most of its rows', shrunk, 'shrink', /rows 1,230 → 3.*most rows were lost by public\.orders 1,200 → 3/],
  ])('because it %s fails, and is kept with its manifest, which says why', async (_why, source, check, message) => {
    const store = storeWith(24)
    const outcome = await backup.run(landed, stage({ store, source: source() }).context)
    const { manifest } = await readManifest(store, manifestKey)

    expect(outcome).toMatchObject({ verdict: 'fail', error: { code: 'backup-failed', message: expect.stringMatching(message) } })
    expect(outcome.reason).toMatch(/^The dump is not what one would expect \(.*\); it is kept, and nothing relies on it\.$/)
    expect(statuses(outcome)).toMatchObject({ 'dump-exit': 'pass', landed: 'pass', [check]: 'fail' })
    expect(statuses(manifest)).toMatchObject({ [check]: 'fail' })
    expect(keys(store)).toEqual(expect.arrayContaining([key, manifestKey]))
  })

  test.each([
    ['a new one, that has no release and no backup before, may hold no table', undefined, memoryStore(), 'not-checked'],
    ['one with a stamp must hold one', stamp, memoryStore(), 'fail'],
    ['one with an earlier backup must hold one', undefined, storeWith(24), 'fail'],
  ])('of the databases, %s', async (_which, stamped, store, status) => {
    const given = stamped === undefined ? { store, source: empty() } : { store, source: empty(), stamp: stamped }
    expect(statuses(await backup.run(landed, stage(given).context))).toMatchObject({ 'min-tables': status })
  })

  test('because it is smaller than min-size fails as well', async () => {
    const outcome = await backup.run({ ...given, 'min-size': 1_000_000 }, stage().context)

    expect(statuses(outcome)).toMatchObject({ 'min-size': 'fail' })
    expect(outcome.verdict).toBe('fail')
  })

  test('lets retention delete nothing', async () => {
    const store = storeWith(72, 48, 24)
    const before = keys(store)
    const inputs = { ...landed, 'keep-last': 1, retention: 'apply' } as const
    const outcome = await backup.run(inputs, stage({ store, source: shrunk() }).context)

    expect(outcome.details).toMatchObject({ retention: { removed: [], kept: 4 } })
    expect(keys(store)).toEqual(expect.arrayContaining(before))
  })

  test('is nothing that the next one is compared with: that is the usable one before it', async () => {
    const store = storeWith(24)
    await backup.run(landed, stage({ store, source: shrunk() }).context)
    const later = fakeSource({ at: new Date('2026-11-21T14:06:00Z'), content: { tables } })
    const outcome = await backup.run(landed, stage({ store, source: later }).context)

    expect(statuses(outcome)).toMatchObject({ shrink: 'pass' })
    expect(outcome.details).toMatchObject({ previous: { snapshotAt: ago(24).toISOString(), rows: 1230 } })
  })
})

describe('retention', () => {
  const old = () => storeWith(72, 48, 24)
  const keyOf = (hours: number) => key.replace('21/shop-20261121', `${21 - hours / 24}/shop-202611${21 - hours / 24}`)

  test('lists what it would delete, and deletes nothing, unless it is told to', async () => {
    const store = old()
    const before = keys(store)
    const { context, lines } = stage({ store })
    const outcome = await backup.run({ ...given, 'keep-last': 2 }, context)

    expect(keys(store)).toEqual(expect.arrayContaining(before))
    expect(outcome.details).toMatchObject({
      retention: { mode: 'dry-run', kept: 2, removed: [{ key: keyOf(48) }, { key: keyOf(72) }] },
    })
    expect(outcome.checks).toContainEqual({
      id: 'retention',
      status: 'pass',
      value: '2 backups would be deleted (dry run), 2 kept',
    })
    expect(lines).toContain('retention of releases, database shop (dry run): would delete 2 backups, 2 kept')
    expect(lines.filter((line) => line.includes('would delete shop/'))).toHaveLength(2)
  })

  test('deletes with apply, and says what went', async () => {
    const store = old()
    const { context, lines } = stage({ store })
    const outcome = await backup.run({ ...given, 'keep-last': 2, retention: 'apply' }, context)

    expect(keys(store).filter((one) => one.endsWith('.dump'))).toEqual([keyOf(24), key])
    expect(outcome.details).toMatchObject({ retention: { mode: 'apply', kept: 2, remaining: [] } })
    expect(lines.filter((line) => line.includes('deleted shop/'))).toHaveLength(2)
  })

  test('deletes nothing when the new backup could not be read back', async () => {
    const store = old()
    const before = keys(store)
    const lost = async () => Promise.reject(Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' }))
    const inputs = { ...given, 'keep-last': 1, retention: 'apply' } as const
    const outcome = await backup.run(inputs, stage({ store, decodeArchive: lost }).context)

    expect(outcome).toMatchObject({ verdict: 'inconclusive', details: { retention: { removed: [], kept: 4 } } })
    expect(keys(store)).toEqual(expect.arrayContaining(before))
  })

  test('that the store refuses is warned of, and the backup is one all the same', async () => {
    const store = old()
    const refusing = {
      ...store,
      delete: async (name: string) => {
        if (name.includes('/.probe/')) return store.delete(name)
        throw Object.assign(new Error('no'), { code: 'EACCES' })
      },
    }
    const { context, lines } = stage({ store: refusing })
    const outcome = await backup.run({ ...given, 'keep-last': 1, retention: 'apply' }, context)

    expect(outcome).toMatchObject({ verdict: 'pass', details: { retention: { removed: [] } } })
    expect(lines).toContainEqual(expect.stringMatching(/^warning: retention stopped at .*, and nothing more was deleted: no$/))
  })
})

describe('max-duration', () => {
  const minute = 60_000

  test.each([true, false])('refuses what would surely take longer before anything is dumped (dry run: %s)', async (dryRun) => {
    const store = memoryStore()
    const { context, did } = stage({ store, source: fakeSource({ facts: { sizeBytes: 10 ** 12 } }) })
    const refused = backup.run({ ...given, 'max-duration': minute, 'dry-run': dryRun }, context)

    await expect(refused).rejects.toMatchObject({
      code: 'backup-too-large',
      message: expect.stringMatching(/would take at least 1 h 51 min, and max-duration is 1 min\./),
    })
    expect([keys(store), did.includes(`put ${key}`)]).toEqual([[], false])
  })

  test('stops a backup in the middle: nothing is stored, and source and lock are let go', { timeout: 5000 }, async () => {
    const store = memoryStore()
    const { context, did, source } = stage({ store, source: { ...fakeSource(), readContent: () => new Promise(() => {}) } })
    const stopped = backup.run({ ...given, 'max-duration': 60 }, context)

    await expect(stopped).rejects.toMatchObject({
      code: 'backup-failed',
      message: 'The backup was stopped: it took longer than max-duration, 60 ms.',
    })
    expect([keys(store), source.disposed, did.at(-1)]).toEqual([[], true, 'unlock'])
  })

  test('stops a read-back in the middle: the dump gets no manifest', { timeout: 5000 }, async () => {
    const store = memoryStore()
    const decodeArchive = (archive: NodeJS.ReadableStream) =>
      new Promise<never>((_, fail) => {
        archive.on('error', fail)
      })
    const slow = { ...store, get: async (name: string) => (name.endsWith('.dump') ? new PassThrough() : store.get(name)) }
    const stopped = backup.run({ ...given, 'max-duration': 60 }, stage({ store: slow, decodeArchive }).context)

    await expect(stopped).rejects.toMatchObject({ code: 'backup-failed', message: expect.stringContaining('max-duration') })
    expect(keys(store)).toEqual([key])
  })

  test('says nothing when the time suffices', async () => {
    expect((await backup.run({ ...given, 'max-duration': minute }, stage().context)).verdict).toBe('pass')
  })
})

test('the size that the source promises, and earlier dumps had, goes with the upload', async () => {
  const store = memoryStore()
  const expected: unknown[] = []
  const watching = {
    ...store,
    put: (...[name, bytes, signal, options]: Parameters<MemoryStore['put']>) => {
      if (name.endsWith('.dump')) expected.push(options?.expectedBytes)
      return store.put(name, bytes, signal)
    },
  }
  await backup.run(given, stage({ store: watching }).context)

  expect(expected).toEqual([8_000_000])
})

describe('the result', () => {
  test('has the sizes of the backup before, whatever its class, and none where there is none', async () => {
    const store = memoryStore()
    putBackup(store, { at: ago(48), tables: [{ name: 'public.orders', rows: 5 }] })
    const { id } = putBackup(store, { at: ago(24), class: 'daily', tables })
    putBackup(store, { at: ago(1), source: { database: 'other' } })
    const { details } = await backup.run(given, stage({ store }).context)

    expect(details).toMatchObject({
      previous: { id, snapshotAt: ago(24).toISOString(), sizeBytes: 22, databaseBytes: 8_000_000, tables: 2, rows: 1230 },
    })
    expect((await backup.run(given, stage().context)).details).not.toHaveProperty('previous')
  })

  test('has the commands that restore it by hand, with the endpoint of the store', async () => {
    const inputs = { ...given, store: 's3://acme/app' }
    const { details } = await backup.run(inputs, stage({ storeEndpoint: 'https://nyc3.digitaloceanspaces.com' }).context)
    const [fetch, check] = (details as { restoreByHand: string[] }).restoreByHand

    expect(fetch).toBe(`aws s3 cp --endpoint-url=https://nyc3.digitaloceanspaces.com s3://acme/app/${key} ./`)
    expect(check).toMatch(/^echo '[0-9a-f]{64} {2}\.\/shop-\S+\.dump' \| sha256sum --check --strict$/)
  })
})

test('a standby whose lag is within the limit is dumped, and the lag is shown beside it', async () => {
  const source = fakeSource({ facts: { inRecovery: true, lagMs: 4000 } })
  const { checks, verdict } = await backup.run({ ...given, 'max-standby-lag': 60_000 }, stage({ source }).context)

  expect(verdict).toBe('pass')
  expect(checks).toContainEqual({ id: 'standby-lag', status: 'pass', value: '4.0 s', limit: '1 min' })
})

describe('what fails after the dump', () => {
  test.each(['.contents.json', '.roles.sql', '.manifest.json'])('while %s is written is told with what was shown so far', async (end) => {
    const store = memoryStore()
    const broken = {
      ...store,
      put: (...args: Parameters<MemoryStore['put']>) =>
        args[0].endsWith(end) ? Promise.reject(new ReleaseError('connection-lost', 'The store is gone.')) : store.put(...args),
    }
    const outcome = await backup.run(given, stage({ store: broken }).context)

    expect(outcome).toMatchObject({ verdict: 'inconclusive', error: { message: 'The store is gone.' }, details: { key } })
    expect(outcome.reason).toBe(
      `The dump of 2 tables was written to ${key}, but its manifest was not written and read back, so it is not to be counted on.`,
    )
    expect(statuses(outcome)).toMatchObject({ 'dump-exit': 'pass', landed: 'pass', sha256: 'pass', decoded: 'pass' })
    expect([keys(store).includes(manifestKey), outcome.outputs]).toEqual([false, undefined])
  })

  test('when the store cannot be asked for the dump claims that pg_dump ended, and no more', async () => {
    const store = memoryStore()
    const gone = {
      ...store,
      head: (name: string) =>
        store.objects.has(name) ? Promise.reject(new ReleaseError('connection-lost', 'The store is gone.')) : store.head(name),
    }
    const outcome = await backup.run(given, stage({ store: gone }).context)

    expect(outcome).toMatchObject({ verdict: 'inconclusive', error: { code: 'connection-lost' } })
    expect(statuses(outcome)).toEqual({ 'dump-exit': 'pass' })
    expect(keys(store)).toEqual([key])
  })
})
