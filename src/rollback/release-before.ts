import { type DeployRow, type HistoryRow, newest } from '../migration/history.ts'
import type { Migration } from '../migration/migration.ts'
import { liveRelease } from './present.ts'

/**
 * The release whose code comes back when what is about to run turns out to be no good: the one that was deployed last and
 * does not contain all of it. `undefined` where no record tells, or a rollback is newer than the last one.
 */
export function releaseBefore(history: readonly HistoryRow[], run: readonly Migration[]): DeployRow | undefined {
  if (liveRelease(history) === undefined) return undefined
  return newest(history.filter((row) => row.event === 'deployed').filter((row) => !run.every((one) => contains(row, one))))
}

export function contains({ migrations }: Pick<DeployRow, 'migrations'>, { version, checksum }: Migration): boolean {
  return migrations.some((one) => one.version === version && one.checksum === checksum)
}
