import { createHash, randomBytes } from 'node:crypto'
import { PassThrough, type Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { inspect } from '../../src/backup/read-back.ts'
import { ReleaseError } from '../../src/errors.ts'
import { memoryStore } from '../fakes/store.ts'

const never = new AbortController().signal
const bytes = randomBytes(200_000)
const written = { key: 'a.dump', sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), tables: [] }

/** Like the real one it reads to the end, and like the real one it does not see everything. */
const blind = async (archive: Readable) => {
  await buffer(archive)
  return { problem: '', rows: new Map<string, number>() }
}

function storeWith(content: Buffer) {
  const store = memoryStore()
  store.objects.set('a.dump', content)
  return store
}

const notRead = { sha256: 'not-checked', decoded: 'not-checked', 'archive-rows': 'not-checked' }
const statuses = (shown: { checks: readonly { id: string; status: string }[] }) =>
  Object.fromEntries(shown.checks.map(({ id, status }) => [id, status]))

describe('reading back', () => {
  test('reaches its level when size, hash and decoder agree', async () => {
    const shown = await inspect(storeWith(bytes), written, 'read-back', blind, never)

    expect(shown).toMatchObject({ level: 'read-back', hindrance: undefined })
    expect(statuses(shown)).toEqual({ landed: 'pass', sha256: 'pass', decoded: 'pass', 'archive-rows': 'pass' })
  })

  test("misses rows of an extension's table as those of any other", async () => {
    const lacking = { ...written, extensionTables: [{ name: 'app.rates', rows: 2 }] }
    const shown = await inspect(storeWith(bytes), lacking, 'read-back', blind, never)

    expect(shown).toMatchObject({ level: 'landed', tables: [] })
    expect(shown.checks).toContainEqual(
      expect.objectContaining({ id: 'archive-rows', status: 'fail', message: expect.stringContaining('app.rates has 0 of 2 rows') }),
    )
  })

  test('gives the decoder every byte', async () => {
    let seen: Buffer | undefined
    await inspect(
      storeWith(bytes),
      written,
      'read-back',
      async (archive) => {
        seen = await buffer(archive)
        return { problem: '', rows: new Map() }
      },
      never,
    )

    expect(seen?.equals(bytes)).toBe(true)
  })

  test('finds one flipped bit anywhere, even when the decoder is blind to it', async () => {
    for (const at of [0, 1, 65_535, 65_536, 123_456, bytes.length - 1]) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] as number) ^ 1
      const shown = await inspect(storeWith(flipped), written, 'read-back', blind, never)

      expect([at, shown.level, statuses(shown)]).toEqual([
        at,
        'landed',
        { landed: 'pass', sha256: 'fail', decoded: 'pass', 'archive-rows': 'pass' },
      ])
    }
  })

  test.each([0, 1, 100_000, bytes.length - 1])('finds an object that was cut to %i bytes, without reading it', async (size) => {
    const shown = await inspect(storeWith(bytes.subarray(0, size)), written, 'read-back', blind, never)

    expect(statuses(shown)).toEqual({ landed: 'fail', ...notRead })
  })

  test('finds an object that is gone', async () => {
    const shown = await inspect(memoryStore(), written, 'read-back', blind, never)

    expect(shown.checks[0]).toMatchObject({ id: 'landed', status: 'fail', message: 'the object is not in the store' })
  })

  test('finds another object of the same size', async () => {
    expect(statuses(await inspect(storeWith(randomBytes(bytes.length)), written, 'read-back', blind, never)).sha256).toBe('fail')
  })

  test('finds bytes that get lost on the way, although the store knows the right size', async () => {
    const store = storeWith(bytes)
    const short = { ...store, get: () => storeWith(bytes.subarray(0, 150_000)).get('a.dump') }
    const shown = await inspect(short, written, 'read-back', blind, never)

    expect(shown.checks[1]).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('150000 bytes were read, where 200000 were written'),
    })
  })

  test('believes the decoder too', async () => {
    const shown = await inspect(
      storeWith(bytes),
      written,
      'read-back',
      async (archive) => ({ ...(await blind(archive)), problem: 'corrupt tar header' }),
      never,
    )

    expect(shown.level).toBe('landed')
    expect(shown.checks[2]).toEqual({ id: 'decoded', status: 'fail', message: 'corrupt tar header' })
  })

  test('compares the rows of an archive that is whole, and fills in those that nobody counted', async () => {
    const tables = [{ name: 'public.a', rows: 3 }, { name: 'public.b' }]
    const look = (rows: Record<string, number> | undefined, problem = '') =>
      inspect(
        storeWith(bytes),
        { ...written, tables },
        'read-back',
        async (archive) => ({ ...(await blind(archive)), problem, rows: rows && new Map(Object.entries(rows)) }),
        never,
      )
    const whole = await look({ '"public"."a"': 3, '"public"."b"': 5 })
    const lacking = await look({ '"public"."a"': 2 })
    const broken = await look({ '"public"."a"': 2 }, 'unexpected end of file')
    const unclear = await look(undefined)

    expect(
      [whole, lacking, broken, unclear].map(({ level, tables: [, second], checks }) => [level, second?.rows, checks[3]?.status]),
    ).toEqual([
      ['read-back', 5, 'pass'],
      ['landed', 0, 'fail'],
      ['landed', undefined, 'not-checked'],
      ['read-back', undefined, 'not-checked'],
    ])
    expect(whole.tables[0]).toEqual({ name: 'public.a', rows: 3 })
  })

  test('shows nothing, neither good nor bad, when the store breaks off', async () => {
    const store = { ...storeWith(bytes), get: async () => breaking() }
    const shown = await inspect(store, written, 'read-back', blind, never)

    expect(shown).toMatchObject({ level: 'landed', hindrance: 'read ECONNRESET' })
    expect(statuses(shown)).toEqual({ landed: 'pass', ...notRead })
  })

  test('shows nothing when there is no decoder, and lets the store go', async () => {
    let stream: Readable | undefined
    const store = storeWith(bytes)
    const watched = {
      ...store,
      get: async (key: string) => {
        stream = await store.get(key)
        return stream
      },
    }
    const missing = async () => {
      throw new ReleaseError('tool-not-found', 'There is no pg_restore.')
    }
    const shown = await inspect(watched, written, 'read-back', missing, never)
    await new Promise((resolve) => setTimeout(resolve, 10))

    expect(shown.hindrance).toBe('There is no pg_restore.')
    expect(stream?.destroyed).toBe(true)
  })

  test('does not take a bug for a hindrance', async () => {
    await expect(inspect(storeWith(bytes), written, 'read-back', async () => Promise.reject(new TypeError('bug')), never)).rejects.toThrow(
      'bug',
    )
  })

  test('ends when it is told to', async () => {
    const abort = new AbortController()
    const store = { ...storeWith(bytes), get: async () => new PassThrough() }
    setTimeout(() => abort.abort(), 20)

    await expect(inspect(store, written, 'read-back', blind, abort.signal)).rejects.toThrow()
  })
})

describe('a look from outside', () => {
  test('does not claim what only reading back shows', async () => {
    const flipped = Buffer.from(bytes)
    flipped[7] = (flipped[7] as number) ^ 1
    const store = storeWith(flipped)
    const unread = { ...store, get: async () => Promise.reject(new Error('nothing may be read')) }
    const shown = await inspect(unread, written, 'landed', blind, never)

    expect(shown.level).toBe('landed')
    expect(statuses(shown)).toEqual({ landed: 'pass', ...notRead })
  })

  test('still sees a wrong size', async () => {
    expect(statuses(await inspect(storeWith(bytes.subarray(1)), written, 'landed', blind, never)).landed).toBe('fail')
  })
})

function breaking(): Readable {
  const stream = new PassThrough()
  stream.write(bytes.subarray(0, 1000))
  setTimeout(() => stream.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })), 10)
  return stream
}
