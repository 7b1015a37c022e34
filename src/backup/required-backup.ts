import { ReleaseError } from '../errors.ts'
import { formatDuration, formatMoment } from '../units.ts'
import { ageProblem } from './age.ts'
import { failureWhenMade } from './find-backup.ts'
import { type LedgerStanding, standingOf } from './ledger-standing.ts'
import type { IgnoredManifest } from './list-backups.ts'
import type { Manifest, StoredBackup } from './manifest.ts'
import { missingDump } from './missing-dump.ts'
import { type LiveDatabase, otherDatabase } from './same-database.ts'
import type { Store } from './store.ts'

/** What `require-backup` asks for. */
export interface BackupRequirement {
  readonly level: Manifest['level']
  readonly maxAgeMs: number
}

/** What a backup is measured by. */
export interface Measure extends LiveDatabase {
  /** By the database's own clock. */
  readonly now: Date
  /** As the version tables stand now, first; then other moments that count. */
  readonly standings: readonly LedgerStanding[]
}

/** The backup that a run may rely upon, or why there is none. */
export interface Search {
  readonly found: { readonly backup: StoredBackup; readonly ageMs: number; readonly when: string } | undefined
  /** The newest that does not count, and why. */
  readonly newest: { readonly backup: StoredBackup; readonly problem: string } | undefined
  /** Manifests that may be newer than what was found, and cannot be used. */
  readonly ignored: readonly IgnoredManifest[]
}

/** Looks for a backup that counts, the newest first; `candidates` come in this order. */
export async function searchBackup(
  candidates: AsyncIterable<StoredBackup | IgnoredManifest>,
  asked: BackupRequirement,
  measure: Measure,
  store: Pick<Store, 'head'>,
): Promise<Search> {
  const ignored: IgnoredManifest[] = []
  let newest: Search['newest']
  for await (const one of candidates) {
    if (!('manifest' in one)) {
      ignored.push(one)
      continue
    }
    const ageMs = measure.now.getTime() - Date.parse(one.manifest.dump.snapshotAt)
    const judged = judge(one.manifest, asked, measure, ageMs)
    const problem = judged.problem ?? (await missingDump(one.manifest, store))
    if (problem === undefined) return { found: { backup: one, ageMs, when: judged.when }, newest, ignored }
    newest ??= { backup: one, problem }
    if (ageMs > asked.maxAgeMs) break // the rest is older still
  }
  return { found: undefined, newest, ignored }
}

const levels: readonly Manifest['level'][] = ['landed', 'read-back']
const levelWords: Readonly<Record<Manifest['level'], string>> = { landed: 'landed', 'read-back': 'read back' }

interface Judged {
  readonly problem: string | undefined
  readonly when: string
}

function judge(manifest: Manifest, asked: BackupRequirement, measure: Measure, ageMs: number): Judged {
  const standing = standingOf(manifest.ledgerHeads, measure.standings)
  const problem =
    failureWhenMade(manifest) ??
    otherDatabase(manifest, measure) ??
    ageProblem(ageMs, asked.maxAgeMs) ??
    (levels.indexOf(manifest.level) < levels.indexOf(asked.level)
      ? `it is only ${levelWords[manifest.level]}, not ${levelWords[asked.level]}`
      : undefined) ??
    ('problem' in standing ? `its version tables are not those of this database: ${standing.problem}` : undefined)
  return { problem, when: 'when' in standing ? standing.when : '' }
}

/** Says what was looked for, what there is, and what to type. */
export function backupRequired(
  asked: BackupRequirement,
  looked: Search | string,
  { environment }: { readonly environment: string },
  attest?: string,
  asker = 'require-backup',
): ReleaseError {
  const wanted = `${asker} asks for a backup of this very database, as it stands now, ${levelWords[asked.level]} and at most ${formatDuration(asked.maxAgeMs)} old`
  const attested = attest === undefined ? '' : ` Nor was another kind of backup attested: ${attest}.`
  return new ReleaseError('backup-required', `${wanted}. ${typeof looked === 'string' ? looked : describeSearch(looked)}${attested}`, {
    hint: `Type: shiplock backup --environment ${environment}. Then run the same command again; nothing was changed.`,
  })
}

function describeSearch({ newest, ignored }: Search): string {
  const unusable = ignored.map(({ manifestKey, problem }) => ` ${manifestKey} cannot be used: ${problem.replace(/\.$/, '')}.`).join('')
  if (newest === undefined) return `The store holds none of this environment.${unusable}`
  const { id, dump } = newest.backup.manifest
  return `The newest, ${id} (snapshot ${formatMoment(dump.snapshotAt)}), does not count: ${newest.problem}.${unusable}`
}
