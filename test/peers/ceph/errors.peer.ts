import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { freePort } from '../../../src/adapters/free-port.ts'
import { probeStore } from '../../../src/backup/probe-store.ts'
import type { Store } from '../../../src/backup/store.ts'
import type { StoreAccess } from '../../../src/store-access.ts'
import { type Ceph, startCeph } from '../../s3/ceph.ts'
import { accessTo, openStore } from '../../s3/store.ts'

const never = new AbortController().signal
let ceph: Ceph
let bucket: string

beforeAll(async () => {
  ceph = await startCeph({ store: 'memstore' })
  bucket = await ceph.createBucket()
})
afterAll(() => ceph[Symbol.asyncDispose]())
afterEach(() => {
  vi.useRealTimers()
})

interface Mistake {
  readonly name: string
  readonly access?: () => Partial<StoreAccess> | Promise<Partial<StoreAccess>>
  readonly bucket?: string
  readonly code: string
  /** The message of the first request, and its hint. */
  readonly says: string
  readonly hint: string
}

const mistakes: readonly Mistake[] = [
  {
    name: 'a key that nobody has',
    access: () => ({ accessKeyId: 'NOSUCHKEY' }),
    code: 'invalid-store',
    says: 'does not know the access key (InvalidAccessKeyId, HTTP 403',
    hint: 's3-access-key-id',
  },
  {
    name: 'a wrong secret',
    access: () => ({ secretAccessKey: 'wrong' }),
    code: 'invalid-store',
    says: 'refused the signature: the secret key is wrong (SignatureDoesNotMatch, HTTP 403',
    hint: 's3-secret-access-key',
  },
  {
    name: 'a bucket that is not there',
    bucket: 'no-such-bucket',
    code: 'invalid-store',
    says: 'There is no bucket no-such-bucket',
    hint: 'Check store, s3-endpoint and s3-region.',
  },
  {
    name: "somebody else's bucket",
    access: () => ceph.stranger,
    code: 'invalid-store',
    says: 'The key may not ',
    hint: 'read, write, delete and list below the prefix are all it needs',
  },
  {
    name: 'a port that nobody listens on',
    access: async () => ({ endpoint: `https://127.0.0.1:${await freePort()}` }),
    code: 'connection-lost',
    says: 'could not be made or broke (ECONNREFUSED)',
    hint: 'Check that this machine reaches https://127.0.0.1:',
  },
  {
    name: 'a certificate of an authority that nobody named',
    access: () => ({ ca: undefined }),
    code: 'tls-failed',
    says: 'was not accepted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    hint: 's3-ca',
  },
  {
    name: 'a certificate for another name',
    access: () => ({ endpoint: ceph.tlsEndpoint.replace('127.0.0.1', 'localhost') }),
    code: 'tls-failed',
    says: 'is for another name',
    hint: 'Check s3-endpoint',
  },
  {
    name: 'TLS to a port without it',
    access: () => ({ endpoint: ceph.endpoint.replace('http:', 'https:') }),
    code: 'tls-failed',
    says: 'does not speak TLS as it should (EPROTO)',
    hint: 'Check the scheme and the port of s3-endpoint.',
  },
  {
    name: 'a port with TLS as one without',
    access: () => ({ endpoint: ceph.tlsEndpoint.replace('https:', 'http:') }),
    code: 'connection-lost',
    says: 'could not be made or broke (ECONNRESET)',
    hint: 'Check that this machine reaches http://127.0.0.1:',
  },
]

const requests: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  'the probe before a dump': (store) => probeStore(store, 'shop', never),
  put: (store) => store.put('a', Readable.from(['x']), never),
  get: (store) => store.get('a'),
  head: (store) => store.head('a'),
  list: (store) => store.list(''),
  delete: (store) => store.delete('a'),
}

describe.each(mistakes)('$name', ({ access, bucket: other, code, says, hint }) => {
  test.each(Object.entries(requests))('is named by %s', async (_, send) => {
    const store = await openStore(other ?? bucket, accessTo(ceph, await access?.()))

    await expect(send(store)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(says),
      hint: expect.stringContaining(hint),
    })
  })
})

describe.each([1, -1, 24])('a clock that is wrong by %i h', (hours) => {
  test.each(Object.entries(requests))('does not keep %s from its work', async (name, send) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * 3_600_000 })
    const store = await openStore(bucket, accessTo(ceph))

    if (name === 'get') await expect(send(store)).rejects.toMatchObject({ code: 'backup-not-found' })
    else await send(store)
  })
})

test('any region is as good as another', async () => {
  const store = await openStore(bucket, accessTo(ceph, { region: 'nyc3' }))
  await store.put('a', Readable.from(['x']), never)

  expect(await text(await store.get('a'))).toBe('x')
})
