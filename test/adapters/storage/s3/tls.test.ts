import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { s3Store } from '../../../../src/adapters/storage/s3/store.ts'
import type { StoreAccess } from '../../../../src/store-access.ts'
import { makeAuthority, makeCertificate } from '../../../postgres/certificates.ts'
import { type FaultyS3, startFaultyS3 } from '../../../s3/server.ts'

let folder: string
let s3: FaultyS3

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shiplock-s3-tls-'))
  for (const name of ['ours', 'another']) await makeAuthority(folder, name)
  await makeCertificate(folder, 'server', 'ours', 'IP:127.0.0.1')
  const [key, cert] = await Promise.all(['server.key', 'server.crt'].map((name) => readFile(join(folder, name), 'utf8')))
  s3 = await startFaultyS3({ tls: { key: key as string, cert: cert as string } })
})

afterAll(async () => {
  await s3[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const open = (more: Partial<StoreAccess>) => s3Store('s3://backups/app', s3.access(more), () => new Date(), 2)

test('a store with a certificate of its own authority is accepted with s3-ca, and only then', async () => {
  const refused = { code: 'tls-failed', message: expect.stringContaining('was not accepted'), hint: expect.stringContaining('s3-ca') }

  expect(await (await open({ ca: join(folder, 'ours.crt') })).list('')).toEqual([])
  await expect((await open({})).list('')).rejects.toMatchObject(refused)
  await expect((await open({ ca: join(folder, 'another.crt') })).list('')).rejects.toMatchObject(refused)
})

test('a certificate for another name is refused, and said to be so', async () => {
  const byName = s3.endpoint.replace('127.0.0.1', 'localhost')

  await expect((await open({ ca: join(folder, 'ours.crt'), endpoint: byName })).list('')).rejects.toMatchObject({
    code: 'tls-failed',
    message: expect.stringContaining('is for another name'),
  })
})

test('a server without TLS behind https:// is named as such', async () => {
  await using plain = await startFaultyS3()

  await expect((await open({ endpoint: plain.endpoint.replace('http:', 'https:') })).list('')).rejects.toMatchObject({
    code: 'tls-failed',
    message: expect.stringContaining('does not speak TLS'),
  })
})

test('an authority that is missing or no PEM file is told before anything is sent', async () => {
  await writeFile(join(folder, 'empty.crt'), '')

  await expect(open({ ca: join(folder, 'none.crt') })).rejects.toMatchObject({
    code: 'unreadable-file',
    message: expect.stringContaining('ENOENT'),
  })
  await expect(open({ ca: join(folder, 'empty.crt') })).rejects.toMatchObject({ code: 'unreadable-file' })
})

test('keys that are missing are named with their variables', async () => {
  await expect(open({ accessKeyId: undefined, secretAccessKey: undefined })).rejects.toMatchObject({
    code: 'invalid-input',
    message: 'A store in S3 needs s3-access-key-id (or AWS_ACCESS_KEY_ID) and s3-secret-access-key (or AWS_SECRET_ACCESS_KEY).',
  })
})
