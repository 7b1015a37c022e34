import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { makeProject, runStep, shiplock } from '../program.ts'
import { makeRepository, type Repository } from '../repository.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const repositories: Repository[] = []
afterEach(async () => {
  for (const one of repositories.splice(0)) await one[Symbol.asyncDispose]()
})

const file = (number: number) => ({ [`db/migrations/${number}_m.sql`]: `create table t${number} (x int);` })

/** Two commits, of which the newer has run; the older one has a migration that the newer one took back. */
async function overtaken() {
  const repository = await makeRepository(file(1))
  repositories.push(repository)
  const older = await repository.commit(file(2))
  await repository.git('rm', '--quiet', 'db/migrations/2_m.sql')
  const newer = await repository.commit(file(3))
  const database = uniqueName('shop')
  const env = { DATABASE_URL: await server.createDatabase(database) }
  const at =
    (dir: string) =>
    async (...args: string[]) => {
      const ended = await shiplock([...args, '--project', 'shop'], { cwd: dir, env })
      return { ...ended, command: ended.result.commands[0], error: ended.result.commands[0]?.error }
    }
  const run = at(repository.dir)
  expect((await run('migrate', '--phase', 'pre', '--release', 'v3')).exitCode).toBe(0)
  await repository.git('checkout', '--quiet', older)
  return { ...repository, env, run, at, older, newer, query: (sql: string) => server.query(sql, database) }
}

/** The older commit is the one that orders the files: without this its migration would be out of order. */
const late = ['--out-of-order', 'allow']

test('an older commit after a newer one is refused when anything would run, and the message says how a hotfix goes on', async () => {
  const { run, older, newer, query } = await overtaken()
  const before = await query('select count(*)::int as n from shiplock.history')
  for (const command of [
    ['migrate', '--phase', 'pre'],
    ['migrate', '--phase', 'pre', '--dry-run'],
    ['migrate', '--phase', 'all', '--allow-unphased'],
  ]) {
    const refused = await run(...command, ...late)
    expect([refused.exitCode, refused.error?.code]).toEqual([1, 'older-commit'])
    expect(refused.error?.message).toContain(`This checkout (${older.slice(0, 12)}) is older than ${newer.slice(0, 12)} (v3, `)
    expect(refused.error?.hint).toMatch(/hotfix.*branch from its tag.*allow-older/)
  }
  expect((await run('plan', ...late)).command).toMatchObject({ verdict: 'pass', obstacles: [expect.stringContaining('is older than')] })
  expect(await query("select to_regclass('t2') as t2")).toEqual([{ t2: null }])
  expect(await query('select count(*)::int as n from shiplock.history')).toEqual(before)
})

test('with a reason it runs, the reason is in the history, and the plan that allows it has another digest', async () => {
  const { run, newer, query } = await overtaken()
  const digest = async (...args: string[]) =>
    ((await run('plan', ...late, ...args)).command as unknown as { digests: { pre: string } }).digests.pre
  const allowed = ['--allow-older', 'v3 was withdrawn']
  expect(await digest(...allowed)).not.toBe(await digest())
  const ran = await run('migrate', '--phase', 'pre', ...late, ...allowed)
  expect(ran.command).toMatchObject({ verdict: 'pass', applied: [{ id: '2_m' }], digest: expect.any(String) })
  expect(ran.command).toMatchObject({ notes: [expect.stringContaining('allowed: v3 was withdrawn')] })
  expect(await query("select detail from shiplock.history where event = 'older-allowed'")).toEqual([
    { detail: { reason: 'v3 was withdrawn', than: newer } },
  ])
})

test('nothing is refused when nothing is pending, nor for the same commit, nor for a newer one', async () => {
  const { run, git, commit, write, newer } = await overtaken()
  await git('checkout', '--quiet', `${newer}~2`)
  expect((await run('migrate', '--phase', 'pre')).command).toMatchObject({ verdict: 'pass', applied: [], notes: [] })
  await git('checkout', '--quiet', newer)
  await write({ 'db/migrations/4_m.sql': 'select 4;' })
  expect((await run('migrate', '--phase', 'pre')).command).toMatchObject({ applied: [{ id: '4_m' }], notes: [] })
  await commit(file(5))
  expect((await run('migrate', '--phase', 'pre')).command).toMatchObject({ applied: [{ id: '5_m' }], notes: [] })
})

test('a hotfix branch from an older tag, or a rebased line, runs with a note', async () => {
  const { run, commit, git, older } = await overtaken()
  await git('checkout', '--quiet', '-b', 'hotfix', `${older}~1`)
  await commit({ 'db/migrations/9_fix.sql': '-- shiplock: hotfix\nselect 9;' })
  const ran = await run('migrate', '--phase', 'pre')
  expect(ran.command).toMatchObject({ verdict: 'pass', applied: [{ id: '9_fix' }] })
  expect(ran.command).toMatchObject({
    notes: [expect.stringMatching(/neither before nor after .* a hotfix branch or a rebase\. Merge it/)],
  })
})

const untold = expect.stringMatching(/cannot be told.*fetch-depth: 0/)

test.each([
  ['in a shallow clone that lacks the newer commit', []],
  ['in a shallow clone that holds both commits, and nothing of what lies between', ['fetch', '--quiet', '--depth', '1', 'origin', 'main']],
])('where git cannot tell there is a warning: %s', async (_, fetch) => {
  const { at, dir, git, older } = await overtaken()
  await git('branch', 'stale', older)
  await git('clone', '--quiet', '--depth', '1', '--branch', 'stale', `file://${dir}`, 'shallow')
  if (fetch.length > 0) await git('-C', 'shallow', ...fetch)
  const ran = await at(join(dir, 'shallow'))('migrate', '--phase', 'pre', ...late)
  expect(ran.command).toMatchObject({ verdict: 'pass', applied: [{ id: '2_m' }], notes: [untold] })
  expect(ran.stderr).toContain('cannot be told')
})

test('where there is no repository the commit of the workflow is compared, and all but the same one is a warning', async () => {
  const { env, older, newer } = await overtaken()
  await using plain = await makeProject({ ...file(1), ...file(3), ...file(4) })
  const inputs = { command: 'migrate', phase: 'pre', project: 'shop' }
  const step = await runStep(inputs, { cwd: plain.dir, env: { ...env, GITHUB_SHA: older } })
  expect(step.result?.commands[0]).toMatchObject({ applied: [{ id: '4_m' }], notes: [expect.stringContaining(newer.slice(0, 12))] })
  await plain.write(file(5))
  const same = await runStep(inputs, { cwd: plain.dir, env: { ...env, GITHUB_SHA: older } })
  expect(same.result?.commands[0]).toMatchObject({ applied: [{ id: '5_m' }], notes: [] })
})

test('on GitHub the commit is that of the checkout, which a run by hand may have chosen', async () => {
  const { dir, env, older, newer, git } = await overtaken()
  const inputs = { command: 'migrate', phase: 'pre', project: 'shop', 'out-of-order': 'allow' }
  const step = await runStep(inputs, { cwd: dir, env: { ...env, GITHUB_SHA: newer } })
  expect(step.result?.commands[0]?.error?.code).toBe('older-commit')
  await git('checkout', '--quiet', newer)
  const same = await runStep(inputs, { cwd: dir, env: { ...env, GITHUB_SHA: older } })
  expect(same.result?.commands[0]).toMatchObject({ verdict: 'pass', applied: [] })
})

test('a failed attempt of a newer commit does not make the older one stale', async () => {
  const { run, query } = await overtaken()
  await query("update shiplock.history set state = 'failed'")
  expect((await run('migrate', '--phase', 'pre', ...late)).command).toMatchObject({ verdict: 'pass', applied: [{ id: '2_m' }], notes: [] })
})

test('the post phase goes by the release that is live, also when a newer pre phase has begun', async () => {
  const repository = await makeRepository({ ...file(1), 'db/post_migrations/2_p.sql': 'select 2;' })
  repositories.push(repository)
  const first = await repository.git('rev-parse', 'HEAD')
  const env = { DATABASE_URL: await server.createDatabase(uniqueName('shop')) }
  const run = async (...args: string[]) => (await shiplock([...args, '--project', 'shop'], { cwd: repository.dir, env })).result.commands[0]
  await run('migrate', '--phase', 'pre')
  await run('record', 'deployed', '--release', 'v1')
  const second = await repository.commit(file(3))
  await run('migrate', '--phase', 'pre')
  await repository.git('checkout', '--quiet', first)
  expect(await run('migrate', '--phase', 'post', '--dry-run')).toMatchObject({ verdict: 'pass', notRun: ['2_p'], notes: [] })
  await repository.git('checkout', '--quiet', second)
  await run('record', 'deployed', '--release', 'v2')
  await repository.git('checkout', '--quiet', first)
  expect((await run('migrate', '--phase', 'post'))?.error?.code).toBe('older-commit')
})

test.each(['main', '--upload-pack=touch pwned', 'HEAD'])(
  'a history row that holds %j instead of a commit is not handed to git',
  async (commit) => {
    const { run, query } = await overtaken()
    await query(`update shiplock.history set commit = '${commit}'`)
    expect((await run('migrate', '--phase', 'pre', ...late)).command).toMatchObject({
      verdict: 'pass',
      applied: [{ id: '2_m' }],
      notes: [untold],
    })
  },
)
