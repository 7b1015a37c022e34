import { randomBytes } from 'node:crypto'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { buildApp } from 'fauxqs'
import { afterAll, beforeAll } from 'vitest'
import { s3Store } from '../../../src/adapters/storage/s3/store.ts'
import { storeContract } from './store-contract.ts'

const app = buildApp({ logger: false })
let endpoint: string

beforeAll(async () => {
  endpoint = await app.listen({ host: '127.0.0.1', port: 0 })
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' }
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
  await client.send(new CreateBucketCommand({ Bucket: 'backups' }))
})

afterAll(() => app.close())

storeContract('a bucket', () =>
  s3Store(
    `s3://backups/${randomBytes(6).toString('hex')}`,
    {
      endpoint,
      region: undefined,
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      sessionToken: undefined,
      ca: undefined,
      forcePathStyle: false,
      stallTimeoutMs: 10_000,
    },
    () => new Date(),
  ),
)
