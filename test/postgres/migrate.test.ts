import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Project, resultOf, shiplock, startCli } from '../program.ts'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeProjects()
})

const release = (files: Readonly<Record<string, string>>) => makeRelease(server, files)
const code = (result: { commands: { error?: { code: string } | undefined }[] }) => result.commands[0]?.error?.code

describe('phases', () => {
  test('run before and after the deploy, each once, and post only for the release that is recorded as deployed', async () => {
    const { run, versions } = await release({
      'db/migrations/0001_users.sql': 'create table users (id int primary key, name text);',
      'db/migrations/0003_email.sql': 'alter table users add column email text;',
      'db/post_migrations/0002_drop_name.sql': 'alter table users drop column name;',
    })
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({
      verdict: 'pass',
      applied: [{ id: '0001_users' }, { id: '0003_email' }],
      heldBack: ['0002_drop_name'],
    })
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({ verdict: 'pass', applied: [] })
    const early = await run('migrate', '--phase', 'post')
    expect([early.exitCode, code(early.result)]).toEqual([1, 'post-not-allowed'])
    expect(await versions()).toEqual(['1', '3'])
    expect((await run('record', 'deployed', '--release', 'v2')).exitCode).toBe(0)
    expect((await run('migrate', '--phase', 'post')).result.commands[0]).toMatchObject({
      verdict: 'pass',
      applied: [{ id: '0002_drop_name' }],
    })
    expect(await versions()).toEqual(['1', '2', '3'])
    expect((await run('plan')).result.commands[0]).toMatchObject({ applied: 3, phases: [{ pending: [] }, { pending: [] }] })
  })

  test('keep a post migration held back that came after the deployed release', async () => {
    const { run, project, versions } = await release({
      'db/migrations/0001_users.sql': 'create table users (id int primary key, name text, age int);',
      'db/post_migrations/0002_drop_name.sql': 'alter table users drop column name;',
    })
    await run('migrate', '--phase', 'pre')
    await run('record', 'deployed')
    await project.write({ 'db/post_migrations/0003_drop_age.sql': 'alter table users drop column age;' })
    expect((await run('migrate', '--phase', 'post')).result.commands[0]).toMatchObject({
      applied: [{ id: '0002_drop_name' }],
      heldBack: ['0003_drop_age'],
    })
    expect(await versions()).toEqual(['1', '2'])
  })

  test('all runs both on a fresh database, and is refused on one with a history', async () => {
    const { run, project } = await release({
      'db/migrations/0001_a.sql': 'create table a (x int, y int);',
      'db/post_migrations/0002_b.sql': 'alter table a drop column y;',
      'db/migrations/0003_c.sql': 'alter table a add column z int;',
    })
    expect((await run('migrate', '--phase', 'all')).result.commands[0]).toMatchObject({
      applied: [{ id: '0001_a' }, { id: '0002_b' }, { id: '0003_c' }],
    })
    await project.write({ 'db/migrations/0004_d.sql': 'select 1;' })
    expect(code((await run('migrate', '--phase', 'all')).result)).toBe('unphased-refused')
    expect((await run('migrate', '--phase', 'all', '--allow-unphased')).exitCode).toBe(0)
  })

  test('follow SKIP_POST_DEPLOYMENT_MIGRATIONS: all becomes pre, and post is refused', async () => {
    const { project, env, versions } = await release({ 'db/migrations/1_a.sql': 'select 1;', 'db/post_migrations/2_b.sql': 'select 2;' })
    const options = { cwd: project.dir, env: { ...env, SKIP_POST_DEPLOYMENT_MIGRATIONS: 'true' } }
    expect((await shiplock(['migrate', '--phase', 'all', '--project', 'shop'], options)).exitCode).toBe(0)
    expect(await versions()).toEqual(['1'])
    expect(code((await shiplock(['migrate', '--phase', 'post', '--project', 'shop'], options)).result)).toBe('post-not-allowed')
  })

  test('stop the next pre phase when a post migration has been held back for too long', async () => {
    const { run, project, query } = await release({ 'db/migrations/1_a.sql': 'select 1;', 'db/post_migrations/2_b.sql': 'select 2;' })
    await run('migrate', '--phase', 'pre')
    await run('record', 'deployed')
    await query("update shiplock.history set started_at = now() - interval '15 days' where event = 'deployed'")
    await project.write({ 'db/migrations/3_c.sql': 'select 3;' })
    expect((await run('plan')).result.commands[0]).toMatchObject({ debts: [{ id: '2_b' }] })
    expect(code((await run('migrate', '--phase', 'pre')).result)).toBe('post-debt')
    expect((await run('migrate', '--phase', 'pre', '--max-post-debt', '20d')).exitCode).toBe(0)
  })
})

describe('the way back', () => {
  test('is said before each step and after it, and the post phase names what ends it before anything is sent', async () => {
    const { run, project } = await release({
      'db/migrations/1_users.sql': 'create table users (id int primary key, phone text, age int);',
    })
    const wayBack = ({ result }: Awaited<ReturnType<typeof run>>) => (result.commands[0] as unknown as { wayBack?: object }).wayBack
    await run('migrate', '--phase', 'pre', '--release', 'v1')
    await run('record', 'deployed', '--release', 'v1')
    await project.write({
      'db/migrations/2_city.sql': 'alter table users add column city text;',
      'db/migrations/2_city.down.sql': 'alter table users drop column city;',
      'db/post_migrations/3_drop_phone.sql': '-- gone\nalter table users drop column phone;',
    })
    const end = { after: '3_drop_phone', phase: 'post', known: true, at: 'db/post_migrations/3_drop_phone.sql:2', effect: 'breaks-reads' }
    const planned = await run('plan')
    expect(wayBack(planned)).toMatchObject({
      to: 'v1',
      steps: [
        { id: '2_city', shape: 'code-only', down: { kind: 'lossy', exists: true, what: 'the values of users.city' } },
        { id: '3_drop_phone', shape: 'hotfix', down: { kind: 'impossible', exists: false, at: end.at } },
      ],
      pointOfNoReturn: end,
    })
    expect(planned.stdout).toContain('Point of no return: after 3_drop_phone (post) the code of v1 no longer works')

    const pre = await run('migrate', '--phase', 'pre', '--release', 'v2')
    expect(wayBack(pre)).toMatchObject({ pointOfNoReturn: null, sentence: expect.stringMatching(/^Code-only is open/) })
    expect(pre.stderr).not.toContain('from here')
    await run('record', 'deployed', '--release', 'v2')

    const dry = await run('migrate', '--phase', 'post', '--dry-run')
    expect(wayBack(dry)).toMatchObject({ to: 'v1', pointOfNoReturn: end })
    expect(dry.stderr).toContain('from here code-only ends')
    const post = await run('migrate', '--phase', 'post')
    const warned = [
      'from here code-only ends for the code of v1',
      'db/post_migrations/3_drop_phone.sql:2: ends code-only.',
      '3_drop_phone: started',
    ]
    const places = warned.map((one) => post.stderr.indexOf(one))
    expect([...places].sort((a, b) => a - b)).toEqual(places)
    expect(places).not.toContain(-1)
    expect(wayBack(post)).toMatchObject({
      to: 'v1',
      pointOfNoReturn: end,
      sentence: expect.stringMatching(/^Code-only ended after 3_drop_phone/),
    })
    expect(post.stdout).toContain('Code-only ended after 3_drop_phone (post): the code of v1 no longer works')
  })

  test('is not known where the older release cannot be read, which stops nothing', async () => {
    const { run, project } = await release({ 'db/migrations/1_a.sql': 'create table a (x int);', 'db/migrations/2_b.sql': 'select 2;' })
    await run('migrate', '--phase', 'pre', '--release', 'v1')
    await run('record', 'deployed', '--release', 'v1')
    await project.remove('db/migrations/2_b.sql')
    await project.write({ 'db/migrations/3_c.sql': 'select 3;' })
    const migrated = await run('migrate', '--phase', 'pre', '--release', 'v2')
    expect(migrated.exitCode).toBe(0)
    expect(migrated.stdout).toContain('The way back is not known: neither this checkout nor git holds 1 migration of v1, such as 2_b.')
  })
})

describe('a migration that fails', () => {
  test('leaves nothing of itself, names file, line and SQLSTATE, and the next run goes on there', async () => {
    const { run, project, query, versions } = await release({
      'db/migrations/1_a.sql': 'create table a (x int);',
      'db/migrations/2_b.sql': 'create table b (x int); -- ä𝄞\n\ninsert into b values (1);\n  alter table missing add column y int;\n',
      'db/migrations/3_c.sql': 'create table c (x int);',
    })
    const failed = await run('migrate', '--phase', 'pre')
    expect(failed.exitCode).toBe(1)
    expect(failed.result.commands[0]).toMatchObject({
      verdict: 'fail',
      applied: [{ id: '1_a' }],
      failed: { id: '2_b', sqlstate: '42P01' },
      notRun: ['3_c'],
      error: { code: 'migration-failed', at: 'db/migrations/2_b.sql:4:3' },
    })
    expect(await query("select to_regclass('b') as b")).toEqual([{ b: null }])
    await project.write({ 'db/migrations/2_b.sql': 'create table b (x int);' })
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({ applied: [{ id: '2_b' }, { id: '3_c' }] })
    expect(await versions()).toEqual(['1', '2', '3'])
  })

  test('is placed by the server where it gives a position, after characters of every width', async () => {
    const { run } = await release({ 'db/migrations/1_a.sql': "/* ä𝄞€ */ select 'ö𝄞', nowhere from pg_class;" })
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]?.error?.at).toBe('db/migrations/1_a.sql:1:24')
  })

  test('prints no value from a row', async () => {
    const { run } = await release({
      'db/migrations/1_a.sql': "create table p (e text unique); insert into p values ('jane@example.org'), ('jane@example.org');",
      'db/migrations/2_b.sql': "select 'sk_live_123'::int;",
    })
    const failed = await run('migrate', '--phase', 'pre')
    expect(failed.stdout + failed.stderr).not.toContain('jane@')
    expect(failed.result.commands[0]?.error?.message).toContain('p_e_key')
    const shown = await run('migrate', '--phase', 'pre', '--show-data')
    expect(shown.stdout).toContain('jane@example.org')
  })

  test('a syntax error is found in every pending file before anything runs', async () => {
    const { run, query } = await release({
      'db/migrations/1_a.sql': 'create table a (x int);',
      'db/migrations/2_b.sql': '-- é\ncreate tabel b (x int);',
    })
    for (const command of [['plan'], ['migrate', '--phase', 'pre']]) {
      const refused = await run(...command)
      expect([refused.exitCode, refused.result.commands[0]?.error]).toMatchObject([
        2,
        { code: 'syntax-error', at: 'db/migrations/2_b.sql:2:8' },
      ])
    }
    expect(await query("select to_regclass('a') as a")).toEqual([{ a: null }])
  })

  test('a syntax error at the end of a file is told in the words of the file alone', async () => {
    const { run } = await release({ 'db/migrations/1_a.sql': "select 'x" })
    const said = (await run('plan')).result.commands[0]?.error?.message
    expect(said).toBe('db/migrations/1_a.sql:1:8: unterminated quoted string at or near "\'x"')
  })
})

describe('the session', () => {
  test('of a migration has no part in its version row, and does not leak into the next file', async () => {
    const { run, query, versions } = await release({
      'db/migrations/1_role.sql':
        "create role other nologin; set role other; set search_path = ''; set statement_timeout = '1s'; set standard_conforming_strings = off;",
      'db/migrations/2_next.sql':
        "do $$ begin if current_user <> 'postgres' or current_setting('statement_timeout') <> '0' or current_setting('search_path') = '' then raise 'leaked'; end if; end $$;",
      'db/migrations/3_local.sql': 'set local session authorization other; select 1;',
    })
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({ verdict: 'pass' })
    expect(await versions()).toEqual(['1', '2', '3'])
    await query('drop role other')
  })

  test('cannot be fooled by functions and operators of the search path', async () => {
    const { run, query, versions, database } = await release({ 'db/migrations/1_a.sql': 'select 1;' })
    await query(
      "create schema evil; create function evil.clock_timestamp() returns timestamptz language sql as $$ select 'epoch'::timestamptz $$; create function evil.eq(text, text) returns boolean language sql as 'select false'; create operator evil.= (leftarg = text, rightarg = text, function = evil.eq)",
    )
    await query(`alter database "${database}" set search_path = evil, pg_catalog, public`)
    expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({ applied: [] })
    expect(await versions()).toEqual(['1'])
  })
})

describe('transaction control', () => {
  test('one outer begin and commit is taken off, and plan says so', async () => {
    const { run, versions } = await release({ 'db/migrations/1_a.sql': '-- first\nBEGIN;\ncreate table a (x int);\nCOMMIT;\n' })
    expect((await run('plan')).result.commands[0]).toMatchObject({ phases: [{ pending: [{ id: '1_a', unwrapped: true }] }, {}] })
    expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
    expect(await versions()).toEqual(['1'])
  })

  test.each([
    ['commit; create table a (x int);', '1:1'],
    ['create table a (x int);\nsavepoint s;', '2:1'],
    ['begin; create table a (x int); commit; begin; select 1; commit;', '1:32'],
    ['create table a (x int);\n\ncreate index concurrently on a (x);', '3:1'],
    ['vacuum;', '1:1'],
  ])('%j is refused at %s before anything runs', async (sql, place) => {
    const { run } = await release({ 'db/migrations/1_a.sql': sql })
    const refused = await run('migrate', '--phase', 'pre')
    expect([refused.exitCode, refused.result.commands[0]?.error]).toMatchObject([
      2,
      { code: 'transaction-control', at: `db/migrations/1_a.sql:${place}` },
    ])
  })

  test.each([
    ['\\set x 1\nselect 1;', '1:1'],
    ['select 1;\n\\i other.sql', '2:1'],
    ['create table t (x int);\ncopy t from stdin;\n1\n\\.\n', '2:1'],
    ['copy t from stdin;', '1:1'],
  ])('%j needs psql and is refused at %s', async (sql, place) => {
    const { run } = await release({ 'db/migrations/1_a.sql': sql })
    expect((await run('plan')).result.commands[0]?.error).toMatchObject({ code: 'client-command', at: `db/migrations/1_a.sql:${place}` })
  })
})

describe('a file that runs outside a transaction', () => {
  const files = {
    'db/migrations/1_t.sql': 'create table t (x int); insert into t select g / 2 from generate_series(1, 100) g;',
    'db/migrations/2_index.sql':
      '-- shiplock: no-transaction\ninsert into t values (1000);\ncreate unique index concurrently t_x on t (x);\nvacuum t;\n',
  }

  test('goes on after the statements that have finished', async () => {
    const { run, query, versions } = await release(files)
    const failed = await run('migrate', '--phase', 'pre')
    expect(failed.result.commands[0]).toMatchObject({
      verdict: 'fail',
      failed: { id: '2_index', sqlstate: '23505', stepsDone: 1 },
      error: { at: 'db/migrations/2_index.sql:3:1' },
    })
    expect(await query('select count(*)::int as n from t where x = 1000')).toEqual([{ n: 1 }])
    await query('delete from t where ctid not in (select min(ctid) from t group by x)')
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({ verdict: 'pass', applied: [{ id: '2_index' }] })
    expect(await query('select count(*)::int as n from t where x = 1000')).toEqual([{ n: 1 }])
    expect(await query("select indisvalid as valid from pg_index where indexrelid = 't_x'::regclass")).toEqual([{ valid: true }])
    expect(await versions()).toEqual(['1', '2'])
    expect(await query('select * from shiplock.step')).toEqual([])
  })

  test('is not mixed with another text after half of it ran', async () => {
    const { run, project } = await release(files)
    await run('migrate', '--phase', 'pre')
    await project.write({ 'db/migrations/2_index.sql': '-- shiplock: no-transaction\ninsert into t values (2000);\nvacuum t;\n' })
    expect(code((await run('migrate', '--phase', 'pre')).result)).toBe('checksum-mismatch')
  })

  test('a whole begin … commit block in it is one step', async () => {
    const { run, query } = await release({
      'db/migrations/1_a.sql': '-- shiplock: no-transaction\nbegin; create table a (x int); insert into a values (1); commit;\nvacuum a;',
    })
    expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
    expect(await query('select x from a')).toEqual([{ x: 1 }])
  })
})

describe('a run that is killed', () => {
  test('leaves no server process waiting, and the next run says what became of it', async () => {
    const { run, project, env, query } = await release({ 'db/migrations/1_slow.sql': 'create table slow (x int); select pg_sleep(60);' })
    const killed = startCli(['migrate', '--phase', 'pre', '--project', 'shop'], { cwd: project.dir, env })
    await killed.printed('1_slow: started')
    await until(async () => (await query("select 1 from pg_stat_activity where wait_event = 'PgSleep'")).length === 1)
    killed.child.kill('SIGKILL')
    await killed.ended
    await until(
      async () =>
        (await query("select 1 from pg_stat_activity where application_name like 'shiplock/%' and datname = current_database()")).length ===
        0,
    )
    await project.write({ 'db/migrations/1_slow.sql': 'create table slow (x int);' })
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({
      verdict: 'pass',
      closed: [{ version: '1', state: 'not-applied' }],
      applied: [{ id: '1_slow' }],
    })
  })

  test('at any moment loses nothing and repeats nothing', async () => {
    const count = 12
    const migrations = Array.from({ length: count }, (_, index) => index + 1)
    const { project, env, run, query, versions } = await release(
      Object.fromEntries([
        ['db/migrations/0_base.sql', 'create table log (version int primary key);'],
        ...migrations.map((n) => [
          `db/migrations/${n}_m.sql`,
          n % 3 === 0
            ? `-- shiplock: no-transaction\ninsert into log values (${n});\ncreate index concurrently log_${n} on log (version);\nselect pg_sleep(0.02);`
            : `insert into log values (${n}); select pg_sleep(0.02);`,
        ]),
      ]),
    )
    for (let round = 0; round < 14; round++) {
      const killed = startCli(['migrate', '--phase', 'pre', '--project', 'shop'], { cwd: project.dir, env })
      await sleep(130 + round * 23)
      killed.child.kill('SIGKILL')
      await killed.ended
    }
    const last = await run('migrate', '--phase', 'pre')
    expect(last.result.commands[0]).toMatchObject({ verdict: 'pass' })
    expect(await versions()).toEqual(['0', ...migrations.map(String)])
    expect(await query('select version from log order by version')).toEqual(migrations.map((version) => ({ version })))
    expect(await query('select indexrelid::regclass::text as name from pg_index where not indisvalid')).toEqual([])
    expect(await query("select version from shiplock.history where state = 'running'")).toEqual([])
  })

  test('during a concurrent index build gets the index whole in the next run', async () => {
    const { run, project, env, query } = await release({
      'db/migrations/1_t.sql': 'create table t as select g as x from generate_series(1, 1000) g;',
      'db/migrations/2_index.sql': '-- shiplock: no-transaction\ncreate index concurrently t_x on t (x);',
    })
    const blocker = query('begin isolation level repeatable read; select 1; select pg_sleep(3); commit') // the build waits for this snapshot
    await sleep(200)
    const killed = startCli(['migrate', '--phase', 'pre', '--project', 'shop'], { cwd: project.dir, env })
    await until(async () => (await query("select 1 from pg_index where indexrelid = to_regclass('t_x')")).length === 1)
    killed.child.kill('SIGKILL')
    await killed.ended
    await until(async () => (await query('select 1 from pg_stat_progress_create_index')).length === 0)
    await blocker
    expect(await query("select indisvalid as valid from pg_index where indexrelid = to_regclass('t_x')")).toEqual([{ valid: false }])
    expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
    expect(await query("select indisvalid as valid from pg_index where indexrelid = 't_x'::regclass")).toEqual([{ valid: true }])
  })

  test('by Ctrl-C cancels on the server, writes the result, and exits with 130', async () => {
    const { project, env, query } = await release({
      'db/migrations/1_a.sql': 'create table a (x int);',
      'db/migrations/2_slow.sql': 'create table slow (x int); select pg_sleep(60);',
    })
    const running = startCli(['migrate', '--phase', 'pre', '--json', '--project', 'shop'], { cwd: project.dir, env })
    await running.printed('2_slow: started')
    await until(async () => (await query("select 1 from pg_stat_activity where wait_event = 'PgSleep'")).length === 1)
    running.child.kill('SIGINT')
    const ended = await running.ended
    expect(ended.exitCode).toBe(130)
    expect(resultOf(ended)).toMatchObject({
      verdict: 'inconclusive',
      exitCode: 130,
      commands: [{ verdict: 'inconclusive', applied: [{ id: '1_a' }], failed: { id: '2_slow' }, error: { code: 'interrupted' } }],
    })
    expect(await query("select to_regclass('slow') as slow")).toEqual([{ slow: null }])
    expect(await query("select 1 from pg_stat_activity where wait_event = 'PgSleep'")).toEqual([])
  })
})

describe('a connection that breaks', () => {
  const files = {
    'db/migrations/1_a.sql': 'create table a (x int);',
    'db/migrations/2_slow.sql': 'create table slow (x int); select pg_sleep(2);',
    'db/migrations/3_c.sql': 'select 3;',
  }
  const sleeping = "pid = (select pid from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database())"

  test('under the migration leaves it to the version table to say that nothing of it is there', async () => {
    const { project, env, query, run } = await release(files)
    const running = startCli(['migrate', '--phase', 'pre', '--json', '--project', 'shop'], { cwd: project.dir, env })
    await until(async () => (await query(`select 1 from pg_stat_activity where ${sleeping}`)).length === 1)
    await query(`select pg_terminate_backend(pid) from pg_stat_activity where ${sleeping}`)
    const ended = await running.ended
    expect(resultOf(ended)).toMatchObject({
      exitCode: 3,
      commands: [
        {
          verdict: 'inconclusive',
          applied: [{ id: '1_a' }],
          failed: { id: '2_slow' },
          notRun: ['3_c'],
          error: { code: 'connection-lost' },
        },
      ],
    })
    expect(await query("select state from shiplock.history where version = '2'")).toEqual([{ state: 'not-applied' }])
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({ applied: [{ id: '2_slow' }, { id: '3_c' }] })
  })

  test('under the lock and the history ends the run, says what was applied, and the next run closes the row', async () => {
    const { project, env, query, run } = await release(files)
    const running = startCli(['migrate', '--phase', 'pre', '--json', '--project', 'shop'], { cwd: project.dir, env })
    await until(async () => (await query(`select 1 from pg_stat_activity where ${sleeping}`)).length === 1)
    await query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'shiplock/%' and datname = current_database() and not (${sleeping})`,
    )
    const ended = await running.ended
    expect(resultOf(ended)).toMatchObject({
      exitCode: 3,
      commands: [{ applied: [{ id: '1_a' }, { id: '2_slow' }], notRun: ['3_c'], error: { code: 'connection-lost' } }],
    })
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({
      closed: [{ version: '2', state: 'applied-unreported' }],
      applied: [{ id: '3_c' }],
    })
  })
})

describe('locks', () => {
  test('of others are waited for without queueing, and the migration is applied at once when they are free', async () => {
    const { run, query, project } = await release({ 'db/migrations/1_t.sql': 'create table t (x int);' })
    await run('migrate', '--phase', 'pre')
    await project.write({ 'db/migrations/2_y.sql': 'alter table t add column y int;' })
    const holding = query('begin; lock table t in access share mode; select pg_sleep(3); commit')
    await sleep(300)
    const applied = await run('migrate', '--phase', 'pre')
    await holding
    expect(applied.result.commands[0]).toMatchObject({ verdict: 'pass', applied: [{ id: '2_y' }] })
    expect((applied.result.commands[0] as unknown as { applied: { attempts: number }[] }).applied[0]?.attempts).toBe(1)
  })

  test('that are not granted within the budget end the run with nothing of the migration applied', async () => {
    const { run, query, project } = await release({ 'db/migrations/1_t.sql': 'create table t (x int);' })
    await run('migrate', '--phase', 'pre')
    await project.write({ 'db/migrations/2_y.sql': 'create table other (x int);\nalter table t add column y int;' })
    const holding = query('begin; lock table t in access share mode; select pg_sleep(5); commit')
    await sleep(300)
    const refused = await run('migrate', '--phase', 'pre', '--lock-budget', '1s')
    expect(refused.result.commands[0]).toMatchObject({
      verdict: 'fail',
      applied: [],
      error: { code: 'lock-not-obtained', at: 'db/migrations/2_y.sql' },
    })
    expect(await query("select to_regclass('other') as other")).toEqual([{ other: null }])
    await holding
  })

  test('a second run waits for the first, or names it and ends with 3', async () => {
    const { run, project, env, versions } = await release({ 'db/migrations/1_a.sql': 'select pg_sleep(2);' })
    const first = startCli(['migrate', '--phase', 'pre', '--project', 'shop'], { cwd: project.dir, env })
    await first.printed('1_a: started')
    const refused = await run('migrate', '--phase', 'pre', '--on-locked', 'fail')
    expect([refused.exitCode, refused.result.commands[0]?.error]).toMatchObject([
      3,
      { code: 'run-in-progress', message: expect.stringMatching(/shiplock\/\d+\.1 \(server process \d+/) },
    ])
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({ verdict: 'pass', applied: [] })
    expect((await first.ended).exitCode).toBe(0)
    expect(await versions()).toEqual(['1'])
  })
})

describe('files and ledger that disagree', () => {
  const base = { 'db/migrations/1_a.sql': 'select 1;', 'db/migrations/3_c.sql': 'select 3;' }
  const disagreements: [string, number, string, (project: Project, query: (sql: string) => Promise<unknown>) => Promise<unknown>][] = [
    ['an edited migration', 1, 'checksum-mismatch', (project) => project.write({ 'db/migrations/1_a.sql': 'select 11;' })],
    ['a migration older than one that ran', 1, 'out-of-order', (project) => project.write({ 'db/migrations/2_b.sql': 'select 2;' })],
    [
      'a version of unknown origin',
      1,
      'unknown-version',
      (_, query) => query("insert into shiplock.ledger (project, version, name, phase, checksum) values ('shop', '77', 'x', 'pre', '')"),
    ],
    ['the same version twice', 2, 'duplicate-version', (project) => project.write({ 'db/post_migrations/01_twin.sql': 'select 1;' })],
    ['a file without a number', 2, 'invalid-migration', (project) => project.write({ 'db/migrations/readme.sql': 'select 1;' })],
    [
      'an unknown mark',
      2,
      'invalid-migration',
      (project) => project.write({ 'db/migrations/4_d.sql': '-- shiplock: no-transactions\nselect 1;' }),
    ],
    [
      'a file that is not UTF-8',
      2,
      'unreadable-file',
      (project) =>
        project
          .write({ 'db/migrations/4_d.sql': '' })
          .then(async () =>
            (await import('node:fs/promises')).writeFile(`${project.dir}/db/migrations/4_d.sql`, Buffer.from([0x73, 0xff, 0xfe])),
          ),
    ],
  ]

  test.each(disagreements)('%s ends plan and migrate with %i %s', async (_, exit, expected, disagree) => {
    const { run, project, query } = await release(base)
    await run('migrate', '--phase', 'pre')
    await disagree(project, query)
    for (const command of [['plan'], ['migrate', '--phase', 'pre']]) {
      const refused = await run(...command)
      expect([refused.exitCode, code(refused.result)]).toEqual([exit, expected])
      expect(refused.result.commands[0]?.error?.hint).toBeTruthy()
    }
  })

  test('a late migration may run when that is allowed', async () => {
    const { run, project, versions } = await release(base)
    await run('migrate', '--phase', 'pre')
    await project.write({ 'db/migrations/2_b.sql': 'select 2;', 'shiplock.yml': 'migrations:\n  out-of-order: allow\n' })
    expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
    expect(await versions()).toEqual(['1', '2', '3'])
  })

  test('a ledger ahead of the files is normal when the history knows the version', async () => {
    const { run, project } = await release(base)
    await run('migrate', '--phase', 'pre')
    await project.remove('db/migrations/3_c.sql')
    expect((await run('plan')).result.commands[0]).toMatchObject({ verdict: 'pass', drift: { ahead: ['3'] } })
  })
})

describe('the wrong database', () => {
  test('of another environment is refused before anything is changed', async () => {
    const { run, project, versions } = await release({ 'db/migrations/1_a.sql': 'select 1;' })
    await run('migrate', '--phase', 'pre', '--environment', 'staging')
    await project.write({ 'db/migrations/2_b.sql': 'select 2;' })
    const refused = await run('migrate', '--phase', 'pre', '--environment', 'production')
    expect([refused.exitCode, code(refused.result)]).toEqual([2, 'wrong-database'])
    expect(await versions()).toEqual(['1'])
  })

  test('that is a copy of the stamped one is refused, and so is another name than expected', async () => {
    const { run, project, database } = await release({ 'db/migrations/1_a.sql': 'select 1;' })
    await run('migrate', '--phase', 'pre')
    const copy = uniqueName('copy')
    await server.query(`create database ${copy} template "${database}"`)
    const options = { cwd: project.dir, env: { DATABASE_URL: server.url(copy) } }
    const refused = await shiplock(['plan', '--project', 'shop'], options)
    expect(refused.result.commands[0]?.error).toMatchObject({
      code: 'wrong-database',
      message: expect.stringContaining('is a copy, or has moved'),
    })
    expect(code((await shiplock(['plan', '--expect-database', database], options)).result)).toBe('wrong-database')
  })
})

describe('a role without rights', () => {
  test('gets the lines for a DBA, and works once they have been run', async () => {
    const { project, query, database } = await release({ 'db/migrations/1_a.sql': 'select 1;' })
    const role = uniqueName('deployer')
    await query(`create role ${role} login password 'pw-of-deployer'; revoke all on schema public from public`)
    const env = { DATABASE_URL: `postgres://${role}:pw-of-deployer@127.0.0.1:${server.port}/${database}` }
    expect((await shiplock(['plan', '--project', 'shop'], { cwd: project.dir, env })).exitCode).toBe(0)
    const refused = await shiplock(['migrate', '--phase', 'pre', '--project', 'shop'], { cwd: project.dir, env })
    expect([refused.exitCode, code(refused.result)]).toEqual([2, 'insufficient-rights'])
    const lines = refused.result.commands[0]?.error?.hint?.split('\n').slice(1).join('\n') ?? ''
    await query(lines)
    expect((await shiplock(['migrate', '--phase', 'pre', '--project', 'shop'], { cwd: project.dir, env })).exitCode).toBe(0)
  })
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await condition()) return
    await sleep(25)
  }
  throw new Error('it did not happen within 10 s')
}
