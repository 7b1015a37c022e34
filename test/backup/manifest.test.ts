import { describe, expect, test } from 'vitest'
import { manifestKeyOf } from '../../src/backup/key.ts'
import { readManifest, writeManifest } from '../../src/backup/manifest.ts'
import type { Store } from '../../src/backup/store.ts'
import { putBackup } from '../fakes/backup.ts'
import { memoryStore } from '../fakes/store.ts'

const never = new AbortController().signal

describe('a manifest', () => {
  test('is read back as it was written, with the hash of its bytes', async () => {
    const store = memoryStore()
    const manifest = putBackup(memoryStore())
    const written = await writeManifest(store, manifest, never)

    expect(written.manifest).toEqual(JSON.parse(JSON.stringify(manifest)))
    expect(written.manifestSha256).toMatch(/^[0-9a-f]{64}$/)
    expect(await readManifest(store, written.manifestKey)).toEqual(written)
  })

  test('is never overwritten', async () => {
    const store = memoryStore()
    const manifest = putBackup(store)

    await expect(writeManifest(store, manifest, never)).rejects.toMatchObject({ code: 'backup-exists' })
  })

  test('counts as damaged when the store gives back something else', async () => {
    const manifest = putBackup(memoryStore())
    const store = memoryStore()
    const other: Store = {
      ...store,
      put: async (key, source, signal) => {
        const put = await store.put(key, source, signal)
        store.objects.set(key, Buffer.from(String(store.objects.get(key)).replace('1200', '1201')))
        return put
      },
    }

    await expect(writeManifest(other, manifest, never)).rejects.toMatchObject({ code: 'backup-damaged' })
  })

  test('may carry fields that a later version added', async () => {
    const store = memoryStore()
    const manifest = putBackup(store)
    const key = manifestKeyOf(manifest.object.key)
    store.objects.set(key, Buffer.from(JSON.stringify({ ...manifest, later: { than: 'this' } })))

    expect((await readManifest(store, key)).manifest.id).toBe(manifest.id)
  })

  const damages: [string, (text: string) => string, RegExp][] = [
    ['empty', () => '', /not JSON/],
    ['cut off', (text) => text.slice(0, -30), /not JSON/],
    ['not an object', () => '[]', /names no schema/],
    ['of another schema', (text) => text.replace('manifest@1', 'manifest@2'), /backup-manifest@2, where shiplock/],
    ['without a hash', (text) => text.replace('"sha256"', '"md5"'), /sha256/],
    ['with a failed pg_dump', (text) => text.replace('"exitCode":0', '"exitCode":1'), /exitCode/],
    ['with a negative count', (text) => text.replace('"rows":1200', '"rows":-1'), /rows/],
    ['of another object', (text) => text.replace('shop-2026', 'shoe-2026'), /describes another object/],
    [
      'with the id of another object',
      (text) => text.replace(/"id":"\d{8}T\d{6}Z-.{8}"/, '"id":"20261121T140410Z-00000000"'),
      /belongs to another object/,
    ],
    [
      'with a key that leaves the store',
      (text) => text.replace(/"key":"[^"]+"/, '"key":"../../etc/passwd.dump"'),
      /describes another object/,
    ],
  ]
  test.each(damages)('that is %s is refused', async (_name, damage, problem) => {
    const store = memoryStore()
    const manifest = putBackup(store)
    const key = manifestKeyOf(manifest.object.key)
    const before = String(store.objects.get(key))
    store.objects.set(key, Buffer.from(damage(before)))
    expect(String(store.objects.get(key))).not.toBe(before)

    await expect(readManifest(store, key)).rejects.toMatchObject({ code: 'backup-damaged', message: expect.stringMatching(problem) })
  })

  test('that is not UTF-8 is refused', async () => {
    const store = memoryStore()
    const key = manifestKeyOf(putBackup(store).object.key)
    store.objects.set(key, Buffer.from([0x22, 0xff, 0x22]))

    await expect(readManifest(store, key)).rejects.toMatchObject({ code: 'backup-damaged' })
  })
})
