import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { openSource } from '../../src/adapters/postgres/source.ts'
import { composeManifest } from '../../src/backup/compose-manifest.ts'
import type { CatalogObject, FingerprintPolicy } from '../../src/backup/content.ts'
import { readContents, writeContents } from '../../src/backup/contents.ts'
import { keepBeside } from '../../src/backup/keep-beside.ts'
import { dumpKey, manifestKeyOf } from '../../src/backup/key.ts'
import type { Manifest } from '../../src/backup/manifest.ts'
import type { Membership } from '../../src/backup/membership.ts'
import { writeDump } from '../../src/backup/write-dump.ts'
import { parseConnection } from '../../src/connection.ts'
import { type MemoryStore, memoryStore } from '../fakes/store.ts'
import { binDir, type TestServer } from '../postgres/server.ts'

/** A backup as the command leaves it, whose parts a test may change. */
export interface MadeBackup {
  readonly manifest: Manifest
  readonly catalog: readonly CatalogObject[]
  readonly memberships?: readonly Membership[] | undefined
  readonly archive: Buffer
  /** Absent where no role is needed. */
  readonly roles: string | undefined
}

interface Given {
  readonly fingerprint?: FingerprintPolicy['mode']
  /** Of the programs that dump. */
  readonly binDir?: string | undefined
  /** The moment of the snapshot, whatever the clock says. */
  readonly at?: Date
  /** Once the snapshot is taken, before anything is read. */
  readonly meanwhile?: () => Promise<void>
}

const never = new AbortController().signal

/** Dumps a database, and reads beside the dump what it holds, by what the command itself is made of. */
export async function makeBackup(server: TestServer, database: string, given: Given = {}): Promise<MadeBackup> {
  const { fingerprint: mode = 'full', at = new Date('2026-11-21T14:04:10.000Z'), meanwhile } = given
  const store = memoryStore()
  const connection = parseConnection(server.url(database))
  await using source = await openSource({
    database: { connection, tls: { mode: 'off', ca: undefined }, role: undefined },
    tools: { binDir: given.binDir ?? binDir, install: false },
    stateSchema: 'shiplock',
    env: process.env,
    applicationName: 'backup',
    roots: [tmpdir()],
    say: () => {},
    now: () => new Date(),
    lockWaitTimeoutMs: 10_000,
  })
  await meanwhile?.()
  const fingerprint = { mode, limitMs: 60_000 }
  const { facts, runnerAt } = source
  const made = {
    project: 'shop',
    environment: 'production',
    class: 'releases',
    release: 'v1.9',
    fingerprint,
    startedAt: at,
    finishedAt: at,
  }
  const key = dumpKey({ ...made, database: facts.database, at })
  const work = { source, store, key, fingerprint, lockWaitTimeoutMs: 10_000, expectedBytes: facts.sizeBytes, signal: never }
  const dump = await writeDump({ ...work, onBytes: () => {} })
  const roles = await source.readRoles(never)
  const beside = await keepBeside({ store, key, serverMajor: facts.serverMajor, catalog: dump.catalog, roles, signal: never })
  const run = { id: '1', attempt: '1', host: 'runner', commit: undefined }
  const taken = { facts, runnerAt, snapshot: { ...source.snapshot, at } }
  const { objects, memberships } = await readContents(store, beside.contents)
  return {
    manifest: composeManifest({ ...made, run }, taken, dump, beside, { level: 'read-back', checks: [] }),
    catalog: objects,
    memberships,
    archive: store.objects.get(key) as Buffer,
    roles: 'sql' in roles ? roles.sql : undefined,
  }
}

/** A store that holds a backup, as whoever changed it would leave it: every hash is that of what lies there. */
export async function storeHolding({ manifest, catalog, memberships, archive, roles }: MadeBackup): Promise<MemoryStore> {
  const store = memoryStore()
  const { key } = manifest.object
  const rolesKey = 'key' in manifest.roles ? manifest.roles.key : undefined
  store.objects.set(key, archive)
  if (rolesKey !== undefined && roles !== undefined) store.objects.set(rolesKey, Buffer.from(roles))
  const told = memberships === undefined ? {} : { memberships: [...memberships] }
  const contents = await writeContents(store, key, { serverMajor: manifest.source.serverMajor, ...told, objects: [...catalog] }, never)
  const consistent: Manifest = {
    ...manifest,
    object: { ...manifest.object, ...factsOf(archive) },
    contents,
    roles: 'key' in manifest.roles && roles !== undefined ? { ...manifest.roles, ...factsOf(Buffer.from(roles)) } : manifest.roles,
  }
  store.objects.set(manifestKeyOf(key), Buffer.from(JSON.stringify(consistent)))
  return store
}

function factsOf(bytes: Buffer): { sizeBytes: number; sha256: string } {
  return { sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}
