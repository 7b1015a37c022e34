import { ReleaseError } from '../errors.ts'
import { formatMoment } from '../units.ts'
import { appliedAttempts, type HistoryRow, lastDeployed, newest } from './history.ts'
import type { Phase } from './migration.ts'

/** How this checkout's commit stands to another one; `unknown` where git cannot tell. */
export type CommitRelation = 'same' | 'older' | 'newer' | 'diverged' | 'unknown'

/** The commit that this database has last seen. */
export interface SeenCommit {
  readonly commit: string
  readonly release: string
  readonly at: Date
}

export interface CommitStanding {
  readonly relation: CommitRelation
  readonly seen: SeenCommit
  readonly current: string | undefined
}

/**
 * What a phase is measured against: the post phase belongs to the release that is live, the others come after whatever
 * has run. `undefined` when no row names a commit.
 */
export function commitSeen(history: readonly HistoryRow[], phase: Phase | 'all'): SeenCommit | undefined {
  const deployed = lastDeployed(history)
  const all = [...(deployed === undefined ? [] : [deployed]), ...(phase === 'post' ? [] : appliedAttempts(history))]
  const last = newest(all.filter(({ commit }) => commit !== undefined))
  return last?.commit === undefined ? undefined : { commit: last.commit, release: last.release, at: last.at }
}

/**
 * Throws `older-commit` when this checkout lies behind what has already run here, unless a reason allows it: an approval
 * that waited too long, or a run started again. Returns what is worth a note.
 */
export function refuseOlder({ relation, seen, current }: CommitStanding, allowed: string | undefined): string | undefined {
  const last = `${seen.commit.slice(0, 12)} (${seen.release}, ${formatMoment(seen.at)})`
  if (relation === 'same' || relation === 'newer') return undefined
  if (relation === 'unknown')
    return `Whether this checkout is older than ${last}, the commit that ran here last, cannot be told: git does not know both commits. Fetch the whole history (fetch-depth: 0).`
  if (relation === 'diverged')
    return `This checkout is neither before nor after ${last}, the commit that ran here last: a hotfix branch or a rebase. Merge it into the main line before the next release.`
  if (allowed !== undefined) return `This checkout is older than ${last}, the commit that ran here last; allowed: ${allowed}`
  throw new ReleaseError('older-commit', `This checkout (${current?.slice(0, 12)}) is older than ${last}, the commit that ran here last.`, {
    hint: 'Run the newer commit, or one after it. For a hotfix of an older release commit the fix on a branch from its tag: a branch with a commit of its own may run. When an older commit is really meant: allow-older with the reason.',
  })
}
