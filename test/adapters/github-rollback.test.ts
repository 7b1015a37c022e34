import type { components } from '@octokit/openapi-types'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import { GitHubClient } from '../../src/adapters/github/client.ts'
import { checkRunPage, readCommitChecks, statusPage } from '../../src/adapters/github/commit-checks.ts'
import { createdIssue, openIssues } from '../../src/adapters/github/issues.ts'
import { keepIssue, whyNoIssue } from '../../src/rollback/issues.ts'
import examples from '../github/examples.json' with { type: 'json' }
import { type FakeGitHub, startGitHub } from '../github/server.ts'

let github: FakeGitHub
beforeEach(async () => {
  github = await startGitHub()
})
afterEach(() => github[Symbol.asyncDispose]())

const client = () => new GitHubClient({ apiUrl: github.url, token: 'secret', signal: new AbortController().signal, delayMs: 1 })
const commit = 'c'.repeat(40)

describe('what GitHub answers', () => {
  test('has the form that its own description promises', () => {
    type Promised<Name extends keyof components['schemas']> = components['schemas'][Name]
    expectTypeOf<{ check_runs: Promised<'check-run'>[] }>().toExtend<z.input<typeof checkRunPage>>()
    expectTypeOf<Promised<'combined-commit-status'>>().toExtend<z.input<typeof statusPage>>()
    expectTypeOf<Promised<'issue'>>().toExtend<z.input<typeof createdIssue>>()
  })

  test('is read as its own examples have it', () => {
    expect(checkRunPage.parse(examples.checkRuns).check_runs).toMatchObject([{ name: 'mighty_readme', conclusion: 'neutral' }])
    expect(statusPage.parse(examples.status).statuses.map(({ state }) => state)).toEqual(['success', 'success'])
    expect(createdIssue.parse(examples.issue)).toEqual({ number: 1347, html_url: 'https://github.com/octocat/Hello-World/issues/1347' })
  })
})

describe('the checks of a commit', () => {
  const read = () => readCommitChecks(client(), 'acme/shop', commit)
  const run = (name: string, conclusion: string | null, url: string | null = null) => ({
    name,
    status: conclusion === null ? 'in_progress' : 'completed',
    conclusion,
    details_url: url,
  })

  test('come from workflows and from other systems, with the run that each belongs to', async () => {
    github.checkRuns = [
      run('test', 'success', 'https://github.com/acme/shop/actions/runs/77/job/5'),
      run('docs', 'skipped'),
      run('lint', 'failure'),
      run('slow', 'timed_out'),
      run('deploy', null, 'https://github.com/acme/shop/actions/runs/78/job/1'),
    ]
    github.statuses = [
      { context: 'ci/a', state: 'success' },
      { context: 'ci/b', state: 'error' },
      { context: 'ci/c', state: 'pending' },
    ]
    const { checks, problems } = await read()
    expect(checks.map(({ name, state, run: id }) => [name, state, id])).toEqual([
      ['test', 'green', '77'],
      ['docs', 'green', undefined],
      ['lint', 'red', undefined],
      ['slow', 'red', undefined],
      ['deploy', 'pending', '78'],
      ['ci/a', 'green', undefined],
      ['ci/b', 'red', undefined],
      ['ci/c', 'pending', undefined],
    ])
    expect(problems).toEqual([])
  })

  test('are read to the last page', async () => {
    github.checkRuns = [...Array.from({ length: 200 }, (_, index) => run(`t${index}`, 'success')), run('last', 'failure')]
    github.statuses = Array.from({ length: 101 }, (_, index) => ({ context: `s${index}`, state: 'success' }))
    expect((await read()).checks).toHaveLength(302)
  })

  test.each([
    [401, {}, 'checks: read'],
    [403, {}, 'checks: read'],
    [404, {}, 'checks: read'],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' }, undefined],
    [429, { 'retry-after': '7200' }, undefined],
    [403, { 'retry-after': '7200' }, undefined],
    [500, {}, undefined],
    [200, {}, undefined],
  ])('that cannot be read (%i %j) are a problem, with the permission where one is missing', async (status, headers, right) => {
    github.statuses = [{ context: 'ci/a', state: 'failure' }]
    github.fail({ when: (_, path) => path.endsWith('/check-runs'), status, headers, ...(status === 200 ? { body: '{"none":1}' } : {}) })
    const { checks, problems } = await read()
    expect(checks).toHaveLength(1)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.includes('permissions: { contents: read, checks: read }')).toBe(right !== undefined)
  })
})

describe('the issue of a rollback', () => {
  const text = {
    marker: '<!-- shiplock:rollback:shop -->',
    title: 'Rollback',
    body: 'text <!-- shiplock:rollback:shop -->',
    again: 'again',
  }
  const keep = () => keepIssue(openIssues(client(), 'acme/shop'), text)
  const issue = (number: number, more: Partial<FakeGitHub['issues'][number]> = {}) => ({
    number,
    title: 't',
    body: text.body,
    own: true,
    state: 'OPEN' as const,
    comments: [],
    ...more,
  })

  test('is opened once; a second run writes below it, and leaves its boxes as people ticked them', async () => {
    const first = await keep()
    expect(first).toMatchObject({ isNew: true, url: `https://github.com/acme/shop/issues/${first.number}` })
    github.issues[0] = { ...(github.issues[0] as FakeGitHub['issues'][number]), body: `${text.body}\n- [x] done` }
    expect(await keep()).toMatchObject({ isNew: false, number: first.number })
    expect(github.issues).toMatchObject([{ comments: ['again'], body: expect.stringContaining('- [x] done') }])
  })

  test('is found behind a hundred others, and is neither one that was closed nor one that somebody planted', async () => {
    const others = Array.from({ length: 150 }, (_, index) => issue(index + 10, { body: 'other' }))
    github.issues = [issue(1, { own: false }), issue(2, { state: 'CLOSED' }), ...others, issue(3)]
    expect(await keep()).toMatchObject({ isNew: false, number: 3 })
    github.issues = [issue(1, { own: false }), issue(2, { state: 'CLOSED' })]
    expect(await keep()).toMatchObject({ isNew: true })
  })

  test.each([
    [401, {}, true],
    [403, {}, true],
    [404, {}, true],
    [410, {}, false],
    [422, {}, false],
    [429, { 'retry-after': '7200' }, false],
    [403, { 'retry-after': '7200' }, false],
    [502, {}, false],
  ])('that cannot be opened (%i %j) says why, with the permission where one is missing', async (status, headers, forbidden) => {
    const when = (method: string, path: string) => method === 'POST' && path.endsWith('/issues')
    github.fail({ when, status, headers, body: '{"message":"Issues are disabled for this repo"}' })
    const failed = await keep().catch((error) => error)
    expect(whyNoIssue(failed)).toContain('Issues are disabled')
    expect(whyNoIssue(failed).includes('permissions: { contents: read, issues: write }')).toBe(forbidden)
    expect(github.requests.filter(({ method, path }) => when(method, path))).toHaveLength(1)
  })
})
