import { randomBytes } from 'node:crypto'
import { PassThrough, Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../../src/backup/store.ts'
import { startServer, type TestServer, uniqueName } from '../../postgres/server.ts'
import { makeProject, startCli } from '../../program.ts'
import { type Ceph, startCeph } from '../../s3/ceph.ts'
import { accessTo, openStore } from '../../s3/store.ts'

const never = new AbortController().signal
const dayMs = 24 * 3_600_000
const size = { expectedBytes: 100 * 1024 ** 2 }
let ceph: Ceph
let client: S3Client
let bucket: string

beforeAll(async () => {
  ceph = await startCeph({ store: 'memstore' })
  client = ceph.client()
})
afterAll(async () => {
  client.destroy()
  await ceph[Symbol.asyncDispose]()
})
beforeEach(async () => {
  bucket = await ceph.createBucket()
})

describe('an upload', () => {
  test('that its source breaks leaves nothing behind', async () => {
    const store = await openStore(bucket, accessTo(ceph))
    const { source, put } = await underWay(store)
    source.destroy(new Error('the source broke'))

    await expect(put).rejects.toThrow('the source broke')
    expect(await openUploads()).toEqual([])
    expect(await store.list('')).toEqual([])
  })

  test('that is stopped leaves nothing behind', async () => {
    const store = await openStore(bucket, accessTo(ceph))
    const abort = new AbortController()
    const { put } = await underWay(store, abort.signal)
    abort.abort()

    await expect(put).rejects.toThrow()
    expect(await openUploads()).toEqual([])
    expect(await store.list('')).toEqual([])
  })
})

describe('an upload that was left open', () => {
  let server: TestServer
  let databaseUrl: string

  beforeAll(async () => {
    server = await startServer()
    const database = uniqueName('shop')
    databaseUrl = await server.createDatabase(database)
    await server.query(
      `create table noise as select i, (select string_agg(sha512((i * 1000 + j)::text::bytea)::text, '') as body from generate_series(1, 100) as j)
       from generate_series(1, 6000) as i`,
      database,
    )
  })
  afterAll(() => server.stop())

  test('by a killed backup is aborted by a later one once it is a day old, and not before', async () => {
    await killBackup('s3-prefix')
    const [left] = await openUploads()
    expect(left).toMatch(/^s3-prefix\/shop\/backups\/.*\.dump$/)

    await putAt('s3-prefix', Date.now() + dayMs - 60_000)
    expect(await openUploads()).toEqual([left])
    await putAt('s3-prefix', Date.now() + dayMs + 60_000)
    expect(await openUploads()).toEqual([])
  })

  test('below another prefix is left alone', async () => {
    await killBackup('theirs')
    await putAt('ours', Date.now() + 2 * dayMs)

    expect(await openUploads()).toHaveLength(1)
  })

  test('by a killed backup is nothing that a store shows', async () => {
    await killBackup('s3-prefix')
    const store = await openStore(bucket, accessTo(ceph), undefined, 's3-prefix')

    expect((await store.list('')).filter(({ key }) => key.endsWith('.dump'))).toEqual([])
  })

  /** As a runner that is taken away in the middle of the upload. */
  async function killBackup(prefix: string): Promise<void> {
    await using project = await makeProject()
    const { child, ended } = startCli(['backup', '--project', 'shop', '--store', `s3://${bucket}/${prefix}`], {
      cwd: project.dir,
      env: {
        DATABASE_URL: databaseUrl,
        AWS_ENDPOINT_URL_S3: ceph.tlsEndpoint,
        AWS_CA_BUNDLE: ceph.caPath,
        AWS_ACCESS_KEY_ID: ceph.owner.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ceph.owner.secretAccessKey,
      },
    })
    while (child.exitCode === null && (await openUploads()).length === 0) await sleep(10)
    child.kill('SIGKILL')
    expect(await ended).toMatchObject({ signal: 'SIGKILL' })
  }

  /** A backup of some other moment. */
  async function putAt(prefix: string, at: number): Promise<void> {
    const store = await openStore(bucket, accessTo(ceph), () => new Date(at), prefix)
    await store.put(`${randomBytes(4).toString('hex')}.dump`, Readable.from(['x']), never, size)
  }
})

/** Some parts are in the store, and the source has not ended. */
async function underWay(store: Store, signal = never): Promise<{ source: PassThrough; put: Promise<unknown> }> {
  const source = new PassThrough()
  const put = store.put('a.dump', source, signal, size)
  put.catch(() => {})
  for (let piece = 0; piece < 40; piece++)
    if (!source.write(randomBytes(1024 ** 2))) await new Promise((resolve) => source.once('drain', resolve))
  expect(await openUploads()).toHaveLength(1)
  return { source, put }
}

async function openUploads(): Promise<readonly (string | undefined)[]> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))
  return Uploads.map(({ Key }) => Key)
}
