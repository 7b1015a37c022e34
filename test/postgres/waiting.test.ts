import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resultOf, startCli } from '../program.ts'
import type { Ended } from '../warm-program.ts'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer({ settings: { max_prepared_transactions: '10', max_connections: '60' } })
})
afterAll(async () => {
  await removeProjects()
  await server?.stop()
})

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A database with these tables, and a second migration to be applied. */
async function prepared(tables: string, second: string) {
  const release = await makeRelease(server, { 'db/migrations/1_t.sql': tables })
  expect((await release.run('migrate', '--phase', 'pre')).exitCode).toBe(0)
  await release.project.write({ 'db/migrations/2_change.sql': second })
  const start = (...more: string[]) =>
    startCli(['migrate', '--phase', 'pre', '--json', '--project', 'shop', ...more], { cwd: release.project.dir, env: release.env })
  return { ...release, start }
}

/** Somebody else's session. */
async function session(database: string, statement: string, application = 'reporting') {
  const client = new pg.Client({ connectionString: server.url(database), application_name: application })
  await client.connect()
  await client.query(statement)
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return {
    pid: rows[0]?.pid as number,
    client,
    async [Symbol.asyncDispose]() {
      await client.end()
    },
  }
}

/** Looks, as often as it can, whether a lock request of ours stands in a queue; returns for how long it did, and how the run ended. */
async function watchQueue(database: string, work: () => Promise<Ended>) {
  await using watcher = await session(database, 'set search_path = pg_catalog')
  let over = false
  const ended = work().finally(() => {
    over = true
  })
  let since: number | undefined
  let longestMs = 0
  let times = 0
  while (!over) {
    const { rowCount } = await watcher.client.query(
      "select from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database() and a.application_name like 'shiplock/%' and l.locktype = 'relation'",
    )
    if (rowCount === 0) since = undefined
    else if (since === undefined) {
      since = performance.now()
      times++
    } else longestMs = Math.max(longestMs, performance.now() - since)
    await sleep(5)
  }
  return { queue: { longestMs, times }, result: resultOf(await ended) }
}

function migration(result: { commands: readonly unknown[] }) {
  return result.commands[0] as {
    verdict: string
    applied: { id: string; attempts: number }[]
    failed?: { attempts: number; blockers: string[] }
    error?: { code: string; message: string; hint?: string }
  }
}

describe('while a transaction that has lasted for a while is in the way', () => {
  const cases: [what: string, tables: string, holds: string, change: string][] = [
    ['of the table', 'create table t (x int);', 'select * from t', 'alter table t add column y int;'],
    [
      'of one of its partitions',
      'create table t (x int) partition by range (x);\ncreate table t1 partition of t for values from (0) to (9);\ncreate table t2 partition of t for values from (9) to (19);',
      'select * from t2',
      'alter table t add column y int;',
    ],
    [
      'of the table that a new foreign key refers to',
      'create table a (id int primary key);\ncreate table t (a int);',
      'insert into a values (1)',
      'alter table t add foreign key (a) references a not valid;',
    ],
    ['of a table behind an index', 'create table t (x int);\ncreate index i on t (x);', 'select * from t', 'drop index i;'],
    [
      'of a table that is locked late in the file',
      'create table t (x int);\ncreate table u (x int);',
      'select * from u',
      'alter table t add column y int;\nupdate t set y = 1;\nalter table u add column y int;',
    ],
    [
      'of a table in another case and schema',
      'create schema "My";\ncreate table "My"."T" (x int);',
      'select * from "My"."T"',
      'alter table "My"."T" add column y int;',
    ],
  ]

  // each beside a database of its own, where it waits for most of its time
  test.concurrent.each(cases)(
    '%s, no request stands in its queue, and the migration is applied when it has ended',
    async (_, tables, holds, change) => {
      const { start, database } = await prepared(tables, change)
      await using report = await session(database, `begin; ${holds}`)
      await sleep(500) // a younger one is taken for traffic, which a short attempt gets along with
      const { queue, result } = await watchQueue(database, async () => {
        const running = start()
        await running.printed('waits without queueing')
        await sleep(1500)
        expect((await report.client.query("select count(*)::int as n from shiplock.ledger where version = '2'")).rows).toEqual([{ n: 0 }])
        await report.client.query('commit')
        return running.ended
      })
      expect(queue).toEqual({ longestMs: 0, times: 0 })
      expect(migration(result)).toMatchObject({ verdict: 'pass', applied: [{ id: '2_change', attempts: 1 }] })
    },
  )

  const hidden = "do $$ begin execute 'alter table ' || 't' || ' add column y int'; end $$;"

  test.concurrent('of a table that only a DO block names, a rehearsal on an empty copy of the schema has shown it', async () => {
    const { start, database } = await prepared('create table t (x int);', hidden)
    await using report = await session(database, 'begin; select * from t')
    const { queue, result } = await watchQueue(database, async () => {
      const running = start()
      await running.printed('waits without queueing')
      await sleep(1500)
      await report.client.query('commit')
      return running.ended
    })
    expect(queue).toEqual({ longestMs: 0, times: 0 })
    expect(migration(result)).toMatchObject({ verdict: 'pass', applied: [{ id: '2_change', attempts: 1 }] })
  })

  test('of a table that only a DO block names, and no copy can be had, it is learnt by one short attempt', async () => {
    const { start, database } = await prepared('create table t (x int);', hidden)
    await using report = await session(database, 'begin; select * from t')
    await sleep(500)
    const { queue, result } = await watchQueue(database, async () => {
      const running = start('--rehearse-locks', 'never')
      await sleep(2500)
      await report.client.query('commit')
      return running.ended
    })
    expect(queue.times).toBe(1)
    expect(queue.longestMs).toBeLessThan(400) // the attempt's own limit is 100 ms
    expect(migration(result)).toMatchObject({ verdict: 'pass', applied: [{ id: '2_change', attempts: 2 }] })
  })
})

describe('what is in the way when the budget ends is named', () => {
  const change = 'alter table t add column y int;'
  const budget = ['migrate', '--phase', 'pre', '--lock-budget', '1500ms']

  test('a session that is idle in transaction, with its process, user and how to end it', async () => {
    const { run, database } = await prepared('create table t (x int);', change)
    await using idle = await session(database, 'begin; select * from t', 'console')
    const { error, failed } = migration((await run(...budget)).result)
    expect(error?.code).toBe('lock-not-obtained')
    expect(error?.message).toMatch(
      new RegExp(`a session that is idle in transaction, process ${idle.pid} \\(user postgres, application console\\) on public\\.t, `),
    )
    expect(error?.message).toContain('Nothing of this migration was applied.')
    expect(error?.hint).toContain(`select pg_terminate_backend(${idle.pid})`)
    expect(failed).toMatchObject({ attempts: 1, blockers: [expect.stringContaining(`process ${idle.pid}`)] })
  })

  test('a running pg_dump', async () => {
    const { run, database } = await prepared('create table t (x int);', change)
    await using dump = await session(database, 'begin isolation level repeatable read; lock table t in access share mode', 'pg_dump')
    const { error } = migration((await run(...budget)).result)
    expect(error?.message).toContain(`a running pg_dump, process ${dump.pid}`)
    expect(error?.hint).toContain('Let the dump end')
  })

  test('a prepared transaction, which has no process', async () => {
    const { run, query } = await prepared('create table t (x int);', change)
    await query("begin; insert into t values (1); prepare transaction 'transfer-17'")
    const { error } = migration((await run(...budget)).result)
    await query("rollback prepared 'transfer-17'")
    expect(error?.message).toContain('prepared transaction transfer-17 on public.t')
    expect(error?.hint).toContain("rollback prepared 'transfer-17'")
  })

  test('somebody who has locked rows that the migration changes', async () => {
    const { run, database } = await prepared('create table t (x int);\ninsert into t values (1);', 'update t set x = 2;')
    await using writer = await session(database, 'begin; update t set x = 3')
    const { error } = migration((await run(...budget)).result)
    expect(error?.code).toBe('lock-not-obtained')
    expect(error?.message).toContain(`process ${writer.pid}`)
  })

  test('a role that may not see others says so, and waits by its own clock', async () => {
    const { project, env, query, database } = await prepared('create table t (x int);', change)
    await query(`create role plain_${database} login password 'p'`)
    for (const table of ['t', 'shiplock.ledger', 'shiplock.stamp', 'shiplock.history', 'shiplock.step'])
      await query(`alter table ${table} owner to plain_${database}`)
    await query(`grant all on schema shiplock, public to plain_${database}`)
    await using report = await session(database, 'begin; select * from t')
    const url = `postgres://plain_${database}:p@127.0.0.1:${server.port}/${database}`
    const running = startCli([...budget, '--project', 'shop', '--json'], { cwd: project.dir, env: { ...env, DATABASE_URL: url } })
    const { error } = migration(JSON.parse((await running.ended).stdout))
    expect(error?.code).toBe('lock-not-obtained')
    expect(error?.message).toMatch(
      new RegExp(`process ${report.pid} .*on public\\.t, seen for .*its age is hidden without pg_read_all_stats`),
    )
  })
})

describe('a table without a quiet moment', () => {
  test('is locked all the same, with a limit learnt from its own transactions', async () => {
    const { run, database } = await prepared('create table t (x int);\ninsert into t values (1);', 'alter table t add column y int;')
    let over = false
    const clients = Array.from({ length: 6 }, async (_, index) => {
      await using one = await session(database, 'select 1')
      await sleep(index * 60)
      while (!over) await one.client.query(`begin; select * from t; select pg_sleep(${0.2 + 0.04 * index}); commit`)
    })
    const answer = await run('migrate', '--phase', 'pre', '--lock-budget', '30s')
    over = true
    await Promise.all(clients)
    expect(migration(answer.result)).toMatchObject({ verdict: 'pass', applied: [{ id: '2_change' }] })
  })
})

describe('a deadlock with the application', () => {
  test('is lost by the migration, which is applied in a later attempt', async () => {
    const { run, database } = await prepared(
      'create table a (x int);\ncreate table b (x int);\ninsert into a values (1);',
      'update a set x = 2;\nalter table b add column y int;',
    )
    await using app = await session(database, 'begin; lock table b in row exclusive mode')
    const running = run('migrate', '--phase', 'pre')
    await sleep(400)
    await app.client.query('update a set x = x + 1')
    await app.client.query('commit')
    expect(migration((await running).result)).toMatchObject({ verdict: 'pass', applied: [{ id: '2_change' }] })
    expect((await app.client.query('select x from a')).rows).toEqual([{ x: 2 }])
  })
})
