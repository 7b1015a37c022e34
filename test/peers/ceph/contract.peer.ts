import { afterAll, beforeAll } from 'vitest'
import { storeContract } from '../../adapters/storage/store-contract.ts'
import { type Ceph, startCeph } from '../../s3/ceph.ts'
import { accessTo, openStore } from '../../s3/store.ts'
import '../../s3/resolve-spaces.mjs'

let ceph: Ceph
let bucket: string

beforeAll(async () => {
  ceph = await startCeph({ store: 'memstore' })
  bucket = await ceph.createBucket()
})
afterAll(() => ceph[Symbol.asyncDispose]())

storeContract('a bucket over HTTP', () => openStore(bucket, accessTo(ceph, { endpoint: ceph.endpoint, ca: undefined })))
storeContract('a bucket over TLS', () => openStore(bucket, accessTo(ceph)))
storeContract('a bucket in the host name', () => openStore(bucket, accessTo(ceph, { endpoint: ceph.namedEndpoint })))
