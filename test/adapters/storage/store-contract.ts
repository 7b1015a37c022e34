import { createHash, randomBytes } from 'node:crypto'
import { PassThrough, Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Store } from '../../../src/backup/store.ts'

const never = new AbortController().signal

/** What every store must do, whatever it is made of. `open` gives an empty one. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} as a store`, () => {
    test('gives back exactly the bytes that were put', async () => {
      const store = await open()
      const bytes = randomBytes(12 * 1024 * 1024 + 7) // several parts of any upload
      const put = await store.put('app/a.dump', Readable.from(inPieces(bytes)), never)

      const { parts, ...object } = put
      expect(object).toMatchObject({ key: 'app/a.dump', sizeBytes: bytes.length })
      expect(await store.head('app/a.dump')).toEqual(object)
      if (parts !== undefined) expect(parts.count).toBe(Math.ceil(bytes.length / parts.sizeBytes))
      expect(hash(await buffer(await store.get('app/a.dump')))).toBe(hash(bytes))
    })

    test('keeps an empty object', async () => {
      const store = await open()
      await store.put('empty', Readable.from([]), never)

      expect(await store.head('empty')).toMatchObject({ key: 'empty', sizeBytes: 0 })
      expect(await text(await store.get('empty'))).toBe('')
    })

    test('never overwrites, and leaves what is there as it was', async () => {
      const store = await open()
      await store.put('a/b', words('first'), never)

      await expect(store.put('a/b', words('second'), never)).rejects.toMatchObject({ code: 'backup-exists' })
      expect(await text(await store.get('a/b'))).toBe('first')
    })

    test('lets one of two writers win', async () => {
      const store = await open()
      const [slow, fast] = [new PassThrough(), new PassThrough()]
      const outcomes = [store.put('a', slow, never), store.put('a', fast, never)].map((put) => Promise.allSettled([put]))
      slow.write('slow')
      await sleep(20)
      fast.end('fast')
      const [fastEnd] = (await outcomes[1]) ?? []
      slow.end()
      const [slowEnd] = (await outcomes[0]) ?? []

      expect(fastEnd?.status).toBe('fulfilled')
      expect(slowEnd).toMatchObject({ status: 'rejected', reason: { code: 'backup-exists' } })
      expect(await text(await store.get('a'))).toBe('fast')
    })

    test('shows nothing of an object before its source has ended', async () => {
      const store = await open()
      const source = new PassThrough()
      const put = store.put('a/b', source, never)
      source.write(randomBytes(1024 * 1024))
      await sleep(50)

      expect(await store.head('a/b')).toBeUndefined()
      expect(await store.list('')).toEqual([])
      await expect(store.get('a/b')).rejects.toMatchObject({ code: 'backup-not-found' })
      source.end()
      await put
      expect((await store.list('')).map(({ key }) => key)).toEqual(['a/b'])
    })

    test('keeps nothing of a source that fails, and fails with its error', async () => {
      const store = await open()
      const source = new PassThrough()
      const put = store.put('a/b', source, never)
      source.write(randomBytes(6 * 1024 * 1024))
      setTimeout(() => source.destroy(new Error('the source broke')), 30)

      await expect(put).rejects.toThrow('the source broke')
      expect(await store.head('a/b')).toBeUndefined()
      expect(await store.list('')).toEqual([])
    })

    test('fails with the error of a source that had failed before', async () => {
      const store = await open()
      const source = new PassThrough()
      source.on('error', () => {})
      source.destroy(new Error('the source broke'))
      await sleep(5)

      await expect(store.put('a/b', source, never)).rejects.toThrow('the source broke')
      expect(await store.list('')).toEqual([])
    })

    test('survives a source that fails while the store is still getting ready', async () => {
      const store = await open()
      const source = new PassThrough()
      const put = store.put('a/b', source, never)
      source.destroy(new Error('the source broke'))

      await expect(put).rejects.toThrow('the source broke')
      expect(await store.list('')).toEqual([])
    })

    test('keeps nothing of a source that stops without an end', async () => {
      const store = await open()
      const source = new PassThrough()
      const put = store.put('a/b', source, never)
      source.write('half')
      setTimeout(() => source.destroy(), 30)

      await expect(put).rejects.toThrow()
      expect(await store.list('')).toEqual([])
    })

    test('keeps nothing after an abort, even when the source is silent', async () => {
      const store = await open()
      const source = new PassThrough()
      const abort = new AbortController()
      const put = store.put('a/b', source, abort.signal)
      source.write('half')
      setTimeout(() => abort.abort(), 30)

      await expect(put).rejects.toThrow()
      expect(source.destroyed).toBe(true)
      expect(await store.list('')).toEqual([])
    })

    test('writes nothing when it was aborted before it began', async () => {
      const store = await open()
      const source = words('all of it')

      await expect(store.put('a/b', source, AbortSignal.abort())).rejects.toThrow()
      expect(source.destroyed).toBe(true)
      expect(await store.list('')).toEqual([])
    })

    test('stops the source of an object that it refuses', async () => {
      const store = await open()
      await store.put('a', words('first'), never)
      const source = new PassThrough()

      await expect(store.put('a', source, never)).rejects.toMatchObject({ code: 'backup-exists' })
      expect(source.destroyed).toBe(true)
    })

    test('can put again what failed', async () => {
      const store = await open()
      await store.put('a/b', Readable.from(failing()), never).catch(() => {})
      await store.put('a/b', words('whole'), never)

      expect(await text(await store.get('a/b'))).toBe('whole')
    })

    test('lists by prefix, in the order of the keys', async () => {
      const store = await open()
      for (const key of ['b/2', 'a/x/2', 'a/x/10', 'a/y', 'ab', 'a-b/c']) await store.put(key, words(key), never)
      const keys = async (prefix: string) => (await store.list(prefix)).map(({ key }) => key)

      expect(await keys('')).toEqual(['a-b/c', 'a/x/10', 'a/x/2', 'a/y', 'ab', 'b/2'])
      expect(await keys('a/')).toEqual(['a/x/10', 'a/x/2', 'a/y'])
      expect(await keys('a/x/1')).toEqual(['a/x/10'])
      expect(await keys('a')).toEqual(['a-b/c', 'a/x/10', 'a/x/2', 'a/y', 'ab'])
      expect(await keys('none/at/all')).toEqual([])
      expect(await store.list('b')).toMatchObject([{ key: 'b/2', sizeBytes: 3 }])
    })

    test('says so when an object is not there', async () => {
      const store = await open()

      expect(await store.head('a/b')).toBeUndefined()
      await expect(store.get('a/b')).rejects.toMatchObject({ code: 'backup-not-found' })
    })

    test('deletes, and does not mind when there is nothing to delete', async () => {
      const store = await open()
      await store.put('a/b', words('x'), never)
      await store.delete('a/b')
      await store.delete('a/b')

      expect(await store.list('')).toEqual([])
    })

    test.each(['', '/etc/passwd', '../up', 'a/../../up', 'a/..', './a', 'a//b', 'a/', 'a\0b', 'a\\..\\b', 'a\nb'])(
      'refuses the key %j',
      async (key) => {
        const store = await open()
        const refused = { code: 'invalid-store' }

        await expect(store.put(key, words('x'), never)).rejects.toMatchObject(refused)
        await expect(store.get(key)).rejects.toMatchObject(refused)
        await expect(store.head(key)).rejects.toMatchObject(refused)
        await expect(store.delete(key)).rejects.toMatchObject(refused)
        expect(await store.list('')).toEqual([])
      },
    )

    test('refuses a prefix that leaves the store', async () => {
      const store = await open()

      await expect(store.list('../')).rejects.toMatchObject({ code: 'invalid-store' })
      await expect(store.list('/etc/')).rejects.toMatchObject({ code: 'invalid-store' })
    })

    test('describes itself', async () => {
      expect((await open()).description).not.toBe('')
    })
  })
}

function words(content: string): Readable {
  return Readable.from([Buffer.from(content)])
}

function* inPieces(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += 300_000) yield bytes.subarray(start, start + 300_000)
}

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.from('half')
  throw new Error('the source broke')
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
