import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { advisoryKey } from '../../src/adapters/postgres/session.ts'
import { resultOf, startCli } from '../program.ts'
import { startProxy } from './proxy.ts'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await removeProjects()
  await server?.stop()
})

const files = {
  'db/migrations/00001_a.sql': "-- +goose Up\ninsert into log values ('1');\n",
  'db/migrations/00002_b.sql': "-- +goose Up\ninsert into log values ('2');\nselect pg_sleep(s) from nap;\n",
  'db/migrations/00003_c.sql': "-- +goose Up\ninsert into log values ('3');\n",
}

/** Three migrations, of which the second takes as long as the table `nap` says. */
async function prepare(more: Readonly<Record<string, string>> = files) {
  const release = await makeRelease(server, more)
  await release.query('create table log (what text); create table nap (s int); insert into nap values (120)')
  const start = (run: { id?: string; attempt?: string; url?: string }, ...flags: string[]) =>
    startCli(['migrate', '--phase', 'pre', '--project', 'shop', '--json', ...flags], {
      cwd: release.project.dir,
      env: {
        DATABASE_URL: run.url ?? release.env.DATABASE_URL,
        GITHUB_RUN_ID: run.id ?? '4711',
        GITHUB_RUN_ATTEMPT: run.attempt ?? '1',
        RUNNER_NAME: 'runner-of-acme',
      },
    })
  const asleep = async () => {
    while (
      (await release.query("select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")).length === 0
    )
      await sleep(50)
    await release.query('update nap set s = 0')
  }
  const logged = async () => (await release.query<{ what: string }>('select what from log order by what')).map(({ what }) => what)
  return { ...release, start, asleep, logged }
}

const lost = { exitCode: 3, verdict: 'inconclusive', commands: [{ error: { code: 'connection-lost' } }] }
const passed = { exitCode: 0, verdict: 'pass' }
const nothingTwice = ['1', '2', '3']

describe('a second run', () => {
  test('names who is at work, where and since when: it fails, or waits and then finds nothing to do', async () => {
    const { start, asleep, query, logged } = await prepare()
    const first = start({})
    await asleep()
    const who = /shiplock\/4711\.1 \(server process \d+, on runner-of-acme, from 127\.0\.0\.1\S*, since \d{4}-\d\d-\d\dT/
    const refused = resultOf(await start({ id: '4712' }, '--on-locked', 'fail').ended)
    expect(refused).toMatchObject({ exitCode: 3, commands: [{ error: { code: 'run-in-progress', message: expect.stringMatching(who) } }] })
    const tired = resultOf(await start({ id: '4713' }, '--lock-wait', '1s').ended)
    expect(tired).toMatchObject({ exitCode: 3, commands: [{ error: { code: 'run-in-progress' } }] })
    const waiting = start({ id: '4714' })
    await waiting.printed('waiting up to')
    await query("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")
    expect(resultOf(await first.ended)).toMatchObject({ commands: [{ failed: { id: '00002_b', sqlstate: '57014' } }] })
    const ended = await waiting.ended
    expect(ended.stderr).toMatch(who)
    expect(resultOf(ended)).toMatchObject({ ...passed, commands: [{ applied: [{ id: '00002_b' }, { id: '00003_c' }] }] })
    expect(await logged()).toEqual(nothingTwice)
  })

  test('takes over in the middle of a migration: that is taken back, and nothing is applied twice', async () => {
    const { start, asleep, logged, query } = await prepare()
    const first = start({})
    await asleep()
    const second = resultOf(await start({ id: '4712' }, '--on-locked', 'take-over').ended)
    expect(second).toMatchObject({
      ...passed,
      commands: [{ closed: [{ version: '2', state: 'not-applied' }], applied: [{ id: '00002_b' }, { id: '00003_c' }] }],
    })
    expect(resultOf(await first.ended)).toMatchObject(lost)
    expect(await logged()).toEqual(nothingTwice)
    expect(await query("select 1 from shiplock.history where state = 'running'")).toEqual([])
  })

  test('by a role that may not end the other is told what a DBA does, and harms nothing', async () => {
    const { start, asleep, query, database } = await prepare()
    const role = uniqueName('deployer')
    await query(`create role ${role} login password 'pw'`)
    const first = start({})
    await asleep()
    const url = `postgres://${role}:pw@127.0.0.1:${server.port}/${database}`
    expect(resultOf(await start({ id: '4712', url }, '--on-locked', 'take-over').ended)).toMatchObject({
      exitCode: 2,
      commands: [{ error: { code: 'insufficient-rights', hint: expect.stringContaining('pg_terminate_backend') } }],
    })
    await query("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")
    expect(resultOf(await first.ended)).toMatchObject({ commands: [{ failed: { sqlstate: '57014' } }] })
  })
})

describe('a job that GitHub runs again', () => {
  test('ends its own earlier attempt, which does no harm when it wakes up', async () => {
    const { start, asleep, logged, query } = await prepare()
    const first = start({ attempt: '1' })
    await asleep()
    first.child.kill('SIGSTOP')
    expect(resultOf(await start({ attempt: '2' }).ended)).toMatchObject(passed)
    first.child.kill('SIGCONT')
    expect(resultOf(await first.ended)).toMatchObject(lost)
    expect(await logged()).toEqual(nothingTwice)
    expect(await query("select 1 from shiplock.history where state = 'running'")).toEqual([])
  })

  test.each([
    ['a later attempt', { attempt: '3' }],
    ['another run', { id: '4712' }],
    ['a run whose number begins alike', { id: '47' }],
  ])('ends neither %s', async (_, other) => {
    const { start, asleep, query } = await prepare()
    const holder = start(other)
    await asleep()
    expect(resultOf(await start({ attempt: '2' }, '--on-locked', 'fail').ended)).toMatchObject({
      exitCode: 3,
      commands: [{ error: { code: 'run-in-progress' } }],
    })
    await query("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")
    expect(resultOf(await holder.ended)).toMatchObject({ commands: [{ failed: { sqlstate: '57014' } }] })
  })
})

test('a run that lost its connection leaves the rest alone when another one went on with it', async () => {
  const { start, logged, env, query } = await prepare()
  await query('update nap set s = 0')
  await using proxy = await startProxy(server.port)
  const url = proxy.url(env.DATABASE_URL)
  const held = proxy.arm({ on: /values \('1'\)/, at: 'ready', what: 'hold' })
  const first = start({ url })
  await held.happened
  // the same address as the first, since the port is a part of what tells databases from one another
  expect(resultOf(await start({ id: '4712', url }, '--on-locked', 'take-over').ended)).toMatchObject({
    ...passed,
    commands: [{ closed: [{ version: '1', state: 'applied-unreported' }], applied: [{ id: '00002_b' }, { id: '00003_c' }] }],
  })
  held.release()
  expect(resultOf(await first.ended)).toMatchObject({ ...lost, commands: [{ error: { message: expect.stringContaining('another run') } }] })
  expect(await logged()).toEqual(nothingTwice)
})

test('a run waits for the statement of a killed one that the server has not ended yet', async () => {
  const { start, asleep, logged, query } = await prepare()
  const first = start({})
  await asleep()
  const [worker] = await query<{ pid: number }>(
    "select pid from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()",
  )
  process.kill(worker?.pid as number, 'SIGSTOP')
  first.child.kill('SIGKILL')
  await first.ended
  const second = start({ id: '4712' })
  await Promise.race([second.printed('waiting for the statement of an earlier run'), sleep(15_000)])
  process.kill(worker?.pid as number, 'SIGCONT')
  const ended = await second.ended
  expect(ended.stderr).toContain('waiting for the statement of an earlier run')
  expect(resultOf(ended)).toMatchObject(passed)
  expect(await logged()).toEqual(nothingTwice)
})

test('nobody gets the lock of the worker while its session is put back between two migrations', async () => {
  const { start, database } = await prepare({
    'db/migrations/1_a.sql': 'select 1;',
    'db/migrations/2_b.sql': "insert into log values ('2'); select pg_sleep(0.5);",
  })
  const client = new pg.Client({ connectionString: server.url(database) })
  await client.connect()
  const order: string[] = []
  const running = start({})
  await running.printed('1_a: started')
  const taken = client.query(`select pg_advisory_lock(${advisoryKey('worker', 'shop')})`).then(() => {
    order.push('somebody else')
    return client.end()
  })
  await running.printed('2_b: applied').then(() => order.push('the run'))
  await Promise.all([running.ended, taken])
  expect(order).toEqual(['the run', 'somebody else'])
})
