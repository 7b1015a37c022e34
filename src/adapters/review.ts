import { isAbsolute, relative, sep } from 'node:path'
import { ReleaseError } from '../errors.ts'
import { type ReviewEvent, refuseUnsafeEvent } from '../lint/event.ts'
import type { Change, Review } from '../lint/review.ts'
import { git, gitText } from './git.ts'
import { changesInGit, commonCommit, defaultBranchOf, firstKnown, parentsOf } from './git-changes.ts'
import type { GitHubClient } from './github/client.ts'
import { readEvent } from './github/event.ts'

type Variables = Readonly<Record<string, string | undefined>>

interface Surroundings {
  readonly folder: string
  readonly variables: Variables
  /** Absent without a token. */
  readonly github: (() => Promise<GitHubClient>) | undefined
}

/** Finds what is new: between the commits of the event, or in the working tree beside the branch that it goes to. */
export async function openReview(options: { readonly base: string | undefined }, surroundings: Surroundings): Promise<Review> {
  const { folder, variables } = surroundings
  const event = await readEvent(variables)
  if (event !== undefined) refuseUnsafeEvent(event)
  const [prefix, ends] = await Promise.all([
    git(['rev-parse', '--show-prefix'], folder, variables),
    findEnds(options.base, event, folder, variables),
  ])
  const common = {
    folder: prefix ?? folderBelow(variables.GITHUB_WORKSPACE, folder),
    pullRequest: event?.pullRequest,
    proposed: event !== undefined && (event.pullRequest !== undefined || event.name === 'merge_group'),
  }
  const base = ends.base === undefined ? undefined : await commonCommit(ends.base, ends.head ?? 'HEAD', folder, variables)
  if (base !== undefined) {
    const tip = ends.base as string
    const [head, changes] = await Promise.all([
      ends.reviewed ?? git(['rev-parse', 'HEAD'], folder, variables),
      changesInGit(base, ends.head, folder, variables),
    ])
    return {
      ...common,
      base,
      head,
      changes,
      note: undefined,
      // the branch's newest settings count, and not those that somebody branched off from
      textAtBase: (path) => gitText(['show', `${tip}:./${path}`], folder, variables),
    }
  }
  if (ends.wanted === undefined) {
    const note = `There is no commit to compare with (${ends.missing}), so every migration counts as new.`
    return { ...common, base: undefined, head: undefined, changes: [], note, textAtBase: async () => undefined }
  }
  const head = ends.reviewed ?? event?.head ?? variables.GITHUB_SHA
  if (event === undefined || head === undefined || surroundings.github === undefined) throw unknownBase(ends.wanted, event)
  const { compareOnGitHub, textOnGitHub } = await import('./github/changes.ts')
  const client = await surroundings.github()
  const pullRequest = event.pullRequest?.number
  const compared = await compareOnGitHub(client, event.repository, { base: ends.wanted, head, pullRequest })
  return {
    ...common,
    base: compared.base,
    head,
    changes: compared.changes.flatMap((change) => below(common.folder, change)),
    note: 'The checkout does not hold both commits; GitHub was asked what changed.',
    textAtBase: (path) => textOnGitHub(client, event.repository, ends.wanted as string, common.folder + path),
  }
}

interface Ends {
  /** The commit that git has; `undefined` when it has none of those that are wanted. */
  readonly base: string | undefined
  /** The newer commit; `undefined` means the working tree. */
  readonly head: string | undefined
  /** What GitHub calls the newer commit: that of the pull request, and not the merge that it would become. */
  readonly reviewed: string | undefined
  /** What GitHub can be asked about. */
  readonly wanted: string | undefined
  readonly missing: string
}

async function findEnds(given: string | undefined, event: ReviewEvent | undefined, folder: string, variables: Variables): Promise<Ends> {
  const onGitHub = event !== undefined
  const none = {
    base: undefined,
    head: onGitHub ? 'HEAD' : undefined,
    reviewed: event?.pullRequest && event.head,
    wanted: undefined,
    missing: '',
  }
  if (given !== undefined) {
    return { ...none, base: await firstKnown([given, `origin/${given}`], folder, variables), wanted: given }
  }
  if (event?.pullRequest !== undefined && event.head !== undefined) {
    const merge = await parentsOf('HEAD', folder, variables)
    // the merge has all that the pull request adds, and nothing else that its first parent has not
    const isMerge = merge?.parents[1] === event.head
    if (merge !== undefined && !isMerge) await refuseOtherCheckout(merge.commit, event.head, folder, variables)
    const [base, head] = isMerge ? [merge.parents[0] as string, 'HEAD'] : [event.base, event.head]
    return { ...none, base: await firstKnown([base], folder, variables), head, wanted: base }
  }
  if (event?.base !== undefined && event.head !== undefined) {
    return { ...none, base: await firstKnown([event.base], folder, variables), head: event.head, reviewed: event.head, wanted: event.base }
  }
  const branch = await defaultBranchOf(event?.defaultBranch, folder, variables)
  return { ...none, base: branch, wanted: event?.defaultBranch, missing: 'no remote has a default branch' }
}

/** Another branch's files would be searched for the pull request's, and none would be found. */
async function refuseOtherCheckout(current: string, head: string, folder: string, variables: Variables): Promise<void> {
  if (current === head) return
  const holds = await git(['merge-base', '--is-ancestor', head, current], folder, variables)
  if (holds !== undefined) return
  throw new ReleaseError(
    'wrong-checkout',
    `The checkout is ${current.slice(0, 12)}, which does not hold the pull request's commit ${head.slice(0, 12)}.`,
    {
      hint: 'Leave ref out of actions/checkout: it checks out the pull request.',
    },
  )
}

function unknownBase(wanted: string, event: ReviewEvent | undefined): ReleaseError {
  return new ReleaseError('unknown-base', `git does not know ${short(wanted)}, or it shares no commit with this branch.`, {
    hint:
      event === undefined
        ? 'Fetch it first, or name another with base.'
        : 'Check out with fetch-depth: 0, or hand over github-token, so that GitHub can be asked.',
  })
}

/** Paths of GitHub start at the root of the repository. */
function below(prefix: string, { kind, path, from }: Change): Change[] {
  const inside = path.startsWith(prefix)
  const wasInside = from?.startsWith(prefix) === true
  const [here, before] = [path.slice(prefix.length), from?.slice(prefix.length)]
  if (kind !== 'renamed') return inside ? [{ kind, path: here }] : []
  if (inside && wasInside) return [{ kind, path: here, from: before as string }]
  if (inside) return [{ kind: 'added', path: here }]
  return wasInside ? [{ kind: 'removed', path: before as string }] : []
}

function folderBelow(workspace: string | undefined, folder: string): string {
  const path = workspace ? relative(workspace, folder) : ''
  return path === '' || path.startsWith('..') || isAbsolute(path) ? '' : `${path.split(sep).join('/')}/`
}

function short(commit: string): string {
  return /^[0-9a-f]{40,}$/.test(commit) ? commit.slice(0, 12) : commit
}
