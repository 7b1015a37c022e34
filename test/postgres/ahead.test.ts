import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeProject, shiplock } from '../program.ts'
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

/** A repository of one release, tagged v1, and a database to run it on. */
async function team(files: Readonly<Record<string, string>>) {
  const repository = await makeRepository(files)
  repositories.push(repository)
  await repository.git('tag', 'v1')
  const database = uniqueName('shop')
  const url = await server.createDatabase(database)
  const run = async (...args: string[]) => {
    const ended = await shiplock([...args, '--project', 'shop'], { cwd: repository.dir, env: { DATABASE_URL: url } })
    return { ...ended, command: ended.result.commands[0], code: ended.result.commands[0]?.error?.code }
  }
  const make = async (...args: string[]) => {
    const { command } = await shiplock(['new', ...args], { cwd: repository.dir }).then(({ result }) => ({ command: result.commands[0] }))
    return command as unknown as { verdict: string; path: string; notes: string[] }
  }
  return { ...repository, run, make, query: (sql: string) => server.query(sql, database) }
}

const v1 = { 'db/migrations/0001_users.sql': 'create table users (id int, name text);' }

describe('a ledger ahead of the files', () => {
  test('after a code-only rollback is noted, and the old release runs every phase with nothing to do', async () => {
    const { run, commit, git } = await team(v1)
    await commit({
      'db/migrations/0002_email.sql': 'alter table users add email text;',
      'db/post_migrations/0003_drop_name.sql': 'alter table users drop name;',
    })
    await run('migrate', '--phase', 'pre')
    await run('record', 'deployed', '--release', 'v2')
    await git('checkout', '--quiet', 'v1')
    expect((await run('plan')).command).toMatchObject({ verdict: 'pass', drift: { ahead: ['2'] }, obstacles: [], notes: [] })
    expect((await run('migrate', '--phase', 'pre')).command).toMatchObject({ verdict: 'pass', applied: [], notes: [] })
    expect((await run('migrate', '--phase', 'post')).command).toMatchObject({ verdict: 'pass', applied: [] })
    expect((await run('record', 'deployed', '--release', 'v1')).exitCode).toBe(0)
  })

  test('is known from a release that was deployed, when no attempt of ours applied the version', async () => {
    const { run, git, query, commit } = await team(v1)
    await commit({ 'db/migrations/0002_email.sql': 'alter table users add email text;' })
    await run('migrate', '--phase', 'pre')
    await run('record', 'deployed', '--release', 'v2')
    await query("delete from shiplock.history where event = 'migration'")
    await git('checkout', '--quiet', 'v1')
    await git('branch', '--force', 'main', 'v1')
    expect((await run('plan')).command).toMatchObject({ verdict: 'pass', drift: { ahead: ['2'] } })
  })

  test.each([
    ['a branch', async (git: Repository['git']) => void (await git('branch', 'later', 'HEAD'))],
    ['a tag', async (git: Repository['git']) => void (await git('tag', 'later', 'HEAD'))],
  ])('is known from %s when the history has nothing to say, and of unknown origin without it', async (_, mark) => {
    const { run, git, query, commit } = await team(v1)
    await git('checkout', '--quiet', '-b', 'work')
    await commit({ 'db/post_migrations/0002_ünïcode.sql': 'alter table users add email text;' })
    await mark(git)
    await git('checkout', '--quiet', 'main')
    await git('branch', '--quiet', '--delete', '--force', 'work')
    await run('migrate', '--phase', 'pre')
    await query("insert into shiplock.ledger (project, version, name, phase, checksum) values ('shop', '2', 'x', 'post', '')")
    expect((await run('plan')).command).toMatchObject({ verdict: 'pass', drift: { ahead: ['2'] } })
    await git('update-ref', '-d', 'refs/heads/later')
    await git('update-ref', '-d', 'refs/tags/later')
    expect(await run('plan')).toMatchObject({ exitCode: 1, code: 'unknown-version' })
    expect(await run('migrate', '--phase', 'pre')).toMatchObject({ exitCode: 1, code: 'unknown-version' })
  })

  test('is known from git also among thousands of files, and when only a merge added it', async () => {
    const { run, git, query, commit } = await team(v1)
    await git('checkout', '--quiet', '-b', 'work')
    const many = Array.from({ length: 3000 }, (_, index) => `db/migrations/${10_000 + index}_a_name_of_some_length_for_a_file.sql`)
    await commit(Object.fromEntries(many.map((path) => [path, 'select 1;'])))
    await git('checkout', '--quiet', '-b', 'side', 'v1')
    await commit({ 'other.txt': 'x' })
    await git('merge', '--quiet', '--no-commit', 'work')
    await commit({ 'db/migrations/77_only_in_the_merge.sql': 'select 1;' })
    await git('checkout', '--quiet', 'main')
    await run('migrate', '--phase', 'pre')
    for (const version of ['10000', '12999', '77'])
      await query(`insert into shiplock.ledger (project, version, name, phase, checksum) values ('shop', '${version}', 'x', 'pre', '')`)
    expect((await run('plan')).command).toMatchObject({ verdict: 'pass', drift: { ahead: ['77', '10000', '12999'] } })
  })
})

describe('two files under one number', () => {
  const clash = { exitCode: 1, code: 'version-clash' }

  test('are a clash when the other one ran: the message names both, and the advice is a new number', async () => {
    const { run, git, commit } = await team(v1)
    await git('checkout', '--quiet', '-b', 'hotfix')
    await commit({ 'db/migrations/0002_stop_leak.sql': 'select 2;' })
    await run('migrate', '--phase', 'pre')
    await git('checkout', '--quiet', 'main')
    await commit({ 'db/migrations/0002_email.sql': 'alter table users add email text;' })
    for (const command of [['plan'], ['migrate', '--phase', 'pre'], ['record', 'deployed']]) {
      const refused = await run(...command)
      expect(refused).toMatchObject(clash)
      expect(refused.command?.error).toMatchObject({
        at: 'db/migrations/0002_email.sql',
        message: expect.stringMatching(
          /^Version 2 ran as 0002_stop_leak on .*, and db\/migrations\/0002_email\.sql carries the same number/,
        ),
        hint: expect.stringContaining('a number of its own'),
      })
    }
    await git('mv', 'db/migrations/0002_email.sql', 'db/migrations/0003_email.sql')
    await commit({})
    expect((await run('migrate', '--phase', 'pre')).command).toMatchObject({ verdict: 'pass', applied: [{ id: '0003_email' }] })
  })

  test('are a clash too when only a deployed release knows the other, as when the tool itself ran it', async () => {
    const goose = (sql: string) => `-- +goose Up\n${sql}\n`
    const { run, git, commit, query } = await team({ 'db/migrations/0001_users.sql': goose('create table users (id int);') })
    await run('migrate', '--phase', 'pre')
    await git('checkout', '--quiet', '-b', 'hotfix')
    await commit({ 'db/migrations/0002_stop_leak.sql': goose('select 2;') })
    await query('insert into goose_db_version (version_id, is_applied) values (2, true)')
    await run('record', 'deployed', '--release', 'hotfix')
    await git('checkout', '--quiet', 'main')
    await commit({ 'db/migrations/0002_email.sql': goose('alter table users add email text;') })
    const refused = await run('plan')
    expect(refused).toMatchObject(clash)
    expect(refused.command?.error?.message).toContain('0002_stop_leak')
  })

  test('are none when a file was only renamed, and an edit when only the text changed', async () => {
    const { run, git, commit } = await team(v1)
    await run('migrate', '--phase', 'pre')
    await git('mv', 'db/migrations/0001_users.sql', 'db/migrations/0001_people.sql')
    await commit({})
    expect((await run('plan')).command).toMatchObject({ verdict: 'pass' })
    await git('mv', 'db/migrations/0001_people.sql', 'db/migrations/0001_users.sql')
    await commit({ 'db/migrations/0001_users.sql': 'create table users (id bigint);' })
    expect(await run('plan')).toMatchObject({ exitCode: 1, code: 'checksum-mismatch' })
  })
})

describe('a hotfix', () => {
  test('takes a number that no branch has, runs on its release, and lets the main line follow with older numbers', async () => {
    const { run, make, git, commit, dir } = await team(v1)
    await run('migrate', '--phase', 'pre')
    await commit({ 'db/migrations/0002_email.sql': 'alter table users add email text;' })
    await git('checkout', '--quiet', '-b', 'work')
    await commit({ 'db/post_migrations/0009_drop_name.sql': 'alter table users drop name;' })

    await git('checkout', '--quiet', '-b', 'hotfix', 'v1')
    const made = await make('--hotfix', 'stop_leak')
    expect(made).toMatchObject({ verdict: 'pass', path: 'db/migrations/0010_stop_leak.sql', notes: [] })
    expect(await readFile(join(dir, made.path), 'utf8')).toBe('-- shiplock: hotfix\n')
    await commit({ [made.path]: '-- shiplock: hotfix\ncreate index on users (id);\n' })
    expect((await run('migrate', '--phase', 'pre')).command).toMatchObject({ applied: [{ id: '0010_stop_leak' }] })

    await git('checkout', '--quiet', 'main')
    expect((await run('plan')).command).toMatchObject({ verdict: 'pass', drift: { ahead: ['10'] } })
    await git('merge', '--quiet', 'hotfix')
    expect((await run('migrate', '--phase', 'pre')).command).toMatchObject({ verdict: 'pass', applied: [{ id: '0002_email' }] })
  })

  test('without its mark keeps the main line from following, unless out-of-order allows it', async () => {
    const { run, commit } = await team(v1)
    await commit({ 'db/migrations/0010_stop_leak.sql': 'select 10;' })
    await run('migrate', '--phase', 'pre')
    await commit({ 'db/migrations/0002_email.sql': 'alter table users add email text;' })
    const refused = await run('migrate', '--phase', 'pre')
    expect(refused).toMatchObject({ exitCode: 1, code: 'out-of-order' })
    expect(refused.command?.error?.hint).toContain('new --hotfix')
    expect((await run('migrate', '--phase', 'pre', '--out-of-order', 'allow')).exitCode).toBe(0)
  })

  test('is the only one that is passed over: a file older than an ordinary one that ran is still refused', async () => {
    const { run, commit } = await team(v1)
    await commit({ 'db/migrations/0003_c.sql': 'select 3;', 'db/migrations/0010_stop_leak.sql': '-- shiplock: hotfix\nselect 10;' })
    await run('migrate', '--phase', 'pre')
    await commit({ 'db/migrations/0002_b.sql': 'select 2;' })
    const refused = await run('plan')
    expect(refused.code).toBe('out-of-order')
    expect(refused.command?.error?.message).toContain('older than 0003_c')
  })

  test('of goose carries its mark as a comment, and is told that goose itself will refuse the older files', async () => {
    const up = '-- +goose Up\nselect 1;\n'
    const { run, make, commit, dir, git } = await team({ 'db/migrations/20260101000000_a.sql': up })
    await git('checkout', '--quiet', '-b', 'work')
    await commit({ 'db/migrations/20260601000000_b.sql': up })
    await git('checkout', '--quiet', '-b', 'hotfix', 'v1')
    const made = await make('--hotfix', 'stop_leak', '--post')
    expect(made.path).toMatch(/^db\/post_migrations\/20\d{12}_stop_leak\.sql$/)
    expect(made.notes).toEqual([expect.stringContaining('goose -allow-missing up')])
    expect(await readFile(join(dir, made.path), 'utf8')).toBe('-- shiplock: hotfix\n-- +goose Up\n\n-- +goose Down\n')
    const hotfix = await make('--hotfix', 'stop_leak')
    await commit({ [hotfix.path]: '-- shiplock: hotfix\n-- +goose Up\nselect 2;\n\n-- +goose Down\n' })
    await git('merge', '--quiet', 'work')
    await git('rm', '--quiet', 'db/migrations/20260601000000_b.sql')
    await commit({})
    expect((await run('migrate', '--phase', 'pre')).command).toMatchObject({ verdict: 'pass', applied: [{}, { id: expect.any(String) }] })
    await commit({ 'db/migrations/20260601000000_b.sql': up })
    expect((await run('migrate', '--phase', 'pre')).command).toMatchObject({ applied: [{ id: '20260601000000_b' }] })
  })

  test('says so when it could not see every branch', async () => {
    const { make, git, dir } = await team(v1)
    const notes = async () => (await make('--hotfix', `fix_${uniqueName('x')}`)).notes
    await git('clone', '--quiet', '--depth', '1', `file://${dir}`, 'shallow')
    expect(await notes()).toEqual([])
    const { result } = await shiplock(['new', '--hotfix', 'fix'], { cwd: join(dir, 'shallow') })
    expect(result.commands[0]).toMatchObject({ notes: [expect.stringContaining('This clone is shallow')] })
    await using plain = await makeProject(v1)
    const alone = await shiplock(['new', '--hotfix', 'fix'], { cwd: plain.dir })
    expect(alone.result.commands[0]).toMatchObject({
      path: 'db/migrations/0002_fix.sql',
      notes: [expect.stringContaining('no git repository')],
    })
  })
})

describe('a database that another tool has migrated', () => {
  test('may hold the row of a folder without a number, and the refusal says what becomes of it', async () => {
    const { run, query } = await team({ 'db/migrations/2026_a/up.sql': 'create table a ();' })
    await query(
      "create table __diesel_schema_migrations (version text, run_on timestamp); insert into __diesel_schema_migrations values ('old')",
    )
    const { code, command } = await run('plan')
    expect([code, command?.error?.message]).toEqual(['unknown-layout', expect.stringContaining('(old)')])
    expect(command?.error?.hint).toMatch(/gone for good, diesel does without the row: delete it/)
    await query('delete from __diesel_schema_migrations')
    expect((await run('plan')).exitCode).toBe(0)
  })

  test('is not taken for an empty one when the layout was only found out; whoever names the layout is warned', async () => {
    const { run, query } = await team({ 'db/migrations/0001_users.up.sql': 'create table users ();' })
    await query('create table _sqlx_migrations (version bigint primary key)')
    expect((await run('plan')).exitCode).toBe(0)
    await query('insert into _sqlx_migrations values (1)')
    const { code, command } = await run('migrate', '--phase', 'pre')
    expect(code).toBe('unknown-layout')
    expect(command?.error?.message).toMatch(/golang-migrate \(1 of 1 files.*_sqlx_migrations says/)
    const marked = await run('ledger', 'mark-applied', '--migration', '1', '--reason', 'x')
    expect([marked.exitCode, marked.code]).toEqual([2, 'unknown-layout'])
    expect(await query("select from pg_namespace where nspname = 'shiplock'")).toEqual([])
    const named = await run('migrate', '--phase', 'pre', '--layout', 'golang-migrate')
    expect(named.exitCode).toBe(0)
    expect(named.stderr.match(/another tool has migrated/g)).toHaveLength(1)
    expect((await run('plan')).exitCode).toBe(0)
    const renamed = await run('plan', '--migrations-table', 'sqlx_migrations')
    expect(renamed.code).toBe('unknown-layout')
    expect(renamed.command?.error?.message).toContain('sqlx_migrations, which migrations.table names')
    // Shiplock's own history speaks against the layout that is named now
    const other = await run('plan', '--layout', 'sqlx', '--migrations-table', '_sqlx_other')
    expect(other.stderr).toContain('another tool has migrated')
    await query('drop table _sqlx_migrations')
    const mistaken = await run('plan', '--layout', 'sqlx')
    expect(mistaken.code).toBe('unknown-layout')
    expect(mistaken.command?.error?.message).toContain('Shiplock has migrated this database for this project')
  })
})
