import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openReview } from '../../src/adapters/review.ts'
import { makeRepository, type Repository } from '../repository.ts'

const zeros = '0'.repeat(40)
const first = { 'db/migrations/1_a.sql': 'create table a (x int);\n' }

/** A review of the repository as an event of GitHub Actions starts it; without one, of the working tree. */
async function review(repository: Repository, name?: string, event: object = {}, options: { base?: string; folder?: string } = {}) {
  await repository.write({
    '.git/event.json': JSON.stringify({ repository: { full_name: 'acme/shop', default_branch: 'main' }, ...event }),
  })
  const onGitHub =
    name === undefined
      ? {}
      : { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: join(repository.dir, '.git/event.json') }
  const variables = { PATH: process.env.PATH, HOME: repository.dir, ...onGitHub }
  return openReview({ base: options.base }, { folder: join(repository.dir, options.folder ?? ''), variables, github: undefined })
}

/** The repository with a remote that has its first commit. */
async function cloned(files: Readonly<Record<string, string>> = first): Promise<Repository> {
  const repository = await makeRepository(files)
  await repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
  return repository
}

function pull(base: string, head: string, more: object = {}) {
  return { pull_request: { number: 7, base: { sha: base, repo: { id: 1 } }, head: { sha: head, repo: { id: 1 } }, ...more } }
}

test('a pull request: what its branch adds, and not what its base got meanwhile', async () => {
  await using repository = await cloned()
  const base = await repository.git('rev-parse', 'HEAD')
  await repository.git('checkout', '--quiet', '-b', 'topic')
  const head = await repository.commit({ 'db/migrations/2_b.sql': 'select 2;' })
  await repository.git('checkout', '--quiet', 'main')
  const newer = await repository.commit({ 'db/migrations/3_c.sql': 'select 3;' })
  await repository.git('checkout', '--quiet', 'topic')
  const added = [{ kind: 'added', path: 'db/migrations/2_b.sql' }]
  expect(await review(repository, 'pull_request', pull(newer, head))).toMatchObject({ base, head, changes: added, proposed: true })

  // the branch took in its base, while the event still names the older base
  await repository.git('merge', '--quiet', '--no-edit', 'main')
  const merged = await repository.git('rev-parse', 'HEAD')
  await repository.git('checkout', '--quiet', 'main')
  await repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'topic')
  expect(await review(repository, 'pull_request', pull(base, merged))).toMatchObject({ base: newer, head: merged, changes: added })
})

test('a pull request: a checkout of the merge and its parents is enough', async () => {
  await using repository = await cloned()
  await repository.git('checkout', '--quiet', '-b', 'topic')
  await repository.commit({ 'db/migrations/2_b.sql': 'select 2;' })
  const head = await repository.commit({ 'db/migrations/3_c.sql': 'select 3;' })
  await repository.git('checkout', '--quiet', 'main')
  const base = await repository.commit({ 'db/migrations/4_d.sql': 'select 4;' })
  await repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'topic')
  await repository.git('clone', '--quiet', '--depth', '2', `file://${repository.dir}`, '.git/clone')
  const found = await review(repository, 'pull_request', pull('a'.repeat(40), head), { folder: '.git/clone' })
  expect(found).toMatchObject({ base, head, changes: [{ path: 'db/migrations/2_b.sql' }, { path: 'db/migrations/3_c.sql' }] })
})

test('a pull request: a file of the base is read as its branch has it now, to its last line end', async () => {
  await using repository = await cloned({ ...first, 'shiplock.yml': 'a\n\n' })
  await repository.git('checkout', '--quiet', '-b', 'topic')
  const head = await repository.commit({ 'shiplock.yml': 'mine' })
  await repository.git('checkout', '--quiet', 'main')
  const base = await repository.commit({ 'shiplock.yml': 'stricter\n\n' })
  await repository.git('checkout', '--quiet', 'topic')
  const found = await review(repository, 'pull_request', pull(base, head))
  expect(await found.textAtBase('shiplock.yml')).toBe('stricter\n\n')
  expect(await found.textAtBase('nothing')).toBeUndefined()
})

test('a pull request from another repository is a fork, also when that was deleted; one inside of a fork is not', async () => {
  await using repository = await cloned()
  const base = await repository.git('rev-parse', 'HEAD')
  const head = await repository.commit({ 'db/migrations/2_b.sql': 'select 2;' })
  const from = async (repo: object | null) =>
    (await review(repository, 'pull_request', pull(base, head, { head: { sha: head, repo } }))).pullRequest
  expect(await from({ id: 2 })).toEqual({ repository: 'acme/shop', number: 7, fork: true })
  expect((await from(null))?.fork).toBe(true)
  expect((await from({ id: 1, fork: true }))?.fork).toBe(false)
})

test('refuses a checkout that does not hold the pull request', async () => {
  await using repository = await cloned()
  const base = await repository.git('rev-parse', 'HEAD')
  await repository.git('checkout', '--quiet', '-b', 'topic')
  const head = await repository.commit({ 'db/migrations/2_b.sql': 'select 2;' })
  await repository.git('checkout', '--quiet', 'main')
  await expect(review(repository, 'pull_request', pull(base, head))).rejects.toMatchObject({ code: 'wrong-checkout' })
})

test('a merge queue and a push: what stands between their two commits', async () => {
  await using repository = await cloned()
  const before = await repository.git('rev-parse', 'HEAD')
  const after = await repository.commit({ 'db/migrations/2_b.sql': 'select 2;' })
  const changes = [{ kind: 'added', path: 'db/migrations/2_b.sql' }]
  const queued = await review(repository, 'merge_group', { merge_group: { base_sha: before, head_sha: after } })
  expect(queued).toMatchObject({ base: before, head: after, changes, proposed: true })
  expect(await review(repository, 'push', { before, after })).toMatchObject({ base: before, head: after, changes, proposed: false })
})

test('a push of a new branch, and a start by hand: what the default branch does not have', async () => {
  await using repository = await cloned()
  const base = await repository.git('rev-parse', 'HEAD')
  const after = await repository.commit({ 'db/migrations/2_b.sql': 'select 2;' })
  const changes = [{ kind: 'added', path: 'db/migrations/2_b.sql' }]
  expect(await review(repository, 'push', { before: zeros, after })).toMatchObject({ base, changes })
  expect(await review(repository, 'workflow_dispatch')).toMatchObject({ base, changes })
  await repository.write({ 'db/migrations/3_c.sql': 'select 3;' })
  expect((await review(repository, 'workflow_dispatch')).changes).toEqual(changes)
})

test('the terminal: files that are not committed count too, and so do those that git does not follow yet', async () => {
  await using repository = await cloned()
  await repository.write({ 'db/migrations/2_b.sql': 'select 2;', 'db/migrations/größe 3.sql': 'select 3;' })
  await repository.git('add', 'db/migrations/2_b.sql')
  expect((await review(repository)).changes).toEqual([
    { kind: 'added', path: 'db/migrations/2_b.sql' },
    { kind: 'added', path: 'db/migrations/größe 3.sql' },
  ])
})

test('without a remote every file is new; a base that git does not know is an error', async () => {
  await using repository = await makeRepository(first)
  expect(await review(repository)).toMatchObject({ base: undefined, changes: [], note: expect.stringContaining('every migration') })
  for (const base of ['nowhere', '--output=x', 'a'.repeat(40)]) {
    await expect(review(repository, undefined, {}, { base })).rejects.toMatchObject({ code: 'unknown-base' })
  }
})

test('a base may be named as the remote calls it', async () => {
  await using repository = await cloned()
  await repository.git('checkout', '--quiet', '-b', 'topic')
  await repository.git('branch', '--quiet', '-D', 'main')
  expect((await review(repository, undefined, {}, { base: 'main' })).base).toBe(await repository.git('rev-parse', 'origin/main'))
})

test('a file that was only renamed is renamed; one that was rewritten too is another file', async () => {
  const long = Array.from({ length: 20 }, (_, number) => `alter table a add column c${number} int;\n`).join('')
  await using repository = await cloned({ 'db/1_a.sql': long, 'db/2_b.sql': `${long}-- b\n` })
  await repository.git('mv', 'db/1_a.sql', 'db/3_a.sql')
  await repository.remove('db/2_b.sql')
  await repository.commit({ 'db/4_b.sql': long.replaceAll(/int;$/gm, 'text;').slice(0, 500) })
  expect((await review(repository)).changes).toEqual([
    { kind: 'removed', path: 'db/2_b.sql' },
    { kind: 'renamed', from: 'db/1_a.sql', path: 'db/3_a.sql' },
    { kind: 'added', path: 'db/4_b.sql' },
  ])
})

test('paths start at the folder of shiplock.yml, and what is outside of it is left out', async () => {
  await using repository = await cloned({ 'services/shop/db/1_a.sql': 'select 1;', 'other.sql': 'select 1;' })
  await repository.commit({ 'services/shop/db/2_b.sql': 'select 2;', 'other.sql': 'select 2;' })
  expect(await review(repository, undefined, {}, { folder: 'services/shop' })).toMatchObject({
    folder: 'services/shop/',
    changes: [{ kind: 'added', path: 'db/2_b.sql' }],
  })
})

test.each([
  ['pull_request_target', pull('a'.repeat(40), 'b'.repeat(40)), true],
  ['workflow_run', { workflow_run: { event: 'pull_request' } }, true],
  ['workflow_run', { workflow_run: { event: 'push' } }, false],
  ['issue_comment', { issue: { pull_request: {} } }, true],
  ['issue_comment', { issue: {} }, false],
] as const)('%s %j is refused: %s', async (name, event, refused) => {
  await using repository = await cloned()
  const opened = review(repository, name, event)
  if (refused) await expect(opened).rejects.toMatchObject({ code: 'unsafe-event' })
  else await expect(opened).resolves.toMatchObject({ proposed: false })
})

test('an event that cannot be read is an error, and not a review of something else', async () => {
  await using repository = await cloned()
  const variables = { PATH: process.env.PATH, GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: '/nowhere' }
  await expect(openReview({ base: undefined }, { folder: repository.dir, variables, github: undefined })).rejects.toMatchObject({
    code: 'unreadable-file',
  })
})
