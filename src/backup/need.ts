import { formatDuration } from '../units.ts'
import { clockSkewMs } from './age.ts'
import type { Manifest } from './manifest.ts'

/** A migration that is about to run. */
interface PendingMigration {
  readonly id: string
  /** Why a backup should come before it; `undefined` when nothing can be lost. */
  readonly major: string | undefined
}

export interface NeedQuestion {
  readonly when: 'major' | 'always'
  /** Of the backup that may be left out. */
  readonly class: string
  /** `undefined` when nobody could read them. */
  readonly pending: readonly PendingMigration[] | undefined
  /** The newest usable backup of another class, if there is one. */
  readonly other: Manifest | undefined
  /** The stamp of this very database, if it has one. */
  readonly stamp: string | undefined
  /** How much must be proved of the other one. */
  readonly level: Manifest['level']
  /** Greatest age of the other one. */
  readonly maxAgeMs: number | undefined
  readonly now: Date
}

export interface Need {
  readonly needed: boolean
  /** Fit for a log and a summary. */
  readonly reason: string
}

/** A daily backup, with some hours for a run that is late. */
const defaultMaxAgeMs = 26 * 3_600_000

/** Whether a release must make its backup. Whatever is not known makes it needed. */
export function backupNeed(question: NeedQuestion): Need {
  const { when, class: name, pending } = question
  if (when === 'always') return { needed: true, reason: 'backup-when is always' }
  if (name !== 'releases') return { needed: true, reason: `backup-when is about the class releases, and this one is of ${name}` }
  if (pending === undefined) return { needed: true, reason: 'the pending migrations could not be read' }
  const major = pending.filter((one) => one.major !== undefined)
  if (major.length > 0) return { needed: true, reason: major.map(({ id, major: why }) => `${id} (${why})`).join(', ') }
  const problem = problemOf(question)
  if (problem !== undefined) return { needed: true, reason: problem }
  const { id, class: other, dump } = question.other as Manifest
  return {
    needed: false,
    reason: `${whatPends(pending)}, and the backup ${id} of the class ${other} is ${formatDuration(ageOf(dump.snapshotAt, question))} old`,
  }
}

/** Whether a backup, and so every older one, is beyond the greatest age. */
export function isTooOld({ dump }: Manifest, question: Pick<NeedQuestion, 'maxAgeMs' | 'now'>): boolean {
  return ageOf(dump.snapshotAt, question) > (question.maxAgeMs ?? defaultMaxAgeMs)
}

/** Why the other backup does not make up for one. */
function problemOf(question: NeedQuestion): string | undefined {
  const { class: name, other, stamp, level, maxAgeMs = defaultMaxAgeMs } = question
  if (other === undefined) return 'there is no usable backup of another class'
  if (other.class === name) return `the backup ${other.id} is of the class ${name} itself`
  if (stamp === undefined) return 'this database carries no stamp yet, so that no backup can be told to be of it'
  if (other.source.stamp !== stamp) return `the backup ${other.id} is of another database: its stamp differs`
  if (level === 'read-back' && other.level !== 'read-back') return `the backup ${other.id} was not read back`
  const ageMs = ageOf(other.dump.snapshotAt, question)
  if (ageMs < -clockSkewMs) return `the snapshot of the backup ${other.id} lies in the future: the clocks disagree`
  if (!isTooOld(other, question)) return undefined
  return `the backup ${other.id} of the class ${other.class} is ${formatDuration(ageMs)} old, more than ${formatDuration(maxAgeMs)}`
}

function ageOf(snapshotAt: string, { now }: Pick<NeedQuestion, 'now'>): number {
  return now.getTime() - Date.parse(snapshotAt)
}

function whatPends(pending: readonly PendingMigration[]): string {
  return pending.length === 0 ? 'no migration is pending' : 'no pending migration can lose data'
}
