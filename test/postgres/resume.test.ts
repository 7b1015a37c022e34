import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCli } from '../program.ts'
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

test('what the tool finished after us is warned of until somebody says so, and then begins anew once it was taken back', async () => {
  const file = (middle: string) => `-- +goose NO TRANSACTION\n-- +goose Up\ncreate table a ();\n${middle}\n-- +goose Down\ndrop table a;\n`
  const { run, project, query } = await makeRelease(server, { 'db/migrations/1_a.sql': file('select 1 / 0;') })
  const notes = async (...args: string[]) => (await run(...args)).result.commands[0] as { notes?: string[] }
  const warning = expect.stringMatching(/^1 stopped half-way here, and somebody else has finished it since/)
  expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(1)
  await query('insert into goose_db_version (version_id, is_applied) values (1, true)')
  for (const args of [['plan'], ['migrate', '--phase', 'pre']]) expect((await notes(...args)).notes).toContainEqual(warning)
  expect((await run('ledger', 'mark-applied', '--migration', '1_a', '--reason', 'goose finished it')).exitCode).toBe(0)
  for (const args of [['plan'], ['migrate', '--phase', 'pre']]) expect((await notes(...args)).notes).not.toContainEqual(warning)
  await query('drop table a; delete from goose_db_version where version_id = 1')
  await project.write({ 'db/migrations/1_a.sql': file('select 1;') })
  expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
  expect(await query("select to_regclass('a') is not null as there")).toEqual([{ there: true }])
})

/** One file outside a transaction, and a database made ready for it. */
async function oneFile(setup: string, file: string) {
  const release = await makeRelease(server, { 'db/migrations/1_x.sql': `-- shiplock: no-transaction\n${file}` })
  await release.query(setup)
  const migrate = async () => (await release.run('migrate', '--phase', 'pre')).result.commands[0]
  const rewrite = (text: string) => release.project.write({ 'db/migrations/1_x.sql': text })
  return { ...release, migrate, rewrite }
}

describe('a statement that the server refused', () => {
  test('is not taken for done in the next run, whatever else has its name', async () => {
    const { migrate, query } = await oneFile(
      'create table t (a int); create table other (z int); create index i on other (z)',
      'create unique index concurrently i on t (a);',
    )
    expect(await migrate()).toMatchObject({ verdict: 'fail', failed: { sqlstate: '42P07' } })
    expect(await migrate()).toMatchObject({ verdict: 'fail', failed: { sqlstate: '42P07' } })
    await query('drop index i')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await query("select indrelid::regclass::text as t from pg_index where indexrelid = 'i'::regclass")).toEqual([{ t: 't' }])
  })

  test('leaves alone what it did not drop', async () => {
    const { migrate, query } = await oneFile('create table t (a int); create index good on t (a)', 'drop index concurrently app.good;')
    for (let run = 0; run < 2; run++) expect(await migrate()).toMatchObject({ verdict: 'fail' })
    expect(await query("select 1 as there from pg_class where relname = 'good'")).toEqual([{ there: 1 }])
  })

  test("drops nobody else's invalid index, whatever IF NOT EXISTS would take it for", async () => {
    const { migrate, query, rewrite } = await oneFile(
      'create table t (a int); insert into t values (1), (1)',
      'create index concurrently i on t (a);',
    )
    await query('create unique index concurrently i on t (a)').catch(() => {})
    const refused = { verdict: 'fail', error: { code: 'invalid-index', message: expect.stringContaining('another index than this') } }
    for (let run = 0; run < 2; run++) expect(await migrate()).toMatchObject(refused)
    await rewrite('-- shiplock: no-transaction\ncreate index concurrently if not exists i on t (a);')
    expect(await migrate()).toMatchObject(refused)
    expect(await query("select indisunique as theirs from pg_index where indexrelid = 'i'::regclass")).toEqual([{ theirs: true }])
  })

  test('may be corrected', async () => {
    const { migrate, rewrite, query } = await oneFile(
      'create table t (a int)',
      'insert into t values (1);\ncreate index concurrently i on t (nocol);',
    )
    expect(await migrate()).toMatchObject({ failed: { sqlstate: '42703', stepsDone: 1 }, error: { at: 'db/migrations/1_x.sql:3:1' } })
    await rewrite('-- shiplock: no-transaction\ninsert into t values (1);\ncreate index concurrently i on t (a);')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await query('select count(*)::int as n from t')).toEqual([{ n: 1 }])
  })

  test('runs again when nothing but its own doing could be in doubt', async () => {
    const { migrate, query } = await oneFile('create table gate (x int)', 'do $$ begin perform 1 / (select count(*) from gate); end $$;')
    expect(await migrate()).toMatchObject({ failed: { sqlstate: '22012' } })
    await query('insert into gate values (1)')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
  })
})

describe('a file that goes on in another session', () => {
  test('has its settings again, so that nothing lands elsewhere', async () => {
    const { migrate, query } = await oneFile(
      'create schema app; create table app.t (a int); create table public.t (a int); create table public.flag (x int)',
      'set search_path = app;\ncreate index concurrently ix on t (a);\nselect 1 / (select count(*) from public.flag);\ncreate table made (a int);',
    )
    expect(await migrate()).toMatchObject({ failed: { stepsDone: 1 } })
    await query('insert into public.flag values (1)')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await query("select relnamespace::regnamespace::text as home from pg_class where relname = 'made'")).toEqual([{ home: 'app' }])
  })

  test.each(['create temp table x (a int);', 'prepare p as select 1;', 'listen x;', 'discard all;'])(
    'may not hold %s',
    async (statement) => {
      const { migrate } = await oneFile('select 1', `${statement}\nvacuum;`)
      expect(await migrate()).toMatchObject({ error: { code: 'unsupported-migration', at: 'db/migrations/1_x.sql:2:1' } })
    },
  )

  test('cannot lose its mark half-way, which would run its first half again', async () => {
    const { migrate, rewrite, query, run } = await oneFile(
      'create table t (n int); insert into t values (0)',
      'update t set n = n + 1;\ncreate index concurrently ix on t (nope);',
    )
    await migrate()
    expect((await run('plan')).result.commands[0]).toMatchObject({
      phases: [{ pending: [{ warning: '1 statement ran in an earlier run; goes on after' }] }, {}],
    })
    await rewrite('update t set n = n + 1;\ncreate index ix on t (n);')
    expect(await migrate()).toMatchObject({ error: { code: 'checksum-mismatch' } })
    expect(await query('select n from t')).toEqual([{ n: 1 }])
  })
})

test('a statement outside a transaction asks for its locks in short attempts too', async () => {
  const { run, query } = await oneFile('create table t (a int)', 'do $$ begin alter table t add column b int; end $$;')
  const holding = query('begin; lock table t in access share mode; select pg_sleep(4); commit')
  await sleep(300)
  expect((await run('migrate', '--phase', 'pre', '--lock-budget', '1s')).result.commands[0]).toMatchObject({
    error: { code: 'lock-not-obtained' },
  })
  await holding
  expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({ verdict: 'pass' })
})

test('a run that starts while the statement of a killed one is still running waits for it', async () => {
  const { run, project, env, query } = await makeRelease(server, {
    'db/migrations/1_x.sql': 'create table t (a int); insert into t values (1); select pg_sleep(0.9);',
  })
  const killed = startCli(['migrate', '--phase', 'pre', '--project', 'shop'], { cwd: project.dir, env })
  await killed.printed('1_x: started')
  killed.child.kill('SIGKILL')
  await killed.ended
  const next = await run('migrate', '--phase', 'pre')
  expect(next.result.commands[0]).toMatchObject({ verdict: 'pass' })
  expect(await query('select a from t')).toEqual([{ a: 1 }])
  expect(await query("select count(*)::int as open from shiplock.history where state = 'running'")).toEqual([{ open: 0 }])
})

test('a server that stops answering is noticed, and the run ends', async () => {
  const { project, env, query } = await makeRelease(server, { 'db/migrations/1_x.sql': 'select pg_sleep(600);' })
  const running = startCli(['migrate', '--phase', 'pre', '--json', '--project', 'shop'], { cwd: project.dir, env })
  await running.printed('1_x: started')
  await sleep(500)
  const pids = await query<{ pid: number }>(
    "select pid from pg_stat_activity where application_name like 'shiplock/%' and datname = current_database()",
  )
  expect(pids).toHaveLength(2)
  for (const { pid } of pids) process.kill(pid, 'SIGSTOP')
  running.child.kill('SIGINT') // a person who waits no longer: the result is written all the same
  const ended = await running.ended
  for (const { pid } of pids) process.kill(pid, 'SIGCONT')
  expect(ended.exitCode).toBe(130)
  expect(JSON.parse(ended.stdout)).toMatchObject({ verdict: 'inconclusive' })
  await query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'shiplock/%' and datname = current_database()",
  )
})
