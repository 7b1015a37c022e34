import type { Check } from '../result.ts'
import { version } from '../version.ts'
import { countKinds, type FingerprintPolicy } from './content.ts'
import type { SourceDatabase } from './dump.ts'
import type { KeptBeside } from './keep-beside.ts'
import { type BackupName, backupId, dumpKey } from './key.ts'
import { type Manifest, schemaName } from './manifest.ts'
import type { WrittenDump } from './write-dump.ts'

/** Who makes a backup, of which release, and since when. */
export interface BackupRun extends Omit<BackupName, 'database' | 'at'> {
  readonly run: Manifest['run'] & { readonly commit: string | undefined }
  readonly startedAt: Date
  readonly finishedAt: Date
  /** What the store's clock said when the runner's said `runner`; absent where a store has no clock of its own. */
  readonly storeClock?: { readonly store: Date; readonly runner: Date } | undefined
  readonly fingerprint: FingerprintPolicy
}

/** What was proved of the dump, and when. */
interface Proof {
  readonly level: Manifest['level']
  readonly checks: readonly Check[]
}

export function composeManifest(
  made: BackupRun,
  { facts, snapshot, runnerAt }: Pick<SourceDatabase, 'facts' | 'snapshot' | 'runnerAt'>,
  dump: WrittenDump,
  beside: Omit<KeptBeside, 'checks'>,
  proof: Proof,
): Manifest {
  const { project, environment, release, run } = made
  const key = dumpKey({ ...made, database: facts.database, at: snapshot.at })
  return {
    schema: schemaName,
    tool: `shiplock/${version}`,
    id: backupId(key, snapshot.at),
    level: proof.level,
    project,
    environment,
    release,
    commit: run.commit,
    class: made.class,
    run: { id: run.id, attempt: run.attempt, host: run.host },
    startedAt: made.startedAt.toISOString(),
    finishedAt: made.finishedAt.toISOString(),
    clock: clockOf(made, snapshot.at, runnerAt),
    source: { ...facts, extensions: [...facts.extensions] },
    dump: {
      clientVersion: dump.clientVersion,
      format: 'custom',
      archiveVersion: dump.archiveVersion,
      compression: dump.compression,
      arguments: [...dump.arguments],
      exitCode: 0,
      warnings: [...dump.warnings],
      snapshot: snapshot.id,
      snapshotAt: snapshot.at.toISOString(),
    },
    object: { key, sizeBytes: dump.sizeBytes, sha256: dump.sha256, ...dump.stored, encryption: 'none' },
    contents: beside.contents,
    roles: beside.roles,
    catalog: countKinds(dump.catalog),
    fingerprint: {
      mode: made.fingerprint.mode,
      ...(made.fingerprint.mode === 'auto' ? { limitMs: made.fingerprint.limitMs } : {}),
      settings: { ...dump.settings },
    },
    tables: [...dump.tables],
    extensionTables: [...dump.extensionTables],
    sequences: [...dump.sequences],
    largeObjects: dump.largeObjects,
    ledgerHeads: [...dump.ledgerHeads],
    checks: [...proof.checks],
  }
}

/** Clocks that differ: retention and the age of a backup are judged by the database's. */
function clockOf({ storeClock }: BackupRun, database: Date, runner: Date): Manifest['clock'] {
  const storeSkewMs = storeClock === undefined ? 0 : storeClock.store.getTime() - storeClock.runner.getTime()
  const skews = [database.getTime() - runner.getTime(), storeSkewMs, database.getTime() - runner.getTime() - storeSkewMs]
  return {
    database: database.toISOString(),
    runner: runner.toISOString(),
    ...(storeClock === undefined ? {} : { store: new Date(runner.getTime() + storeSkewMs).toISOString() }),
    skewMs: Math.max(...skews.map(Math.abs)),
  }
}
