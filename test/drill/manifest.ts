import { backupId, contentsKeyOf } from '../../src/backup/key.ts'
import { type Manifest, manifestSchema } from '../../src/backup/manifest.ts'

interface Given {
  readonly snapshotAt?: string
  readonly key?: string
  readonly source?: Partial<Manifest['source']>
  readonly object?: Partial<Manifest['object']>
  readonly tables?: Manifest['tables']
  readonly ledgerHeads?: Manifest['ledgerHeads']
  readonly clientVersion?: string
}

/** The three bytes `abc`. */
const three = { sizeBytes: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }

/** A manifest of a small database, as `backup` writes it. */
export function manifestOf(given: Given = {}): Manifest {
  const snapshotAt = given.snapshotAt ?? '2026-11-21T14:04:10.000Z'
  const key = given.key ?? 'shop/backups/production/releases/2026/11/21/shop-20261121T140410Z-v1.9.dump'
  return manifestSchema.parse({
    schema: 'shiplock/backup-manifest@1',
    tool: 'shiplock/0.0.0-test',
    id: backupId(key, new Date(snapshotAt)),
    level: 'read-back',
    project: 'shop',
    environment: 'production',
    release: 'v1.9',
    class: 'releases',
    run: { id: '1', attempt: '1', host: 'runner' },
    startedAt: snapshotAt,
    finishedAt: snapshotAt,
    clock: { database: snapshotAt, runner: snapshotAt, skewMs: 0 },
    source: {
      serverVersion: '15.18',
      serverMajor: 15,
      database: 'shop',
      encoding: 'UTF8',
      collate: 'C',
      ctype: 'C',
      localeProvider: 'libc',
      inRecovery: false,
      sizeBytes: 8_000_000,
      extensions: [],
      ...given.source,
    },
    dump: {
      clientVersion: given.clientVersion ?? '15.18',
      format: 'custom',
      compression: 'gzip:1',
      arguments: [],
      exitCode: 0,
      warnings: [],
      snapshot: '00000003-1',
      snapshotAt,
    },
    object: { key, ...three, encryption: 'none', ...given.object },
    contents: { key: contentsKeyOf(key), ...three },
    roles: { notKept: 'none are needed' },
    catalog: {},
    fingerprint: { mode: 'counts', settings: {} },
    tables: given.tables ?? [],
    sequences: [],
    largeObjects: { count: 0, bytes: 0 },
    ledgerHeads: given.ledgerHeads ?? [],
    checks: [],
  })
}
