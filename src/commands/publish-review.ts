import type { InputValues } from '../inputs.ts'
import { type Conversation, ConversationError } from '../lint/conversation.ts'
import { commentMarker, composeComment } from '../lint/publish/comment.ts'
import type { LintDetails } from '../lint/publish/details.ts'
import { keepComment } from '../lint/publish/keep-comment.ts'
import { suggestionsOf } from '../lint/publish/suggestions.ts'
import type { PullRequest, Review } from '../lint/review.ts'
import { version } from '../version.ts'
import type { Context } from './command.ts'

interface Publication {
  readonly inputs: Pick<InputValues, 'comment' | 'github-token'>
  readonly review: Review
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  readonly reason: string
  readonly details: LintDetails
  /** Text of each migration by its path. */
  readonly texts: ReadonlyMap<string, string>
}

/** Comments on the pull request. What keeps it from doing so is told, and changes no verdict. Resolves with notes for people. */
export async function publishReview(publication: Publication, context: Context): Promise<string[]> {
  const { inputs, review, details } = publication
  const { pullRequest } = review
  if (pullRequest === undefined || inputs.comment === 'never') return []
  if (pullRequest.fork) return ['There is no comment: the token of a pull request from a fork may only read.']
  const token = inputs['github-token']
  if (token === undefined) {
    return details.findings.length === 0 ? [] : ['There is no comment: it needs the input github-token.']
  }
  try {
    const conversation = await context.openConversation(pullRequest, token)
    const left = await comment(publication, pullRequest, conversation, context)
    if (left === undefined) await suggest(publication, conversation)
    else context.log.info(`The comment was left as it is: ${left}.`)
    return []
  } catch (error) {
    if (!(error instanceof ConversationError)) throw error
    const cure = error.forbidden ? ' Give the job these permissions:\n  permissions:\n    contents: read\n    pull-requests: write' : ''
    context.log.warn(`no comment was written: ${error.message}.${cure}`)
    return [
      `No comment was written: ${error.message}.${error.forbidden ? ' The job needs "permissions: { contents: read, pull-requests: write }".' : ''}`,
    ]
  }
}

async function comment(
  { inputs, review, verdict, reason, details }: Publication,
  pullRequest: PullRequest,
  conversation: Conversation,
  { project, variables, run }: Context,
): Promise<string | undefined> {
  const marker = commentMarker(project, review.folder)
  const repository = `${variables.GITHUB_SERVER_URL || 'https://github.com'}/${pullRequest.repository}`
  const links = { repository, run: variables.GITHUB_RUN_ID ? `${repository}/actions/runs/${run.id}` : undefined }
  const body = composeComment({ marker, verdict, reason, details, folder: review.folder, links, tool: `shiplock ${version}` })
  const wanted = inputs.comment === 'always' || details.findings.length > 0 || details.settings.length > 0
  return keepComment(conversation, { marker, body, head: review.head, wanted })
}

async function suggest({ review, details, texts }: Publication, conversation: Conversation): Promise<void> {
  if (review.head === undefined || !details.findings.some(({ replacement }) => replacement !== undefined)) return
  const added = new Set(review.changes.flatMap(({ kind, path }) => (kind === 'added' ? [path] : [])))
  const suggestions = suggestionsOf({
    findings: details.findings,
    isAdded: (path) => added.has(path),
    textOf: (path) => texts.get(path),
    folder: review.folder,
    posted: await conversation.ownLineComments(),
  })
  if (suggestions.length > 0) await conversation.commentOnLines(review.head, suggestions)
}
