import { ReleaseError } from '../errors.ts'
import type { CommitRelation } from '../migration/commit-order.ts'
import { type HistoryRow, isRollback, lastDeployed, newest } from '../migration/history.ts'
import { shownVersion } from '../migration/migration.ts'

/** The release that a rollback goes to. */
export interface Target {
  /** As somebody named it. */
  readonly name: string
  readonly commit: string
}

/** The release that is live, as far as the history tells; after a rollback it does not. */
export function liveRelease(history: readonly HistoryRow[]): { readonly release: string; readonly commit: string | undefined } | undefined {
  const deployed = lastDeployed(history)
  if (deployed === undefined) return undefined
  const later = newest([deployed, ...history.filter((row) => isRollback(row, deployed))])
  return later === deployed ? { release: deployed.release, commit: deployed.commit } : undefined
}

/** What the order of the commits says. Throws `target-is-live` or `target-newer`. Returns what is worth a note. */
export function refuseForward(
  { name, commit }: Target,
  live: { readonly release: string; readonly commit: string | undefined } | undefined,
  relation: CommitRelation | undefined,
): string | undefined {
  if (live === undefined)
    return 'No release is recorded as live here, so that nothing says whether the target is older: "shiplock record deployed" notes it after each deploy.'
  if (relation === 'same' || (live.commit === undefined && live.release === name)) {
    throw new ReleaseError('target-is-live', `${name} (${commit.slice(0, 12)}) is the release that is live.`, {
      hint: 'Name the release to go back to with --to, such as the tag before it.',
    })
  }
  if (relation === 'newer') {
    throw new ReleaseError('target-newer', `${name} (${commit.slice(0, 12)}) is newer than ${live.release}, the release that is live.`, {
      hint: 'A rollback goes to an older release. To go forward, deploy it as usual.',
    })
  }
  if (relation === 'diverged') return `${name} and ${live.release} lie on different lines of commits, as a hotfix of either does.`
  if (relation === 'unknown')
    return `Whether ${name} is older than ${live.release} cannot be told: git does not know both commits. Fetch the whole history (fetch-depth: 0).`
  return undefined
}

/**
 * Throws `half-applied` for files of which some statements have run, and no more: to apply them, or to take back what is
 * still in the version table. Only a run that goes on with the way back of a version may find it so.
 */
export function refuseHalfApplied(steps: ReadonlyMap<string, number>, applied: ReadonlySet<string>, goesOnWith?: string): void {
  for (const [version, count] of steps) {
    if (version === goesOnWith && applied.has(version)) continue
    if (applied.has(version)) throw halfTakenBack(version, count)
    throw new ReleaseError(
      'half-applied',
      `Version ${shownVersion(version)} has run in part: ${count} of its statements ${count === 1 ? 'has' : 'have'} finished, and it is in no version table.`,
      {
        hint: 'Finish it first: "shiplock migrate" from the checkout that holds it goes on after the last statement that finished.',
      },
    )
  }
}

function halfTakenBack(version: string, count: number): ReleaseError {
  return new ReleaseError(
    'half-applied',
    `Version ${version} has been taken back in part: ${count} of the statements of its way back ${count === 1 ? 'has' : 'have'} finished, and it is still in the version table.`,
    {
      hint: `Finish it first: "shiplock rollback --shape down-one --migration ${version}", with the same target, goes on after the last statement that finished. If it was an attempt to run it that stopped, and somebody else finished that: shiplock ledger mark-applied --migration ${version} --reason "…"`,
    },
  )
}
