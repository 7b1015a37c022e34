import { expect, test } from 'vitest'
import { readContents, writeContents } from '../../src/backup/contents.ts'
import { sourceContent } from '../fakes/source.ts'
import { memoryStore } from '../fakes/store.ts'

const never = new AbortController().signal
const dumpKey = 'shop/backups/production/daily/2026/11/21/shop-20261121T140410Z-v1.dump'

test('the list of what a dump holds lies beside it, and is read as it was written', async () => {
  const store = memoryStore()
  const beside = await writeContents(store, dumpKey, { serverMajor: 15, objects: [...sourceContent.catalog] }, never)

  expect(beside.key).toBe(dumpKey.replace('.dump', '.contents.json'))
  expect(await readContents(store, beside)).toMatchObject({ serverMajor: 15, objects: sourceContent.catalog })
})

test.each([
  ['changed', (bytes: Buffer) => Buffer.from(bytes.toString().replace('orders', 'borers')), 'SHA-256'],
  ['cut off', (bytes: Buffer) => bytes.subarray(1), 'another size'],
  ['gone', () => undefined, 'missing'],
])('a list that is %s is refused', async (_name, damage, problem) => {
  const store = memoryStore()
  const beside = await writeContents(store, dumpKey, { serverMajor: 15, objects: [...sourceContent.catalog] }, never)
  const damaged = damage(store.objects.get(beside.key) as Buffer)
  if (damaged === undefined) store.objects.delete(beside.key)
  else store.objects.set(beside.key, damaged)

  await expect(readContents(store, beside)).rejects.toMatchObject({ code: 'backup-damaged', message: expect.stringContaining(problem) })
})
