import { randomBytes } from 'node:crypto'
import { s3Store } from '../../src/adapters/storage/s3/store.ts'
import type { Store } from '../../src/backup/store.ts'
import type { StoreAccess } from '../../src/store-access.ts'
import type { Ceph } from './ceph.ts'

/** What reaches the gateway as the owner of its buckets, over TLS unless told otherwise. */
export function accessTo({ tlsEndpoint, caPath, owner }: Ceph, other: Partial<StoreAccess> = {}): StoreAccess {
  return {
    endpoint: tlsEndpoint,
    region: undefined,
    ...owner,
    sessionToken: undefined,
    ca: caPath,
    forcePathStyle: false,
    stallTimeoutMs: 10_000,
    ...other,
  }
}

/** A store in a bucket; below a prefix of its own, unless one is named. */
export function openStore(
  bucket: string,
  access: StoreAccess,
  now: () => Date = () => new Date(),
  prefix = randomBytes(6).toString('hex'),
): Promise<Store> {
  return s3Store(`s3://${bucket}/${prefix}`, access, now)
}
