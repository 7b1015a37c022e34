import { randomBytes, randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { freePort } from '../../src/adapters/free-port.ts'
import { makeWorkspace, sweepWorkspaces, type Workspace } from '../../src/adapters/workspace.ts'
import { makeAuthority, makeCertificate } from '../postgres/certificates.ts'
import { hostName, type ObjectStore } from './ceph-config.ts'
import { type CephDaemons, startCephDaemons } from './ceph-daemons.ts'

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** A real Ceph gateway on 127.0.0.1, for one test file or one benchmark. */
export interface Ceph extends AsyncDisposable {
  readonly endpoint: string
  readonly tlsEndpoint: string
  /** Where the bucket may stand in the host name. The names resolve only where `resolve-spaces.mjs` is loaded. */
  readonly namedEndpoint: string
  /** PEM file of the authority that signed the gateway's certificate. */
  readonly caPath: string
  /** Owns every bucket that `createBucket` makes. */
  readonly owner: Keys
  /** A user who may touch none of them. */
  readonly stranger: Keys
  /** One more user without any right. */
  createUser(name: string): Promise<Keys>
  createBucket(): Promise<string>
  client(keys?: Keys): S3Client
}

interface CephOptions {
  readonly store: ObjectStore
  /** Where its files lie; the folder for temporary files when left out. */
  readonly root?: string
}

/** Needs the programs that `installCeph` installs. The daemons end with this process, however that ends; the next start sweeps the folder. */
export async function startCeph({ store, root = tmpdir() }: CephOptions): Promise<Ceph> {
  await sweepWorkspaces([root])
  for (let tries = 1; ; tries++) {
    const workspace = await makeWorkspace({ roots: [root] })
    try {
      return await startIn(workspace, store)
    } catch (error) {
      await workspace[Symbol.asyncDispose]()
      if (tries === 3) throw error // another process may have taken a port meanwhile
    }
  }
}

async function startIn({ path: folder, [Symbol.asyncDispose]: remove }: Workspace, store: ObjectStore): Promise<Ceph> {
  await makeAuthority(folder, 'authority')
  await makeCertificate(folder, 'gateway', 'authority', `DNS:${hostName},DNS:*.${hostName},IP:127.0.0.1`)
  const [certificate, key] = [join(folder, 'gateway.crt'), join(folder, 'gateway.key')]
  const ports = { mon: await freePort(), http: await freePort(), tls: await freePort() }
  const daemons = await startCephDaemons({ folder, fsid: randomUUID(), store, ports, certificate, key })
  try {
    const endpoint = `http://127.0.0.1:${ports.http}`
    const owner = await createUser(daemons, 'owner')
    const client = (keys = owner) => clientOf(endpoint, keys)
    return {
      endpoint,
      tlsEndpoint: `https://127.0.0.1:${ports.tls}`,
      namedEndpoint: `https://${hostName}:${ports.tls}`,
      caPath: join(folder, 'authority.crt'),
      owner,
      stranger: await createUser(daemons, 'stranger'),
      createUser: (name) => createUser(daemons, name),
      createBucket: () => createBucket(client()),
      client,
      [Symbol.asyncDispose]: async () => {
        await daemons.stop()
        await remove()
      },
    }
  } catch (error) {
    await daemons.stop()
    throw error
  }
}

async function createBucket(client: S3Client): Promise<string> {
  const bucket = `bucket-${randomBytes(4).toString('hex')}`
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  client.destroy()
  return bucket
}

async function createUser(daemons: CephDaemons, name: string): Promise<Keys> {
  const keys = { accessKeyId: randomBytes(10).toString('hex').toUpperCase(), secretAccessKey: randomBytes(20).toString('hex') }
  const key = [`--access-key=${keys.accessKeyId}`, `--secret-key=${keys.secretAccessKey}`]
  await daemons.administer('user', 'create', `--uid=${name}`, `--display-name=${name}`, ...key)
  return keys
}

function clientOf(endpoint: string, credentials: Keys): S3Client {
  const checksums = { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' } as const
  return new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true, ...checksums })
}
