import { formatDuration, plural } from '../units.ts'

/** What a team wants to keep; a limit that is `undefined` was not set. */
export interface RetentionPolicy {
  readonly keepLast: number | undefined
  readonly keepDays: number | undefined
}

/** A backup of the class and the database that retention is about. */
export interface KeptBackup {
  /** Of its dump. */
  readonly key: string
  readonly snapshotAt: Date
  readonly sizeBytes: number
  /** No check of it failed when it was made. */
  readonly usable: boolean
}

export interface RetentionCase {
  readonly policy: RetentionPolicy
  readonly backups: readonly KeptBackup[]
  /** The key of the one that was just made. */
  readonly made: string
  /** Whether it was proved at the level that was asked for. */
  readonly proved: boolean
  /** Keys of the newest backups that were shown to be restorable. */
  readonly restored: ReadonlySet<string>
  /** The key of the backup whose failed drill cancels an older one that passed. */
  readonly cancelling: string | undefined
  readonly now: Date
}

interface Decision {
  readonly backup: KeptBackup
  readonly why: string
}

export interface RetentionPlan {
  readonly remove: readonly Decision[]
  readonly keep: readonly Decision[]
}

const dayMs = 86_400_000

/**
 * Which backups may go. One goes only when every limit that is set lets it go and nothing speaks for it. `now` is the
 * clock of the runner; one that runs ahead of the database's, by which the newest snapshot was taken, deletes nothing.
 */
export function planRetention({ policy, backups, made, proved, restored, cancelling, now }: RetentionCase): RetentionPlan {
  const newestFirst = [...backups].sort((a, b) => b.snapshotAt.getTime() - a.snapshotAt.getTime())
  const newestUsable = newestFirst.find(({ usable }) => usable)?.key
  const madeAt = backups.find(({ key }) => key === made)?.snapshotAt
  const today = Math.min(now.getTime(), madeAt?.getTime() ?? 0)
  const withheld =
    whyWithheld(policy) ?? (proved && madeAt !== undefined ? undefined : 'the backup that was just made is not one to rely on')
  const remove: Decision[] = []
  const keep: Decision[] = []
  let newerUsable = 0
  for (const backup of newestFirst) {
    const ageMs = today - backup.snapshotAt.getTime()
    const reason = withheld ?? protectedAs(backup) ?? keptBy(policy, newerUsable, ageMs)
    if (reason === undefined) remove.push({ backup, why: whyGone(policy, newerUsable, ageMs) })
    else keep.push({ backup, why: reason })
    if (backup.usable) newerUsable++
  }
  return { remove, keep }

  function protectedAs({ key }: KeptBackup): string | undefined {
    if (key === made) return 'just made'
    if (key === newestUsable) return 'the newest usable one'
    if (key === cancelling) return 'the newest that a drill failed for, which cancels an older one that passed'
    return restored.has(key) ? 'among the newest that were restored' : undefined
  }
}

/** Why nothing is decided at all. */
export function whyWithheld({ keepLast, keepDays }: RetentionPolicy): string | undefined {
  return keepLast === undefined && keepDays === undefined ? 'neither keep-last nor keep-days is set' : undefined
}

function keptBy({ keepLast, keepDays }: RetentionPolicy, newerUsable: number, ageMs: number): string | undefined {
  if (keepLast !== undefined && newerUsable < keepLast) return `among the newest ${keepLast} (keep-last)`
  return keepDays !== undefined && ageMs <= keepDays * dayMs ? `not older than ${plural(keepDays, 'day')} (keep-days)` : undefined
}

function whyGone({ keepLast, keepDays }: RetentionPolicy, newerUsable: number, ageMs: number): string {
  const reasons = [
    ...(keepDays === undefined ? [] : [`${formatDuration(ageMs)} old, more than ${plural(keepDays, 'day')}`]),
    ...(keepLast === undefined ? [] : [`${plural(newerUsable, 'newer one')} can be counted on, and keep-last asks for ${keepLast}`]),
  ]
  return reasons.join('; ')
}
