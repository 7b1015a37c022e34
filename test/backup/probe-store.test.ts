import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { s3Store } from '../../src/adapters/storage/s3/store.ts'
import { probeStore } from '../../src/backup/probe-store.ts'
import type { Store } from '../../src/backup/store.ts'
import { memoryStore } from '../fakes/store.ts'
import { loginPage, refuse } from '../s3/faults.ts'
import { type FaultyS3, startFaultyS3 } from '../s3/server.ts'

const never = new AbortController().signal
let s3: FaultyS3
let store: Store

beforeEach(async () => {
  s3 = await startFaultyS3()
  store = await s3Store('s3://backups/acme', s3.access(), () => new Date(), 2)
})

afterEach(() => s3[Symbol.asyncDispose]())

test('writes, reads, lists and deletes, and leaves nothing', async () => {
  await probeStore(store, 'shop', never)

  expect([...new Set(s3.asked)].sort()).toEqual(['DeleteObject', 'GetObject', 'HeadObject', 'ListObjectsV2', 'PutObject'])
  expect(s3.asked.length).toBeLessThan(9)
  expect(s3.requests.every(({ key, query }) => (key || query.get('prefix'))?.startsWith('acme/shop/.probe/'))).toBe(true)
  expect(s3.bucket.objects.size).toBe(0)
})

test.each([
  ['PutObject', 'could not be written: The key may not write', 'the right to write', 0],
  ['ListObjectsV2', 'was written, but the store could not be listed: The key may not list', 'the right to list', 0],
  ['DeleteObject', 'was written and read, but could not be deleted, and stays as shop/.probe/', 'the right to delete', 1],
] as const)('says which right is missing when %s is forbidden', async (on, message, hint, left) => {
  s3.fail({ on, fault: refuse(403, 'AccessDenied') })

  await expect(probeStore(store, 'shop', never)).rejects.toMatchObject({
    code: 'invalid-store',
    message: expect.stringMatching(new RegExp(`^A probe object ${message}.*\nNothing was dumped\\.$`)),
    hint: expect.stringContaining(hint),
  })
  expect(s3.bucket.objects.size).toBe(left)
})

test('says that reading is forbidden, and deletes what it wrote', async () => {
  await store.put('before', Readable.from([Buffer.from('x')]), never) // so that the probe asks for its own object alone
  s3.fail({ on: 'GetObject', fault: refuse(403, 'AccessDenied') })

  await expect(probeStore(store, 'shop', never)).rejects.toMatchObject({
    message: expect.stringContaining('was written, but could not be read back: The key may not read'),
  })
  expect([...s3.bucket.objects.keys()]).toEqual(['acme/before'])
})

test('knows a web page from a store', async () => {
  for (const on of ['HeadObject', 'GetObject', 'PutObject'] as const) s3.fail({ on, fault: loginPage })

  await expect(probeStore(store, 'shop', never)).rejects.toMatchObject({ message: expect.stringContaining('is no S3 server') })
})

test('refuses a store that changes what it is given, or does not list it', async () => {
  const changing = memoryStore()
  const forgetful = { ...memoryStore(), list: async () => [] }

  await expect(probeStore({ ...changing, get: async () => Readable.from([Buffer.from('other')]) }, 'shop', never)).rejects.toMatchObject({
    code: 'invalid-store',
    message: expect.stringContaining('does not give back what was written'),
  })
  await expect(probeStore(forgetful, 'shop', never)).rejects.toMatchObject({
    code: 'invalid-store',
    message: expect.stringContaining('does not list what was written'),
  })
  expect(changing.objects.size).toBe(0)
})
