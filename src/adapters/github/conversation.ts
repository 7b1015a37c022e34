import { z } from 'zod'
import { type Conversation, ConversationError, type LineComment } from '../../lint/conversation.ts'
import type { PullRequest } from '../../lint/review.ts'
import { type GitHubClient, GitHubError } from './client.ts'

export const page = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() })
const comment = z.object({ databaseId: z.number(), viewerDidAuthor: z.boolean(), body: z.string() })
const comments = z.object({
  repository: z.object({
    pullRequest: z.object({ headRefOid: z.string(), comments: z.object({ nodes: z.array(comment), pageInfo: page }) }),
  }),
})
const lineComment = z.object({ viewerDidAuthor: z.boolean(), body: z.string() })
const threads = z.object({
  repository: z.object({
    pullRequest: z.object({
      reviewThreads: z.object({ nodes: z.array(z.object({ comments: z.object({ nodes: z.array(lineComment) }) })), pageInfo: page }),
    }),
  }),
})

/** Who wrote a comment is asked of GitHub: a login can be guessed wrong, and a marker can be planted. */
const commentsQuery = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { headRefOid
    comments(first: 100, after: $after) { nodes { databaseId viewerDidAuthor body } pageInfo { hasNextPage endCursor } } } } }`
const threadsQuery = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    reviewThreads(first: 100, after: $after) {
      nodes { comments(first: 1) { nodes { viewerDidAuthor body } } } pageInfo { hasNextPage endCursor } } } } }`

export function openConversation(client: GitHubClient, { repository, number }: PullRequest): Conversation {
  const [owner = '', name = ''] = repository.split('/')
  const asked = (after: string | null) => ({ owner, name, number, after })
  return {
    ownComments: (marker) =>
      told(async () => {
        let head = ''
        const all = await every(async (after) => {
          const { pullRequest } = comments.parse(await client.graphql(commentsQuery, asked(after))).repository
          head = pullRequest.headRefOid
          return pullRequest.comments
        })
        const own = all.filter((one) => one.viewerDidAuthor && one.body.includes(marker))
        return { head, comments: own.map(({ databaseId: id, body }) => ({ id, body })).sort((one, other) => one.id - other.id) }
      }),
    ownLineComments: () =>
      told(async () => {
        const all = await every(
          async (after) => threads.parse(await client.graphql(threadsQuery, asked(after))).repository.pullRequest.reviewThreads,
        )
        return all.flatMap(({ comments }) => comments.nodes.filter((one) => one.viewerDidAuthor).map(({ body }) => body))
      }),
    async write(body) {
      await told(() => client.json(`/repos/${repository}/issues/${number}/comments`, { method: 'POST', body: { body } }))
    },
    async rewrite(id, body) {
      await told(() => client.json(`/repos/${repository}/issues/comments/${id}`, { method: 'PATCH', body: { body } }))
    },
    async remove(id) {
      await told(async () => {
        await client.json(`/repos/${repository}/issues/comments/${id}`, { method: 'DELETE' }).catch((error) => {
          if (!(error instanceof GitHubError) || error.status !== 404) throw error // gone already, by another run
        })
      })
    },
    async commentOnLines(commit, lines) {
      const body = { commit_id: commit, event: 'COMMENT', comments: lines.map(lineCommentBody) }
      await told(() => client.json(`/repos/${repository}/pulls/${number}/reviews`, { method: 'POST', body }))
    },
  }
}

/** All nodes of a list that comes in pages. */
export async function every<T>(read: (after: string | null) => Promise<{ nodes: T[]; pageInfo: z.output<typeof page> }>): Promise<T[]> {
  const all: T[] = []
  for (let after: string | null = null; ; ) {
    const { nodes, pageInfo } = await read(after)
    all.push(...nodes)
    if (!pageInfo.hasNextPage) return all
    after = pageInfo.endCursor
  }
}

function lineCommentBody({ path, startLine, endLine, body }: LineComment) {
  const several = startLine === endLine ? {} : { start_line: startLine, start_side: 'RIGHT' }
  return { path, body, line: endLine, side: 'RIGHT', ...several }
}

/** Turns what GitHub answers into a `ConversationError`. */
export async function told<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    if (cause instanceof z.ZodError) throw new ConversationError('GitHub gave an answer of another form', false, { cause })
    if (!(cause instanceof GitHubError)) throw cause
    // a token without the right is told 403, or 404 as if the pull request were not there
    throw new ConversationError(cause.message, [401, 403, 404].includes(cause.status ?? 0), { cause })
  }
}
