import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compareOnGitHub, textOnGitHub } from '../../src/adapters/github/changes.ts'
import { GitHubClient } from '../../src/adapters/github/client.ts'
import { openConversation } from '../../src/adapters/github/conversation.ts'
import { keepComment } from '../../src/lint/publish/keep-comment.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'

let github: FakeGitHub
beforeEach(async () => {
  github = await startGitHub()
})
afterEach(() => github[Symbol.asyncDispose]())

function client(more: { signal?: AbortSignal; timeoutMs?: number } = {}) {
  return new GitHubClient({ apiUrl: github.url, token: 'secret', signal: new AbortController().signal, delayMs: 1, ...more })
}

const [base, head] = ['a'.repeat(40), 'c'.repeat(40)]
const compare = (pullRequest?: number) => compareOnGitHub(client(), 'acme/shop', { base, head, pullRequest })
const added = (count: number) => Array.from({ length: count }, (_, number) => ({ filename: `f${number}.sql`, status: 'added' }))
const isCompare = (_: string, path: string) => path.includes('/compare/')

describe('changes', () => {
  test('come from the comparison of both commits, with the commit from which they went off', async () => {
    github.files = [
      { filename: 'a.sql', status: 'added' },
      { filename: 'b.sql', status: 'modified' },
      { filename: 'c.sql', status: 'removed' },
      { filename: 'd.sql', status: 'renamed', previous_filename: 'old-d.sql', changes: 0 },
      { filename: 'e.sql', status: 'renamed', previous_filename: 'old-e.sql', changes: 3 },
      { filename: 'f.sql', status: 'copied' },
      { filename: 'g.sql', status: 'unchanged' },
    ]
    expect(await compare()).toEqual({
      base: github.mergeBase,
      changes: [
        { kind: 'added', path: 'a.sql' },
        { kind: 'modified', path: 'b.sql' },
        { kind: 'removed', path: 'c.sql' },
        { kind: 'renamed', path: 'd.sql', from: 'old-d.sql' },
        { kind: 'added', path: 'e.sql' },
        { kind: 'removed', path: 'old-e.sql' },
        { kind: 'added', path: 'f.sql' },
      ],
    })
  })

  test('of more files than a comparison names come from both trees', async () => {
    github.files = added(301)
    github.trees = {
      [github.mergeBase]: { 'same.sql': '1', 'edited.sql': '2', 'gone.sql': '3', 'old.sql': '4' },
      [head]: { 'same.sql': '1', 'edited.sql': '9', 'new.sql': '5', 'moved.sql': '4' },
    }
    expect((await compare()).changes).toEqual([
      { kind: 'modified', path: 'edited.sql' },
      { kind: 'added', path: 'new.sql' },
      { kind: 'renamed', path: 'moved.sql', from: 'old.sql' },
      { kind: 'removed', path: 'gone.sql' },
    ])
  })

  test('come from every page of the pull request where GitHub does not compare', async () => {
    github.files = added(250)
    github.fail({ when: isCompare, status: 404 })
    expect((await compare(7)).changes).toHaveLength(250)
    await expect(compare()).rejects.toMatchObject({ code: 'github-refused' })
  })

  test('are an error where GitHub names only a part of them', async () => {
    github.files = added(3000)
    github.fail({ when: isCompare, status: 404 })
    await expect(compare(7)).rejects.toMatchObject({ code: 'github-refused', message: expect.stringContaining('only 3000 files') })
  })

  test.each([
    [401, {}, 'github-refused'],
    [403, {}, 'github-refused'],
    [404, {}, 'github-refused'],
    [500, {}, 'github-unreachable'],
    [429, { 'retry-after': '7200' }, 'github-unreachable'],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' }, 'github-unreachable'],
  ])('answered with %i %j are %s, with what to do', async (status, headers, code) => {
    github.fail({ when: isCompare, status, headers })
    await expect(compare()).rejects.toMatchObject({ code, hint: expect.stringContaining('fetch-depth: 0') })
  })

  test('a page of a proxy is not taken for an answer, and not shown', async () => {
    github.fail({ when: isCompare, status: 200, body: '<html>Sign in</html>' })
    await expect(compare()).rejects.toMatchObject({ code: 'github-unreachable', message: expect.not.stringContaining('<html>') })
  })

  test('a file as a commit has it; none is none, and a refusal is an error', async () => {
    github.texts = { [`${base}:a b/shiplock.yml`]: 'x: 1\n' }
    expect(await textOnGitHub(client(), 'acme/shop', base, 'a b/shiplock.yml')).toBe('x: 1\n')
    expect(await textOnGitHub(client(), 'acme/shop', base, 'other.yml')).toBeUndefined()
    github.fail({ when: () => true, status: 403 })
    await expect(textOnGitHub(client(), 'acme/shop', base, 'a')).rejects.toMatchObject({ code: 'github-refused' })
  })
})

describe('patience', () => {
  test.each([
    [500, {}],
    [502, {}],
    [429, { 'retry-after': '0' }],
    [403, { 'retry-after': '0' }],
  ])('asks again after %i %j', async (status, headers) => {
    github.fail({ when: isCompare, status, headers, times: 2 })
    await compare()
    expect(github.requests).toHaveLength(3)
  })

  test.each([400, 401, 404, 422])('does not ask again after %i', async (status) => {
    github.fail({ when: isCompare, status })
    await expect(compare()).rejects.toThrow()
    expect(github.requests).toHaveLength(1)
  })

  test('does not write twice when it is not known whether the first was taken', async () => {
    github.fail({ when: (method, path) => method === 'POST' && path.includes('/issues/'), status: 502 })
    await expect(openConversation(client(), { repository: 'acme/shop', number: 7, fork: false }).write('x')).rejects.toThrow('502')
    expect(github.requests).toHaveLength(1)
  })

  test('stops at once when it is stopped', async () => {
    const stop = new AbortController()
    stop.abort(new Error('stopped'))
    await expect(client({ signal: stop.signal }).json('/x')).rejects.toThrow('stopped')
    expect(github.requests).toEqual([])
  })

  test('does not follow a link to another server, which would be sent the token', async () => {
    github.fail({ when: () => true, status: 200, body: '[]', headers: { link: '<http://127.0.0.1:1/x>; rel="next"' } })
    const pages: unknown[] = []
    for await (const page of client().pages('/repos/acme/shop/pulls/7/files')) pages.push(page)
    expect(pages).toEqual([[]])
  })

  test('a server that cannot be reached is named as such', async () => {
    const nobody = new GitHubClient({ apiUrl: 'http://127.0.0.1:1', token: 'secret', signal: new AbortController().signal, delayMs: 1 })
    await expect(compareOnGitHub(nobody, 'acme/shop', { base, head, pullRequest: 7 })).rejects.toMatchObject({
      code: 'github-unreachable',
      message: expect.not.stringContaining('secret'),
    })
  })
})

describe('the comment', () => {
  const kept = { marker: '<!-- m -->', body: '<!-- m -->\nnew', head, wanted: true }
  const conversation = () => openConversation(client(), { repository: 'acme/shop', number: 7, fork: false })
  beforeEach(() => {
    github.head = head
  })

  test('is found behind many others', async () => {
    github.comments = Array.from({ length: 250 }, (_, id) => ({ id, own: true, body: id === 240 ? '<!-- m -->' : 'talk' }))
    await keepComment(conversation(), kept)
    expect(github.comments).toHaveLength(250)
    expect(github.comments[240]?.body).toBe(kept.body)
  })

  test('works with GitHub Enterprise Server, whose two interfaces stand side by side', async () => {
    const own = new GitHubClient({ apiUrl: `${github.url}/api/v3/`, token: 'secret', signal: new AbortController().signal })
    await keepComment(openConversation(own, { repository: 'acme/shop', number: 7, fork: false }), kept)
    expect(new Set(github.requests.map(({ path }) => path))).toEqual(new Set(['/api/graphql', '/api/v3/repos/acme/shop/issues/7/comments']))
  })

  test('is written once by two runs at the same time', async () => {
    await Promise.all([keepComment(conversation(), kept), keepComment(conversation(), kept), keepComment(conversation(), kept)])
    expect(github.comments.map(({ body }) => body)).toEqual([kept.body])
  })

  test('of a newer commit is not overwritten by a run of an older one', async () => {
    github.head = 'd'.repeat(40)
    github.comments = [{ id: 1, own: true, body: '<!-- m --> newer' }]
    expect(await keepComment(conversation(), kept)).toContain('newer commit')
    expect(github.comments[0]?.body).toBe('<!-- m --> newer')
  })

  test('that is not wanted is not written, and one that is there is kept up to date', async () => {
    await keepComment(conversation(), { ...kept, wanted: false })
    expect(github.comments).toEqual([])
    github.comments = [{ id: 1, own: true, body: '<!-- m --> old' }]
    await keepComment(conversation(), { ...kept, wanted: false })
    expect(github.comments[0]?.body).toBe(kept.body)
  })

  test('tells a missing right from other trouble', async () => {
    github.fail({ when: () => true, status: 200, body: '{"errors":[{"type":"FORBIDDEN","message":"Resource not accessible"}]}', times: 1 })
    await expect(conversation().ownComments('m')).rejects.toMatchObject({ forbidden: true })
    github.fail({ when: () => true, status: 422, times: 1 })
    await expect(conversation().write('x')).rejects.toMatchObject({ forbidden: false })
    github.fail({ when: () => true, status: 200, body: '{"data":{}}', times: 1 })
    await expect(conversation().ownComments('m')).rejects.toMatchObject({ name: 'ConversationError', forbidden: false })
  })

  test('on lines is one review that takes no side, over the lines that it replaces', async () => {
    const line = { path: 'a.sql', startLine: 3, endLine: 3, body: 'x' }
    await conversation().commentOnLines(head, [line, { ...line, endLine: 5 }])
    expect(github.reviews).toEqual([
      {
        commit_id: head,
        event: 'COMMENT',
        comments: [
          { path: 'a.sql', body: 'x', line: 3, side: 'RIGHT' },
          { path: 'a.sql', body: 'x', line: 5, side: 'RIGHT', start_line: 3, start_side: 'RIGHT' },
        ],
      },
    ])
  })
})
