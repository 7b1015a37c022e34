import { z } from 'zod'
import type { Change } from '../../lint/review.ts'
import { type GitHubClient, GitHubError } from './client.ts'
import { explained } from './explain.ts'

/** The changes between two commits, with paths from the root of the repository. */
export interface Comparison {
  /** Commit from which the second one's branch went off. */
  readonly base: string
  readonly changes: readonly Change[]
}

const file = z.object({
  filename: z.string(),
  status: z.string(),
  changes: z.int(),
  previous_filename: z.string().optional(),
})
const comparison = z.object({ merge_base_commit: z.object({ sha: z.string() }), files: z.array(file).default([]) })

/** A comparison names no more, and does not say whether there are. */
const mostFilesCompared = 300
/** GitHub lists no more of a pull request. */
const mostFilesListed = 3000

/** Asks GitHub, for a checkout that does not hold both commits. */
export async function compareOnGitHub(
  client: GitHubClient,
  repository: string,
  ends: { readonly base: string; readonly head: string; readonly pullRequest: number | undefined },
): Promise<Comparison> {
  const { base, head, pullRequest } = ends
  const question = `what changed between ${short(base)} and ${short(head)}`
  try {
    return await compared(client, repository, base, head)
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 404 || pullRequest === undefined)
      throw explained(error, question, 'contents: read')
  }
  try {
    return { base, changes: await listed(client, repository, pullRequest) }
  } catch (error) {
    throw explained(error, question, 'pull-requests: read')
  }
}

async function compared(client: GitHubClient, repository: string, base: string, head: string): Promise<Comparison> {
  const path = `/repos/${repository}/compare/${encodeURIComponent(base)}...${encodeURIComponent(head)}?per_page=100`
  const { merge_base_commit: mergeBase, files } = comparison.parse(await client.json(path))
  if (files.length < mostFilesCompared) return { base: mergeBase.sha, changes: files.flatMap(changesOf) }
  const [before, after] = [await treeOf(client, repository, mergeBase.sha), await treeOf(client, repository, head)]
  return { base: mergeBase.sha, changes: treeChanges(before, after) }
}

async function listed(client: GitHubClient, repository: string, pullRequest: number): Promise<Change[]> {
  const files: z.output<typeof file>[] = []
  for await (const page of client.pages(`/repos/${repository}/pulls/${pullRequest}/files?per_page=100`)) {
    files.push(...z.array(file).parse(page))
  }
  if (files.length >= mostFilesListed) throw new GitHubError(`it lists only ${mostFilesListed} files`, 422)
  return files.flatMap(changesOf)
}

/** A file that was renamed and edited is another file, which takes the place of one that is gone. */
function changesOf({ filename: path, status, changes, previous_filename: from }: z.output<typeof file>): Change[] {
  if (status === 'renamed' && from !== undefined) {
    return changes === 0
      ? [{ kind: 'renamed', path, from }]
      : [
          { kind: 'added', path },
          { kind: 'removed', path: from },
        ]
  }
  if (status === 'unchanged') return []
  return [{ kind: status === 'added' || status === 'copied' ? 'added' : status === 'removed' ? 'removed' : 'modified', path }]
}

const tree = z.object({ truncated: z.boolean(), tree: z.array(z.object({ path: z.string(), type: z.string(), sha: z.string() })) })

/** Content by path. */
async function treeOf(client: GitHubClient, repository: string, commit: string): Promise<ReadonlyMap<string, string>> {
  const found = tree.parse(await client.json(`/repos/${repository}/git/trees/${encodeURIComponent(commit)}?recursive=1`))
  if (found.truncated) throw new GitHubError('the repository has too many files for one answer', 422)
  return new Map(found.tree.filter(({ type }) => type === 'blob').map(({ path, sha }) => [path, sha]))
}

function treeChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Change[] {
  const removed = new Map([...before].filter(([path]) => !after.has(path)).map(([path, sha]) => [sha, path]))
  const changes: Change[] = []
  for (const [path, sha] of after) {
    const old = before.get(path)
    const from = removed.get(sha)
    if (old === undefined && from !== undefined) {
      removed.delete(sha)
      changes.push({ kind: 'renamed', path, from })
    } else if (old !== sha) changes.push({ kind: old === undefined ? 'added' : 'modified', path })
  }
  const renamed = new Set(changes.map(({ from }) => from))
  for (const path of before.keys()) if (!after.has(path) && !renamed.has(path)) changes.push({ kind: 'removed', path })
  return changes
}

/** A file as a commit has it. */
export async function textOnGitHub(client: GitHubClient, repository: string, commit: string, path: string): Promise<string | undefined> {
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  try {
    return await client.text(`/repos/${repository}/contents/${encoded}?ref=${encodeURIComponent(commit)}`)
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return undefined
    throw explained(error, `what ${path} was in ${short(commit)}`, 'contents: read')
  }
}

function short(commit: string): string {
  return /^[0-9a-f]{40,}$/.test(commit) ? commit.slice(0, 12) : commit
}
