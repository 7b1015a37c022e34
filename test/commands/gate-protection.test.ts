import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { GitHubClient } from '../../src/adapters/github/client.ts'
import { openProtection } from '../../src/adapters/github/environment.ts'
import { keepResult, type RunStarter } from '../../src/backup/record.ts'
import type { Context } from '../../src/commands/command.ts'
import { gatePromotion, promotionChecks, promotionInputNames } from '../../src/commands/gate-promotion.ts'
import { asksProtection, gateProtection, protectionChecks, protectionInputNames } from '../../src/commands/gate-protection.ts'
import { gateSecondPerson, secondPersonChecks, secondPersonInputNames } from '../../src/commands/gate-second-person.ts'
import type { InputValues } from '../../src/inputs.ts'
import { resolveInputs } from '../../src/resolve-inputs.ts'
import { fakeContext } from '../fakes/context.ts'
import { givenTo } from '../fakes/given.ts'
import { memoryStore } from '../fakes/store.ts'
import { type Environment, named, person, type policies, protectedBodies, type Rule, runOf } from '../github/bodies.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'

let github: FakeGitHub
beforeEach(async () => {
  github = await startGitHub()
  github.bodies = protectedBodies()
})
afterEach(() => github[Symbol.asyncDispose]())

const token = 'ghs_planted-marker'
const root = '/repos/acme/shop'
const inWorkflow = { GITHUB_ACTIONS: 'true', GITHUB_RUN_ID: '77', GITHUB_REF_PROTECTED: 'true' }
const mona: RunStarter = { actor: 'mona', actorId: '20', triggeringActor: 'mona', event: 'workflow_dispatch' }
const names = [...protectionInputNames, ...secondPersonInputNames, ...promotionInputNames]

function contextOf(more: Partial<Context> = {}): Context {
  const { context } = fakeContext({
    environment: 'staging',
    variables: inWorkflow,
    openProtection: async (given) =>
      openProtection(new GitHubClient({ apiUrl: github.url, token: given, signal: new AbortController().signal, delayMs: 1 }), 'acme/shop'),
    ...more,
  })
  return { ...context, run: { ...context.run, by: mona, ...more.run } }
}

const given = (values: Partial<InputValues> = {}) => givenTo({ inputs: names }, { 'github-token': token, ...values })
const gate = (values: Partial<InputValues> = {}, more: Partial<Context> = {}) => gateProtection(given(values), contextOf(more))
const levels = (text: string) =>
  resolveInputs(['protection'], { given: new Map([['protection', text]]), config: new Map(), surroundings: new Map(), baseDir: '/' })
const statuses = ({ checks }: { checks: readonly { id: string; status: string }[] }) =>
  Object.fromEntries(checks.map(({ id, status }) => [id, status]))
const isAt = (end: string) => (_: string, path: string) => path.endsWith(end)

describe('an environment of GitHub', () => {
  test('as its examples have it is described with names alone', async () => {
    const outcome = await gate()
    expect(statuses(outcome)).toEqual(Object.fromEntries(protectionChecks.map((id) => [id, 'pass'])))
    expect(outcome.error).toBeUndefined()
    expect(outcome.notes).toEqual(['Jobs wait 30 min before they start.', 'Apps decide too: a-custom-app, another-custom-app.'])
    expect(outcome.details).toMatchObject({
      protection: {
        repository: 'acme/shop',
        reviewers: ['octocat', 'team justice-league'],
        adminsBypass: false,
        branches: { patterns: [{ name: 'release/*', type: 'branch' }, { name: 'main' }] },
        approvedBy: ['octocat'],
      },
    })
    expect(github.requests.every(({ method }) => method === 'GET')).toBe(true)
    expect(JSON.stringify(outcome)).not.toContain(token)
  })

  const reviewing = (change: object) => (rule: Rule) => (rule.type === 'required_reviewers' ? { ...rule, ...change } : rule)
  test.each<[string, Parameters<typeof protectedBodies>[0], string]>([
    ['no rules', { environment: { protection_rules: [] } }, 'environment-reviewers'],
    ['a rule without reviewers', { rules: reviewing({ reviewers: [] }) }, 'environment-reviewers'],
    ['self-review', { rules: reviewing({ prevent_self_review: false }) }, 'environment-self-review'],
    ['no word on self-review', { rules: reviewing({ prevent_self_review: undefined }) }, 'environment-self-review'],
    ['every branch', { environment: { deployment_branch_policy: null } }, 'environment-branches'],
  ])('with %s keeps the gate shut', async (_, change, check) => {
    github.bodies = protectedBodies(change)
    const outcome = await gate()
    expect(statuses(outcome)[check]).toBe('fail')
    expect(outcome.error).toMatchObject({ code: 'not-protected', verdict: 'fail' })
  })

  const protectedOnly: Partial<Environment> = { deployment_branch_policy: { protected_branches: true, custom_branch_policies: false } }
  test('limited to protected branches is limited when there is one', async () => {
    github.bodies = protectedBodies({ environment: protectedOnly })
    expect(statuses(await gate())['environment-branches']).toBe('pass')
    github.bodies[`${root}/branches`] = []
    expect(statuses(await gate())['environment-branches']).toBe('fail')
  })

  test('whose administrators pass says so, and fails where that is required', async () => {
    github.bodies = protectedBodies({ environment: { can_admins_bypass: true } })
    const outcome = await gate()
    expect(outcome.error).toBeUndefined()
    expect(outcome.notes[0]).toBe('Warning: administrators may bypass the rules of staging: "Allow administrators to bypass" is set.')
    expect((await gate(levels('admins=require'))).error).toMatchObject({ code: 'not-protected' })
  })

  test('that does not say what administrators may is in doubt where that is required', async () => {
    const { can_admins_bypass: _, ...silent } = github.bodies[`${root}/environments/staging`] as Environment
    github.bodies[`${root}/environments/staging`] = silent
    expect((await gate(levels('admins=require'))).error).toMatchObject({ code: 'protection-unread', verdict: 'inconclusive' })
  })

  test('with more than a hundred names of branches and of secrets is read to the end', async () => {
    const many = Array.from({ length: 230 }, (_, index) => `NAME_${index}`)
    const patterns = [...many, '*'].map((name, id) => ({ id, node_id: '', name, type: 'branch' as const }))
    github.bodies[`${root}/environments/staging/deployment-branch-policies`] = {
      total_count: 231,
      branch_policies: patterns,
    } satisfies typeof policies
    github.bodies[`${root}/environments/staging/secrets`] = named(many)
    github.bodies[`${root}/actions/secrets`] = named([...many.map((name) => `OTHER_${name}`), 'NAME_229'])
    const outcome = await gate()
    expect(statuses(outcome)).toMatchObject({ 'environment-branches': 'fail', 'environment-secrets': 'fail' })
    expect(outcome.error?.message).toContain('NAME_229 of the repository')
  })

  test('whose names are cut short is not taken for whole', async () => {
    github.bodies[`${root}/actions/secrets`] = { ...named(['ONE']), total_count: 2 }
    expect((await gate()).checks.find(({ id }) => id === 'environment-secrets')).toMatchObject({
      status: 'not-checked',
      message: expect.stringContaining('only 1 of 2'),
    })
  })

  test('with a name that is no part of a path is asked for by that name', async () => {
    github.bodies[`${root}/environments/eu%2Fprod%20%231`] = {
      ...(github.bodies[`${root}/environments/staging`] as Environment),
      deployment_branch_policy: null,
    }
    expect(statuses(await gate({ 'github-environment': 'eu/prod #1' })).environment).toBe('pass')
  })
})

describe('what GitHub does not tell', () => {
  const limited = '{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}'
  test.each<[number, Record<string, string>, string | undefined, string, string]>([
    [401, {}, '{"message":"Bad credentials"}', 'protection-unread', 'expired'],
    [403, {}, undefined, 'protection-unread', 'actions: read'],
    [404, {}, '{"message":"Not Found"}', 'protection-unread', 'actions: read'],
    [422, {}, '{"message":"Validation Failed"}', 'protection-unread', 'actions: read'],
    [429, { 'retry-after': '7200' }, undefined, 'github-unreachable', 'later'],
    [403, {}, limited, 'github-unreachable', 'later'],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' }, undefined, 'github-unreachable', 'later'],
    [500, {}, undefined, 'github-unreachable', 'later'],
    [200, {}, '<html>Sign in</html>', 'github-unreachable', 'later'],
    [200, {}, '{"name":7}', 'protection-unread', 'GITHUB_API_URL'],
  ])('of the environment with %i %j %s is %s', async (status, headers, body, code, hint) => {
    github.fail({ when: (_, path) => path.includes('/environments'), status, headers, ...(body === undefined ? {} : { body }) })
    const refused = await gate().catch((error) => error)
    expect(refused).toMatchObject({ code, verdict: 'inconclusive', exitCode: 3, hint: expect.stringContaining(hint) })
    expect(`${refused.message}${refused.hint}`).not.toContain(token)
  })

  test('is told from an environment that is not there, which a job would make without protection', async () => {
    expect(await gate({}, { environment: 'production' })).toMatchObject({
      checks: [{ id: 'environment', status: 'fail' }],
      error: { code: 'not-protected', message: expect.stringContaining('acme/shop has no environment production') },
    })
    github.fail({ when: isAt('/environments'), status: 403 })
    await expect(gate({}, { environment: 'production' })).rejects.toMatchObject({ code: 'protection-unread' })
  })

  test('of branches leaves the gate in doubt', async () => {
    github.fail({ when: isAt('/deployment-branch-policies'), status: 403 })
    expect((await gate()).error).toMatchObject({ code: 'protection-unread', verdict: 'inconclusive' })
    expect((await gate(levels('branches=warn'))).error).toBeUndefined()
  })

  test.each([401, 403, 404, 422])('of names of secrets stops nothing, and says what to give: %i', async (status) => {
    github.fail({ when: (_, path) => path.endsWith('secrets'), status })
    const outcome = await gate()
    expect(outcome.error).toBeUndefined()
    expect(outcome.checks.find(({ id }) => id === 'environment-secrets')).toMatchObject({
      status: 'not-checked',
      message: expect.stringContaining('"Environments: read" and "Secrets: read"'),
    })
  })

  test('of the organization alone leaves a clash with the repository to be found', async () => {
    github.fail({ when: isAt('/organization-secrets'), status: 403 })
    expect(statuses(await gate())['environment-secrets']).toBe('pass')
    github.bodies[`${root}/actions/secrets`] = named(['DEPLOY_KEY'])
    expect(statuses(await gate())['environment-secrets']).toBe('fail')
  })

  test('of approvals and of rules of apps is shown', async () => {
    github.fail({ when: (_, path) => /approvals$|protection_rules$/.test(path), status: 403 })
    const outcome = await gate()
    expect(outcome.error).toBeUndefined()
    expect(statuses(outcome).approval).toBe('not-checked')
    expect(outcome.notes.at(-1)).toContain('Rules of apps were not read')
    expect((await gate(levels('approval=require'))).error).toMatchObject({ code: 'protection-unread' })
  })

  test('is not asked without a token or a repository', async () => {
    const nobody = { 'github-token': undefined } as unknown as Partial<InputValues>
    await expect(gate(nobody)).rejects.toMatchObject({
      code: 'protection-unread',
      hint: expect.stringContaining('permissions: { actions: read'),
    })
    const client = new GitHubClient({ apiUrl: github.url, token, signal: new AbortController().signal })
    expect(() => openProtection(client, undefined)).toThrow('Nobody knows which repository')
  })
})

describe('a run', () => {
  test('that its own starter approved is stopped, whatever the name is now', async () => {
    github.bodies[`${root}/actions/runs/77/attempts/1`] = runOf(77, person('renamed', 1)) // octocat, who approved, has the id 1
    expect((await gate()).error).toMatchObject({
      code: 'not-protected',
      message: expect.stringContaining('started this run and approved it'),
    })
  })

  test('is judged by what the runner says where GitHub does not tell who started it', async () => {
    github.fail({ when: isAt('/attempts/1'), status: 403 })
    expect(statuses(await gate()).approval).toBe('pass')
    const run = { ...contextOf().run, by: { ...mona, actor: 'octocat', actorId: '1' } }
    expect(statuses(await gate({}, { run })).approval).toBe('fail')
  })

  test('that was started again warns, and is refused where that is required', async () => {
    const run = { ...contextOf().run, attempt: '2' }
    github.bodies[`${root}/actions/runs/77/attempts/2`] = runOf(77, person('mona', 20), { run_attempt: 2 })
    expect((await gate({}, { run })).notes[0]).toContain('attempt 2')
    expect((await gate(levels('re-run=require'), { run })).error).toMatchObject({ code: 'not-protected' })
    expect((await gate({ 'second-person': 'require' }, { run })).error).toMatchObject({ code: 'not-protected' })
  })

  test('outside of a workflow has no approvals to ask for', async () => {
    expect(statuses(await gate({}, { variables: {} }))).not.toHaveProperty('approval')
    expect(github.requests.some(({ path }) => path.includes('/runs/'))).toBe(false)
  })
})

test('the protection is asked for in a workflow, and elsewhere by whoever wants it', () => {
  const asked = (values: Partial<InputValues>, more: Partial<Context> = {}) =>
    asksProtection(given({ 'github-token': '', ...values }), { ...contextOf(), ...more })
  const none = { 'github-token': undefined } as unknown as Partial<InputValues>
  expect(asked(none)).toBe(true)
  expect(asked(none, { variables: {} })).toBe(false)
  expect(asked({ ...none, ...levels('admins=warn') }, { variables: {} })).toBe(true)
  expect(asked({ ...none, 'second-person': 'require' }, { variables: {} })).toBe(true)
  expect(asked(levels('all=off'))).toBe(false)
})

test.each(['admin=require', 'admins=always', 'admins', 'admins=warn=off'])('%s is no level of protection', (text) => {
  expect(() => levels(text)).toThrow('admins=require')
})

describe('a second person', () => {
  const digest = 'd'.repeat(64)
  const store = memoryStore()
  const { commit } = fakeContext().context.run
  const input = (values: object = {}) => ({
    ...given({ 'second-person': 'require' }),
    'approved-digest': digest,
    store: 'file:///store',
    ...values,
  })
  const second = (values: object = {}, more: Partial<Context> = {}) =>
    gateSecondPerson(input(values), contextOf({ openStore: async () => store, ...more }))

  async function plan(by: RunStarter | undefined, id = '5') {
    store.objects.clear()
    const at = new Date('2026-11-21T12:00:00Z')
    const entry = {
      tool: '',
      command: 'plan',
      verdict: 'pass' as const,
      reason: '',
      finishedAt: at.toISOString(),
      checks: [],
      digests: { pre: digest },
    }
    await keepResult(entry, { store, name: 'plan', project: 'shop', environment: 'staging', run: { id, attempt: '1', commit, by }, at })
  }
  const hubot: RunStarter = { actor: 'hubot', actorId: '30', triggeringActor: undefined, event: 'push' }

  test('is whom GitHub names, not whom the record names', async () => {
    await plan(hubot)
    github.bodies[`${root}/actions/runs/5/attempts/1`] = runOf(5, person('hubot', 30))
    expect(await second()).toMatchObject({
      checks: [
        { id: secondPersonChecks[0], status: 'pass', value: 'hubot planned, mona started' },
        { id: secondPersonChecks[1], status: 'pass' },
      ],
      details: { secondPerson: { planned: [{ run: '5', by: ['hubot'] }], startedBy: ['mona'] } },
    })
    github.bodies[`${root}/actions/runs/5/attempts/1`] = runOf(5, person('mona', 20))
    expect((await second()).error).toMatchObject({ code: 'no-second-person', verdict: 'fail' })
  })

  test('is known from the record where GitHub does not answer, which is said', async () => {
    await plan(hubot)
    github.fail({ when: (_, path) => path.includes('/runs/'), status: 403 })
    const outcome = await second()
    expect(outcome.error).toBeUndefined()
    expect(outcome.notes.join()).toContain('from its record alone')
    expect(outcome.checks[0]?.message).toBe('plan of run 5; known from its record alone')
    await plan(mona)
    expect((await second()).error).toMatchObject({ code: 'no-second-person' })
  })

  test('is known without a token from record and runner', async () => {
    await plan(mona)
    expect((await second({ 'github-token': undefined })).error).toMatchObject({ code: 'no-second-person' })
  })

  test('is unknown where no record names the planner', async () => {
    await plan(undefined)
    expect((await second()).error).toMatchObject({ code: 'second-person-unknown', verdict: 'inconclusive' })
    store.objects.clear()
    expect((await second()).error).toMatchObject({ code: 'second-person-unknown', verdict: 'inconclusive' })
  })

  test('is known from a run that was named, when it is of this commit', async () => {
    store.objects.clear()
    github.bodies[`${root}/actions/runs/9`] = runOf(9, person('hubot', 30), { head_sha: commit as string })
    const named = await second({ 'planned-by-run': '9', 'approved-digest': undefined })
    expect(named.error).toBeUndefined()
    expect(named.checks[0]?.message).toBe('plan of run 9; only the commit ties the plan to it')
    github.bodies[`${root}/actions/runs/9`] = runOf(9, person('hubot', 30))
    expect((await second({ 'planned-by-run': '9' })).error).toMatchObject({ code: 'second-person-unknown' })
  })

  test('is not made up by a record of a run that GitHub does not know', async () => {
    await plan(hubot, '999')
    const outcome = await second()
    expect(outcome.error).toMatchObject({ code: 'second-person-unknown', verdict: 'inconclusive' })
    expect(outcome.notes.join()).toContain('Who made the plan is not known')
  })

  test('is not any run of the commit that somebody names, where the store has the records of plans', async () => {
    await plan(mona)
    github.bodies[`${root}/actions/runs/5/attempts/1`] = runOf(5, person('mona', 20))
    github.bodies[`${root}/actions/runs/9`] = runOf(9, person('hubot', 30), { head_sha: commit as string })
    expect((await second({ 'planned-by-run': '9' })).error).toMatchObject({ code: 'second-person-unknown' })
    expect((await second({ 'planned-by-run': '5' })).error).toMatchObject({ code: 'no-second-person' })
  })

  test.each(['schedule', 'workflow_run'])('is nobody where the event %s started the run', async (event) => {
    await plan(hubot)
    github.bodies[`${root}/actions/runs/5/attempts/1`] = runOf(5, person('hubot', 30))
    github.bodies[`${root}/actions/runs/77/attempts/1`] = runOf(77, person('mona', 20), { event })
    expect((await second()).error).toMatchObject({ code: 'no-second-person' })
  })

  test('needs a plan that is named', async () => {
    await expect(second({ 'approved-digest': undefined })).rejects.toMatchObject({ code: 'invalid-input' })
  })
})

describe('the order of environments', () => {
  const promotion = (values: Partial<InputValues>, more: Partial<Context> = {}) =>
    gatePromotion(given({ 'promote-from': 'staging', ...values }), contextOf(more))

  test('names every step that the commit has not passed', async () => {
    const outcome = await promotion({ store: 'file:///store' }, { openStore: async () => memoryStore() })
    expect(outcome.checks.map(({ id }) => id)).toEqual(promotionChecks(given()))
    expect(outcome.error).toMatchObject({
      code: 'not-promoted',
      message: expect.stringMatching(/migrate has no.*canary has no.*restore-drill has no/),
    })
  })

  test('looks into the store of the environment before, where it has one of its own', async () => {
    const opened: string[] = []
    const openStore = async (url: string) => {
      opened.push(url)
      return memoryStore()
    }
    await promotion({ store: 's3://production/shop', 'promote-store': 's3://staging/shop' }, { openStore })
    expect(opened).toEqual(['s3://staging/shop'])
  })

  test('needs a store and a commit', async () => {
    await expect(promotion({ store: undefined } as unknown as Partial<InputValues>)).rejects.toMatchObject({ code: 'invalid-input' })
    const run = { ...fakeContext().context.run, commit: undefined }
    await expect(promotion({ store: 'file:///store' }, { run })).rejects.toMatchObject({ code: 'records-unread' })
  })

  test.each(['["migrate","migrat"]', 'ledger'])('%s are no records', (text) => {
    const sources = { given: new Map([['promote-records' as const, text]]), config: new Map(), surroundings: new Map(), baseDir: '/' }
    expect(() => resolveInputs(['promote-records'], sources)).toThrow('must name commands that keep records')
  })
})
