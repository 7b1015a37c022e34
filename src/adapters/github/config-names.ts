import { z } from 'zod'
import { ReleaseError } from '../../errors.ts'
import type { GitHubNames, UnreadList } from '../../gate/config/sources.ts'
import { type GitHubClient, GitHubError } from './client.ts'

/** Variables come with their values, which end here. */
const page = z.object({
  variables: z.array(z.object({ name: z.string() })).optional(),
  secrets: z.array(z.object({ name: z.string() })).optional(),
})

/** A list of names, and the right of a fine-grained token, or of an app, that opens it. */
interface List {
  readonly what: string
  readonly path: string
  readonly permission: string
  /** The list that this one is empty beside, where GitHub does not know it: a repository need not be an organisation's. */
  readonly beside?: string
}

/** The names that reach a job of an environment: its own, those of the repository, and those that the organisation shares. */
export async function namesOnGitHub(client: GitHubClient, repository: string | undefined, environment: string): Promise<GitHubNames> {
  if (repository === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new ReleaseError('invalid-input', 'config-have-github needs to know the repository.', {
      hint: 'Outside of GitHub Actions set the environment variable GITHUB_REPOSITORY to owner/name.',
    })
  }
  const names = new Set<string>()
  const unread: UnreadList[] = []
  const read = new Set<string>()
  for (const list of listsOf(repository, environment)) {
    try {
      for await (const one of client.pages(list.path)) {
        const { variables = [], secrets = [] } = page.parse(one)
        for (const { name } of [...variables, ...secrets]) names.add(name)
      }
      read.add(list.what)
    } catch (error) {
      const problem = problemOf(error, list, environment)
      const isNobodys = error instanceof GitHubError && error.status === 404 && list.beside !== undefined && read.has(list.beside)
      if (!isNobodys) unread.push(problem)
    }
  }
  return { names: [...names], unread }
}

function listsOf(repository: string, environment: string): readonly List[] {
  const own = `/repos/${repository}`
  const named = `${own}/environments/${encodeURIComponent(environment)}`
  const [environments, variables, secrets] = ['Environments: read', 'Variables: read', 'Secrets: read'] as const
  return [
    { what: `variables of the environment ${environment}`, path: `${named}/variables?per_page=30`, permission: environments },
    { what: `secrets of the environment ${environment}`, path: `${named}/secrets?per_page=100`, permission: environments },
    { what: 'variables of the repository', path: `${own}/actions/variables?per_page=30`, permission: variables },
    { what: 'secrets of the repository', path: `${own}/actions/secrets?per_page=100`, permission: secrets },
    {
      what: 'variables of the organisation',
      path: `${own}/actions/organization-variables?per_page=30`,
      permission: variables,
      beside: 'variables of the repository',
    },
    {
      what: 'secrets of the organisation',
      path: `${own}/actions/organization-secrets?per_page=100`,
      permission: secrets,
      beside: 'secrets of the repository',
    },
  ]
}

/** Throws `github-refused` for a token that GitHub does not know at all. An answer is never repeated: it may hold values. */
function problemOf(error: unknown, { what, permission }: List, environment: string): UnreadList {
  if (error instanceof z.ZodError) return { what, because: 'GitHub answered in a shape that is not known', remedy: 'Run it again later.' }
  if (!(error instanceof GitHubError)) throw error
  const { status } = error
  if (status === 401) {
    throw new ReleaseError('github-refused', 'GitHub does not accept the token (HTTP 401).', {
      hint: 'The input github-token needs a token that is still valid.',
      cause: error,
    })
  }
  if (status === undefined || status === 429 || status >= 500) {
    const because = status === undefined ? 'GitHub did not answer' : status === 429 ? 'GitHub wants to be asked later' : `HTTP ${status}`
    return { what, because, remedy: 'Run it again later.' }
  }
  const remedy = `Give github-token a fine-grained token or one of an app with the repository permission "${permission}"; the GITHUB_TOKEN of a job cannot have it.`
  const thing = what.endsWith(environment) ? `environment ${environment}` : 'repository'
  const because = status === 404 ? `HTTP 404: there is no such ${thing}, or the token may not see it` : `HTTP ${status}`
  return { what, because, remedy }
}
