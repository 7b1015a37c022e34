import { readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeWorkspace } from '../../src/adapters/workspace.ts'
import { fetchDump } from '../../src/drill/fetch.ts'
import { memoryStore } from '../fakes/store.ts'

const expected = { key: 'a.dump', sizeBytes: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }

async function fetched(bytes: string) {
  const store = memoryStore()
  store.objects.set('a.dump', Buffer.from(bytes))
  await using folder = await makeWorkspace({ roots: [tmpdir()] })
  const path = join(folder.path, 'backup.dump')
  await fetchDump(store, expected, path, new AbortController().signal)
  return { text: await readFile(path, 'utf8'), mode: (await stat(path)).mode & 0o777 }
}

test('writes exactly the bytes of the manifest into a file that only we can read', async () => {
  expect(await fetched('abc')).toEqual({ text: 'abc', mode: 0o600 })
})

test.each([
  ['a byte was changed', 'abd', 'its SHA-256 is'],
  ['the end is missing', 'ab', 'it has 2 bytes, where the manifest says 3'],
  ['something was added', 'abcd', 'more than the 3 bytes'],
])('refuses what is not what was backed up: %s', async (_, bytes, problem) => {
  await expect(fetched(bytes)).rejects.toMatchObject({ code: 'backup-damaged', message: expect.stringContaining(problem) })
})
