import type { components } from '@octokit/openapi-types'
import approvalsBody from './fixtures/approvals.json' with { type: 'json' }
import policiesBody from './fixtures/branch-policies.json' with { type: 'json' }
import environmentBody from './fixtures/environment.json' with { type: 'json' }
import environmentsBody from './fixtures/environments.json' with { type: 'json' }
import organizationBody from './fixtures/organization-secrets.json' with { type: 'json' }
import rulesBody from './fixtures/protection-rules.json' with { type: 'json' }
import secretsBody from './fixtures/secrets.json' with { type: 'json' }
import runBody from './fixtures/workflow-run.json' with { type: 'json' }

type Schemas = components['schemas']

// The example bodies that GitHub publishes with its schema.
const environment = environmentBody as Schemas['environment'] & { can_admins_bypass?: boolean }
const environments = environmentsBody as { total_count: number; environments: Schemas['environment'][] }
export const policies = policiesBody as { total_count: number; branch_policies: Schemas['deployment-branch-policy'][] }
export const secrets = secretsBody as { total_count: number; secrets: Schemas['actions-secret'][] }
const organizationSecrets = organizationBody as { total_count: number; secrets: Schemas['organization-actions-secret'][] }
const approvals = approvalsBody as Schemas['environment-approvals'][]
const workflowRun = runBody as Schemas['workflow-run']

/** Published as a list of its two keys; the schema, and GitHub, have one object. */
const customRules = Object.assign({}, ...rulesBody) as {
  total_count: number
  custom_deployment_protection_rules: Schemas['deployment-protection-rule'][]
}

export type Environment = typeof environment
export type Rule = NonNullable<Environment['protection_rules']>[number]

const root = '/repos/acme/shop'

/** What GitHub answers about the environment `staging` of its own examples, with all that a gate asks for. */
export function protectedBodies(
  change: { environment?: Partial<Environment>; rules?: (rule: Rule) => Rule } = {},
): Record<string, unknown> {
  const rules = (environment.protection_rules ?? []).map(
    (rule): Rule => (rule.type === 'required_reviewers' ? { ...rule, prevent_self_review: true } : rule),
  )
  const given: Environment = { ...environment, can_admins_bypass: false, protection_rules: rules.map(change.rules ?? ((rule) => rule)) }
  return {
    [`${root}/environments`]: environments,
    [`${root}/environments/staging`]: { ...given, ...change.environment },
    [`${root}/environments/staging/deployment-branch-policies`]: policies,
    [`${root}/environments/staging/deployment_protection_rules`]: customRules,
    [`${root}/environments/staging/secrets`]: named(['DATABASE_URL', 'DEPLOY_KEY']),
    [`${root}/actions/secrets`]: secrets,
    [`${root}/actions/organization-secrets`]: organizationSecrets,
    [`${root}/branches`]: [{ name: 'main', protected: true }],
    [`${root}/actions/runs/77/attempts/1`]: runOf(77, person('mona', 20)),
    [`${root}/actions/runs/77/approvals`]: approvals,
  }
}

export function named(all: readonly string[]): typeof secrets {
  return { total_count: all.length, secrets: all.map((name) => ({ ...(secrets.secrets[0] as Schemas['actions-secret']), name })) }
}

export function person(login: string, id: number, type = 'User'): Schemas['simple-user'] {
  return { ...(approvals[0] as Schemas['environment-approvals']).user, login, id, type } as Schemas['simple-user']
}

export function runOf(id: number, actor: Schemas['simple-user'], more: Partial<Schemas['workflow-run']> = {}): Schemas['workflow-run'] {
  return { ...workflowRun, id, actor, triggering_actor: actor, run_attempt: 1, event: 'workflow_dispatch', ...more }
}
