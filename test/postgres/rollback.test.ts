import { readdir } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { advisoryKey } from '../../src/adapters/postgres/session.ts'
import { makeProject, type Project, shiplock } from '../program.ts'
import { makeRepository, type Repository } from '../repository.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

const repositories: Repository[] = []
const projects: Project[] = []
afterEach(async () => {
  for (const one of projects.splice(0)) await one[Symbol.asyncDispose]()
  for (const one of repositories.splice(0)) await one[Symbol.asyncDispose]()
})

const users = { 'db/migrations/1_users.sql': 'create table users (id bigint primary key, email text not null, nickname text);' }

/** v1 is live no more: v2 has run, with these files, and is recorded as deployed. */
async function released(
  files: Readonly<Record<string, string>>,
  first: Readonly<Record<string, string>> = users,
  always: readonly string[] = [],
) {
  const repository = await makeRepository(first)
  repositories.push(repository)
  const database = uniqueName('shop')
  const env = { DATABASE_URL: await server.createDatabase(database) }
  const run = async (...args: string[]) => {
    const ended = await shiplock([...args, '--project', 'shop', ...always], { cwd: repository.dir, env })
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
  const found = await run('rollback', '--to', 'v1', ...because)
  expect([found.exitCode, found.command?.verdict]).toEqual([1, 'fail'])
  expect(found.command).toMatchObject({ shape: 'hotfix', hotfix: { branch: 'hotfix/v2' } })
  const asked = await run('rollback', '--to', 'v1', '--shape', 'hotfix', ...because)
  expect(asked.exitCode).toBe(0)
  for (const { stdout, stderr } of [found, asked]) {
    expect(stdout + stderr).toContain('git switch --create hotfix/v2')
    expect(stdout + stderr).not.toContain('Passed')
  }
  expect(await query(history)).toEqual([])
})

const queries = {
  'db/queries/users.sql':
    '-- name: GetUser :one\nselect email from users where id = @id;\n\n-- name: AddUser :exec\ninsert into users (id, email) values (sqlc.arg(id), @email);',
}

test('a column is dropped that no query of the target reads: its queries open what the rules keep shut, and the result says so', async () => {
  const drop = {
    'db/post_migrations/2_nickname.sql': 'alter table users drop column nickname;',
    'db/queries/users.sql': 'select missing from nowhere',
  }
  const { run, must } = await released(drop, { ...users, ...queries })
  await must('migrate', '--phase', 'post')
  const decided = await run('rollback', '--to', 'v1', '--queries', 'db/queries/*.sql', '--dry-run')
  expect(decided.command).toMatchObject({
    verdict: 'pass',
    shape: 'code-only',
    by: 'queries',
    queries: { files: 1, count: 2, failed: 0 },
    lines: [{ effect: 'compatible', by: 'queries', byRules: 'breaks-reads' }],
  })
  expect((await run('rollback', '--to', 'v1', '--dry-run')).command).toMatchObject({ shape: 'hotfix', by: 'rules' })
})

test('a query of the target that cannot be prepared shuts what the rules leave open', async () => {
  const { run, query } = await released(
    { 'db/migrations/2_phone.sql': 'alter table users add column phone text;' },
    { ...users, ...queries },
  )
  await query('alter table users rename column email to mail') // by hand: no version table knows it
  const refused = await run('rollback', '--to', 'v1', '--queries', 'db/queries/*.sql', '--shape', 'code-only', ...because)
  expect(refused.exitCode).toBe(1)
  expect(refused.command).toMatchObject({
    shape: 'hotfix',
    deciding: { path: 'db/queries/users.sql', line: 2, effect: 'breaks-reads', by: 'queries' },
  })
  expect(refused.command?.reason).toContain('column "email" does not exist (42703)')
  expect(await query(history)).toEqual([])
})

test('globs that find nothing at the target are refused: no query is no evidence', async () => {
  const { run } = await released({ 'db/migrations/2_phone.sql': 'alter table users add column phone text;' })
  const refused = await run('rollback', '--to', 'v1', '--queries', 'sql/*.sql', '--dry-run')
  expect([refused.exitCode, refused.error?.code]).toEqual([2, 'invalid-input'])
})

test('a version that nobody has the text of decides nothing, and nothing is recorded', async () => {
  const { run, query } = await released({ 'db/migrations/2_phone.sql': 'alter table users add column phone text;' })
  await query("insert into shiplock.ledger (project, version, name, phase, checksum) values ('shop', '7', '7_by_hand', 'pre', 'abc')")
  const decided = await run('rollback', '--to', 'v1', ...because)
  expect(decided.exitCode).toBe(3)
  expect(decided.command).toMatchObject({ verdict: 'inconclusive', shape: 'undecided', deciding: { path: 'version 7', effect: 'unknown' } })
  expect(decided.command?.hotfix).toBeUndefined()
  expect(decided.command?.checklist).toEqual([
    expect.stringContaining('--queries'),
    expect.stringContaining('version 7'),
    expect.stringContaining('--shape hotfix'),
  ])
  expect(await query(history)).toEqual([])
})

test('the text of what ran is read from the commit that ran it, when no file is left', async () => {
  const { run, git, commit } = await released({ 'db/migrations/2_nickname.sql': 'alter table users drop column nickname;' })
  await git('rm', '--quiet', 'db/migrations/2_nickname.sql')
  await commit({})
  expect((await run('rollback', '--to', 'v1', '--dry-run')).command).toMatchObject({
    shape: 'hotfix',
    deciding: { path: 'db/migrations/2_nickname.sql', line: 1 },
  })
})

test('a file of the target that ran under another number counts as its own', async () => {
  const { run, query } = await released({ 'db/migrations/2_phone.sql': 'alter table users add column phone text;' })
  await query(
    "update shiplock.ledger set version = '5' where version = '1'; update shiplock.history set version = '5' where version = '1' and event = 'migration'",
  )
  expect((await run('rollback', '--to', 'v1', '--dry-run')).command).toMatchObject({
    shape: 'code-only',
    leftBehind: ['2_phone'],
    notes: expect.arrayContaining(['db/migrations/1_users.sql of v1 ran here as version 5.']),
  })
})

test.each<[string, string, number, readonly string[]]>([
  ['a target that git does not know', 'unknown-target', 2, ['--to', 'v9', ...because]],
  ['the release that is live', 'target-is-live', 1, ['--to', 'v2', ...because]],
  ['a release that is newer', 'target-newer', 1, ['--to', 'main', ...because]],
  ['no reason', 'invalid-input', 2, ['--to', 'v1']],
  ['a name that git would read as an option', 'invalid-input', 2, ['--to=--all', ...because]],
])('refused, and nothing is changed: %s', async (_, code, exitCode, args) => {
  const { run, commit, query } = await released({ 'db/migrations/2_phone.sql': 'alter table users add column phone text;' })
  await commit({ 'README.md': 'more' })
  const rows = () => query('select count(*)::int as n from shiplock.history')
  const before = await rows()
  const refused = await run('rollback', ...args)
  expect([refused.error?.code, refused.exitCode]).toEqual([code, exitCode])
  expect(await rows()).toEqual(before)
})

test('a target with a pre migration that has not run is newer than the database', async () => {
  const { run, commit, git, query } = await released({ 'db/migrations/2_phone.sql': 'alter table users add column phone text;' })
  await commit({ 'db/migrations/3_more.sql': 'select 3;' })
  await git('tag', 'v3')
  await query("delete from shiplock.history where event = 'deployed'")
  expect((await run('rollback', '--to', 'v3', ...because)).error?.code).toBe('target-newer')
})

test('a file that has run in part is to be finished first', async () => {
  const { run, query } = await released({ 'db/migrations/2_phone.sql': 'alter table users add column phone text;' })
  await query("insert into shiplock.step (project, version, index, hash, state) values ('shop', '9', 0, 'x', 'finished')")
  const refused = await run('rollback', '--to', 'v1', ...because)
  expect([refused.exitCode, refused.error?.code]).toEqual([1, 'half-applied'])
})

test('a clone that is cut off says how to fetch the rest', async () => {
  const { dir, git, env } = await released({ 'db/migrations/2_phone.sql': 'alter table users add column phone text;' })
  await git('clone', '--quiet', '--depth', '1', '--no-tags', `file://${dir}`, 'shallow')
  const { result } = await shiplock(['rollback', '--to', 'v1', '--dry-run', '--project', 'shop'], { cwd: `${dir}/shallow`, env })
  expect(result.commands[0]?.error).toMatchObject({ code: 'unknown-target', hint: expect.stringContaining('fetch-depth: 0') })
})

test('it does not queue behind a release that is under way', async () => {
  const { run, database, query } = await released({ 'db/migrations/2_phone.sql': 'alter table users add column phone text;' })
  const holder = new pg.Client({ connectionString: server.url(database), application_name: 'shiplock/4711.1' })
  await holder.connect()
  await holder.query(`select pg_advisory_lock(${advisoryKey('runner', 'shop')})`)
  try {
    const refused = await run('rollback', '--to', 'v1', ...because)
    expect([refused.exitCode, refused.error?.code]).toEqual([3, 'run-in-progress'])
    expect((await run('rollback', '--to', 'v1', '--dry-run')).command).toMatchObject({ shape: 'code-only' })
    expect(await query(history)).toEqual([])
  } finally {
    await holder.end()
  }
})

const down = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/shop' }

/** v2 as above, its results and those of what follows kept in a folder; the server is down for `without`. */
async function recorded(files: Readonly<Record<string, string>>, ...more: string[]) {
  const store = await makeProject()
  projects.push(store)
  const kept = ['--store', pathToFileURL(store.dir).href, ...more]
  const release = await released(files, users, kept)
  const without = async (...args: string[]) => {
    const { result, ...ended } = await shiplock(['rollback', '--from-record', '--project', 'shop', ...kept, ...args], {
      cwd: release.dir,
      env: down,
    })
    return { ...ended, command: result.commands[0], error: result.commands[0]?.error }
  }
  const objects = async () => (await readdir(store.dir, { recursive: true })).filter((name) => name.endsWith('.json')).sort()
  return { ...release, store, without, objects }
}

test('with the server down the records decide, say that they do, and nothing is written', async () => {
  const { run, without, objects } = await recorded({
    'db/migrations/2_phone.sql': 'alter table users add column phone text;',
    'db/post_migrations/3_nickname.sql': 'alter table users drop column nickname;',
  })
  const before = await objects()
  const decided = await without('--to', 'v1')
  expect(decided.exitCode).toBe(0)
  expect(decided.command).toMatchObject({
    shape: 'code-only',
    by: 'rules',
    from: 'v2',
    leftBehind: ['2_phone'],
    recorded: false,
    source: { kind: 'record', text: expect.stringMatching(/^the record of \d{4}-.* UTC \(record, run \d+\.1\), .* ago$/) },
    reason: expect.stringMatching(/^From the record of .*, not from the database: /),
  })
  expect(decided.stderr).toContain('not from the database')
  expect(await objects()).toEqual(before)
  expect(decided.command?.lines).toEqual((await run('rollback', '--to', 'v1', '--dry-run')).command?.lines)

  expect((await run('migrate', '--phase', 'post')).exitCode).toBe(0)
  const later = await without('--to', 'v1')
  expect([later.exitCode, later.command?.shape]).toEqual([1, 'hotfix'])
  expect(later.command).toMatchObject({
    source: { text: expect.stringContaining('(migrate, run ') },
    leftBehind: ['2_phone', '3_nickname'],
  })
})

test('a run that failed half-way counts as far as it may have come', async () => {
  const { run, without, commit } = await recorded({ 'db/migrations/2_phone.sql': 'alter table users add column phone text;' })
  const index = '-- shiplock: no-transaction\n'
  await commit({
    'db/migrations/3_city.sql': 'alter table users add column city text;',
    'db/migrations/4_drop.sql': `${index}alter table users drop column nickname;\nselect 1 / 0;`,
    'db/migrations/5_email.sql': 'alter table users drop column email;',
  })
  expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(1)
  const decided = await without('--to', 'v1')
  expect(decided.command).toMatchObject({
    shape: 'hotfix',
    leftBehind: ['2_phone', '3_city', '4_drop'],
    deciding: { path: 'db/migrations/4_drop.sql' },
    notes: expect.arrayContaining([expect.stringContaining('Version 4 (4_drop) had begun')]),
  })
})

test('without any record the answer is that there is none, and which environments have some', async () => {
  const { without } = await recorded({ 'db/migrations/2_phone.sql': 'alter table users add column phone text;' })
  const refused = await without('--to', 'v1', '--environment', 'staging')
  expect(refused.exitCode).toBe(3)
  expect(refused.error).toMatchObject({ code: 'record-not-found', hint: expect.stringContaining('default') })
})

test('a stored history goes before the records: it knows of a run that left none', async () => {
  const { run, without, commit, store, objects } = await recorded(
    { 'db/migrations/2_phone.sql': 'alter table users add column phone text;' },
    '--history',
    'store',
  )
  expect((await without('--to', 'v1')).command).toMatchObject({ shape: 'code-only', from: 'v2', source: { kind: 'history' } })
  await commit({ 'db/migrations/3_drop.sql': 'alter table users drop column nickname;' })
  expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
  for (const name of await objects()) if (name.includes('-migrate-')) await store.remove(name)
  expect((await without('--to', 'v1')).command).toMatchObject({ shape: 'hotfix', leftBehind: ['2_phone', '3_drop'] })
})

test('a server that cannot be reached is answered with the way without it', async () => {
  const { dir } = await recorded({ 'db/migrations/2_phone.sql': 'alter table users add column phone text;' })
  const { result } = await shiplock(['rollback', '--to', 'v1', '--dry-run', '--project', 'shop'], { cwd: dir, env: down })
  expect(result.commands[0]?.error).toMatchObject({ code: 'connection-failed', hint: expect.stringContaining('--from-record') })
})
