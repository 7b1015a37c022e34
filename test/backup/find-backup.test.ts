import { describe, expect, test } from 'vitest'
import { findBackup, newestBackup, newestUsable, previousBackups } from '../../src/backup/find-backup.ts'
import { isManifestKey, manifestKeyOf } from '../../src/backup/key.ts'
import { putBackup } from '../fakes/backup.ts'
import { memoryStore, watched } from '../fakes/store.ts'

const scope = { project: 'shop', environment: 'production' }
const day = (number: number, hour = 3) => new Date(Date.UTC(2026, 10, number, hour))

describe('the newest backup', () => {
  test('is the newest snapshot, over all classes', async () => {
    const store = memoryStore()
    putBackup(store, { at: day(20), class: 'releases' })
    const newest = putBackup(store, { at: day(21), class: 'daily' })
    putBackup(store, { at: day(19), class: 'zebra' })

    expect((await newestBackup(store, scope)).manifest.id).toBe(newest.id)
  })

  test('is told from older ones by the manifest, not by the key', async () => {
    const store = memoryStore()
    const newest = putBackup(store, { at: day(21), class: 'a' })
    const older = putBackup(store, { at: day(20), class: 'z' })
    // the key of the older one names a later day: a clock was wrong, or somebody moved it
    const key = older.object.key.replaceAll('20261120', '20261129').replace('/20/', '/29/')
    store.objects.set(manifestKeyOf(key), store.objects.get(manifestKeyOf(older.object.key)) as Buffer)
    store.objects.delete(manifestKeyOf(older.object.key))
    const found = await newestBackup(store, scope)

    expect(found.manifest.id).toBe(newest.id)
    expect(found.ignored).toEqual([{ manifestKey: manifestKeyOf(key), problem: expect.stringContaining('describes another object') }])
  })

  test('is not one of another environment or project', async () => {
    const store = memoryStore()
    const ours = putBackup(store, { at: day(20) })
    putBackup(store, { at: day(21), environment: 'staging' })
    putBackup(store, { at: day(21), project: 'blog' })
    putBackup(store, { at: day(21), environment: 'production-2' })

    expect(await newestBackup(store, scope)).toMatchObject({ manifest: { id: ours.id }, ignored: [] })
  })

  test('is not one that was carried over from another environment', async () => {
    const store = memoryStore()
    const ours = putBackup(store, { at: day(20) })
    const theirs = putBackup(store, { at: day(21), environment: 'staging' })
    for (const key of [theirs.object.key, manifestKeyOf(theirs.object.key)]) {
      store.objects.set(key.replace('staging', 'production'), store.objects.get(key) as Buffer)
    }

    expect(await newestBackup(store, scope)).toMatchObject({ manifest: { id: ours.id }, ignored: [{ problem: expect.any(String) }] })
  })

  test('is never a dump without a manifest', async () => {
    const store = memoryStore()
    const older = putBackup(store, { at: day(20) })
    store.objects.delete(manifestKeyOf(putBackup(store, { at: day(21) }).object.key))

    expect((await newestBackup(store, scope)).manifest.id).toBe(older.id)
  })

  test('is found although a manifest beside it cannot be read, and that is reported', async () => {
    const store = memoryStore()
    const older = putBackup(store, { at: day(20) })
    const broken = manifestKeyOf(putBackup(store, { at: day(21) }).object.key)
    store.objects.set(broken, Buffer.from('{'))

    expect(await newestBackup(store, scope)).toMatchObject({
      manifest: { id: older.id },
      ignored: [{ manifestKey: broken, problem: expect.stringContaining('not JSON') }],
    })
  })

  test('does not exist in an empty store', async () => {
    await expect(newestBackup(memoryStore(), scope)).rejects.toMatchObject({
      code: 'backup-not-found',
      message: 'memory holds no backup of shop for the environment production.',
      hint: expect.stringContaining('backup'),
    })
  })

  test('does not exist where no manifest can be read, and each is named', async () => {
    const store = memoryStore()
    const broken = manifestKeyOf(putBackup(store).object.key)
    store.objects.set(broken, Buffer.from('{'))

    await expect(newestBackup(store, scope)).rejects.toMatchObject({
      code: 'backup-not-found',
      message: expect.stringContaining(`1 cannot be used:\n  ${broken}`),
    })
  })

  test('is found among hundreds with one listing, and one manifest read', async () => {
    const { store, calls } = watched(memoryStore())
    for (let hour = 0; hour < 300; hour++) putBackup(store, { at: day(1, hour) })
    const newest = await newestBackup(store, scope)

    expect(newest.manifest.dump.snapshotAt).toBe(day(1, 299).toISOString())
    expect(calls).toEqual(['list shop/backups/production/', `get ${newest.manifestKey}`])
  })

  test('is the later one of two that were dumped in the same second', async () => {
    const { store, calls } = watched(memoryStore())
    const at = (ms: number) => new Date(day(20).getTime() + ms)
    putBackup(store, { at: at(900), class: 'a' })
    putBackup(store, { at: at(100), class: 'z' })
    putBackup(store, { at: day(19) })

    expect((await newestBackup(store, scope)).manifest.class).toBe('a')
    expect(calls.filter((call) => call.startsWith('get '))).toHaveLength(2)
  })

  test('is not one whose manifest and key name different moments', async () => {
    const store = memoryStore()
    const older = putBackup(store, { at: day(20) })
    const { object } = putBackup(store, { at: day(21) })
    const manifestKey = manifestKeyOf(object.key)
    const bytes = String(store.objects.get(manifestKey))
    store.objects.set(
      manifestKey,
      Buffer.from(
        bytes
          .replace('"snapshotAt": "2026-11-21T', '"snapshotAt": "2026-11-22T')
          .replace('"snapshotAt":"2026-11-21T', '"snapshotAt":"2026-11-22T'),
      ),
    )

    expect(await newestBackup(store, scope)).toMatchObject({
      manifest: { id: older.id },
      ignored: [{ manifestKey, problem: expect.stringContaining('its key says another moment') }],
    })
    await expect(findBackup(store, scope, object.key)).rejects.toMatchObject({ code: 'backup-damaged' })
  })

  test('may vanish between the listing and the reading', async () => {
    const store = memoryStore()
    const older = putBackup(store, { at: day(20) })
    const newer = putBackup(store, { at: day(21) })
    const listing = await store.list('')
    store.objects.delete(manifestKeyOf(newer.object.key))

    expect((await newestBackup({ ...store, list: async () => listing }, scope)).manifest.id).toBe(older.id)
  })

  test('is not looked for in a store that fails', async () => {
    const store = memoryStore()
    putBackup(store)
    const broken = { ...store, get: async () => Promise.reject(new Error('the disk is gone')) }

    await expect(newestBackup(broken, scope)).rejects.toThrow('the disk is gone')
  })
})

describe('the newest usable backup', () => {
  const failed = [{ id: 'shrink', status: 'fail', message: 'rows fell by 99%' }] as const

  test('is not one that failed a check when it was made, and that one is named', async () => {
    const store = memoryStore()
    const older = putBackup(store, { at: day(20) })
    const { object } = putBackup(store, { at: day(21), checks: failed })

    expect((await newestBackup(store, scope)).manifest.object.key).toBe(object.key)
    expect(await newestUsable(store, scope)).toMatchObject({
      manifest: { id: older.id },
      ignored: [{ manifestKey: manifestKeyOf(object.key), problem: 'when it was made, shrink failed: rows fell by 99%' }],
    })
  })

  test('is one that the caller does not refuse', async () => {
    const store = memoryStore()
    const daily = putBackup(store, { at: day(20), class: 'daily' })
    putBackup(store, { at: day(21) })
    const refuse = (manifest: { class: string }) => (manifest.class === 'daily' ? undefined : `its class is ${manifest.class}`)

    expect(await newestUsable(store, scope, { refuse })).toMatchObject({
      manifest: { id: daily.id },
      ignored: [{ problem: 'its class is releases' }],
    })
  })

  test('does not exist where each one was passed over, and the reasons are given', async () => {
    const store = memoryStore()
    putBackup(store, { checks: failed })

    await expect(newestUsable(store, scope)).rejects.toMatchObject({
      code: 'backup-not-found',
      message: expect.stringContaining('shrink failed: rows fell by 99%'),
    })
  })
})

describe('the previous backup', () => {
  test('is of the same database, and usable; manifests of others are not read', async () => {
    const { store, calls } = watched(memoryStore())
    const ours = putBackup(store, { at: day(18) })
    putBackup(store, { at: day(19), checks: [{ id: 'min-tables', status: 'fail' }] })
    for (const database of ['shop-2', 'sho', 'reports']) putBackup(store, { at: day(20), source: { database } })

    expect((await previousBackups(store, scope, 'shop', 1)).map(({ manifest }) => manifest.id)).toEqual([ours.id])
    expect(calls.filter((call) => call.startsWith('get '))).toHaveLength(2)
  })

  test('is not one of a database whose name only looks the same in a key', async () => {
    const store = memoryStore()
    putBackup(store, { at: day(20), source: { database: 'shop' } })
    const key = [...store.objects.keys()].find(isManifestKey) as string
    store.objects.set(key, Buffer.from(String(store.objects.get(key)).replace('"database":"shop"', '"database":"shóp"')))

    expect(await previousBackups(store, scope, 'shop', 1)).toEqual([])
  })

  test('need not exist', async () => {
    expect(await previousBackups(memoryStore(), scope, 'shop', 1)).toEqual([])
  })
})

describe('one backup', () => {
  test('is found by the key of its dump, the key of its manifest, and its id in any case', async () => {
    const store = memoryStore()
    const { id, object } = putBackup(store)
    putBackup(store, { at: day(22) })

    for (const name of [object.key, manifestKeyOf(object.key), id, id.toLowerCase()]) {
      expect((await findBackup(store, scope, name)).manifest.id).toBe(id)
    }
  })

  test('may be of another environment when its key is named', async () => {
    const store = memoryStore()
    const { object } = putBackup(store, { environment: 'staging' })

    expect((await findBackup(store, scope, object.key)).manifest.environment).toBe('staging')
  })

  test('says what a key reads like when there is none', async () => {
    const store = memoryStore()
    const { id } = putBackup(store)
    for (const name of ['nonsense', `x${id}`, 'a/b.dump', 'a/b.manifest.json']) {
      await expect(findBackup(store, scope, name)).rejects.toMatchObject({
        code: 'backup-not-found',
        message: `memory holds no backup ${name}.`,
        hint: expect.stringContaining('shop/backups/production/'),
      })
    }
  })

  test('says that a dump without a manifest is not one', async () => {
    const store = memoryStore()
    const { object } = putBackup(store)
    store.objects.delete(manifestKeyOf(object.key))

    await expect(findBackup(store, scope, object.key)).rejects.toMatchObject({
      code: 'backup-not-found',
      message: expect.stringContaining('has no manifest'),
    })
  })

  test('is damaged when its manifest cannot be read', async () => {
    const store = memoryStore()
    const { object } = putBackup(store)
    store.objects.set(manifestKeyOf(object.key), Buffer.from('{'))

    await expect(findBackup(store, scope, object.key)).rejects.toMatchObject({ code: 'backup-damaged' })
  })
})
