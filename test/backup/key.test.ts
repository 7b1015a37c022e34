import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backupId, dumpKey, dumpKeyOf, keyLabel, manifestKeyOf, stampIn } from '../../src/backup/key.ts'
import { storeKeyProblem } from '../../src/backup/store-key.ts'

const name = {
  project: 'shop',
  environment: 'production',
  class: 'releases',
  database: 'app',
  release: 'v1.9',
  at: new Date('2026-11-21T14:04:10.900Z'),
}

describe('the key of a dump', () => {
  test('says whose it is, of which day, database, moment and release', () => {
    expect(dumpKey(name)).toBe('shop/backups/production/releases/2026/11/21/app-20261121T140410Z-v1.9.dump')
  })

  test('stands beside the key of its manifest', () => {
    const manifestKey = manifestKeyOf(dumpKey(name))

    expect(manifestKey).toBe('shop/backups/production/releases/2026/11/21/app-20261121T140410Z-v1.9.manifest.json')
    expect(dumpKeyOf(manifestKey)).toBe(dumpKey(name))
    expect(stampIn(manifestKey)).toBe('20261121T140410Z')
  })

  test('is a key of any store and fits a file system, whatever database and release are called', () => {
    const anyName = fc.string({ unit: 'grapheme', minLength: 0, maxLength: 200 })
    fc.assert(
      fc.property(anyName, anyName, (database, release) => {
        const key = dumpKey({ ...name, database, release })
        expect(storeKeyProblem(key)).toBeUndefined()
        expect(key.split('/')).toHaveLength(8)
        expect(Math.max(...key.split('/').map((part) => part.length))).toBeLessThan(220)
        expect(stampIn(key)).toBe('20261121T140410Z')
      }),
    )
  })
})

describe('a label in a key', () => {
  test.each(['app', 'v1.9', 'app_1-2'])('keeps %s', (text) => {
    expect(keyLabel(text)).toBe(text)
  })

  test('replaces what a key cannot hold, and keeps different names apart', () => {
    const labels = ['a b', 'a/b', 'a=b', 'ä', '..', '.', '', 'a'.repeat(200)].map(keyLabel)

    expect(labels).toMatchInlineSnapshot(`
      [
        "a-b-c8687a",
        "a-b-c14cdd",
        "a-b-42144f",
        "--33e6d7",
        "..-5ec1f7",
        ".-cdb4ee",
        "-e3b0c4",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-c2a908",
      ]
    `)
  })
})

test('an id is short, opaque and the same for the same key', () => {
  const id = backupId(dumpKey(name), name.at)

  expect(id).toMatch(/^20261121T140410Z-[0-9a-f]{8}$/)
  expect(backupId(dumpKey(name), name.at)).toBe(id)
  expect(backupId(dumpKey({ ...name, database: 'other' }), name.at)).not.toBe(id)
})
