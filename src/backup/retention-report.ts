import type { Check } from '../result.ts'
import { formatMoment, formatSize, plural } from '../units.ts'

/** What went, or would go, and what stays. */
export interface RetentionReport {
  readonly mode: 'dry-run' | 'apply'
  readonly class: string
  readonly database: string
  /** Why nothing was decided, such as that no limit is set. */
  readonly notChecked: string | undefined
  /** With `apply` those that were deleted, with `dry-run` those that would be. */
  readonly removed: readonly RemovedBackup[]
  readonly kept: number
  readonly keptBecause: readonly { readonly why: string; readonly count: number }[]
  /** What runs left behind that did not reach their end. */
  readonly leftovers: readonly Leftover[]
  /** What a person should look at: refused deletes, records that cannot be read. */
  readonly warnings: readonly string[]
  /** Keys that were to be deleted and are still there. */
  readonly remaining: readonly string[]
}

export interface RemovedBackup {
  readonly key: string
  readonly snapshotAt: string
  readonly sizeBytes: number
  readonly why: string
}

export interface Leftover {
  readonly key: string
  readonly sizeBytes: number
  readonly removed: boolean
}

/** Retention is told as a check, and it never makes a backup fail. */
export function retentionCheck({ mode, notChecked, removed, kept }: RetentionReport): Check {
  if (notChecked !== undefined) return { id: 'retention', status: 'not-checked', message: notChecked }
  const what = mode === 'apply' ? 'deleted' : 'would be deleted (dry run)'
  return { id: 'retention', status: 'pass', value: `${plural(removed.length, 'backup')} ${what}, ${kept} kept` }
}

/** The list that people read, a line each. */
export function describeRetention(report: RetentionReport): string[] {
  const { mode, notChecked, removed, kept, keptBecause, leftovers } = report
  const of = `retention of ${report.class}, database ${report.database}`
  if (notChecked !== undefined) return [`${of}: nothing was deleted, ${notChecked}`]
  const verb = mode === 'apply' ? 'deleted' : 'would delete'
  return [
    `${of}${mode === 'apply' ? '' : ' (dry run)'}: ${verb} ${plural(removed.length, 'backup')}, ${kept} kept`,
    ...removed.map(
      ({ key, sizeBytes, snapshotAt, why }) => `  ${verb} ${key} (${formatSize(sizeBytes)}, snapshot ${formatMoment(snapshotAt)}): ${why}`,
    ),
    ...keptBecause.map(({ why, count }) => `  kept ${count}: ${why}`),
    ...leftovers.map(
      (one) => `  ${one.removed ? 'deleted' : 'left over'}: ${one.key} (${formatSize(one.sizeBytes)}), of a run that did not reach its end`,
    ),
  ]
}
