import { ReleaseError } from '../errors.ts'
import type { PullRequest } from './review.ts'

/** What happened on GitHub, as far as a review needs it. */
export interface ReviewEvent {
  readonly name: string
  /** As `owner/name`. */
  readonly repository: string
  readonly defaultBranch: string | undefined
  readonly pullRequest: PullRequest | undefined
  /** Commits before and after; absent where the event has none, and where a branch is new. */
  readonly base: string | undefined
  readonly head: string | undefined
  /** Whether the code under review comes from a pull request, whoever wrote it. */
  readonly ofPullRequest: boolean
}

/** These run with the repository's secrets and a token that may write, whoever wrote the code. */
const privileged = new Set(['pull_request_target', 'workflow_run', 'issue_comment'])

/** Throws `unsafe-event`: nothing of the checkout has been read yet. */
export function refuseUnsafeEvent({ name, ofPullRequest }: ReviewEvent): void {
  if (!privileged.has(name) || !ofPullRequest) return
  throw new ReleaseError(
    'unsafe-event',
    `The event ${name} gives a pull request's code the secrets of this repository; lint does not run on it.`,
    { hint: 'Start the workflow with on: pull_request. lint needs no secret there, and works for forks.' },
  )
}

/** Throws `unsafe-event`: nothing has connected yet. */
export function refuseForeignDatabase(pullRequest: PullRequest | undefined): void {
  if (pullRequest?.fork !== true) return
  throw new ReleaseError('unsafe-event', 'A pull request from a fork must not reach a database.', {
    hint: 'Leave schema-from and the database inputs out of the workflow of pull requests: the files tell the schema too.',
  })
}
