import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { messageOf, ReleaseError } from '../errors.ts'
import { checkSchema } from '../result.ts'
import { largeObjectsSchema, ledgerHeadSchema, sequenceSchema, tableSchema } from './content.ts'
import { besideSchema } from './contents.ts'
import { dumpKeyOf, idHash, manifestKeyOf, mayBeOf } from './key.ts'
import type { Store } from './store.ts'

export const schemaName = 'shiplock/backup-manifest@1'

const count = z.int().nonnegative()
const moment = z.iso.datetime()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** The JSON that is written last: without it, a dump is not a backup. `find-backup.ts` finds one. */
export const manifestSchema = z.object({
  schema: z.literal(schemaName),
  tool: z.string(),
  id: z.string().regex(/^[A-Za-z0-9.:-]+$/),
  /** How much was proved when it was written. */
  level: z.enum(['landed', 'read-back']),
  project: z.string(),
  environment: z.string(),
  release: z.string(),
  commit: z.string().optional(),
  class: z.string(),
  run: z.object({ id: z.string(), attempt: z.string(), host: z.string() }),
  startedAt: moment,
  finishedAt: moment,
  /** The same moment on several clocks. */
  clock: z.object({ database: moment, runner: moment, store: moment.optional(), skewMs: count }),
  source: z.object({
    serverVersion: z.string(),
    serverMajor: z.int().positive(),
    database: z.string(),
    systemIdentifier: z.string().optional(),
    databaseOid: z.string().optional(),
    /** SHA-256 over host, port and name. */
    address: z.string().optional(),
    encoding: z.string(),
    collate: z.string(),
    ctype: z.string(),
    localeProvider: z.string(),
    collationVersion: z.string().optional(),
    inRecovery: z.boolean(),
    /** How far a standby was behind its primary; missing on a primary, and where nothing tells. */
    lagMs: count.optional(),
    sizeBytes: count,
    extensions: z.array(z.object({ name: z.string(), version: z.string(), schema: z.string() })),
    stamp: z.string().optional(),
  }),
  dump: z.object({
    clientVersion: z.string().regex(/^\d/),
    format: z.literal('custom'),
    /** What `pg_restore` must be able to read. */
    archiveVersion: z.string().optional(),
    compression: z.string(),
    arguments: z.array(z.string()),
    exitCode: z.literal(0),
    /** What `pg_dump` said, although it ended with 0. */
    warnings: z.array(z.string()),
    snapshot: z.string(),
    /** By the database's clock. */
    snapshotAt: moment,
  }),
  object: z.object({
    key: z.string(),
    sizeBytes: count,
    sha256,
    etag: z.string().optional(),
    versionId: z.string().optional(),
    parts: z.object({ count, sizeBytes: count }).optional(),
    encryption: z.literal('none'),
  }),
  /** The list of everything that the dump holds besides data. */
  contents: besideSchema,
  roles: z.union([besideSchema.extend({ count }), z.object({ notKept: z.string() })]),
  /** How many objects of each kind the list holds. */
  catalog: z.record(z.string(), count),
  /** How the rows were hashed, and the session settings that a hash depends on. */
  fingerprint: z.object({
    mode: z.enum(['auto', 'counts', 'sample', 'full']),
    limitMs: count.optional(),
    settings: z.record(z.string(), z.string()),
  }),
  /** Every table under the snapshot, with what is known of its rows. */
  tables: z.array(tableSchema),
  /** Missing in older manifests, which do not tell what stands in tables of extensions. */
  extensionTables: z.array(tableSchema).optional(),
  /** Outside of the snapshot: a sequence never goes back. */
  sequences: z.array(sequenceSchema),
  largeObjects: largeObjectsSchema,
  ledgerHeads: z.array(ledgerHeadSchema),
  checks: z.array(checkSchema),
})
export type Manifest = z.infer<typeof manifestSchema>

/** A manifest as it lies in the store. */
export interface StoredBackup {
  readonly manifest: Manifest
  readonly manifestKey: string
  /** SHA-256 of the manifest's own bytes. */
  readonly manifestSha256: string
}

/** Many tables make a long manifest; this is a hundred times more than most, and bounds what a hostile one costs. */
const largestBytes = 64 * 1024 * 1024

/** Writes a manifest and reads it back. Throws `backup-damaged` when the store gives back something else. */
export async function writeManifest(store: Store, manifest: Manifest, signal: AbortSignal): Promise<StoredBackup> {
  const bytes = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`)
  const manifestKey = manifestKeyOf(manifest.object.key)
  await store.put(manifestKey, Readable.from([bytes]), signal)
  const stored = await readManifest(store, manifestKey)
  if (stored.manifestSha256 !== hashOf(bytes)) throw damaged(manifestKey, 'the store gives back something else than was written')
  return stored
}

/**
 * Reads one manifest. Throws `backup-not-found` when the key does not exist, `backup-damaged` when what lies there
 * is not a manifest, or is the manifest of something else.
 */
export async function readManifest(store: Store, manifestKey: string): Promise<StoredBackup> {
  const bytes = await readAll(store, manifestKey)
  const manifest = parse(bytes, manifestKey)
  const key = dumpKeyOf(manifestKey)
  if (manifest.object.key !== key) {
    throw damaged(manifestKey, `it describes another object, ${manifest.object.key}`)
  }
  if (!manifest.id.endsWith(`-${idHash(key)}`)) throw damaged(manifestKey, `its id ${manifest.id} belongs to another object`)
  const { snapshotAt } = manifest.dump
  if (!mayBeOf(key, new Date(snapshotAt))) throw damaged(manifestKey, `its snapshot is of ${snapshotAt}, and its key says another moment`)
  return { manifest, manifestKey, manifestSha256: hashOf(bytes) }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function readAll(store: Store, key: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of await store.get(key)) {
    sizeBytes += chunk.length
    if (sizeBytes > largestBytes) throw damaged(key, `it is larger than ${largestBytes / 1024 ** 2} MiB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parse(bytes: Buffer, key: string): Manifest {
  let content: unknown
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw damaged(key, `it is not JSON (${messageOf(error)})`, error)
  }
  const header = z.looseObject({ schema: z.string().max(100) }).safeParse(content)
  if (!header.success) throw damaged(key, 'it names no schema')
  if (header.data.schema !== schemaName) {
    throw damaged(key, `its schema is ${header.data.schema}, where ${schemaName} is expected`)
  }
  const manifest = manifestSchema.safeParse(content)
  if (!manifest.success) throw damaged(key, z.prettifyError(manifest.error).replaceAll(/\s*\n\s*/g, ' '), manifest.error)
  return manifest.data
}

function damaged(key: string, problem: string, cause?: unknown): ReleaseError {
  return new ReleaseError('backup-damaged', `${key} cannot be used as a manifest: ${problem}.`, {
    hint: 'Was it made by this version of Shiplock, or copied by hand? Name another backup with key, or make a new one with backup.',
    cause,
  })
}
