import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { ListMultipartUploadsCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { probeStore } from '../../../src/backup/probe-store.ts'
import type { Store } from '../../../src/backup/store.ts'
import { type Ceph, type Keys, startCeph } from '../../s3/ceph.ts'
import { accessTo, openStore } from '../../s3/store.ts'

const never = new AbortController().signal
const size = { expectedBytes: 100 * 1024 ** 2 }
const rights = {
  object: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
  list: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
}
let ceph: Ceph
let limited: Keys
let bucket: string
let store: Store

beforeAll(async () => {
  ceph = await startCeph({ store: 'memstore' })
  limited = await ceph.createUser('limited')
})
afterAll(() => ceph[Symbol.asyncDispose]())

beforeEach(async () => {
  bucket = await ceph.createBucket()
  store = await openStore(bucket, accessTo(ceph, limited), undefined, 'backups')
})

describe('a key that may only read, write, delete and list below its prefix', () => {
  beforeEach(() => grant())

  test('is all that a backup needs', async () => {
    await probeStore(store, 'shop', never)
    const bytes = randomBytes(20 * 1024 ** 2)
    await store.put('shop/a.dump', Readable.from([bytes]), never, size)

    expect(await store.head('shop/a.dump')).toMatchObject({ sizeBytes: bytes.length })
    expect((await store.list('shop/')).map(({ key }) => key)).toEqual(['shop/a.dump'])
    await expect(store.put('shop/a.dump', Readable.from(['x']), never)).rejects.toMatchObject({ code: 'backup-exists' })
    await store.delete('shop/a.dump')
    expect(await store.list('')).toEqual([])
  })

  test('is told what is not there, though the store itself says only that it is refused', async () => {
    expect(await store.head('missing')).toBeUndefined()
    await expect(store.get('missing')).rejects.toMatchObject({ code: 'backup-not-found' })
  })

  test('aborts what it began', async () => {
    await expect(store.put('a', Readable.from(broken()), never, size)).rejects.toThrow('the source broke')
    expect(await openUploads()).toBe(0)
  })

  test('reaches nothing beside its prefix', async () => {
    const beside = await openStore(bucket, accessTo(ceph), undefined, 'beside')
    await beside.put('a', Readable.from(['x']), never)
    const refused = await openStore(bucket, accessTo(ceph, limited), undefined, 'beside')

    const all = [
      () => refused.get('a'),
      () => refused.head('a'),
      () => refused.list(''),
      () => refused.delete('a'),
      () => refused.put('b', Readable.from(['x']), never),
    ]
    for (const send of all)
      await expect(send()).rejects.toMatchObject({ code: 'invalid-store', message: expect.stringContaining('The key may not ') })
    expect(await text(await beside.get('a'))).toBe('x')
  })
})

describe('a key without the right', () => {
  test('to write is told so before the dump', async () => {
    await grant({ without: ['s3:PutObject'] })
    await expect(probeStore(store, 'shop', never)).rejects.toMatchObject({ message: expect.stringContaining('The key may not write') })
  })

  test('to delete is told so before the dump', async () => {
    await grant({ without: ['s3:DeleteObject'] })
    await expect(probeStore(store, 'shop', never)).rejects.toMatchObject({ message: expect.stringContaining('The key may not delete') })
  })

  test('to list is told so', async () => {
    await grant({ without: rights.list })
    await expect(store.list('')).rejects.toMatchObject({ message: expect.stringContaining('The key may not list') })
  })

  // Ceph lets a user read what he has written himself, whatever the policy says
  test('to read is told so of what another has written', async () => {
    await grant({ without: ['s3:GetObject'] })
    const owners = await openStore(bucket, accessTo(ceph), undefined, 'backups')
    await owners.put('a', Readable.from(['x']), never)

    await expect(store.get('a')).rejects.toMatchObject({ message: expect.stringContaining('The key may not read') })
    await expect(store.head('a')).rejects.toMatchObject({ message: expect.stringContaining('The key may not read') })
  })

  test('to abort says what stays in the store', async () => {
    await grant({ without: ['s3:AbortMultipartUpload'] })

    await expect(store.put('a', Readable.from(broken()), never, size)).rejects.toThrow(/could not be aborted: parts of it stay/)
    expect(await openUploads()).toBe(1)
  })
})

/** To the limited user, below `backups/` alone. */
async function grant({ without = [] }: { readonly without?: readonly string[] } = {}): Promise<void> {
  const granted = (all: readonly string[]) => all.filter((one) => !without.includes(one))
  const allow = { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam:::user/limited'] } }
  const below = { Condition: { StringLike: { 's3:prefix': 'backups/*' } } }
  const Statement = [
    { ...allow, Action: granted(rights.object), Resource: `arn:aws:s3:::${bucket}/backups/*` },
    ...(granted(rights.list).length === 0
      ? []
      : [{ ...allow, Action: granted(rights.list), Resource: `arn:aws:s3:::${bucket}`, ...below }]),
  ]
  const client = ceph.client()
  await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }))
  client.destroy()
}

async function* broken(): AsyncGenerator<Buffer> {
  yield randomBytes(20 * 1024 ** 2)
  throw new Error('the source broke')
}

async function openUploads(): Promise<number> {
  const client = ceph.client()
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))
  client.destroy()
  return Uploads.length
}
