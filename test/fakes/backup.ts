import { createHash } from 'node:crypto'
import { composeManifest } from '../../src/backup/compose-manifest.ts'
import type { SourceFacts } from '../../src/backup/dump.ts'
import { contentsKeyOf, dumpKey, manifestKeyOf } from '../../src/backup/key.ts'
import type { Manifest } from '../../src/backup/manifest.ts'
import type { WrittenDump } from '../../src/backup/write-dump.ts'
import type { Check } from '../../src/result.ts'
import { fakeSource, sourceContent, sourceFacts } from './source.ts'
import type { MemoryStore } from './store.ts'

interface Given {
  readonly at?: Date
  readonly project?: string
  readonly environment?: string
  readonly class?: string
  readonly release?: string
  readonly level?: Manifest['level']
  readonly bytes?: Buffer
  readonly checks?: readonly Check[]
  readonly tables?: WrittenDump['tables']
  readonly source?: Partial<SourceFacts>
}

/** Puts a whole backup into a store, as the command would have, and returns its manifest. */
export function putBackup(store: MemoryStore, given: Given = {}): Manifest {
  const { bytes = Buffer.from('PGDMP and all the rest'), at = new Date('2026-11-21T14:04:10Z'), level = 'read-back' } = given
  const name = { project: 'shop', environment: 'production', class: 'releases', release: 'v1.9', ...given, at }
  const run = { id: '77', attempt: '1', host: 'runner-1', commit: undefined }
  const dump: WrittenDump = {
    clientVersion: '15.18',
    arguments: ['--format=custom'],
    compression: 'gzip:1',
    archiveVersion: '1.14.0',
    warnings: [],
    stored: {},
    ...sourceContent,
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    tables: given.tables ?? [{ name: 'public.orders', rows: 1200 }],
    ledgerHeads: [],
  }
  const fingerprint = { mode: 'auto', limitMs: 300_000 } as const
  const made = { ...name, run, fingerprint, startedAt: at, finishedAt: new Date(at.getTime() + 60_000) }
  const { checks = [], source = {} } = given
  const key = dumpKey({ ...name, database: source.database ?? sourceFacts.database })
  const none = { sizeBytes: 0, sha256: createHash('sha256').digest('hex') }
  const beside = { contents: { key: contentsKeyOf(key), ...none }, roles: { notKept: 'none are needed' } }
  const manifest = composeManifest(made, fakeSource({ at, facts: source }), dump, beside, { level, checks })
  store.objects.set(contentsKeyOf(key), Buffer.alloc(0))
  store.objects.set(key, bytes)
  store.objects.set(manifestKeyOf(key), Buffer.from(JSON.stringify(manifest)))
  return manifest
}
