import { named, person, protectedBodies, runOf } from '../../github/bodies.ts'
import { type FakeGitHub, startGitHub } from '../../github/server.ts'

/** Who works on the team, with the number that GitHub knows each by. */
const people = { ann: 20, bob: 30, eve: 40 } as const
export type Person = keyof typeof people

/** A run as GitHub knows it. */
interface KnownRun {
  readonly id: string
  readonly attempt: number
  readonly actor: Person
  readonly event: string
  readonly commit: string
}

/** What GitHub knows of the team: its environments, who started what, who approved it. */
export interface TeamGitHub extends AsyncDisposable {
  readonly url: string
  readonly fake: FakeGitHub
  /** Whether production has required reviewers; eve is one, and approves each run. */
  guard(withReviewers: boolean): void
  knows(run: KnownRun): void
}

const root = '/repos/acme/shop'

export async function startTeamGitHub(): Promise<TeamGitHub> {
  const fake = await startGitHub()
  const guard = (withReviewers: boolean) => {
    const bodies = inProduction(protectedBodies(withReviewers ? {} : { environment: { protection_rules: [] } }))
    Object.assign(fake.bodies, bodies, {
      [`${root}/environments/production/deployment-branch-policies`]: {
        total_count: 1,
        branch_policies: [{ id: 1, name: 'v*', type: 'tag' }],
      },
      [`${root}/environments/production/secrets`]: named(['DATABASE_URL', 'STORE_KEY_ID', 'STORE_SECRET']),
      [`${root}/environments/production/deployment_protection_rules`]: { total_count: 0, custom_deployment_protection_rules: [] },
    })
  }
  guard(true)
  const [approval] = inProduction({ approvals: protectedBodies()[`${root}/actions/runs/77/approvals`] }).approvals as object[]
  return {
    url: fake.url,
    fake,
    guard,
    knows({ id, attempt, actor, event, commit }) {
      const run = runOf(Number(id), person(actor, people[actor]), { run_attempt: attempt, event, head_sha: commit })
      fake.bodies[`${root}/actions/runs/${id}`] = run
      fake.bodies[`${root}/actions/runs/${id}/attempts/${attempt}`] = run
      fake.bodies[`${root}/actions/runs/${id}/approvals`] = [{ ...approval, user: person('eve', people.eve) }]
    },
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  }
}

/** The published examples are about an environment with the name of staging. */
function inProduction(bodies: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(bodies).replaceAll(/\bstaging\b/g, 'production'))
}
