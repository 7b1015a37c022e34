import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer, uniqueName } from '../../postgres/server.ts'
import { makeProject, type Project, shiplock } from '../../program.ts'
import { type Ceph, startCeph } from '../../s3/ceph.ts'
import { accessTo, openStore } from '../../s3/store.ts'

let ceph: Ceph
let server: TestServer

beforeAll(async () => {
  ceph = await startCeph({ store: 'memstore' })
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await ceph[Symbol.asyncDispose]()
})

const ways = [
  { name: 'the bucket in the path', endpoint: () => ceph.tlsEndpoint },
  { name: 'the bucket in the host name', endpoint: () => ceph.namedEndpoint },
  { name: 'HTTP on this machine', endpoint: () => ceph.endpoint },
]

describe.each(ways)('with $name', ({ endpoint }) => {
  test('a backup is made, found again, read and restored', async () => {
    const { bucket, run } = await shop(endpoint())
    const made = await run('backup')
    expect([made.exitCode, made.result.commands[0]]).toMatchObject([0, { verdict: 'pass', manifest: { level: 'read-back' } }])

    const verified = await run('verify-backup')
    expect([verified.exitCode, verified.result.verdict]).toEqual([0, 'pass'])
    const drill = await run('restore-drill')
    expect([drill.exitCode, drill.result.verdict]).toEqual([0, 'pass'])
    const store = await openStore(bucket, accessTo(ceph), undefined, 'app')
    const dumps = (await store.list('shop/backups/')).filter(({ key }) => key.endsWith('.dump'))
    expect(dumps).toHaveLength(1)
    expect((await buffer(await store.get(dumps[0]?.key ?? ''))).subarray(0, 5).toString()).toBe('PGDMP')
  })
})

test('a wrong secret stops a backup before anything is dumped', async () => {
  const { run } = await shop(ceph.tlsEndpoint, { AWS_SECRET_ACCESS_KEY: 'wrong' })
  const { exitCode, result, stderr } = await run('backup')

  expect([exitCode, result.commands[0]?.error?.code]).toEqual([2, 'invalid-store'])
  expect(stderr).not.toContain('dumping')
})

test('a backup that somebody shortened in the bucket is not taken for one', async () => {
  const { bucket, run } = await shop(ceph.tlsEndpoint)
  await run('backup')
  const store = await openStore(bucket, accessTo(ceph), undefined, 'app')
  const dump = (await store.list('shop/backups/')).find(({ key }) => key.endsWith('.dump'))
  const bytes = await buffer(await store.get(dump?.key ?? ''))
  await store.delete(dump?.key ?? '')
  await store.put(dump?.key ?? '', Readable.from([bytes.subarray(0, -1)]), new AbortController().signal)

  const { exitCode, result } = await run('verify-backup')
  expect([exitCode, result.verdict]).toEqual([1, 'fail'])
})

const projects: Project[] = []
afterAll(async () => {
  for (const project of projects) await project[Symbol.asyncDispose]()
})

/** A database with some rows, and an empty bucket. */
async function shop(endpoint: string, env: Readonly<Record<string, string>> = {}) {
  const database = uniqueName('shop')
  const url = await server.createDatabase(database)
  await server.query(
    `create table users as select i as id, md5(i::text) || md5((-i)::text) || md5((2 * i)::text) as token from generate_series(1, 20000) as i`,
    database,
  )
  const project = await makeProject()
  projects.push(project)
  const bucket = await ceph.createBucket()
  const run = (command: string) =>
    shiplock([command, '--project', 'shop', '--store', `s3://${bucket}/app`], {
      cwd: project.dir,
      env: {
        DATABASE_URL: url,
        AWS_ENDPOINT_URL_S3: endpoint,
        AWS_CA_BUNDLE: ceph.caPath,
        AWS_ACCESS_KEY_ID: ceph.owner.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ceph.owner.secretAccessKey,
        NODE_OPTIONS: `--import=${resolve(import.meta.dirname, '../../s3/resolve-spaces.mjs')}`,
        ...env,
      },
    })
  return { bucket, run }
}
