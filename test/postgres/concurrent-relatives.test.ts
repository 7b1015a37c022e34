import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resultOf } from '../program.ts'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'
import { oneFile, slowFunction, until } from './sessions.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await removeProjects()
  await server.stop()
})

const file = (setup: string, text: string) => oneFile(server, setup, text)

/** Waits until our statement stands behind somebody; returns its process. */
async function waiting(query: <Row>(sql: string) => Promise<Row[]>): Promise<number> {
  let pid: number | undefined
  await until(async () => {
    const seen = await query<{ pid: number }>(
      "select pid from pg_stat_activity where application_name like 'shiplock/%' and cardinality(pg_blocking_pids(pid)) > 0 and datname = current_database()",
    )
    pid = seen[0]?.pid
    return pid !== undefined
  })
  return pid as number
}

describe('an index of a partitioned table', () => {
  const setup = `create schema app;
    create table app.events (at int, kind text) partition by range (at);
    create table app."2024" partition of app.events for values from (0) to (10) partition by list (kind);
    create table app."2024 a" partition of app."2024" for values in ('a');
    create table app.rest partition of app.events default`

  test('is refused with the statements that build it piece by piece, and they do', async () => {
    const { migrate, rewrite, query, indexes } = await file(
      setup,
      'create unique index concurrently if not exists by_kind on app.events using btree (at, kind) with (fillfactor = 80);',
    )
    const refused = await migrate()
    expect(refused).toMatchObject({ failed: { sqlstate: '0A000' }, error: { code: 'migration-failed' } })
    const [first, ...statements] = (refused?.error?.hint ?? '').split('\n')
    expect([first, ...statements].join('\n')).toMatchInlineSnapshot(`
      "Build it piece by piece, in a file outside a transaction; the index of the parent becomes valid with its last partition:
      create unique index "by_kind" on only app.events using btree (at, kind) with (fillfactor = 80);
      create unique index "2024_by_kind" on only app."2024" using btree (at, kind) with (fillfactor = 80);
      alter index "app"."by_kind" attach partition "app"."2024_by_kind";
      create unique index concurrently "rest_by_kind" on app.rest using btree (at, kind) with (fillfactor = 80);
      alter index "app"."by_kind" attach partition "app"."rest_by_kind";
      create unique index concurrently "2024 a_by_kind" on app."2024 a" using btree (at, kind) with (fillfactor = 80);
      alter index "app"."2024_by_kind" attach partition "app"."2024 a_by_kind";"
    `)
    await rewrite(statements.join('\n'))
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect((await indexes()).every(({ valid }) => valid)).toBe(true)
    expect(
      await query("select count(*)::int as n from pg_index where indisvalid and indisunique and indrelid::regclass::text like 'app.%'"),
    ).toEqual([{ n: 4 }])
  })

  test('that waits for its last partition is invalid, and nothing repairs it', async () => {
    const { migrate, rewrite, indexes, query } = await file(
      'create table p (x int) partition by range (x); create table p1 partition of p for values from (0) to (9)',
      'create index i on only p (x);\ncreate index concurrently i1 on p1 (x);\nselect 1 / (select count(*) from p);\nalter index i attach partition i1;',
    )
    expect(await migrate()).toMatchObject({ failed: { stepsDone: 2, sqlstate: '22012' } })
    const parent = await query("select 'i'::regclass::oid as oid")
    expect(await indexes()).toEqual([
      { name: 'i', valid: false },
      { name: 'i1', valid: true },
    ])
    await rewrite('create index i on only p (x);\ncreate index concurrently i1 on p1 (x);\nselect 1;\nalter index i attach partition i1;')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await query("select 'i'::regclass::oid as oid")).toEqual(parent)
    expect((await indexes()).map(({ valid }) => valid)).toEqual([true, true])
  })

  test('of the same name on the partitioned table is not taken for what a build left', async () => {
    const { migrate, indexes } = await file(
      'create table p (x int) partition by range (x); create table p1 partition of p for values from (0) to (9); create index i on only p (x)',
      'create index concurrently i on p (x);',
    )
    expect(await migrate()).toMatchObject({ failed: { sqlstate: '0A000' } })
    expect(await indexes()).toEqual([{ name: 'i', valid: false }])
  })
})

describe('dropping an index concurrently', () => {
  test('is not begun while somebody has used its table for long, since its first step takes the index from everybody', async () => {
    const { migrate, session, indexes } = await file('create table t (x int); create index i on t (x)', 'drop index concurrently i;')
    await using reader = await session('begin; select * from t')
    await sleep(1200)
    expect(await migrate('--lock-budget', '1s')).toMatchObject({
      error: { code: 'lock-not-obtained', message: expect.stringMatching(/dropping public\.i was not started.*on public\.t/) },
    })
    expect(await indexes()).toEqual([{ name: 'i', valid: true }])
    await reader.query('commit')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await indexes()).toEqual([])
  })

  test('that the budget ends says that the index is invalid now, and the next run drops it', async () => {
    const { start, session, query, indexes, migrate } = await file(
      'create table t (x int); create index i on t (x)',
      'drop index concurrently i;',
    )
    await using reader = await session('begin; select * from t')
    const running = start('--lock-budget', '3s')
    await waiting(query)
    expect(resultOf(await running.ended).commands[0]).toMatchObject({
      error: { code: 'lock-not-obtained', message: expect.stringContaining('It is invalid now: no query uses it') },
      failed: { blockers: [expect.stringContaining(`process ${reader.pid} `)] },
    })
    expect(await indexes()).toEqual([{ name: 'i', valid: false }])
    await reader.query('commit')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await indexes()).toEqual([])
  })

  test('that a kill interrupted goes on in the next run', async () => {
    const { start, kill, session, query, indexes, migrate } = await file(
      'create table t (x int); create index i on t (x)',
      'drop index concurrently i;',
    )
    await using reader = await session('begin; select * from t')
    const killed = start()
    await waiting(query)
    await kill(killed)
    await reader.query('commit')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await indexes()).toEqual([])
  })

  test('that ended unnoticed drops no other index that the search path finds in its place', async () => {
    const { migrate, query, indexes } = await file(
      'create schema app; create table app.t (x int); create table t (x int); create index i on app.t (x); create index i on t (x)',
      'set search_path = app, public;\ndrop index concurrently i;',
    )
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    await query(`delete from shiplock.ledger; insert into shiplock.step (project, version, index, hash, state)
      values ('shop', '1', 1, encode(sha256('drop index concurrently i'), 'hex'), 'started')`)
    expect(await migrate()).toMatchObject({
      error: { code: 'in-doubt-statement', message: expect.stringContaining('There is another index of this name now, public.i.') },
    })
    expect(await indexes()).toEqual([{ name: 'i', valid: true }])
  })
})

describe('rebuilding an index concurrently', () => {
  const setup = `${slowFunction}create table t (x int); insert into t select generate_series(1, 9);\ncreate index i on t (slow(x))`
  const names = async (query: <Row>(sql: string) => Promise<Row[]>) =>
    (await query<{ name: string }>("select relname as name from pg_class where relkind = 'i' and relname like 'i%' order by 1")).map(
      ({ name }) => name,
    )

  test.each(['reindex index concurrently i;', 'reindex (concurrently, verbose) table t;'])(
    'clears away what it left itself, and never what was there before: %s',
    async (statement) => {
      const { start, phase, query } = await file(setup, statement)
      await query('create unique index concurrently i_ccnew on t ((1))').catch(() => {})
      const cancel = async () => query(`select pg_cancel_backend(${await phase('building index: scanning')})`)
      const running = start()
      await cancel()
      await running.printed('is tried once more')
      await cancel()
      const ended = await running.ended
      expect(resultOf(ended).commands[0]).toMatchObject({ failed: { sqlstate: '57014', attempts: 2 } })
      expect(ended.stderr).toContain('public.i_ccnew1 was left half-built; it is dropped')
      expect(ended.stderr).toContain('public.i_ccnew is left, invalid, of an interrupted REINDEX of public.t')
      expect(await names(query)).toEqual(['i', 'i_ccnew'])
    },
  )

  test('that a kill interrupted runs again, and names what the first left', async () => {
    const { start, kill, phase, query } = await file(setup, 'reindex table concurrently t;')
    const killed = start()
    await phase('building index: scanning')
    await kill(killed)
    const next = start()
    const ended = await next.ended
    expect(ended.exitCode).toBe(0)
    expect(ended.stderr).toContain('when nobody is at it: drop index concurrently public.i_ccnew;')
    expect(await names(query)).toEqual(['i', 'i_ccnew'])
  })

  test('shows how far it is, and names whom it waits for', async () => {
    const { start, phase, session } = await file(setup, 'reindex table concurrently t;')
    const running = start()
    await running.printed('1_x: rebuilding i_ccnew, scanning table')
    await using report = await session('begin isolation level repeatable read; select 1')
    await phase('waiting for old snapshots')
    await report.query('commit')
    expect((await running.ended).exitCode).toBe(0)
  })
})

describe('detaching a partition concurrently', () => {
  const setup = 'create table p (x int) partition by range (x); create table p1 partition of p for values from (0) to (9)'
  const detach = 'alter table p detach partition p1 concurrently;'
  const attached = 'select inhdetachpending as pending from pg_inherits'

  test('that a kill interrupted is finished by the next run', async () => {
    const { start, kill, session, query, migrate } = await file(setup, detach)
    await using reader = await session('begin; select * from p')
    const killed = start()
    await waiting(query)
    await kill(killed)
    expect(await query(attached)).toEqual([{ pending: true }])
    await reader.query('commit')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await query(attached)).toEqual([])
  })

  test('that the budget ends says that it is half-way, and the next run finishes it', async () => {
    const { start, session, query, migrate } = await file(setup, detach)
    await using reader = await session('begin; select * from p')
    const running = start('--lock-budget', '3s')
    await waiting(query)
    expect(resultOf(await running.ended).commands[0]).toMatchObject({
      error: {
        code: 'lock-not-obtained',
        message: expect.stringContaining('It is half-way: the partition is no longer read through its table.'),
      },
    })
    await reader.query('commit')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
    expect(await query(attached)).toEqual([])
  })

  test('does not make the application queue behind it for longer than the stall budget', async () => {
    const { start, session, query } = await file(setup, detach)
    await using reader = await session('begin; select * from p1')
    await using application = await session('select 1', 'shop')
    const running = start()
    await until(async () => (await query("select 1 from pg_locks where mode = 'AccessExclusiveLock' and not granted")).length === 1)
    const from = performance.now()
    await application.query('select * from p1')
    expect(performance.now() - from).toBeLessThan(3000)
    await running.printed('detaching p1 is half-way; the rest is done in short attempts')
    await reader.query('commit')
    expect((await running.ended).exitCode).toBe(0)
    expect(await query(attached)).toEqual([])
  })

  test("leaves somebody else's half-way detaching to them", async () => {
    const { session, query, migrate } = await file(setup, detach)
    await using reader = await session('begin; select * from p')
    await using colleague = await session('select 1')
    const theirs = colleague.query('alter table p detach partition p1 concurrently').catch((error: { code: string }) => error.code)
    await until(async () => (await query(`${attached} where inhdetachpending`)).length === 1)
    await query(`select pg_cancel_backend(${colleague.pid})`)
    expect(await theirs).toBe('57014')
    await reader.query('commit')
    expect(await migrate()).toMatchObject({ failed: { sqlstate: '55000' }, error: { hint: expect.stringContaining('FINALIZE') } })
    expect(await query(attached)).toEqual([{ pending: true }])
  })
})

describe('a vacuum', () => {
  test('waits for whoever works on its table, within the budget, and names them', async () => {
    const { migrate, session } = await file('create table t (x int)', 'vacuum (analyze) t;')
    await using colleague = await session('begin; lock table t in share update exclusive mode')
    expect(await migrate('--lock-budget', '1s')).toMatchObject({
      error: { code: 'lock-not-obtained', message: expect.stringContaining(`process ${colleague.pid} `) },
    })
    await colleague.query('commit')
    expect(await migrate()).toMatchObject({ verdict: 'pass' })
  })
})

describe('a statement of which the catalog does not tell', () => {
  test('is in doubt after a kill, and both ways to go on work as they are printed', async () => {
    const statement = 'do $$ begin insert into t values (1); commit; perform pg_sleep(60); end $$;'
    for (const [choice, rows, others] of [
      [/If it took effect: (.*?;)/, 1, true],
      [/If it did not: (.*?;)/, 2, true],
      [/If it took effect: shiplock (.*?) --reason/, 1, false],
      [/If it did not: shiplock (.*?) --reason/, 2, false],
    ] as const) {
      const textOf = (one: string) => (others ? `select 1; ${one} select 2;` : one)
      const { start, kill, migrate, query, rewrite, run } = await file('create table t (x int)', textOf(statement))
      const killed = start()
      await until(async () => (await query('select 1 from t')).length === 1)
      await kill(killed)
      const doubt = (await migrate())?.error
      expect(doubt).toMatchObject({ code: 'in-doubt-statement', at: `db/migrations/1_x.sql:2:${others ? 11 : 1}` })
      const words = choice.exec(doubt?.hint ?? '')?.[1] as string
      if (others) await query(words)
      else expect((await run(...words.split(' '), '--reason', 'looked')).exitCode).toBe(0)
      if (rows === 2) await rewrite(textOf('do $$ begin insert into t values (1); end $$;'))
      expect(await migrate()).toMatchObject({ verdict: 'pass' })
      expect(await query('select 1 from t')).toHaveLength(rows)
    }
  })
})

test('a database that was made before a kill is not made again', async () => {
  const name = uniqueName('made')
  const { project, migrate, query } = await (async () => {
    const release = await makeRelease(server, { 'db/migrations/1_x.sql': `-- shiplock: no-transaction\ncreate database ${name};` })
    return { ...release, migrate: async () => (await release.run('migrate', '--phase', 'pre')).result.commands[0] }
  })()
  await query(`create database ${name}`)
  expect(await migrate()).toMatchObject({ failed: { sqlstate: '42P04' } })
  await query("update shiplock.step set state = 'started'")
  expect(await migrate()).toMatchObject({ verdict: 'pass' })
  await project.write({})
})
