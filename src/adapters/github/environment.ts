import { z } from 'zod'
import { messageOf, ReleaseError } from '../../errors.ts'
import type { BranchLimit, ProtectedEnvironment, Protection, Unread } from '../../gate/protection/environment.ts'
import { personOf } from '../../gate/protection/person.ts'
import { readingRight, secretsRight } from '../../gate/protection/rights.ts'
import { type GitHubClient, GitHubError } from './client.ts'

const user = z.object({ login: z.string(), id: z.number(), type: z.string().optional() })
const rule = z.looseObject({
  type: z.string(),
  wait_timer: z.number().optional(),
  prevent_self_review: z.boolean().optional(),
  reviewers: z.array(z.object({ reviewer: z.union([user, z.object({ slug: z.string() })]) })).optional(),
})
const environment = z.object({
  name: z.string(),
  can_admins_bypass: z.boolean().optional(),
  protection_rules: z.array(rule).default([]),
  deployment_branch_policy: z.object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() }).nullish(),
})
const pattern = z.object({ name: z.string(), type: z.enum(['branch', 'tag']).default('branch') })
const policies = z.object({ total_count: z.number(), branch_policies: z.array(pattern) })
const secrets = z.object({ total_count: z.number(), secrets: z.array(z.object({ name: z.string() })) })
const customRules = z.object({
  custom_deployment_protection_rules: z.array(z.object({ enabled: z.boolean(), app: z.object({ slug: z.string() }) })).default([]),
})
const run = z.object({
  id: z.number(),
  run_attempt: z.number().default(1),
  event: z.string(),
  head_sha: z.string(),
  actor: user.nullish(),
  triggering_actor: user.nullish(),
})
const approvals = z.array(
  z.object({
    state: z.enum(['approved', 'rejected', 'pending']),
    user,
    environments: z.array(z.object({ name: z.string() })),
  }),
)

/** Throws `protection-unread` where nobody knows which repository is meant. */
export function openProtection(client: GitHubClient, repository: string | undefined): Protection {
  if (repository === undefined) {
    throw new ReleaseError('protection-unread', 'Nobody knows which repository of GitHub this is.', {
      hint: 'Set GITHUB_REPOSITORY to owner/name, or run it in a clone whose remote "origin" is on GitHub.',
    })
  }
  const root = `/repos/${repository}`
  const pathOf = (name: string) => `${root}/environments/${encodeURIComponent(name)}`
  return {
    repository,

    environment: (name) =>
      told(`how ${name} is protected`, async () => {
        const found = await environmentAt(client, pathOf(name), root)
        return found === undefined ? undefined : describe(environment.parse(found), pathOf(name), root, client)
      }),

    async secretNames(name) {
      const names = (what: string, path: string) =>
        quietly(secretsRight, () =>
          told(`the names of ${what}`, async () => (await listed(client, path, secrets, (page) => page.secrets)).map((one) => one.name)),
        )
      return {
        environment: await names(`the secrets of ${name}`, `${pathOf(name)}/secrets`),
        repository: await names('the secrets of the repository', `${root}/actions/secrets`),
        organization: await names('the secrets of the organization', `${root}/actions/organization-secrets`),
      }
    },

    run: (id, attempt) =>
      told(`who started run ${id}`, async () => {
        const path = `${root}/actions/runs/${encodeURIComponent(id)}${attempt === undefined ? '' : `/attempts/${attempt}`}`
        const given = run.parse(await client.json(path))
        const people = [given.actor, given.triggering_actor].flatMap((one) => (one ? [known(one)] : []))
        return {
          id: String(given.id),
          attempt: given.run_attempt,
          event: given.event,
          commit: given.head_sha,
          people: people.filter((one, index) => people.findIndex((other) => other.id === one.id) === index),
        }
      }),

    approvals: (id) =>
      told(`who approved run ${id}`, async () => {
        const given = approvals.parse(await client.json(`${root}/actions/runs/${encodeURIComponent(id)}/approvals`))
        return given.map(({ state, user: by, environments }) => ({
          by: known(by),
          state,
          environments: environments.map((one) => one.name),
        }))
      }),
  }
}

/** GitHub answers 404 both for what is not there and for what a token may not see; whoever may list knows that it is not there. */
async function environmentAt(client: GitHubClient, path: string, root: string): Promise<unknown> {
  try {
    return await client.json(path)
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 404) throw error
    await client.json(`${root}/environments?per_page=1`)
    return undefined
  }
}

async function describe(
  given: z.output<typeof environment>,
  path: string,
  root: string,
  client: GitHubClient,
): Promise<ProtectedEnvironment> {
  const rules = given.protection_rules
  const asking = rules.filter(({ type }) => type === 'required_reviewers')
  const reviewers = asking.flatMap((one) => one.reviewers ?? []).map(({ reviewer }) => reviewer)
  return {
    name: given.name,
    reviewers: reviewers.map((one) => ('login' in one ? one.login : `team ${one.slug}`)),
    preventsSelfReview: asking.length > 0 && asking.every((one) => one.prevent_self_review === true),
    adminsBypass: given.can_admins_bypass,
    waitMinutes: Math.max(0, ...rules.map((one) => one.wait_timer ?? 0)),
    branches: await branchLimit(given.deployment_branch_policy, path, root, client),
    customRules: await quietly(readingRight, () =>
      told('the custom rules', async () =>
        customRules
          .parse(await client.json(`${path}/deployment_protection_rules`))
          .custom_deployment_protection_rules.filter(({ enabled }) => enabled)
          .map(({ app }) => app.slug),
      ),
    ),
  }
}

async function branchLimit(
  policy: z.output<typeof environment>['deployment_branch_policy'],
  path: string,
  root: string,
  client: GitHubClient,
): Promise<BranchLimit> {
  if (!policy?.protected_branches && !policy?.custom_branch_policies) return { kind: 'any' }
  if (policy.custom_branch_policies) {
    const patterns = () => listed(client, `${path}/deployment-branch-policies`, policies, (page) => page.branch_policies)
    return { kind: 'patterns', patterns: await quietly(readingRight, () => told('the branches', patterns)) }
  }
  const isSome = async () => z.array(z.unknown()).parse(await client.json(`${root}/branches?protected=true&per_page=1`)).length > 0
  return { kind: 'protected', exists: await quietly(readingRight, () => told('the protected branches', isSome)) }
}

/** All of a list, or an error: a name that was not listed could be the one that matters. */
async function listed<Page extends { total_count: number }, T>(
  client: GitHubClient,
  path: string,
  schema: z.ZodType<Page>,
  items: (page: Page) => readonly T[],
): Promise<readonly T[]> {
  const all: T[] = []
  let total = 0
  for await (const answer of client.pages(`${path}?per_page=100`)) {
    const page = schema.parse(answer)
    all.push(...items(page))
    total = page.total_count
  }
  if (all.length < total) throw new GitHubError(`it names only ${all.length} of ${total}`, undefined)
  return all
}

function known({ login, id, type }: z.output<typeof user>) {
  const person = personOf(login, id)
  return { login, id, bot: type === 'Bot' || person?.bot === true }
}

async function quietly<T>(needed: string, ask: () => Promise<T>): Promise<T | Unread> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    const why = messageOf(error).replace(/\.$/, '')
    return { unread: error.code === 'github-unreachable' ? why : `${why}; ${needed}` }
  }
}

async function told<T>(question: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    const said = `GitHub did not tell ${question}`
    if (cause instanceof z.ZodError) {
      throw new ReleaseError('protection-unread', `${said}: its answer has another form.`, {
        hint: 'Check GITHUB_API_URL; it may be a proxy.',
        cause,
      })
    }
    if (!(cause instanceof GitHubError)) throw cause
    const { status, message } = cause
    if (status === undefined || status >= 500 || status === 429) {
      throw new ReleaseError('github-unreachable', `${said}: ${message}.`, { hint: 'Run it again later.', cause })
    }
    const hint = `${status === 401 ? 'The token is mistyped or has expired. ' : ''}${readingRight}.`
    throw new ReleaseError('protection-unread', `${said}: ${message}.`, { hint, cause })
  }
}
