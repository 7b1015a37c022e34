import { afterEach, beforeEach, expect, test } from 'vitest'
import { GitHubClient } from '../../src/adapters/github/client.ts'
import { readCommitChecks } from '../../src/adapters/github/commit-checks.ts'
import { openIssues } from '../../src/adapters/github/issues.ts'
import type { Context } from '../../src/commands/command.ts'
import { followUp } from '../../src/commands/rollback-follow-up.ts'
import { type Decided, outcomeOf } from '../../src/commands/rollback-outcome.ts'
import { fakeContext } from '../fakes/context.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'

let github: FakeGitHub
beforeEach(async () => {
  github = await startGitHub()
  github.checkRuns = [{ name: 'test', status: 'completed', conclusion: 'success', details_url: null }]
})
afterEach(() => github[Symbol.asyncDispose]())

const variables = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '77', GITHUB_ACTOR: 'octocat' }
const decided: Decided = {
  target: { name: 'v1', commit: 'a'.repeat(40) },
  live: { release: 'v2', commit: 'b'.repeat(40) },
  deployed: { release: 'v2', commit: 'b'.repeat(40) },
  decision: { shape: 'code-only', by: 'rules', lines: [], deciding: undefined },
  ran: { since: [{ version: '2', phase: 'pre', name: '2_phone', checksum: 'f', commits: [] }], displaced: [], unchecked: 0, notes: [] },
  asked: 'auto',
  dryRun: false,
  recorded: true,
  database: 'db:5432/shop',
  notes: [],
}
const inputs = { 'github-token': 'secret', 'open-issue': 'auto' as const, reason: 'orders fail' }

async function follow(
  what: Partial<Decided> = {},
  given: Partial<typeof inputs | { 'github-token': undefined }> = {},
  more: Partial<Context> = {},
) {
  const { context, lines } = fakeContext({
    variables,
    readCommitChecks: (commit, { repository, token, signal }) => readCommitChecks(clientOf(token, signal), repository, commit),
    openIssues: async ({ repository, token, signal }) => openIssues(clientOf(token, signal), repository),
    ...more,
  })
  const whole = { ...decided, ...what }
  const found = await followUp(whole, { ...inputs, ...given }, context)
  return { ...found, outcome: outcomeOf(whole, found), lines }
}

function clientOf(token: string, signal: AbortSignal) {
  return new GitHubClient({ apiUrl: github.url, token, signal, delayMs: 1 })
}

test('a rollback that was recorded opens one issue, and the checklist leaves out what GitHub answered', async () => {
  const { outcome } = await follow()
  expect(github.issues).toMatchObject([{ title: 'Rollback of production: v2 → v1', body: expect.stringContaining('orders fail') }])
  expect(outcome).toMatchObject({
    verdict: 'pass',
    checks: [{ id: 'target-ci', status: 'pass' }],
    outputs: { issue: github.issues[0]?.number },
    details: { issue: { isNew: true } },
  })
  const checklist = outcome.details?.checklist as string[]
  expect(checklist.join(' ')).not.toMatch(/tests of the target|Open an issue/)
  // a second run knows no live release any more, and finds the issue all the same
  const again = await follow({ live: undefined })
  expect(again.issue).toMatchObject({ isNew: false, number: github.issues[0]?.number })
  expect(github.issues).toMatchObject([{ comments: [expect.stringContaining('orders fail')] }])
})

test.each<[string, Partial<Decided>, object]>([
  ['a dry run', { recorded: false, dryRun: true }, {}],
  ['a hotfix that was found, and not asked for', { recorded: false }, {}],
  ['a decision from the records', { recorded: false, dryRun: true, asked: 'hotfix' }, {}],
  ['a team that wants none', {}, { 'open-issue': 'never' }],
])('no issue is opened by %s', async (_, what, given) => {
  expect((await follow(what, given)).issue).toBeUndefined()
  expect(github.requests.filter(({ method }) => method !== 'GET')).toEqual([])
})

test('a hotfix that was asked for opens one', async () => {
  await follow({ recorded: false, asked: 'hotfix' })
  expect(github.issues).toMatchObject([{ title: 'Hotfix needed: production, in place of v2 → v1' }])
})

test('a red target forbids nothing, and is a warning', async () => {
  github.checkRuns.push({ name: 'lint', status: 'completed', conclusion: 'failure', details_url: null })
  const { outcome, lines } = await follow()
  expect(outcome).toMatchObject({
    verdict: 'pass',
    checks: [{ status: 'fail', message: expect.stringContaining('lint. https://github.com/acme/shop/commit/') }],
  })
  expect(lines).toEqual([expect.stringContaining('warning: 1 of 2 checks of v1 failed: lint.')])
})

test('a GitHub that refuses everything stops nothing: it is said why, what to type, and the issue can be opened by hand', async () => {
  github.fail({ when: () => true, status: 403 })
  const { outcome } = await follow()
  expect(outcome).toMatchObject({ verdict: 'pass', checks: [{ status: 'not-checked', message: expect.stringContaining('checks: read') }] })
  expect(outcome.details).toMatchObject({
    issueDraft: expect.stringMatching(/^https:\/\/github\.com\/acme\/shop\/issues\/new\?title=/),
    notes: [expect.stringContaining('issues: write')],
    checklist: expect.arrayContaining([expect.stringContaining('tests of the target'), expect.stringContaining('Open an issue')]),
  })
})

test('a GitHub that does not answer is waited for only so long', async () => {
  const never = (signal: AbortSignal) => new Promise<never>((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)))
  const clock = { now: () => new Date(0), monotonic: () => 0, sleep: async () => {} }
  const { check, notes } = await follow(
    {},
    {},
    {
      clock,
      readCommitChecks: (_, { signal }) => never(signal),
      openIssues: ({ signal }) => never(signal),
    },
  )
  expect(check).toMatchObject({ status: 'not-checked', message: 'GitHub did not answer within 20 s.' })
  expect(notes).toEqual(['No issue was opened: GitHub did not answer within 20 s.'])
})

test.each<[string, object, Context['variables'], string, number]>([
  ['no token', { 'github-token': undefined }, variables, 'github-token', 1],
  ['no repository, as on a laptop', {}, {}, 'repository', 0],
])('with %s nobody is asked', async (_, given, surroundings, word, notes) => {
  const found = await follow({}, given, { variables: surroundings })
  expect(found.check).toMatchObject({ status: 'not-checked', message: expect.stringContaining(word) })
  expect(found.notes).toHaveLength(notes)
  expect(github.requests).toEqual([])
})
