import { z } from 'zod'
import type { CommitCheck, CommitChecks } from '../../rollback/target-ci.ts'
import { type GitHubClient, GitHubError } from './client.ts'

export const checkRunPage = z.object({
  check_runs: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      details_url: z.string().nullable(),
    }),
  ),
})
export const statusPage = z.object({ statuses: z.array(z.object({ context: z.string(), state: z.string() })) })

const green = ['success', 'neutral', 'skipped']

/** Asks for both kinds that GitHub has, the newest of each name. Never throws what GitHub answers: what could not be read is a problem. */
export async function readCommitChecks(client: GitHubClient, repository: string, commit: string): Promise<CommitChecks> {
  const path = `/repos/${repository}/commits/${encodeURIComponent(commit)}`
  const checks: CommitCheck[] = []
  const problems = [
    await told('the checks', 'checks: read', async () => {
      for await (const page of client.pages(`${path}/check-runs?per_page=100`))
        checks.push(...checkRunPage.parse(page).check_runs.map(ofRun))
    }),
    await told('the statuses', 'statuses: read', async () => {
      for await (const page of client.pages(`${path}/status?per_page=100`)) checks.push(...statusPage.parse(page).statuses.map(ofStatus))
    }),
  ]
  return { checks, problems: problems.filter((one) => one !== undefined) }
}

type Run = z.output<typeof checkRunPage>['check_runs'][number]

function ofRun({ name, status, conclusion, details_url: url }: Run): CommitCheck {
  const state = status !== 'completed' ? 'pending' : green.includes(conclusion ?? '') ? 'green' : 'red'
  return { name, state, run: /\/actions\/runs\/(\d+)(?:\/|$)/.exec(url ?? '')?.[1] }
}

function ofStatus({ context: name, state }: z.output<typeof statusPage>['statuses'][number]): CommitCheck {
  return { name, state: state === 'success' ? 'green' : state === 'pending' ? 'pending' : 'red', run: undefined }
}

/** Why it could not be read; nothing when it could. */
async function told(what: string, right: string, ask: () => Promise<void>): Promise<string | undefined> {
  try {
    await ask()
    return undefined
  } catch (error) {
    if (error instanceof z.ZodError) return `GitHub gave an answer of another form for ${what}.`
    if (!(error instanceof GitHubError)) throw error
    // a token without the right is told 403, or 404 as if the repository were not there
    const cure = [401, 403, 404].includes(error.status ?? 0) ? ` The job needs "permissions: { contents: read, ${right} }".` : ''
    return `GitHub did not tell ${what}: ${error.message}.${cure}`
  }
}
