import { ReleaseError } from '../../errors.ts'
import { appliedAttempts, type History } from '../../migration/history.ts'
import type { LedgerEntry } from '../../migration/ledger.ts'
import { byVersion, isRepeatable } from '../../migration/migration.ts'
import { formatMoment } from '../../units.ts'

/**
 * The migration that ran last, of both phases together. Within a table the order in which its rows were written counts,
 * between two tables the time: that of our own attempt, which one clock tells, before that in the table. Where nothing
 * tells, the larger number is the newer.
 */
export function newestApplied(entries: readonly LedgerEntry[], { rows, former }: History): LedgerEntry | undefined {
  const attempts = new Map(appliedAttempts([...former, ...rows]).map((row) => [row.version, row.at.getTime()]))
  const timeOf = ({ version, appliedAt }: LedgerEntry) => attempts.get(version) ?? appliedAt?.getTime()
  const isNewer = (one: LedgerEntry, other: LedgerEntry) => {
    const sameTable = one.phase === other.phase
    if (sameTable && one.place !== undefined && other.place !== undefined) return one.place > other.place
    const [time, otherTime] = [timeOf(one), timeOf(other)]
    if (time !== undefined && otherTime !== undefined && time !== otherTime) return time > otherTime
    return byVersion(one, other) > 0
  }
  const newestOf = (some: readonly LedgerEntry[]) =>
    some.reduce<LedgerEntry | undefined>((last, one) => (last === undefined || isNewer(one, last) ? one : last), undefined)
  // within each table first: places of two tables say nothing of each other
  const each = (['pre', 'post', undefined] as const).map((phase) => newestOf(entries.filter((entry) => entry.phase === phase)))
  return newestOf(each.filter((entry) => entry !== undefined))
}

/** Throws `not-newest`: what ran later may stand on it. */
export function refuseOlderThanNewest(named: LedgerEntry, newest: LedgerEntry | undefined, nameOf: (version: string) => string): void {
  if (newest === undefined || newest.version === named.version) return
  const when = newest.appliedAt === undefined ? '' : ` (${formatMoment(newest.appliedAt)})`
  const [name, last] = [nameOf(named.version), nameOf(newest.version)]
  throw new ReleaseError('not-newest', `${name} is not the newest migration: ${last} ran after it${when}, and may stand on it.`, {
    hint: `${isRepeatable(newest) ? `${last} is repeatable and has no way back` : `One run takes back one migration, the newest: --migration ${last}`}. Where that is not what is wrong, ship a hotfix: --shape hotfix.`,
  })
}
