import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyRetention, type RetentionWork } from '../../src/backup/apply-retention.ts'
import { isDumpKey, manifestKeyOf } from '../../src/backup/key.ts'
import { type Manifest, readManifest } from '../../src/backup/manifest.ts'
import { describeRetention, retentionCheck } from '../../src/backup/retention-report.ts'
import { recordDrill } from '../../src/drill/record.ts'
import { ReleaseError } from '../../src/errors.ts'
import { putBackup } from '../fakes/backup.ts'
import { type MemoryStore, memoryStore, watched } from '../fakes/store.ts'

const never = AbortSignal.any([])
const start = Date.UTC(2026, 0, 1, 3)
const dayMs = 86_400_000
const day = (number: number) => new Date(start + number * dayMs)
const failed = [{ id: 'shrink', status: 'fail' }] as const

/** Puts a backup, and beside it what else lies there. */
function put(store: MemoryStore, at: Date, more: Parameters<typeof putBackup>[1] = {}): Manifest {
  const manifest = putBackup(store, { at, class: 'daily', ...more })
  for (const end of ['.roles.sql', '.contents.json']) store.objects.set(manifest.object.key.replace(/\.dump$/, end), Buffer.from('…'))
  return manifest
}

async function restore(store: MemoryStore, manifest: Manifest, at: Date, verdict = 'pass'): Promise<string> {
  const outcome = { verdict, level: 'restored', finishedAt: at.toISOString(), backup: { key: manifest.object.key } }
  return await recordDrill(store, manifest.object.key, { run: { id: '7', attempt: '1' }, at }, outcome, never)
}

async function retain(store: MemoryStore, made: Manifest, more: Partial<RetentionWork> = {}) {
  const work: RetentionWork = {
    store,
    made: await readManifest(store, manifestKeyOf(made.object.key)),
    proved: true,
    policy: { keepLast: undefined, keepDays: undefined },
    mode: 'apply',
    now: new Date(made.dump.snapshotAt),
    signal: never,
    ...more,
  }
  return await applyRetention(work)
}

const keysOf = (report: { removed: readonly { key: string }[] }) => report.removed.map(({ key }) => key).sort()
const dumps = (store: MemoryStore) => [...store.objects.keys()].filter(isDumpKey).sort()

/** One backup a day, the last of them just made. */
function daily(store: MemoryStore, days: number): Manifest[] {
  return Array.from({ length: days }, (_, number) => put(store, day(number)))
}

describe('retention', () => {
  test('of the newest few deletes all older ones, with everything beside them', async () => {
    const store = memoryStore()
    const all = daily(store, 10)
    await restore(store, all[1] as Manifest, day(2), 'fail')
    const report = await retain(store, all[9] as Manifest, { policy: { keepLast: 4, keepDays: undefined } })

    expect(keysOf(report)).toEqual(all.slice(0, 6).map(({ object }) => object.key))
    expect(dumps(store)).toEqual(all.slice(6).map(({ object }) => object.key))
    expect(store.objects.size).toBe(4 * 4)
    expect(report).toMatchObject({ kept: 4, remaining: [], warnings: [], leftovers: [] })
    expect(report.removed[0]).toEqual({
      key: all[5]?.object.key,
      snapshotAt: day(5).toISOString(),
      sizeBytes: expect.any(Number),
      why: '4 newer ones can be counted on, and keep-last asks for 4',
    })
  })

  test('of days goes by the snapshots, and a day that is just full is not yet over', async () => {
    const store = memoryStore()
    const all = daily(store, 10)
    const report = await retain(store, all[9] as Manifest, { policy: { keepLast: undefined, keepDays: 3 } })

    expect(keysOf(report)).toEqual(all.slice(0, 6).map(({ object }) => object.key))
    expect(report.removed[0]?.why).toBe('4 d old, more than 3 days')
  })

  test('with both limits deletes what both let go', async () => {
    const store = memoryStore()
    const all = daily(store, 10)

    expect(keysOf(await retain(store, all[9] as Manifest, { policy: { keepLast: 2, keepDays: 6 } }))).toHaveLength(3)
    expect(keysOf(await retain(store, all[9] as Manifest, { policy: { keepLast: 6, keepDays: 1 } }))).toHaveLength(1)
  })

  test('without a limit is not checked, and the store is not even listed', async () => {
    const { store, calls } = watched(memoryStore())
    const all = daily(store, 3)
    const report = await retain(store, all[2] as Manifest)

    expect(retentionCheck(report)).toEqual({
      id: 'retention',
      status: 'not-checked',
      message: 'neither keep-last nor keep-days is set',
    })
    expect(calls.filter((call) => !call.startsWith('get '))).toEqual([])
  })

  test('as a dry run changes nothing and lists the same', async () => {
    const store = memoryStore()
    const all = daily(store, 5)
    const before = new Map(store.objects)
    const policy = { keepLast: 3, keepDays: undefined }
    const dry = await retain(store, all[4] as Manifest, { policy, mode: 'dry-run' })

    expect(store.objects).toEqual(before)
    expect(dry.removed).toEqual((await retain(store, all[4] as Manifest, { policy })).removed)
    expect(retentionCheck(dry)).toMatchObject({ status: 'pass', value: '2 backups would be deleted (dry run), 3 kept' })
  })

  test('deletes nothing when the backup that was just made is not proved', async () => {
    const store = memoryStore()
    const all = daily(store, 5)
    const report = await retain(store, all[4] as Manifest, { policy: { keepLast: 1, keepDays: 0 }, proved: false })

    expect(report.removed).toEqual([])
    expect(report.keptBecause).toEqual([{ why: expect.stringContaining('is not one to rely on'), count: 5 }])
    expect(dumps(store)).toHaveLength(5)
  })

  test('is not led astray by a clock of the runner that runs ahead', async () => {
    const store = memoryStore()
    const all = daily(store, 5)
    const policy = { keepLast: undefined, keepDays: 30 }

    expect(await retain(store, all[4] as Manifest, { policy, now: day(5000) })).toMatchObject({ removed: [], kept: 5 })
    expect(await retain(store, all[4] as Manifest, { policy: { keepLast: undefined, keepDays: 0 }, now: day(1) })).toMatchObject({
      removed: [{ key: all[0]?.object.key }],
    })
  })

  test('does not count backups that failed a check, or whose dump is not whole', async () => {
    const store = memoryStore()
    const good = [put(store, day(0)), put(store, day(1))]
    put(store, day(2), { checks: failed })
    store.objects.set(put(store, day(3)).object.key, Buffer.from('half'))
    store.objects.delete(put(store, day(4)).object.key)
    const made = put(store, day(5))
    const report = await retain(store, made, { policy: { keepLast: 2, keepDays: undefined } })

    expect(keysOf(report)).toEqual([good[0]?.object.key])
  })

  test('keeps the newest two of the environment that a drill restored, in whatever class they are, and a failure after them', async () => {
    const store = memoryStore()
    const all = daily(store, 9)
    for (const number of [0, 1, 2]) await restore(store, all[number] as Manifest, day(20 - number))
    await restore(store, all[4] as Manifest, day(21), 'fail')
    const made = all[8] as Manifest
    const kept = () => dumps(store).filter((key) => key.includes('/daily/'))
    await retain(store, made, { policy: { keepLast: 1, keepDays: undefined } })
    expect(kept()).toEqual([1, 2, 4, 8].map((number) => all[number]?.object.key))

    await restore(store, put(store, day(3), { class: 'releases' }), day(22))
    await retain(store, made, { policy: { keepLast: 1, keepDays: undefined } })
    expect(kept()).toEqual([2, 8].map((number) => all[number]?.object.key))
  })

  test('does not take a record that cannot be read for a restore, and says so', async () => {
    const store = memoryStore()
    const all = daily(store, 3)
    const record = await restore(store, all[0] as Manifest, day(2))
    store.objects.set(record, Buffer.from('{"verdict": "pass"'))
    const report = await retain(store, all[2] as Manifest, { policy: { keepLast: 1, keepDays: undefined } })

    expect(keysOf(report)).toHaveLength(2)
    expect(report.warnings).toEqual([`${record} does not count as a restore: it is not JSON`])
    expect(store.objects.has(record)).toBe(false)
  })

  test('leaves a backup alone whose manifest cannot be used, and says so', async () => {
    const store = memoryStore()
    const all = daily(store, 3)
    const manifestKey = manifestKeyOf((all[0] as Manifest).object.key)
    store.objects.set(manifestKey, Buffer.from('{'))
    const report = await retain(store, all[2] as Manifest, { policy: { keepLast: 1, keepDays: undefined } })

    expect(keysOf(report)).toEqual([all[1]?.object.key])
    expect(report).toMatchObject({ kept: 2, warnings: [expect.stringContaining(`${manifestKey} is kept: `)] })
  })

  test('keeps the newest usable one when the dump that was just made is not whole after all', async () => {
    const store = memoryStore()
    const [, older, made] = daily(store, 3) as [Manifest, Manifest, Manifest]
    store.objects.set(made.object.key, Buffer.from('half'))
    await retain(store, made, { policy: { keepLast: 0, keepDays: undefined } })

    expect(dumps(store)).toEqual([older.object.key, made.object.key])
  })

  test('touches nothing of other classes, databases, environments and tools', async () => {
    const store = memoryStore()
    const all = daily(store, 3)
    const others = [
      put(store, day(0), { class: 'daily-2' }),
      put(store, day(0), { environment: 'staging' }),
      put(store, day(0), { project: 'blog' }),
      put(store, day(0), { source: { database: 'shop-2' } }),
      put(store, day(0), { source: { database: 'sho' } }),
    ]
    const foreign = [
      'daily/2020/01/01/shop-20200101T030000Z.dump',
      'shop/backups/production/daily/2020/01/01/shop-20200101T030000Z.dump',
      'shop/backups/production/daily/shop-20200101T030000Z-v1.dump',
      'shop/backups/production/daily/2020/01/02/shop-20200101T030000Z-v1.dump',
      'shop/backups/production/daily/2020/01/01/deep/shop-20200101T030000Z-v1.dump',
      'shop/backups/production/daily/2020/01/01/shop-20200101T030000Z-v1.tar.gz',
      'shop/backups/production/daily/README.md',
    ]
    for (const key of foreign) store.objects.set(key, Buffer.from('theirs'))
    await retain(store, all[2] as Manifest, { policy: { keepLast: 1, keepDays: undefined } })

    expect(dumps(store)).toEqual(expect.arrayContaining([...others.map(({ object }) => object.key), ...foreign.filter(isDumpKey)]))
    for (const key of foreign) expect(store.objects.has(key)).toBe(true)
    expect(dumps(store).filter((key) => key.includes('/2026/01/01/shop-2026') && key.startsWith('shop/backups/production/daily/'))).toEqual(
      [],
    )
  })

  test('deletes the files of one release and not those of another that begins with its name', async () => {
    const store = memoryStore()
    const old = put(store, day(0), { release: 'v1' })
    const longer = put(store, day(0), { release: 'v1.9' })
    for (const { object } of [old, longer]) store.objects.set(`${object.key}.sha256`, Buffer.from('…'))
    await restore(store, longer, day(1))
    await retain(store, put(store, day(5)), { policy: { keepLast: 1, keepDays: undefined } })

    expect(
      [...store.objects.keys()].filter((key) => key.startsWith(old.object.key.replace(/\.dump$/, '.')) && !key.includes('-v1.9.')),
    ).toEqual([])
    expect([...store.objects.keys()].filter((key) => key.startsWith(longer.object.key.replace(/dump$/, '')))).toHaveLength(6)
  })

  test('deletes the manifest first and the dump next, so that half of it is never taken for a backup', async () => {
    const { store, calls } = watched(memoryStore())
    const old = put(store, day(0))
    await restore(store, old, day(1), 'fail')
    await retain(store, put(store, day(5)), { policy: { keepLast: 1, keepDays: undefined } })
    const deleted = calls.filter((call) => call.startsWith('delete '))

    expect(deleted.slice(0, 2)).toEqual([`delete ${manifestKeyOf(old.object.key)}`, `delete ${old.object.key}`])
    expect(deleted).toHaveLength(5)
  })
})

describe('what runs left behind', () => {
  const policy = { keepLast: 5, keepDays: undefined }

  /** A dump of a run that was killed before it wrote the manifest. */
  function leave(store: MemoryStore, at: Date, more: Parameters<typeof put>[2] = {}): string {
    const { object } = put(store, at, more)
    store.objects.delete(manifestKeyOf(object.key))
    return object.key
  }

  test('is listed once it is older than a week, and deleted with what is beside it', async () => {
    const store = memoryStore()
    const [old, young] = [leave(store, day(1)), leave(store, day(3))]
    const others = [leave(store, day(1), { source: { database: 'shop-2' } }), leave(store, day(1), { class: 'releases' })]
    const made = put(store, day(9))

    expect((await retain(store, made, { policy, mode: 'dry-run' })).leftovers).toEqual([
      { key: old, sizeBytes: expect.any(Number), removed: false },
    ])
    expect((await retain(store, made, { policy })).leftovers).toMatchObject([{ key: old, removed: true }])
    expect(dumps(store)).toEqual([young, made.object.key, ...others].sort())
    expect([...store.objects.keys()].filter((key) => key.startsWith(old.replace(/dump$/, '')))).toEqual([])
  })

  test('is not deleted by a clock that runs ahead, nor after a backup that was not proved', async () => {
    const store = memoryStore()
    leave(store, day(1))
    const made = put(store, day(5))

    expect((await retain(store, made, { policy, now: day(500) })).leftovers).toEqual([])
    expect((await retain(store, put(store, day(9)), { policy, proved: false })).leftovers).toMatchObject([{ removed: false }])
  })

  test('by a delete that was broken off is cleared away later', async () => {
    const store = memoryStore()
    const old = put(store, day(0))
    await restore(store, old, day(0), 'fail')
    for (const key of [manifestKeyOf(old.object.key), old.object.key]) store.objects.delete(key)
    store.objects.set(old.object.key.replace(/\.dump$/, '.txt'), Buffer.from('somebody else’s'))
    const report = await retain(store, put(store, day(9)), { policy })

    expect(report.leftovers).toMatchObject([{ key: old.object.key, removed: true }])
    expect([...store.objects.keys()].filter((key) => key.includes('/01/01/'))).toEqual([old.object.key.replace(/\.dump$/, '.txt')])
  })
})

describe('a store that refuses', () => {
  const policy = { keepLast: 1, keepDays: undefined }
  const refusal = new ReleaseError('insufficient-rights', 'The key may not delete.')

  test('to delete is a warning that says what remains, and nothing more is tried', async () => {
    const { store, calls } = watched(memoryStore())
    const all = daily(store, 4)
    const report = await retain(
      { ...store, delete: (key: string) => store.delete(key).then(() => Promise.reject(refusal)) },
      all[3] as Manifest,
      {
        policy,
      },
    )

    expect(report).toMatchObject({ removed: [], warnings: [expect.stringContaining('nothing more was deleted: The key may not delete.')] })
    expect(report.remaining).toHaveLength(12)
    expect(calls.filter((call) => call.startsWith('delete '))).toHaveLength(1)
    expect(retentionCheck(report)).toMatchObject({ status: 'pass', value: '0 backups deleted, 1 kept' })
  })

  test('to delete a dump after its manifest does not count it as deleted', async () => {
    const store = memoryStore()
    const [old, made] = [put(store, day(0)), put(store, day(1))]
    const refusing = { ...store, delete: async (key: string) => (isDumpKey(key) ? Promise.reject(refusal) : store.delete(key)) }
    const report = await retain(refusing, made, { policy })

    expect(report).toMatchObject({ removed: [], remaining: [old.object.key, expect.any(String), expect.any(String)] })
  })

  test('to be listed leaves everything as it is, and says why', async () => {
    const store = memoryStore()
    const all = daily(store, 4)
    const report = await retain({ ...store, list: () => Promise.reject(refusal) }, all[3] as Manifest, { policy })

    expect(report.notChecked).toBe('the store could not be read: The key may not delete.')
    expect(dumps(store)).toHaveLength(4)
  })

  test('with an error that nobody foresaw is a bug, and is thrown', async () => {
    const store = memoryStore()
    const all = daily(store, 2)

    await expect(retain({ ...store, delete: () => Promise.reject(new TypeError('oops')) }, all[1] as Manifest, { policy })).rejects.toThrow(
      'oops',
    )
  })

  test('is not asked any more once the run is stopped', async () => {
    const store = memoryStore()
    const all = daily(store, 3)
    const report = await retain(store, all[2] as Manifest, { policy, signal: AbortSignal.abort() })

    expect(report).toMatchObject({ removed: [], warnings: [expect.stringContaining('the run was stopped')] })
    expect(dumps(store)).toHaveLength(3)
  })
})

test('the list says what goes and why, and what stays and why, folded', async () => {
  const store = memoryStore()
  const all = daily(store, 6)
  await restore(store, all[0] as Manifest, day(1))
  const given = { policy: { keepLast: 3, keepDays: undefined }, mode: 'dry-run' } as const

  expect(describeRetention(await retain(store, all[5] as Manifest, given))).toMatchInlineSnapshot(`
    [
      "retention of daily, database shop (dry run): would delete 2 backups, 4 kept",
      "  would delete shop/backups/production/daily/2026/01/03/shop-20260103T030000Z-v1.9.dump (1.7 KiB, snapshot 2026-01-03 03:00:00 UTC): 3 newer ones can be counted on, and keep-last asks for 3",
      "  would delete shop/backups/production/daily/2026/01/02/shop-20260102T030000Z-v1.9.dump (1.7 KiB, snapshot 2026-01-02 03:00:00 UTC): 4 newer ones can be counted on, and keep-last asks for 3",
      "  kept 1: just made",
      "  kept 2: among the newest 3 (keep-last)",
      "  kept 1: among the newest that were restored",
    ]
  `)
  expect(describeRetention(await retain(store, all[5] as Manifest))).toMatchInlineSnapshot(`
    [
      "retention of daily, database shop: nothing was deleted, neither keep-last nor keep-days is set",
    ]
  `)
})

interface Given {
  readonly minutes: number
  readonly usable: boolean
  readonly restored: boolean
  readonly whole: boolean
}

const anyBackup = fc.record<Given>({
  minutes: fc.integer({ min: 0, max: 60 * 24 * 60 }),
  usable: fc.boolean(),
  restored: fc.boolean(),
  whole: fc.boolean(),
})
const anyLimit = fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined })

test('whatever lies there, nothing that is protected is ever deleted, and deleting twice is the same as once', async () => {
  const sets = fc.uniqueArray(anyBackup, { maxLength: 10, selector: ({ minutes }) => minutes })
  const skew = fc.integer({ min: -100, max: 100 })
  await fc.assert(
    fc.asyncProperty(
      sets,
      anyLimit,
      fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
      skew,
      async (set, keepLast, keepDays, days) => {
        const store = memoryStore()
        const given = set.sort((a, b) => b.minutes - a.minutes)
        const manifests = given.map(({ minutes, usable }) =>
          put(store, new Date(start + minutes * 60_000), { checks: usable ? [] : failed }),
        )
        for (const [index, manifest] of manifests.entries()) {
          if (given[index]?.restored) await restore(store, manifest, day(90))
          if (!given[index]?.whole) store.objects.set(manifest.object.key, Buffer.from('PG'))
        }
        const made = put(store, day(61))
        const all = [made, ...manifests]
        const usable = new Set([made, ...manifests.filter((_, index) => given[index]?.usable && given[index]?.whole)])
        const work = { policy: { keepLast, keepDays }, now: new Date(day(61).getTime() + days * dayMs) }

        const protectedOnes = new Set([made, all.find((one) => usable.has(one)) as Manifest])
        for (const one of manifests.filter((_, index) => given[index]?.restored).slice(0, 2)) protectedOnes.add(one)
        for (const one of all.filter((each) => usable.has(each)).slice(0, keepLast ?? 0)) protectedOnes.add(one)
        const ageMs = (one: Manifest) => day(61).getTime() - Date.parse(one.dump.snapshotAt)
        if (keepDays !== undefined) for (const one of all.filter((each) => ageMs(each) <= keepDays * dayMs)) protectedOnes.add(one)
        if (keepLast === undefined && keepDays === undefined) for (const one of all) protectedOnes.add(one)

        const first = await retain(store, made, work)
        for (const { object } of protectedOnes) {
          for (const key of [object.key, manifestKeyOf(object.key)]) expect(store.objects.has(key)).toBe(true)
        }
        for (const key of keysOf(first)) expect(store.objects.has(key)).toBe(false)
        if (first.notChecked === undefined) expect(first.removed.length + first.kept).toBe(all.length)
        const left = new Map(store.objects)
        expect(await retain(store, made, work)).toMatchObject({ removed: [], leftovers: [] })
        expect(store.objects).toEqual(left)
      },
    ),
    { numRuns: 150 },
  )
})
