import { symlink, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeProject, shiplock, startCli } from '../program.ts'
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

const release = (files: Readonly<Record<string, string>>) => makeRelease(server, files)

describe('a file that is not what it seems', () => {
  test.each([
    ['-- migrate:up\ncreate table a (x int);\n\n-- migrate:down\ndrop table a;\n', 'dbmate'],
    ['-- +migrate Up\ncreate table a (x int);\n-- +migrate Down\ndrop table a;\n', 'sql-migrate'],
    ['-- Up Migration\ncreate table a (x int);\n-- Down Migration\ndrop table a;\n', 'node-pg-migrate'],
  ])('is refused when another tool wrote it, whose way back would run too: %j', async (text, tool) => {
    const { run } = await release({ 'db/migrations/1_a.sql': text })
    const refused = await run('migrate', '--phase', 'pre', '--layout', 'plain')
    expect(refused.result.commands[0]?.error).toMatchObject({ code: 'unsupported-migration', message: expect.stringContaining(tool) })
  })

  test('is refused when it holds a NUL, at which PostgreSQL would stop reading', async () => {
    const { run, project } = await release({ 'db/migrations/1_a.sql': '' })
    await writeFile(`${project.dir}/db/migrations/1_a.sql`, 'begin; create table a (x int); commit;\0create table b (x int);')
    expect((await run('plan')).result.commands[0]?.error).toMatchObject({
      code: 'unreadable-file',
      message: expect.stringContaining('NUL'),
    })
  })

  test.each([
    ['to a folder, which a tool would follow', '.', 'a link to a folder'],
    ['that leads nowhere', 'gone', 'a link that leads nowhere'],
  ])('is refused when it is a link %s', async (_, target, said) => {
    const { run, project } = await release({ 'db/migrations/1_a/migration.sql': 'select 1;' })
    await symlink(target, `${project.dir}/db/migrations/2_b`)
    expect((await run('plan')).result.commands[0]?.error).toMatchObject({
      code: 'unreadable-file',
      message: expect.stringContaining(`db/migrations/2_b is ${said}`),
    })
  })

  test('is named in the plan when it holds no statement', async () => {
    const { run } = await release({ 'db/migrations/1_a.sql': '-- nothing yet\n' })
    expect((await run('plan')).result.commands[0]).toMatchObject({ phases: [{ pending: [{ warning: 'holds no statement' }] }, {}] })
  })
})

describe('a folder that is not there', () => {
  test.each([
    [['--migrations', 'db/nope'], 'db/nope'],
    [['--migrations-post', 'db/nope'], 'db/nope'],
  ])('%j never reads as nothing pending', async (flags, name) => {
    const { run } = await release({ 'db/migrations/1_a.sql': 'select 1;', 'db/post_migrations/2_b.sql': 'select 2;' })
    const refused = await run('migrate', '--phase', 'pre', ...flags)
    expect([refused.exitCode, refused.result.commands[0]?.error]).toMatchObject([
      2,
      { code: 'migrations-not-found', message: expect.stringContaining(name) },
    ])
  })

  test('nor does one whose files are all in subfolders', async () => {
    const { run } = await release({ 'db/migrations/2026/1_a.sql': 'select 1;' })
    expect((await run('record', 'deployed')).result.commands[0]?.error?.code).toBe('migrations-not-found')
  })
})

describe('what stands beside the migrations', () => {
  test.each([
    ['1_a.up.sql', 'sqlx = { version = "0.9", features = ["postgres"] }', 'golang-migrate'],
    ['1_a.sql', '[workspace.dependencies.sqlx]\nversion = "0.9"', 'plain'],
  ])("%s is nobody's until the layout is named, where Cargo.toml has %j", async (file, line, otherwise) => {
    const { run } = await release({ [`db/migrations/${file}`]: 'select 1;', 'Cargo.toml': `[dependencies]\n${line}\n` })
    for (const command of ['plan', 'lint']) {
      const { error } = (await run(command)).result.commands[0] ?? {}
      expect(error).toMatchObject({ code: 'unknown-layout', hint: expect.stringContaining(`${otherwise} or sqlx`) })
    }
    expect((await run('plan', '--layout', 'sqlx')).exitCode).toBe(0)
  })

  test.each([
    ['goose', 'GOOSE_TABLE', 'goose_db_version'],
    ['dbmate', 'DBMATE_MIGRATIONS_TABLE', 'schema_migrations'],
    ['flyway', 'FLYWAY_TABLE', 'flyway_schema_history'],
  ] as const)('%s and %s: a version table that the tool alone is told of has to be named', async (layout, variable, usual) => {
    const text = { goose: '-- +goose Up\nselect 1;', dbmate: '-- migrate:up\nselect 1;\n-- migrate:down\n', flyway: 'select 1;' }[layout]
    const { project, env } = await release({ [layout === 'flyway' ? 'db/migrations/V1__a.sql' : 'db/migrations/1_a.sql']: text })
    const plan = (named: string, ...flags: string[]) =>
      shiplock(['plan', ...flags], { cwd: project.dir, env: { ...env, [variable]: named } })
    expect((await plan('versions')).result.commands[0]?.error).toMatchObject({
      code: 'invalid-input',
      hint: expect.stringContaining('Set migrations.table: versions.'),
    })
    for (const ended of [await plan('versions', '--migrations-table', 'versions'), await plan(usual)]) expect(ended.exitCode).toBe(0)
  })
})

describe('the project', () => {
  test('is not taken from the name of a folder when the database knows another', async () => {
    const { env, query } = await release({ 'db/migrations/1_a.sql': 'create table t as select 1 as n;' })
    await using first = await makeProject({ 'db/migrations/1_a.sql': 'create table if not exists t (n int); insert into t values (1);' })
    await using second = await makeProject({ 'db/migrations/1_a.sql': 'create table if not exists t (n int); insert into t values (1);' })
    expect((await shiplock(['migrate', '--phase', 'pre'], { cwd: first.dir, env })).exitCode).toBe(0)
    const refused = await shiplock(['migrate', '--phase', 'pre'], { cwd: second.dir, env })
    expect([refused.exitCode, refused.result.commands[0]?.error?.code]).toEqual([2, 'wrong-project'])
    expect((await shiplock(['migrate', '--phase', 'pre', '--project', 'another'], { cwd: second.dir, env })).exitCode).toBe(0)
    expect(await query('select count(*)::int as n from t')).toEqual([{ n: 2 }])
  })
})

describe('the digest that was approved', () => {
  test('is the one that the first run reports too', async () => {
    const { run } = await release({ 'db/migrations/1_a.sql': 'select 1;' })
    const plan = (await run('plan')).result.commands[0] as unknown as { digests: { pre: string } }
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({ digest: plan.digests.pre })
  })

  test('stays the same for the same plan, and changes with the ledger', async () => {
    const { run, project } = await release({ 'db/migrations/1_a.sql': 'select 1;', 'db/migrations/2_b.sql': 'select 2;' })
    const digest = async () => ((await run('plan')).result.commands[0] as unknown as { digests: { pre: string } }).digests.pre
    const before = await digest()
    expect(await digest()).toBe(before)
    await project.write({ 'db/migrations/3_c.sql': 'select 3;' })
    expect(await digest()).not.toBe(before)
  })
})

describe('values from rows', () => {
  test.each([
    ['alter table u alter phone type int using phone::int', '491701234567'],
    ['alter table u alter ip type cidr using ip::cidr', '192.168.7.9'],
    ['select to_tsquery(name) from u', 'john smith'],
    ["select to_date(name, 'YYYY') from u", 'john'],
    [
      "do $$ declare n text; begin select name into n from u; raise exception 'bad row \"%\"', n using hint = '\"' || n || '\"'; end $$",
      'john smith',
    ],
  ])('stay out of errors: %s', async (sql, value) => {
    const { run, query } = await release({ 'db/migrations/1_a.sql': sql })
    await query("create table u (phone text, ip text, name text); insert into u values ('491701234567', '192.168.7.9/24', 'john smith')")
    const failed = await run('migrate', '--phase', 'pre')
    expect(failed.result.commands[0]?.error?.code).toBe('migration-failed')
    expect(failed.stdout + failed.stderr).not.toContain(value)
    expect((await run('migrate', '--phase', 'pre', '--show-data')).stdout).toContain(value)
  })
})

describe('a database with settings of its own', () => {
  test('that changes how strings are read does not change where a statement ends', async () => {
    const { run, query, database } = await release({
      'db/migrations/1_a.sql': "create table a (t text); insert into a values ('x\\'), ('; commit; --');",
    })
    await query(`alter database "${database}" set standard_conforming_strings = off`)
    expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
    expect(await query('select count(*)::int as n from a')).toEqual([{ n: 2 }])
  })

  test('that is read-only gets one error and no stack', async () => {
    const { run, query, database } = await release({ 'db/migrations/1_a.sql': 'select 1;' })
    await query(`alter database "${database}" set default_transaction_read_only = on`)
    const refused = await run('migrate', '--phase', 'pre')
    expect(refused.result.commands[0]?.error).toMatchObject({ code: 'server-refused', message: expect.stringContaining('25006') })
    expect(refused.stderr).not.toMatch(/^\s+at /m)
  })

  test('whose strings of an older grammar are not parsed is asked itself, and may not end our transaction', async () => {
    const { run } = await release({ 'db/migrations/1_a.sql': 'create table system_user (a int);\nend;\nselect 1;' })
    // a word that only newer servers reserve: not an error here, and not split either
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]?.error?.code).toBe(
      server.major < 18 ? 'transaction-control' : 'syntax-error',
    )
  })

  test('that is older than the parser takes what only it accepts, as one message', async () => {
    const { run, query } = await release({
      'db/migrations/1_a.sql': 'create table system_user (a int);\ninsert into "system_user" values (1);',
    })
    const applied = await run('migrate', '--phase', 'pre')
    if (server.major >= 16) expect(applied.result.commands[0]?.error?.code).toBe('syntax-error')
    else expect(await query('select a from "system_user"')).toEqual([{ a: 1 }])
  })
})

describe('the command line', () => {
  test('takes a configuration from another folder, and paths that start there', async () => {
    const { project, env } = await release({
      'conf/shiplock.yml': 'project: shop\nmigrations:\n  pre: ../db/migrations\n',
      'db/migrations/1_a.sql': 'select 1;',
    })
    expect((await shiplock(['plan', '--config', 'conf/shiplock.yml'], { cwd: project.dir, env })).exitCode).toBe(0)
  })

  test.each([
    [['plan', '--expect-database', ''], 'needs a value'],
    [['migrate', '--phase', 'pre', '--dry-run='], 'needs a value'],
    [['plan', '--environment', 'a', '--environment', 'b'], 'stands twice'],
  ])('%j is refused: an empty or repeated flag must not switch a guard off', async (args, text) => {
    const { project, env } = await release({ 'db/migrations/1_a.sql': 'select 1;' })
    const refused = await shiplock(args, { cwd: project.dir, env })
    expect([refused.exitCode, refused.result.commands[0]?.error?.message]).toEqual([2, expect.stringContaining(text)])
  })

  test('hides a password that stands in the wrong place', async () => {
    await using project = await makeProject()
    for (const args of [
      ['plan', 'postgres://u:s3cr3tpw@127.0.0.1/d'],
      ['postgres://u:s3cr3tpw@127.0.0.1/d'],
      ['plan', '--postgres://u:s3cr3tpw@h/d'],
      ['plan', '--database-url', 'host=127.0.0.1 port=1 user=u password=s3cr3tpw'],
    ]) {
      const ended = await startCli(args, { cwd: project.dir }).ended
      expect(ended.exitCode).toBe(2)
      expect(ended.stdout + ended.stderr).not.toContain('s3cr3tpw')
    }
  })

  test('keeps migrating when nobody reads what it prints', async () => {
    const { project, env, versions } = await release({
      'db/migrations/1_a.sql': 'select pg_sleep(0.5);',
      'db/migrations/2_b.sql': 'select 2;',
    })
    const running = startCli(['migrate', '--phase', 'pre', '--project', 'shop'], { cwd: project.dir, env })
    await running.printed('1_a: started')
    running.child.stdout?.destroy()
    expect((await running.ended).exitCode).toBe(0)
    expect(await versions()).toEqual(['1', '2'])
  })
})

test('one begin with options, or a commit that chains, is not taken off in silence', async () => {
  for (const sql of ['begin read only; select 1; commit;', 'begin; select 1; commit and chain;']) {
    const { run } = await release({ 'db/migrations/1_a.sql': sql })
    expect((await run('plan')).result.commands[0]?.error?.code).toBe('transaction-control')
  }
})

test('a post migration that changed after the deploy was recorded does not read as nothing to do', async () => {
  const { run, project } = await release({ 'db/migrations/1_a.sql': 'select 1;', 'db/post_migrations/2_b.sql': 'select 2;' })
  await run('migrate', '--phase', 'pre')
  await run('record', 'deployed')
  await project.write({ 'db/post_migrations/2_b.sql': 'select 22;' })
  expect((await run('migrate', '--phase', 'post')).result.commands[0]).toMatchObject({
    verdict: 'fail',
    error: { code: 'post-changed', at: 'db/post_migrations/2_b.sql' },
  })
})
