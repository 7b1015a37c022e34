import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeProjects()
})

const users = 'create table users (id int, name text, email text);'

/** A release whose pre phase has run and that is live, with one post migration to go. */
async function live(files: Readonly<Record<string, string>> = {}) {
  const release = await makeRelease(server, {
    'db/migrations/1_users.sql': users,
    'db/post_migrations/2_drop_name.sql': 'alter table users drop column name;',
    ...files,
  })
  const run = async (...args: string[]) => {
    const ended = await release.run(...args)
    return { ...ended, command: ended.result.commands[0], error: ended.result.commands[0]?.error }
  }
  expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
  expect((await run('record', 'deployed', '--release', 'v2')).exitCode).toBe(0)
  /** A fact of the release, as the command that decides it writes it. */
  const note = (event: string, of: string, detail: unknown) =>
    release.query(
      `insert into shiplock.history (project, environment, stamp, event, release, run, attempt, host, finished_at, detail)
       select 'shop', 'default', id, '${event}', '${of}', '1', '1', 'runner', now(), '${JSON.stringify(detail)}' from shiplock.stamp`,
    )
  return { ...release, run, note }
}

describe('the post phase after a deploy', () => {
  test.each([
    ['a rollback', 'rollback', {}, /^A rollback was recorded for v1 on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, after the last deploy \(v2\)/],
    ['a canary abort', 'canary', { verdict: 'abort' }, /^A canary ended in abort for v1 on /],
    ['a canary hold', 'canary', { verdict: 'hold' }, /^A canary ended in hold for v1 on /],
    ['a canary whose verdict nobody here knows', 'canary', { verdict: 'shrug' }, /^A canary ended in hold for v1 on /],
  ])('is barred by %s, until a release is recorded as deployed again', async (_, event, detail, message) => {
    const { run, note } = await live()
    await note(event, 'v1', detail)
    for (const command of [
      ['migrate', '--phase', 'post'],
      ['migrate', '--phase', 'post', '--dry-run'],
    ]) {
      const refused = await run(...command)
      expect([refused.exitCode, refused.error?.code]).toEqual([1, 'post-not-allowed'])
      expect(refused.error?.message).toMatch(message)
    }
    const planned = await run('plan')
    expect(planned.command).toMatchObject({
      verdict: 'pass',
      phases: [{}, { pending: [{ id: '2_drop_name', heldBack: true }] }],
      obstacles: [expect.stringContaining(event === 'rollback' ? 'A rollback' : 'A canary')],
    })
    expect((await run('record', 'deployed', '--release', 'v2')).exitCode).toBe(0)
    expect((await run('migrate', '--phase', 'post')).command).toMatchObject({ verdict: 'pass', applied: [{ id: '2_drop_name' }] })
  })

  test('is not barred by a canary that promotes, nor by what came before the deploy, nor by facts of another time', async () => {
    const { run, note } = await live()
    await note('rollback', 'v1', {})
    await note('canary', 'v2', { verdict: 'abort' })
    await run('record', 'deployed', '--release', 'v2')
    await note('canary', 'v2', { verdict: 'promote' })
    await note('seance', 'v2', { ghosts: 3 })
    expect((await run('migrate', '--phase', 'post')).command).toMatchObject({ verdict: 'pass', applied: [{ id: '2_drop_name' }] })
  })

  test('is barred by an abort also when a later canary promotes', async () => {
    const { run, note } = await live()
    await note('canary', 'v2', { verdict: 'abort' })
    await note('canary', 'v2', { verdict: 'promote' })
    expect((await run('migrate', '--phase', 'post')).error?.code).toBe('post-not-allowed')
  })
})

describe('a release that a canary held or aborted', () => {
  const canary = (verdict: string) => ['canary', 'v2', { verdict, reason: 'p95', accepted: false }] as const

  test('is open again after a hold when a watch with more to see promotes', async () => {
    const { run, note } = await live()
    await note(...canary('hold'))
    await note(...canary('promote'))
    expect((await run('migrate', '--phase', 'post')).exitCode).toBe(0)
  })

  test('stays barred after a hold when a watch of another release promotes', async () => {
    const { run, note } = await live()
    await note(...canary('hold'))
    await note('canary', 'v1', { verdict: 'promote', reason: 'calm', accepted: false })
    expect((await run('migrate', '--phase', 'post')).error?.code).toBe('post-not-allowed')
  })

  test.each(['hold', 'abort'])('is open again after a %s when a person decides it, with a reason', async (verdict) => {
    const { run, note } = await live()
    await note(...canary(verdict))
    const unsaid = await run('record', 'promoted')
    expect([unsaid.exitCode, unsaid.error?.message]).toEqual([2, expect.stringContaining('reason is missing')])
    expect((await run('record', 'promoted', '--reason', 'the peak was a backup', '--dry-run')).exitCode).toBe(0)
    expect((await run('migrate', '--phase', 'post')).error?.code).toBe('post-not-allowed')
    const decided = await run('record', 'promoted', '--reason', 'the peak was a backup')
    expect(decided.command).toMatchObject({ verdict: 'pass', fact: 'promoted', after: verdict })
    expect((await run('migrate', '--phase', 'post')).exitCode).toBe(0)
  })

  test('has nothing to decide when no canary spoke against it since the deploy', async () => {
    const { run, note } = await live()
    const refused = await run('record', 'promoted', '--reason', 'just so')
    expect([refused.exitCode, refused.error?.code]).toEqual([1, 'post-not-allowed'])
    await note(...canary('abort'))
    await run('record', 'deployed', '--release', 'v2')
    expect((await run('record', 'promoted', '--reason', 'just so')).exitCode).toBe(1)
  })
})

describe('the next pre phase', () => {
  test('stops when too many post migrations are held back', async () => {
    const posts = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`db/post_migrations/${index + 3}_p.sql`, `select ${index};`]),
    )
    const { run, project } = await live(posts)
    await project.write({ 'db/migrations/20_next.sql': 'select 20;' })
    const refused = await run('migrate', '--phase', 'pre')
    expect([refused.exitCode, refused.error?.code]).toEqual([1, 'post-debt'])
    expect(refused.error?.message).toContain('11 post migrations of deployed releases are held back')
    expect((await run('plan')).command).toMatchObject({ verdict: 'pass', obstacles: [expect.stringContaining('11 post migrations')] })
    await project.write({ 'shiplock.yml': 'max-post-debt-count: 11\n' })
    expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
  })

  test('does not stop for debts when it has nothing to run', async () => {
    const { run } = await live()
    expect((await run('migrate', '--phase', 'pre', '--max-post-debt-count', '0')).exitCode).toBe(0)
  })

  test.each([
    ['the column that is to go', "-- why\nalter table users add check (name <> '');", 'public.users.name', 2],
    ['the same table as a whole', 'select 1;\ninsert into public.users values (1);', 'public.users', 2],
    ['a view on the column', 'create view names as select name from public.users;', 'public.users.name', 1],
  ])('stops when it touches what a held-back migration touches: %s', async (_, sql, object, line) => {
    const { run, project, query } = await live({
      'db/post_migrations/2_drop_name.sql': '-- old\n\nalter table public.users drop column name;',
    })
    await project.write({ 'db/migrations/3_next.sql': sql })
    const early = sql.startsWith('create') ? 'db/migrations/3_next.sql:1:1' : `db/migrations/3_next.sql:${line}:1`
    for (const command of [
      ['migrate', '--phase', 'pre'],
      ['migrate', '--phase', 'pre', '--dry-run'],
    ]) {
      const refused = await run(...command)
      expect([refused.exitCode, refused.error?.code, refused.error?.at]).toEqual([1, 'post-debt', early])
      expect(refused.error?.message).toBe(
        `${early} touches ${object}, and so does db/post_migrations/2_drop_name.sql:3:1, which has been held back since v2 was deployed.`,
      )
    }
    expect(await query("select to_regclass('names') as names, (select count(*)::int from users) as n")).toEqual([{ names: null, n: 0 }])
    expect((await run('plan')).command).toMatchObject({ obstacles: [expect.stringContaining('touches public.users')] })
    expect((await run('migrate', '--phase', 'post')).command).toMatchObject({ verdict: 'fail', error: { code: 'post-not-allowed' } })
    await project.remove('db/migrations/3_next.sql')
    expect((await run('migrate', '--phase', 'post')).exitCode).toBe(0)
  })

  test.each([
    ['another column', 'alter table users add column age int;'],
    ['another table', 'create table orders (name text, user_id int);'],
  ])('goes on when it touches %s', async (_, sql) => {
    const { run, project } = await live()
    await project.write({ 'db/migrations/3_next.sql': sql })
    expect((await run('migrate', '--phase', 'pre')).command).toMatchObject({ verdict: 'pass', applied: [{ id: '3_next' }] })
  })

  test('is not stopped by a post migration of its own release, nor by one that cannot be read here', async () => {
    const { run, project } = await live({ 'db/post_migrations/2_drop_name.sql': 'select 2;' })
    await project.write({
      'db/migrations/3_next.sql': "alter table users add check (name <> '');",
      'db/post_migrations/4_drop_name.sql': 'alter table users drop column name;',
    })
    expect((await run('migrate', '--phase', 'pre')).command).toMatchObject({
      applied: [{ id: '3_next' }],
      heldBack: ['2_drop_name', '4_drop_name'],
    })
  })
})

test('a held-back goose migration whose variable is not set keeps no pre phase from running', async () => {
  const goose = (sql: string) => `-- +goose Up\n-- +goose ENVSUB ON\n${sql}\n`
  const release = await makeRelease(server, {
    'db/migrations/1_users.sql': goose(users),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: goose writes its variables like this
    'db/post_migrations/2_drop.sql': goose('alter table users drop column ${COLUMN};'),
  })
  await release.run('migrate', '--phase', 'pre')
  await release.run('record', 'deployed')
  await release.project.write({ 'db/migrations/3_next.sql': goose('alter table users add column age int;') })
  expect((await release.run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({
    verdict: 'pass',
    applied: [{ id: '3_next' }],
  })
})
