import { createHash } from 'node:crypto'
import { composeManifest } from '../../src/backup/compose-manifest.ts'
import type { SourceFacts } from '../../src/backup/dump.ts'
import { dumpKey, manifestKeyOf } from '../../src/backup/key.ts'
import type { Manifest } from '../../src/backup/manifest.ts'
import type { WrittenDump } from '../../src/backup/write-dump.ts'
import { fakeSource, sourceFacts } from './source.ts'
import type { MemoryStore } from './store.ts'

interface Given {
  readonly at?: Date
  readonly project?: string
  readonly environment?: string
  readonly class?: string
  readonly release?: string
  readonly level?: Manifest['level']
  readonly bytes?: Buffer
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
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    tables: [{ name: 'public.orders', rows: 1200 }],
    ledgerHeads: [],
  }
  const made = { ...name, run, startedAt: at, finishedAt: new Date(at.getTime() + 60_000) }
  const manifest = composeManifest(made, fakeSource({ at, ...(given.source === undefined ? {} : { facts: given.source }) }), dump, {
    level,
    checks: [],
  })
  const key = dumpKey({ ...name, database: sourceFacts.database })
  store.objects.set(key, bytes)
  store.objects.set(manifestKeyOf(key), Buffer.from(JSON.stringify(manifest)))
  return manifest
}
