import { ReleaseError } from '../errors.ts'
import { formatDuration, formatMoment, plural } from '../units.ts'
import { type DeployRow, type HistoryRow, isRollback, lastDeployed, newest } from './history.ts'
import type { Migration } from './migration.ts'

/** A post migration of a deployed release that has not run. */
export interface Debt {
  readonly migration: Migration
  /** When the first release that contains it was recorded as deployed. */
  readonly since: Date
  /** That release. */
  readonly release: string
  readonly ageMs: number
}

export interface DebtLimits {
  readonly maxPostDebtMs: number
  readonly maxPostDebtCount: number
}

/**
 * The post migrations that the code that is live no longer needs held back.
 * Throws `post-not-allowed` or `post-changed`.
 */
export function postMigrationsToRun(
  { pre, post }: { readonly pre: readonly Migration[]; readonly post: readonly Migration[] },
  history: readonly HistoryRow[],
): readonly Migration[] {
  const deployed = lastDeployed(history)
  if (deployed === undefined && pre.length === 0) {
    throw new ReleaseError(
      'post-not-allowed',
      `${plural(post.length, 'post migration')} would run, but no release has been recorded as deployed in this environment.`,
      {
        hint: 'Run "shiplock record deployed" after the deploy command has ended with 0; then run the post phase.',
      },
    )
  }
  refuseBarred(history, deployed)
  if (pre.length > 0) {
    throw new ReleaseError(
      'post-not-allowed',
      `${plural(pre.length, 'pre migration')} of this release (${pre[0]?.id} first) ${pre.length === 1 ? 'has' : 'have'} not run, so the code that is live cannot be the one that no longer needs the old objects.`,
      {
        hint: 'Run the pre phase, deploy, record the deploy, and then run the post phase.',
      },
    )
  }
  const contained = new Map(deployed?.migrations.map(({ version, checksum }) => [version, checksum]))
  const changed = post.find(({ version, checksum }) => contained.has(version) && contained.get(version) !== checksum)
  if (changed !== undefined) {
    throw new ReleaseError('post-changed', `${changed.path} was changed after ${deployed?.release} was recorded as deployed.`, {
      at: changed.path,
      hint: 'Deploy the release that holds the file as it is now, run "shiplock record deployed" from its checkout, and then the post phase.',
    })
  }
  return post.filter(({ version }) => contained.has(version))
}

/** Throws `post-not-allowed`: after a rollback, or a canary that did not like what it saw, the code that was recorded as live may be live no more. */
export function refuseBarred(history: readonly HistoryRow[], deployed: DeployRow | undefined): void {
  const against = history.filter((row, index) => isAgainst(row, history.slice(index + 1), deployed))
  const last = newest([...(deployed === undefined ? [] : [deployed]), ...against])
  if (last === undefined || last === deployed) return
  const what =
    last.event === 'canary'
      ? `A canary ended in ${last.verdict}`
      : last.event === 'reversal' && last.byHand !== undefined
        ? `${last.name}, which the release that is live contains, was marked as taken back`
        : 'A rollback was recorded'
  throw new ReleaseError(
    'post-not-allowed',
    `${what} for ${last.release} on ${formatMoment(last.at)}, after the last deploy${deployed === undefined ? '' : ` (${deployed.release})`}: old code may be live again that needs what the post migrations remove.`,
    {
      hint: `Deploy the release that is to stay, run "shiplock record deployed" from its checkout, and then the post phase.${last.event === 'canary' ? ' When this one is to stay, a person decides it: "shiplock record promoted --reason …".' : ''}`,
    },
  )
}

/**
 * After an abort the old code may be live again, so that only a person or a new deploy can tell otherwise; after a hold a
 * watch of the same release with more to see can, too.
 */
function isAgainst(row: HistoryRow, later: readonly HistoryRow[], deployed: DeployRow | undefined): boolean {
  if (isRollback(row, deployed)) return true
  if (row.event !== 'canary' || row.verdict === 'promote') return false
  return !later.some(
    (one) =>
      one.event === 'canary' && one.verdict === 'promote' && (one.accepted || (row.verdict === 'hold' && one.release === row.release)),
  )
}

/** Throws `post-debt` when post migrations have been held back for too long, or too many of them. */
export function refuseDebts(debts: readonly Debt[], { maxPostDebtMs, maxPostDebtCount }: DebtLimits): void {
  const [oldest] = [...debts].sort((a, b) => b.ageMs - a.ageMs)
  if (oldest === undefined) return
  if (oldest.ageMs > maxPostDebtMs) {
    throw new ReleaseError(
      'post-debt',
      `${oldest.migration.path} has been held back for ${formatDuration(oldest.ageMs)} since its release was deployed; the limit is ${formatDuration(maxPostDebtMs)}.`,
      {
        hint: 'Run --phase post from the checkout of the deployed release first, or raise max-post-debt.',
      },
    )
  }
  if (debts.length > maxPostDebtCount) {
    throw new ReleaseError(
      'post-debt',
      `${plural(debts.length, 'post migration')} of deployed releases are held back, ${oldest.migration.path} for the longest; the limit is ${maxPostDebtCount}.`,
      {
        hint: 'Run --phase post from the checkout of the deployed release first, or raise max-post-debt-count.',
      },
    )
  }
}

export function debtsOf(post: readonly Migration[], history: readonly HistoryRow[], now: Date): Debt[] {
  const deploys = history.filter((row) => row.event === 'deployed').sort((a, b) => a.at.getTime() - b.at.getTime())
  return post.flatMap((migration) => {
    const first = deploys.find((row) => row.migrations.some((one) => one.version === migration.version))
    return first === undefined ? [] : [{ migration, since: first.at, release: first.release, ageMs: now.getTime() - first.at.getTime() }]
  })
}
