import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resultOf, startCli } from '../program.ts'
import { removeProjects } from './release.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'
import { oneFile, slowFunction } from './sessions.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ settings: { max_prepared_transactions: '5' } })
})
afterAll(async () => {
  await removeProjects()
  await server.stop()
})

const file = (setup: string, text: string) => oneFile(server, setup, text)
const table = 'create table t (x int); insert into t select generate_series(1, 10)'
const slowTable = `${slowFunction}${table}`
const build = 'create index concurrently i on t (x);'
const slowBuild = 'create index concurrently i on t (slow(x));'
const whole = [{ name: 'i', valid: true }]

describe('a concurrent build', () => {
  test('waits for a transaction that has written to its table, and names it', async () => {
    const { start, session, phase, indexes } = await file(table, build)
    await using writer = await session('begin; insert into t values (9)', 'shop')
    const running = start()
    await phase('waiting for writers before build')
    await running.printed(
      `1_x: building i waits for a session that is idle in transaction, process ${writer.pid} (user postgres, application shop) on public.t, `,
    )
    await writer.query('commit')
    expect((await running.ended).exitCode).toBe(0)
    expect(await indexes()).toEqual(whole)
  })

  test('waits for an older snapshot, even of a transaction that has never touched its table; the time it builds is not counted', async () => {
    const { start, session, phase, indexes } = await file(slowTable, slowBuild)
    const running = start('--lock-budget', '3s')
    await phase('building index: scanning')
    await using report = await session('begin isolation level repeatable read; select 1')
    await phase('waiting for old snapshots')
    await sleep(1800)
    await report.query('commit')
    const ended = await running.ended
    expect(ended.exitCode).toBe(0)
    expect(await indexes()).toEqual(whole)
  })

  // those in a row that wait for most of their time do so together, each in a database of its own
  test.concurrent('that has waited for the whole budget is cancelled and cleared away, and the one in its way is named', async () => {
    const { start, session, phase, indexes, migrate } = await file(slowTable, slowBuild)
    const running = start('--lock-budget', '1s')
    await phase('building index: scanning')
    await using report = await session('begin isolation level repeatable read; select 1')
    expect(resultOf(await running.ended).commands[0]).toMatchObject({
      verdict: 'fail',
      error: {
        code: 'lock-not-obtained',
        at: 'db/migrations/1_x.sql:2:1',
        message: expect.stringMatching(
          /^db\/migrations\/1_x\.sql:2:1: building i had to wait for others longer than lock-budget \(1\.0 s\), and was cancelled\. In the way: a session that is idle in transaction, process \d+ \(user postgres, application reporting\) on an older snapshot, \d\.\d s\. The half-built index was dropped\.$/,
        ),
        hint: expect.stringContaining(`select pg_terminate_backend(${report.pid}) ends it`),
      },
      failed: { blockers: [expect.stringContaining(`process ${report.pid}`)] },
    })
    expect(await indexes()).toEqual([])
    await report.query('commit')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await indexes()).toEqual(whole)
  })

  test.concurrent('whose half-built index cannot be dropped either leaves it to the next run', async () => {
    const { start, session, phase, indexes, migrate } = await file(slowTable, slowBuild)
    const running = start('--lock-budget', '1s')
    await phase('building index: scanning')
    await using writer = await session('begin; insert into t values (9)')
    const refused = resultOf(await running.ended).commands[0]?.error
    const name = /drop index concurrently (\S+)\.$/.exec(refused?.message ?? '')?.[1]
    expect(refused).toMatchObject({
      code: 'lock-not-obtained',
      message: expect.stringContaining('The half-built index is still there as "public"."shiplock_invalid_'),
    })
    expect(await indexes()).toEqual([{ name: name?.replace(/.*\./, '').replaceAll('"', ''), valid: false }])
    await writer.query('commit')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await indexes()).toEqual(whole)
  })

  test.concurrent('is not started while a transaction older than the budget would hold it up', async () => {
    const { migrate, session, indexes, query } = await file(table, build)
    await using report = await session('begin isolation level repeatable read; select 1')
    await sleep(1200)
    expect(await migrate('--lock-budget', '1s')).toMatchObject({
      error: {
        code: 'lock-not-obtained',
        message: expect.stringMatching(/: building i was not started, .*In the way: .*process \d+ .* on an older snapshot/),
      },
      failed: { blockers: [expect.stringContaining(`process ${report.pid}`)] },
    })
    expect(await indexes()).toEqual([])
    expect(await query('select state from shiplock.step')).toEqual([])
    await report.query('commit')
    expect(await migrate('--lock-budget', '1s')).toMatchObject({ verdict: 'pass' })
  })

  test.concurrent('is not started while a prepared transaction that wrote to its table is open', async () => {
    const { migrate, query } = await file(table, build)
    await query("begin; insert into t values (9); prepare transaction 'forgotten'")
    await sleep(1200)
    expect(await migrate('--lock-budget', '1s')).toMatchObject({
      error: { code: 'lock-not-obtained', message: expect.stringContaining('prepared transaction forgotten on public.t') },
    })
    await query("rollback prepared 'forgotten'")
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
  })

  test.concurrent('does not wait for a transaction that has only read', async () => {
    const { migrate, session } = await file(table, build)
    await using _reader = await session('begin; select * from t')
    await sleep(1200)
    expect(await migrate('--lock-budget', '1s')).toMatchObject({ verdict: 'pass' })
  })

  test.concurrent('shows how far it is, and may take longer than the budget', async () => {
    const { start } = await file(slowTable, slowBuild)
    const running = start('--lock-budget', '1s')
    await running.printed('1_x: building i, scanning table')
    expect((await running.ended).exitCode).toBe(0)
  })

  test('has no limits on the server, and leaves those of the file to the statements after it', async () => {
    const { migrate, indexes } = await file(
      slowTable,
      `set statement_timeout = '900ms';\nset lock_timeout = '900ms';\n${slowBuild}\nselect pg_sleep(2);`,
    )
    expect(await migrate()).toMatchObject({ failed: { sqlstate: '57014', stepsDone: 1 }, error: { at: 'db/migrations/1_x.sql:5:1' } })
    expect(await indexes()).toEqual(whole)
  })

  test('that somebody cancels is tried once more, and not twice', async () => {
    const { start, phase, query, indexes } = await file(slowTable, slowBuild)
    const cancel = async () => query(`select pg_cancel_backend(${await phase('building index: scanning')})`)
    const running = start()
    await cancel()
    await running.printed('is tried once more')
    const second = await cancel()
    expect(second).toHaveLength(1)
    expect(resultOf(await running.ended).commands[0]).toMatchObject({
      failed: { sqlstate: '57014', attempts: 2 },
      error: { code: 'migration-failed', message: expect.stringContaining('The half-built index was dropped.') },
    })
    expect(await indexes()).toEqual([])
  })

  /** Fails with this code at the first row of the first build. */
  const failing = (sqlstate: string) => `create sequence tries;
    create function fail(int) returns int immutable language plpgsql as $$ begin
      if nextval('tries') = 1 then raise exception 'for once' using errcode = '${sqlstate}'; end if; return $1; end $$;
    ${table}`

  test.each(['40P01', '55P03'])('that fails with %s, which may pass by itself, is tried once more', async (sqlstate) => {
    const { migrate, indexes } = await file(failing(sqlstate), 'create index concurrently i on t (fail(x));')
    expect(await migrate()).toMatchObject({ verdict: 'pass', applied: [{ attempts: 2 }] })
    expect(await indexes()).toEqual(whole)
  })

  test.each([
    ['53100', 'Make room on the disk'],
    ['22012', 'Correct the migration'],
  ])('that fails with %s is not tried again, and leaves nothing', async (sqlstate, hint) => {
    const { migrate, indexes } = await file(failing(sqlstate), 'create index concurrently i on t (fail(x));')
    expect(await migrate()).toMatchObject({
      failed: { sqlstate, attempts: 1 },
      error: { message: expect.stringContaining('The half-built index was dropped.'), hint: expect.stringContaining(hint) },
    })
    expect(await indexes()).toEqual([])
  })

  test('whose connection breaks is finished by the next run', async () => {
    const { start, phase, query, indexes, migrate } = await file(slowTable, slowBuild)
    const running = start()
    await query(`select pg_terminate_backend(${await phase('building index: scanning')})`)
    expect(resultOf(await running.ended).commands[0]).toMatchObject({ verdict: 'inconclusive', error: { code: 'connection-lost' } })
    expect(await indexes()).toEqual([{ name: 'i', valid: false }])
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await indexes()).toEqual(whole)
  })

  test('of a unique index that meets duplicates is not repeated, and says how to find them without showing any', async () => {
    const { migrate, query, indexes, rewrite } = await file(
      `create table "T a" (id int, "eMail" text, gone bool); insert into "T a" select g, 'secret@example.org', false from generate_series(1, 3) g`,
      'create unique index concurrently i on "T a" ("eMail") where not gone;',
    )
    const refused = await migrate()
    expect(refused).toMatchObject({
      failed: { sqlstate: '23505', attempts: 1 },
      error: { message: expect.stringContaining('The half-built index was dropped.') },
    })
    expect(JSON.stringify(refused)).not.toContain('secret')
    const search = /select .* > 1/.exec(refused?.error?.hint ?? '')?.[0]
    expect(search).toBe(
      'select "eMail", count(*) from public."T a" where (not gone) and "eMail" is not null group by "eMail" having count(*) > 1',
    )
    expect(await query(search as string)).toEqual([{ eMail: 'secret@example.org', count: '3' }])
    expect(await indexes()).toEqual([])
    await rewrite('create unique index concurrently i on "T a" (lower("eMail"));')
    expect(await migrate()).toMatchObject({ error: { hint: expect.stringContaining('Several rows of public."T a" have the same key.') } })
  })

  test('that is stopped by Ctrl-C is cancelled and cleared away', async () => {
    const { start, phase, indexes } = await file(slowTable, slowBuild)
    const running = start()
    await phase('building index: scanning')
    running.child.kill('SIGINT')
    const ended = await running.ended
    expect(ended.exitCode).toBe(130)
    expect(resultOf(ended).commands[0]).toMatchObject({
      error: {
        code: 'interrupted',
        message: expect.stringContaining('building i was cancelled on the server. The half-built index was dropped.'),
      },
    })
    expect(await indexes()).toEqual([])
  })
})

describe('a role that sees nothing of others', () => {
  /** The connection's user has assumed the role that owns the table. */
  async function plain(setup: string, text: string) {
    const made = await file(setup, text)
    const [login, owner] = [uniqueName('login'), uniqueName('owner')]
    await made.query(`create role ${login} login password 'pw'; create role ${owner}; grant ${owner} to ${login}; alter table t owner to ${owner};
      grant create, usage on schema public to ${owner}; grant create on database "${made.database}" to ${owner}`)
    const env = { DATABASE_URL: `postgres://${login}:pw@127.0.0.1:${server.port}/${made.database}` }
    const args = ['migrate', '--phase', 'pre', '--project', 'shop', '--role', owner]
    const start = (...more: string[]) => startCli([...args, ...more, '--json'], { cwd: made.project.dir, env })
    return { ...made, start, migrate: async (...more: string[]) => resultOf(await start(...more).ended).commands[0] }
  }

  test('waits for others, and names them by what it may see', async () => {
    const { migrate, session, indexes } = await plain(table, build)
    await using writer = await session('begin; insert into t values (9)')
    expect(await migrate('--lock-budget', '1s')).toMatchObject({
      error: {
        code: 'lock-not-obtained',
        message: expect.stringMatching(new RegExp(`was not started.*process ${writer.pid} .*its age is hidden without pg_read_all_stats`)),
      },
    })
    await writer.query('commit')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await indexes()).toEqual(whole)
  })

  test('is cancelled and cleared away when the budget ends, and builds what it left in the next run', async () => {
    const { start, kill, migrate, session, phase, indexes } = await plain(slowTable, slowBuild)
    const running = start('--lock-budget', '1s')
    await phase('building index: scanning')
    await using report = await session('begin isolation level repeatable read; select 1')
    expect(resultOf(await running.ended).commands[0]).toMatchObject({
      error: {
        code: 'lock-not-obtained',
        message: expect.stringMatching(new RegExp(`process ${report.pid} .*The half-built index was dropped`)),
      },
    })
    expect(await indexes()).toEqual([])
    await report.query('commit')
    const killed = start()
    await phase('building index: scanning')
    await kill(killed)
    expect(await indexes()).toEqual([{ name: 'i', valid: false }])
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await indexes()).toEqual(whole)
  })

  test('shows how far the build is', async () => {
    const { start } = await plain(slowTable, slowBuild)
    const running = start()
    await running.printed('1_x: building i, scanning table')
    expect((await running.ended).exitCode).toBe(0)
  })

  test('waits for a colleague who builds the same index', async () => {
    const { start, session, query, phase, indexes } = await plain(table, 'create index concurrently if not exists i on t (x);')
    await using writer = await session('begin; insert into t values (9)')
    const theirs = query(build)
    await phase('waiting for writers before build')
    const running = start()
    await running.printed('1_x: building i waits for process ')
    await writer.query('commit')
    await theirs
    expect((await running.ended).exitCode).toBe(0)
    expect(await indexes()).toEqual(whole)
  })
})
