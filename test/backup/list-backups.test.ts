import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backupId, dumpKeyOf, manifestKeyOf } from '../../src/backup/key.ts'
import { backupsNewestFirst } from '../../src/backup/list-backups.ts'
import type { Manifest } from '../../src/backup/manifest.ts'
import { putBackup } from '../fakes/backup.ts'
import { type MemoryStore, memoryStore, watched } from '../fakes/store.ts'

const scope = { project: 'shop', environment: 'production' }
const start = Date.UTC(2026, 10, 1)
const hour = (number: number) => new Date(start + number * 3_600_000)

async function listed(store: MemoryStore, wanted = {}): Promise<string[]> {
  const found: string[] = []
  for await (const one of backupsNewestFirst(store, scope, wanted)) {
    found.push('manifest' in one ? one.manifest.dump.snapshotAt : `ignored ${one.manifestKey}`)
  }
  return found
}

/** Moves a whole backup to a key without a stamp, as a person might. */
function moveTo(store: MemoryStore, { object, dump }: Manifest, manifestKey: string): void {
  const text = String(store.objects.get(manifestKeyOf(object.key)))
  const key = dumpKeyOf(manifestKey)
  const id = backupId(key, new Date(dump.snapshotAt))
  const manifest = { ...JSON.parse(text), id, object: { ...object, key } }
  store.objects.delete(manifestKeyOf(object.key))
  store.objects.set(manifestKey, Buffer.from(JSON.stringify(manifest)))
}

describe('backups in the order of their snapshots', () => {
  test('come the newest first, however many are read at once', async () => {
    const one = fc.record({ ms: fc.integer({ min: 0, max: 20_000 }), isMoved: fc.boolean() })
    const many = fc.array(one, { minLength: 3, maxLength: 12, size: 'max' })
    await fc.assert(
      fc.asyncProperty(many, fc.integer({ min: 1, max: 5 }), async (given, ahead) => {
        const store = memoryStore()
        for (const [index, { ms, isMoved }] of given.entries()) {
          const manifest = putBackup(store, { at: new Date(start + ms), class: `c${index}` })
          if (isMoved) moveTo(store, manifest, `shop/backups/production/c${index}/by-hand.manifest.json`)
        }
        const moments = given.map(({ ms }) => ms).sort((a, b) => b - a)

        expect(await listed(store, { ahead })).toEqual(moments.map((ms) => new Date(start + ms).toISOString()))
      }),
    )
  })

  test('are read one after the other, and no more of them than are asked for', async () => {
    const { store, calls } = watched(memoryStore())
    for (let number = 0; number < 50; number++) putBackup(store, { at: hour(number) })
    let seen = 0
    for await (const _ of backupsNewestFirst(store, scope)) if (++seen === 3) break

    expect(calls.filter((call) => call.startsWith('get '))).toHaveLength(3)
  })

  test('are read several at once for whoever goes through all of them', async () => {
    const { store, calls } = watched(memoryStore())
    for (let number = 0; number < 50; number++) putBackup(store, { at: hour(number) })
    for await (const _ of backupsNewestFirst(store, scope, { ahead: 8 })) break

    expect(calls.filter((call) => call.startsWith('get '))).toHaveLength(8)
  })

  test('have those that cannot be read in their place; without a stamp one may be the newest', async () => {
    const store = memoryStore()
    putBackup(store, { at: hour(1) })
    const broken = manifestKeyOf(putBackup(store, { at: hour(2) }).object.key)
    putBackup(store, { at: hour(3) })
    const unknown = 'shop/backups/production/by-hand.manifest.json'
    for (const key of [broken, unknown]) store.objects.set(key, Buffer.from('{'))

    expect(await listed(store)).toEqual([`ignored ${unknown}`, hour(3).toISOString(), `ignored ${broken}`, hour(1).toISOString()])
  })

  test('are those of one class and one database when that is asked', async () => {
    const { store, calls } = watched(memoryStore())
    putBackup(store, { at: hour(1), class: 'daily' })
    putBackup(store, { at: hour(2), class: 'daily', source: { database: 'reports' } })
    putBackup(store, { at: hour(3), class: 'daily-2' })

    expect(await listed(store, { class: 'daily', database: 'shop' })).toEqual([hour(1).toISOString()])
    expect(calls).toHaveLength(2)
  })

  test('may be told from a listing that was made before', async () => {
    const { store, calls } = watched(memoryStore())
    putBackup(store, { at: hour(1) })
    const objects = await store.list('shop/')
    calls.length = 0

    expect(await listed(store, { objects })).toEqual([hour(1).toISOString()])
    expect(calls).toEqual([expect.stringMatching(/^get /)])
  })
})
