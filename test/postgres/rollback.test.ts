import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { shiplock } from '../program.ts'
import { makeRepository, type Repository } from '../repository.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

const repositories: Repository[] = []
afterEach(async () => {
  for (const one of repositories.splice(0)) await one[Symbol.asyncDispose]()
})

const users = { 'db/migrations/1_users.sql': 'create table users (id bigint primary key, email text not null, nickname text);' }

/** v1 is live no more: v2 has run, with these files, and is recorded as deployed. */
async function released(files: Readonly<Record<string, string>>, first: Readonly<Record<string, string>> = users) {
  const repository = await makeRepository(first)
  repositories.push(repository)
  const database = uniqueName('shop')
  const env = { DATABASE_URL: await server.createDatabase(database) }
  const run = async (...args: string[]) => {
    const ended = await shiplock([...args, '--project', 'shop'], { cwd: repository.dir, env })
    return { ...ended, command: ended.result.commands[0], error: ended.result.commands[0]?.error }
  }
  const must = async (...args: string[]) => {
    const ended = await run(...args)
    if (ended.exitCode !== 0) throw new Error(`${args.join(' ')}: ${ended.stderr}`)
  }
  const release = async (tag: string) => {
    await repository.git('tag', tag)
    await must('migrate', '--phase', 'pre', '--release', tag)
    await must('record', 'deployed', '--release', tag)
  }
  await release('v1')
  await repository.commit(files)
  await release('v2')
  const query = (sql: string) => server.query<Record<string, unknown>>(sql, database)
  return { ...repository, env, database, run, must, release, query }
}

const history = "select event, detail from shiplock.history where event = 'rollback'"
const because = ['--reason', 'error rate']

test('after a column was added the older code may come back: the decision is recorded, and the post phase is shut', async () => {
  const { run, query, git } = await released({
    'db/migrations/2_phone.sql': 'alter table users add column phone text;',
    'db/post_migrations/3_nickname.sql': 'alter table users drop column nickname;',
  })
  const decided = await run('rollback', '--to', 'v1', ...because)
  expect(decided.exitCode).toBe(0)
  expect(decided.command).toMatchObject({ shape: 'code-only', by: 'rules', from: 'v2', to: 'v1', leftBehind: ['2_phone'], recorded: true })
  expect(await query(history)).toEqual([
    {
      event: 'rollback',
      detail: {
        from: 'v2',
        to: 'v1',
        toCommit: await git('rev-parse', 'v1'),
        shape: 'code-only',
        by: 'rules',
        reason: 'error rate',
        who: expect.any(String),
      },
    },
  ])
  const post = await run('migrate', '--phase', 'post')
  expect([post.exitCode, post.error?.code]).toEqual([1, 'post-not-allowed'])
})

test('after a column was dropped it does not: the statement is shown, and nothing is recorded', async () => {
  const { run, must, query } = await released({ 'db/post_migrations/2_nickname.sql': '-- gone\nalter table users drop column nickname;' })
  await must('migrate', '--phase', 'post')
  const refused = await run('rollback', '--to', 'v1', '--shape', 'code-only', ...because)
  expect(refused.exitCode).toBe(1)
  expect(refused.command).toMatchObject({
    shape: 'hotfix',
    recorded: false,
    deciding: {
      path: 'db/post_migrations/2_nickname.sql',
      line: 2,
      statement: 'alter table users drop column nickname',
      effect: 'breaks-reads',
      data: { kind: 'impossible', what: 'the values of users.nickname are gone' },
    },
  })
  expect(refused.command?.reason).toContain('db/post_migrations/2_nickname.sql:2: ')
  const hotfix = await run('rollback', '--to', 'v1', ...because)
  expect(hotfix.exitCode).toBe(0)
  expect(hotfix.command).toMatchObject({ shape: 'hotfix', hotfix: { branch: 'hotfix/v2' } })
  expect(await query(history)).toEqual([])
})
