import type { Check } from '../result.ts'
import { version } from '../version.ts'
import type { SourceDatabase } from './dump.ts'
import { type BackupName, backupId, dumpKey } from './key.ts'
import { type Manifest, schemaName } from './manifest.ts'
import type { WrittenDump } from './write-dump.ts'

/** Who makes a backup, of which release, and since when. */
export interface BackupRun extends Omit<BackupName, 'database' | 'at'> {
  readonly run: Manifest['run'] & { readonly commit: string | undefined }
  readonly startedAt: Date
  readonly finishedAt: Date
}

/** What was proved of the dump, and when. */
interface Proof {
  readonly level: Manifest['level']
  readonly checks: readonly Check[]
}

export function composeManifest(
  made: BackupRun,
  { facts, snapshot }: Pick<SourceDatabase, 'facts' | 'snapshot'>,
  dump: WrittenDump,
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
    source: { ...facts, extensions: [...facts.extensions] },
    dump: {
      clientVersion: dump.clientVersion,
      format: 'custom',
      arguments: [...dump.arguments],
      exitCode: 0,
      snapshot: snapshot.id,
      snapshotAt: snapshot.at.toISOString(),
    },
    object: { key, sizeBytes: dump.sizeBytes, sha256: dump.sha256 },
    tables: [...dump.tables],
    ledgerHeads: [...dump.ledgerHeads],
    checks: [...proof.checks],
  }
}
