import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { messageOf, ReleaseError } from '../../errors.ts'
import type { ReviewEvent } from '../../lint/event.ts'

type Variables = Readonly<Record<string, string | undefined>>

const commit = z.string().regex(/^[0-9a-f]{40,64}$/)
const repository = z.object({ id: z.number() })
const end = z.object({ sha: commit, repo: repository.nullish() })

const payload = z.object({
  repository: z.object({ full_name: z.string(), default_branch: z.string().optional() }).optional(),
  pull_request: z.object({ number: z.int(), base: end, head: end }).optional().catch(undefined),
  merge_group: z.object({ base_sha: commit, head_sha: commit }).optional(),
  before: commit.optional().catch(undefined),
  after: commit.optional().catch(undefined),
  workflow_run: z.object({ event: z.string() }).optional(),
  issue: z.object({ pull_request: z.unknown().optional() }).optional(),
})

/** The event that started the workflow; `undefined` outside of GitHub Actions. */
export async function readEvent(variables: Variables): Promise<ReviewEvent | undefined> {
  const { GITHUB_ACTIONS: onGitHub, GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path } = variables
  if (onGitHub !== 'true' || !name || !path) return undefined
  const given = await readPayload(path)
  const pull = given.pull_request
  const own = given.repository?.full_name ?? variables.GITHUB_REPOSITORY ?? ''
  const pullRequest =
    pull === undefined
      ? undefined
      : // a branch whose repository was deleted is a fork's; a pull request inside of a fork is not
        { repository: own, number: pull.number, fork: pull.head.repo == null || pull.head.repo.id !== pull.base.repo?.id }
  return {
    name,
    repository: own,
    defaultBranch: given.repository?.default_branch,
    pullRequest,
    ...endsOf(given),
    ofPullRequest:
      pull !== undefined ||
      given.workflow_run?.event.startsWith('pull_request') === true ||
      (given.issue?.pull_request !== undefined && given.issue.pull_request !== null),
  }
}

async function readPayload(path: string) {
  try {
    return payload.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new ReleaseError('unreadable-file', `The event of GitHub cannot be read: ${messageOf(cause).split('\n')[0]}`, {
      hint: 'GITHUB_EVENT_PATH names the file; it is written by the runner.',
      cause,
    })
  }
}

function endsOf({ pull_request: pull, merge_group: group, before, after }: z.output<typeof payload>) {
  if (pull !== undefined) return { base: pull.base.sha, head: pull.head.sha }
  if (group !== undefined) return { base: group.base_sha, head: group.head_sha }
  return { base: unlessZeros(before), head: unlessZeros(after) }
}

/** What a push says of a branch that was not there before. */
function unlessZeros(sha: string | undefined): string | undefined {
  return sha === undefined || /^0+$/.test(sha) ? undefined : sha
}
