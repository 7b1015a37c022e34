import { z } from 'zod'
import type { Issues } from '../../rollback/issues.ts'
import type { GitHubClient } from './client.ts'
import { every, page, told } from './conversation.ts'

export const createdIssue = z.object({ number: z.int(), html_url: z.string() })

const node = z.object({ number: z.int(), url: z.string(), viewerDidAuthor: z.boolean(), body: z.string() })
const list = z.object({ repository: z.object({ issues: z.object({ nodes: z.array(node), pageInfo: page }) }) })

/** The newest ones, from the tables and not from the search, which learns of an issue only after a while. */
const issuesQuery = `query ($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(first: 100, after: $after, states: OPEN, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { number url viewerDidAuthor body } pageInfo { hasNextPage endCursor } } } }`

/** A second run of a rollback comes soon; in a repository with more open issues since then a second issue does no harm. */
const mostPages = 5

export function openIssues(client: GitHubClient, repository: string): Issues {
  const [owner = '', name = ''] = repository.split('/')
  const path = `/repos/${repository}/issues`
  return {
    find: (marker) =>
      told(async () => {
        let pages = 0
        const all = await every(async (after) => {
          const { issues } = list.parse(await client.graphql(issuesQuery, { owner, name, after })).repository
          const found = issues.nodes.some((one) => one.viewerDidAuthor && one.body.includes(marker))
          const isLast = found || ++pages >= mostPages
          return isLast ? { ...issues, pageInfo: { ...issues.pageInfo, hasNextPage: false } } : issues
        })
        const own = all.find((one) => one.viewerDidAuthor && one.body.includes(marker))
        return own === undefined ? undefined : { number: own.number, url: own.url }
      }),
    open: ({ title, body }) =>
      told(async () => {
        const { number, html_url: url } = createdIssue.parse(await client.json(path, { method: 'POST', body: { title, body } }))
        return { number, url }
      }),
    async comment(number, body) {
      await told(() => client.json(`${path}/${number}/comments`, { method: 'POST', body: { body } }))
    },
  }
}
