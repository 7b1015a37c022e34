import { randomBytes } from 'node:crypto'
import { PassThrough, Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { s3Store } from '../../../src/adapters/storage/s3/store.ts'
import type { Store } from '../../../src/backup/store.ts'
import type { ReleaseError } from '../../../src/errors.ts'
import type { StoreAccess } from '../../../src/store-access.ts'
import {
  breakAfter,
  drop,
  type Fault,
  flipOnTheWay,
  keepChanged,
  loginPage,
  loseAnswer,
  refuse,
  send,
  silence,
  silenceAfter,
} from '../../s3/faults.ts'
import type { Operation } from '../../s3/request.ts'
import { type FaultyS3, startFaultyS3 } from '../../s3/server.ts'
import { storeContract } from './store-contract.ts'

const never = new AbortController().signal
const mib = 1024 ** 2
const whole = randomBytes(20 * mib + 5) // three parts

let s3: FaultyS3
let store: Store

beforeEach(async () => {
  s3 = await startFaultyS3()
  store = await open()
})

afterEach(() => s3[Symbol.asyncDispose]())

const open = (more?: Partial<StoreAccess>) => s3Store('s3://backups/app', s3.access(more), () => new Date(), 2)
const impatient = { stallTimeoutMs: 1000 }
const put = (key = 'a.dump', bytes: Buffer = whole) => store.put(key, Readable.from(inPieces(bytes)), never)
const stored = () => s3.bucket.objects.get('app/a.dump')?.bytes
const left = () => ({ objects: [...s3.bucket.objects.keys()], uploads: s3.bucket.uploads.size })
const nothing = { objects: [], uploads: 0 }

storeContract('a bucket that honours conditions', () =>
  s3Store(`s3://backups/${randomBytes(6).toString('hex')}`, s3.access(), () => new Date()),
)

describe('an upload', () => {
  test('carries a checksum with every part, and says how it was divided', async () => {
    expect(await put()).toMatchObject({ sizeBytes: whole.length, parts: { count: 3, sizeBytes: 8 * mib } })
    const parts = s3.requests.filter(({ operation }) => operation === 'UploadPart')
    expect(parts.map(({ headers }) => headers['content-md5'])).toEqual([expect.any(String), expect.any(String), expect.any(String)])
    expect(s3.requests.flatMap(({ headers }) => Object.keys(headers)).filter((name) => name.startsWith('x-amz-checksum'))).toEqual([])
  })

  test('claims no comparison of parts with a store that tags them in its own way', async () => {
    await using odd = await startFaultyS3({ oddTags: true })
    const other = await s3Store('s3://backups', odd.access(), () => new Date(), 2)
    const made = await other.put('a.dump', Readable.from(inPieces(whole)), never)

    expect(made.parts).toBeUndefined()
    expect(made.etag).toBe((await other.head('a.dump'))?.etag)
  })

  test.each([
    ['a connection that breaks in the second part', 'UploadPart', drop, 2],
    ['an answer that is lost in the second part', 'UploadPart', loseAnswer, 2],
    ['a burst of 503', 'UploadPart', refuse(503, 'SlowDown'), 2],
    ['a burst of 503 without a part number', 'CompleteMultipartUpload', refuse(503, 'SlowDown'), undefined],
    ['too many requests', 'UploadPart', refuse(429, 'TooManyRequestsException'), 1],
    ['an error of the server', 'CreateMultipartUpload', refuse(500, 'InternalError'), undefined],
    ['bytes that change on the way', 'UploadPart', flipOnTheWay, 3],
    ['silence', 'UploadPart', silence, 2],
    ['a lost answer to the beginning', 'CreateMultipartUpload', loseAnswer, undefined],
    ['a lost answer to the end', 'CompleteMultipartUpload', loseAnswer, undefined],
  ] as const)('survives %s', async (_name, on, fault, part) => {
    if (fault === silence) store = await open(impatient)
    s3.fail({ on, fault, times: fault === silence ? 1 : 2, ...(part === undefined ? {} : { part }) })
    expect(await put()).toMatchObject({ sizeBytes: whole.length, parts: { count: 3 } })

    expect(stored()?.equals(whole)).toBe(true)
    expect(left()).toEqual({ objects: ['app/a.dump'], uploads: 0 })
  })

  test('of a small object survives a lost answer, and takes its own object for no other one', async () => {
    s3.fail({ on: 'PutObject', fault: loseAnswer, times: 1 })
    expect(await put('a.dump', Buffer.from('small'))).toMatchObject({ sizeBytes: 5 })

    expect(stored()?.toString()).toBe('small')
  })

  test.each(['ignored', 'refused'] as const)('does not overwrite where conditions are %s', async (conditions) => {
    await using other = await startFaultyS3({ conditions })
    const store = await s3Store('s3://backups', other.access(), () => new Date(), 2)
    const slow = new PassThrough()
    const late = store.put('a.dump', slow, never)
    slow.write(whole)
    await store.put('a.dump', Readable.from([Buffer.from('first')]), never)
    slow.end()

    await expect(late).rejects.toMatchObject({ code: 'backup-exists' })
    expect(other.bucket.objects.get('a.dump')?.bytes.toString()).toBe('first')
    expect(other.bucket.uploads.size).toBe(0)
  })

  test('does not overwrite what appears at the last moment, where conditions are honoured', async () => {
    s3.fail({
      on: 'CompleteMultipartUpload',
      times: 1,
      fault: ({ response, request, bucket, carryOut }) => {
        bucket.objects.set(request.key, { bytes: Buffer.from('first'), etag: 'x' })
        refuse(carryOut().status, 'PreconditionFailed')({ response, request, bucket, carryOut })
      },
    })

    await expect(put()).rejects.toMatchObject({ code: 'backup-exists' })
    expect(stored()?.toString()).toBe('first')
    expect(left().uploads).toBe(0)
  })

  const endings: [string, Operation, Fault, string, RegExp][] = [
    ['503 without end', 'UploadPart', refuse(503, 'SlowDown'), 'connection-lost', /overloaded.*SlowDown, HTTP 503/],
    ['a full store', 'UploadPart', refuse(403, 'QuotaExceeded'), 'backup-failed', /a quota is reached/],
    ['bytes that change every time', 'UploadPart', flipOnTheWay, 'backup-failed', /arrived changed.*BadDigest/],
    ['keys that expire before the end', 'CompleteMultipartUpload', refuse(403, 'ExpiredToken'), 'backup-failed', /expired in the middle/],
    ['keys that are withdrawn', 'UploadPart', refuse(403, 'AccessDenied'), 'backup-failed', /refused to go on with the upload/],
    ['silence in every part', 'UploadPart', silence, 'connection-lost', /silent for 1.0 s/],
    ['silence at the end', 'CompleteMultipartUpload', silence, 'connection-lost', /silent for 1.0 s/],
    ['a refusal to begin', 'CreateMultipartUpload', refuse(403, 'AccessDenied'), 'invalid-store', /The key may not write app\/a\.dump/],
    ['a login page', 'UploadPart', loginPage, 'invalid-store', /is no S3 server/],
  ]
  test.each(endings)('that ends with %s leaves nothing', async (_name, on, fault, code, message) => {
    if (fault === silence) store = await open(impatient)
    s3.fail({ on, fault })
    const error = await put().catch((thrown: unknown) => thrown)

    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect((error as ReleaseError).hint).toBeDefined()
    expect(left()).toEqual(nothing)
  })

  test('tells the id of an upload that could not be aborted', async () => {
    s3.fail({ on: 'UploadPart', fault: refuse(403, 'AccessDenied') })
    s3.fail({ on: 'AbortMultipartUpload', fault: refuse(403, 'AccessDenied') })
    const error = await put().catch((thrown: unknown) => thrown)

    expect(error).toMatchObject({ code: 'backup-failed', message: expect.stringContaining([...s3.bucket.uploads.keys()][0] as string) })
  })

  test('that fails does not wait for a source that is silent', async () => {
    s3.fail({ on: 'UploadPart', fault: refuse(403, 'AccessDenied') })
    const source = new PassThrough()
    const failing = store.put('a.dump', source, never)
    source.write(whole)

    await expect(failing).rejects.toMatchObject({ code: 'backup-failed' })
    expect(source.destroyed).toBe(true)
    expect(left()).toEqual(nothing)
  })

  test('that is stopped drops the request that is under way and aborts', async () => {
    s3.fail({ on: 'UploadPart', fault: silence })
    store = await open({ stallTimeoutMs: 600_000 })
    const stop = new AbortController()
    const stopped = store.put('a.dump', Readable.from(inPieces(whole)), stop.signal)
    while (!s3.asked.includes('UploadPart')) await sleep(5)
    stop.abort()

    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
    expect(left()).toEqual(nothing)
  })

  test('that is stopped while its answer is awaited leaves nothing, or the whole object', async () => {
    const stop = new AbortController()
    s3.fail({
      on: 'CreateMultipartUpload',
      times: 1,
      fault: ({ response, carryOut }) => {
        stop.abort()
        setTimeout(() => response.writeHead(200).end(carryOut().body), 50)
      },
    })

    await expect(store.put('a.dump', Readable.from(inPieces(whole)), stop.signal)).rejects.toMatchObject({ name: 'AbortError' })
    expect(left()).toEqual(nothing)
  })

  test('of more than S3 can hold is refused before anything is sent', async () => {
    const huge = store.put('a.dump', new PassThrough(), never, { expectedBytes: 6 * 1024 ** 4 })

    await expect(huge).rejects.toMatchObject({ code: 'backup-failed', message: expect.stringContaining('6.0 TiB') })
    expect(s3.asked).toEqual([])
  })

  test('removes uploads that nobody has added to for a day, and no others', async () => {
    const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000)
    const part = (modified: Date) => new Map([[1, { bytes: Buffer.from('x'), etag: 'x', modified }]])
    s3.bucket.uploads.set('old', { key: 'app/old', initiated: ago(25), parts: part(ago(25)) })
    s3.bucket.uploads.set('empty', { key: 'app/empty', initiated: ago(25), parts: new Map() })
    s3.bucket.uploads.set('busy', { key: 'app/busy', initiated: ago(50), parts: part(ago(1)) })
    s3.bucket.uploads.set('young', { key: 'app/young', initiated: ago(1), parts: new Map() })
    s3.bucket.uploads.set('other', { key: 'another/old', initiated: ago(50), parts: new Map() })
    await store.put('a.dump', Readable.from([Buffer.from('x')]), never, { expectedBytes: 1 })

    expect([...s3.bucket.uploads.keys()]).toEqual(['busy', 'young', 'other'])
  })

  test.each(['ListMultipartUploads', 'ListParts'] as const)('does not mind when %s is forbidden', async (on) => {
    s3.bucket.uploads.set('old', { key: 'app/old', initiated: new Date(0), parts: new Map() })
    s3.fail({ on, fault: refuse(403, 'AccessDenied') })
    await store.put('a.dump', Readable.from([Buffer.from('x')]), never, { expectedBytes: 1 })

    expect(left().objects).toEqual(['app/a.dump'])
  })
})

describe('a download', () => {
  beforeEach(() => void s3.bucket.objects.set('app/a.dump', { bytes: whole, etag: 'tag' }))
  const read = async () => buffer(await store.get('a.dump'))

  test.each([
    ['break off', breakAfter(3 * mib)],
    ['fall silent', silenceAfter(3 * mib)],
  ])('goes on where it was when the bytes %s', async (_name, fault) => {
    store = await open(impatient)
    s3.fail({ on: 'GetObject', fault, times: 2 })

    expect((await read()).equals(whole)).toBe(true)
    const ranges = s3.requests.map(({ headers }) => [headers.range?.replace(/\d+/, 'n'), headers['if-match']])
    expect(ranges).toEqual([
      [undefined, undefined],
      ['bytes=n-', '"tag"'],
      ['bytes=n-', '"tag"'],
    ])
  })

  test('never ends early: an answer with less than was asked for is followed by another request', async () => {
    s3.fail({ on: 'GetObject', fault: breakAfter(2 * mib), times: 1 })
    s3.fail({
      on: 'GetObject',
      times: 1,
      fault: ({ response, carryOut }) => {
        const answer = carryOut()
        send(response, { ...answer, body: Buffer.from(answer.body ?? '').subarray(0, mib) })
      },
    })

    expect((await read()).equals(whole)).toBe(true)
  })

  test('never ends early: a body that always breaks is an error', async () => {
    s3.fail({ on: 'GetObject', fault: breakAfter(3 * mib), times: 1 })
    s3.fail({ on: 'GetObject', fault: breakAfter(0) })

    await expect(read()).rejects.toMatchObject({ code: 'connection-lost' })
  })

  test('of an object that stays silent is an error', async () => {
    store = await open(impatient)
    s3.fail({ on: 'GetObject', fault: silenceAfter(10) })

    await expect(read()).rejects.toMatchObject({ code: 'connection-lost', message: expect.stringContaining('silent for 1.0 s') })
  })

  test('of an object that is replaced in the middle is damaged', async () => {
    s3.fail({
      on: 'GetObject',
      times: 1,
      fault: (exchange) => {
        breakAfter(mib)(exchange)
        s3.bucket.objects.set('app/a.dump', { bytes: whole, etag: 'another' })
      },
    })

    await expect(read()).rejects.toMatchObject({ code: 'backup-damaged', message: expect.stringContaining('replaced while it was read') })
  })

  test('that nobody reads to its end lets go of the connection', async () => {
    const stream = await store.get('a.dump')
    stream.destroy()
    await sleep(20)

    expect((await store.list('')).length).toBe(1)
  })

  test('waits for a slow reader, however long its patience with the store is', async () => {
    store = await open(impatient)
    const stream = await store.get('a.dump')
    await sleep(2200)

    expect((await buffer(stream)).equals(whole)).toBe(true)
  })

  test('that is forbidden says which right is missing', async () => {
    s3.fail({ on: 'GetObject', fault: refuse(403, 'AccessDenied') })

    await expect(read()).rejects.toMatchObject({
      code: 'invalid-store',
      message: `The key may not read app/a.dump in ${store.description} (AccessDenied, HTTP 403, request tx0001).`,
      hint: 'Give it the right to read (s3:GetObject) in backups; read, write, delete and list below the prefix are all it needs.',
    })
  })
})

describe('a request', () => {
  test.each([
    ['InvalidAccessKeyId', 403, 'invalid-store', 'does not know the access key'],
    ['SignatureDoesNotMatch', 403, 'invalid-store', 'the secret key is wrong'],
    ['AuthorizationHeaderMalformed', 400, 'invalid-store', 'is not in the region us-east-1'],
    ['PermanentRedirect', 301, 'invalid-store', 'is not in the region us-east-1'],
    ['ExpiredToken', 400, 'invalid-store', 'have expired'],
    ['InvalidToken', 400, 'invalid-store', 'refused the session token'],
    ['NoSuchBucket', 404, 'invalid-store', 'There is no bucket backups'],
    ['SomethingNew', 400, 'invalid-store', 'SomethingNew, HTTP 400, request tx0001'],
  ])('that is answered %s says so, whatever was asked', async (name, status, code, message) => {
    const expected = { code, message: expect.stringContaining(message) }
    for (const on of ['HeadObject', 'GetObject', 'ListObjectsV2', 'DeleteObject'] as const) s3.fail({ on, fault: refuse(status, name) })

    await expect(store.head('a')).rejects.toMatchObject(expected)
    await expect(store.get('a')).rejects.toMatchObject(expected)
    await expect(store.list('')).rejects.toMatchObject(expected)
    await expect(store.delete('a')).rejects.toMatchObject(expected)
    await expect(put()).rejects.toMatchObject(expected)
    expect(left()).toEqual(nothing)
  })

  test.each([
    ['list', 'ListObjectsV2', () => store.list('x/'), 'may not list what lies below app/'],
    ['delete', 'DeleteObject', () => store.delete('x'), 'may not delete app/x'],
  ] as const)('to %s that is forbidden says which right is missing', async (right, on, ask, message) => {
    s3.fail({ on, fault: refuse(403, 'AccessDenied') })

    await expect(ask()).rejects.toMatchObject({
      code: 'invalid-store',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(`the right to ${right}`),
    })
  })

  test('to a bucket that does not exist is no missing object', async () => {
    const other = await s3Store('s3://missing', s3.access(), () => new Date(), 2)

    await expect(other.head('a')).rejects.toMatchObject({ code: 'invalid-store', message: expect.stringContaining('no bucket missing') })
  })

  test('to something that is no S3 server says so', async () => {
    for (const on of ['HeadObject', 'GetObject', 'PutObject', 'ListObjectsV2'] as const) s3.fail({ on, fault: loginPage })
    const expected = { code: 'invalid-store', message: expect.stringContaining('is no S3 server') }

    await expect(store.head('a')).rejects.toMatchObject(expected)
    await expect(store.get('a')).rejects.toMatchObject(expected)
    await expect(store.list('')).rejects.toMatchObject(expected)
    await expect(put('a', Buffer.from('x'))).rejects.toMatchObject(expected)
  })

  test('to a port that nobody listens on, and to a host that does not exist', async () => {
    const refused = await open({ endpoint: 'http://127.0.0.1:1' })
    const unknown = await open({ endpoint: 'https://no.such.host.invalid' })

    await expect(refused.head('a')).rejects.toMatchObject({ code: 'connection-lost', message: expect.stringContaining('ECONNREFUSED') })
    await expect(unknown.head('a')).rejects.toMatchObject({ code: expect.stringMatching(/invalid-store|connection-lost/) })
  })

  test('is signed again by the clock of the store when this machine is wrong', async () => {
    await using ahead = await startFaultyS3({ clockAheadMs: 3_600_000 })
    const other = await s3Store('s3://backups', ahead.access(), () => new Date(), 2)
    await other.put('a', Readable.from([Buffer.from('x')]), never)

    expect(await text(await other.get('a'))).toBe('x')
  })

  test('that is refused for its time all the same tells how far the clocks are apart', async () => {
    await using ahead = await startFaultyS3({ clockAheadMs: 3_600_000 })
    ahead.fail({ on: 'ListObjectsV2', fault: refuse(403, 'RequestTimeTooSkewed') })
    const other = await s3Store('s3://backups', ahead.access(), () => new Date(), 2)

    await expect(other.list('')).rejects.toMatchObject({
      code: 'invalid-store',
      message: expect.stringMatching(/refuses the clock of this machine: it is (1 h|60 min|59 min 5\d s) behind/),
    })
  })

  test('carries the given keys and nothing from the surroundings', async () => {
    const before = { ...process.env }
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'AMBIENT',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_SESSION_TOKEN: 'AMBIENT',
      AWS_REGION: 'moon-1',
    })
    try {
      await (await open()).list('')
      await (await open({ sessionToken: 'ours' })).list('')
    } finally {
      process.env = before
    }
    const [first, second] = s3.requests.map(({ headers }) => headers)

    expect(first?.authorization).toMatch(/Credential=AKIDOFATEST\/\d+\/us-east-1\/s3\//)
    expect(first?.['x-amz-security-token']).toBeUndefined()
    expect(second?.['x-amz-security-token']).toBe('ours')
  })
})

describe('what a store lost after it had taken it', () => {
  test('is given back as it is: only a checksum finds one bit, the size finds missing bytes', async () => {
    const made = await put()
    s3.flip('app/a.dump')
    expect(await store.head('a.dump')).toMatchObject({ sizeBytes: made.sizeBytes, etag: made.etag })
    expect((await buffer(await store.get('a.dump'))).equals(whole)).toBe(false)
    s3.shorten('app/a.dump', 5)

    expect(await store.head('a.dump')).toMatchObject({ sizeBytes: made.sizeBytes - 5 })
    expect((await buffer(await store.get('a.dump'))).length).toBe(made.sizeBytes - 5)
  })

  test('may be lost at the moment of taking', async () => {
    s3.fail({ on: 'CompleteMultipartUpload', fault: keepChanged((bytes) => bytes.subarray(5)) })
    const made = await put()

    expect(await store.head('a.dump')).toMatchObject({ sizeBytes: made.sizeBytes - 5 })
  })
})

describe('a list', () => {
  test('spans all pages, leaves out what is no key, and is in the order of the keys', async () => {
    await using paged = await startFaultyS3({ pageSize: 2 })
    for (const key of ['app/b', 'app/a/1', 'app/a-1', 'app/a/', 'apple/x', 'app/é', 'app/z']) {
      paged.bucket.objects.set(key, { bytes: Buffer.from('x'), etag: 'x' })
    }
    const other = await s3Store('s3://backups/app/', paged.access(), () => new Date(), 2)

    expect((await other.list('')).map(({ key }) => key)).toEqual(['a-1', 'a/1', 'b', 'z', 'é'])
  })
})

function* inPieces(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += 300_000) yield bytes.subarray(start, start + 300_000)
}
