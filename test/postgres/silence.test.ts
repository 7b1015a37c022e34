import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resultOf, startCli } from '../program.ts'
import { startProxy } from './proxy.ts'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await removeProjects()
  await server?.stop()
})

async function through(sql: string, options: { silenceMs?: number } = {}) {
  const release = await makeRelease(server, { 'db/migrations/1_x.sql': sql })
  await release.query('create table t (x int); insert into t values (1)')
  const proxy = await startProxy(server.port, options)
  const env = { DATABASE_URL: proxy.url(release.env.DATABASE_URL) }
  const start = (...flags: string[]) =>
    startCli(['migrate', '--phase', 'pre', '--project', 'shop', '--json', ...flags], { cwd: release.project.dir, env })
  const ours = (filter = 'true') =>
    release.query(`select 1 from pg_stat_activity where datname = current_database() and application_name like 'shiplock/%' and ${filter}`)
  const states = async () =>
    (await release.query<{ state: string }>("select state from shiplock.history where event = 'migration'")).map(({ state }) => state)
  return { ...release, proxy, start, ours, states, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() }
}

type Site = Awaited<ReturnType<typeof through>>

/** Somebody's session that stands in the way of every change of `t`. */
async function holderOf({ database }: Site, statement: string) {
  const client = new pg.Client({ connectionString: server.url(database) })
  await client.connect()
  await client.query(statement)
  return { client, [Symbol.asyncDispose]: () => client.end() }
}

const reading = 'begin; select * from t'
const sleeping = "wait_event = 'PgSleep'"
const slow = 'alter table t add column y int;\nselect pg_sleep(x * 600) from t;'
const change = 'alter table t add column y int;'

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(100)
}

/** The lost connection is found out in good time. */
async function endsLost(running: ReturnType<Site['start']>, from: number): Promise<void> {
  const result = resultOf(await running.ended)
  expect(performance.now() - from).toBeLessThan(90_000)
  expect(result).toMatchObject({ verdict: 'inconclusive', exitCode: 3, commands: [{ error: { code: 'connection-lost' } }] })
}

async function nextRunIsRight(site: Site): Promise<void> {
  await site.query('update t set x = 0')
  expect(resultOf(await site.start().ended)).toMatchObject({ verdict: 'pass', commands: [{ applied: [{ id: '1_x' }] }] })
  expect(await site.versions()).toEqual(['1'])
  expect(await site.query("select 1 from shiplock.history where state = 'running'")).toEqual([])
}

describe.concurrent('behind a firewall that forgets what is silent for 10 s', { timeout: 150_000 }, () => {
  test('a statement of 25 s keeps its connection', async () => {
    await using site = await through('alter table t add column y int;\nselect pg_sleep(25);', { silenceMs: 10_000 })
    expect(resultOf(await site.start().ended)).toMatchObject({ verdict: 'pass' })
    expect(await site.states()).toEqual(['applied'])
  })

  test("so does a wait of 25 s for somebody's lock", async () => {
    await using site = await through(change, { silenceMs: 10_000 })
    await using _ = await holderOf(site, reading)
    const running = site.start()
    await running.printed('waits without queueing')
    await sleep(25_000)
    await _.client.query('commit')
    expect(resultOf(await running.ended)).toMatchObject({ verdict: 'pass' })
    expect(await site.states()).toEqual(['applied'])
  })
})

describe.concurrent('packets that vanish for good', { timeout: 150_000 }, () => {
  test('in the middle of a statement end the run, and its processes on the server when that is still to be reached', async () => {
    await using site = await through(slow)
    const running = site.start()
    await until(async () => (await site.ours(sleeping)).length === 1)
    const from = performance.now()
    site.proxy.drop()
    await endsLost(running, from)
    expect(await site.ours()).toEqual([])
    expect(await site.states()).toEqual(['not-applied'])
    await nextRunIsRight(site)
  })

  test('in the middle of a statement end the run when nothing is to be reached any more', async () => {
    await using site = await through(slow)
    const running = site.start()
    await until(async () => (await site.ours(sleeping)).length === 1)
    const from = performance.now()
    site.proxy.drop('all')
    await endsLost(running, from)
    site.proxy.heal()
    await site.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    await nextRunIsRight(site)
  })

  test("during a wait for somebody's lock end the run too", async () => {
    await using site = await through(change)
    await using _ = await holderOf(site, reading)
    const running = site.start()
    await running.printed('waits without queueing')
    const from = performance.now()
    site.proxy.drop()
    await endsLost(running, from)
    expect(await site.ours()).toEqual([])
    await _.client.query('commit')
    await nextRunIsRight(site)
  })

  test('during a wait for another run end the run too', async () => {
    await using site = await through(slow)
    const other = startCli(['migrate', '--phase', 'pre', '--project', 'shop'], { cwd: site.project.dir, env: site.env })
    await other.printed('1_x: started')
    const running = site.start()
    await running.printed('waiting up to')
    const from = performance.now()
    site.proxy.drop()
    await endsLost(running, from)
    other.child.kill('SIGKILL')
    await other.ended
  })
})

describe.concurrent('a run that is killed while it waits', { timeout: 60_000 }, () => {
  test('for a lock leaves no process of its own after two seconds', async () => {
    await using site = await through('update t set x = 2;')
    await using _ = await holderOf(site, 'begin; update t set x = 3')
    const running = site.start('--stall-budget', '40s')
    await Promise.race([until(async () => (await site.ours("wait_event_type = 'Lock'")).length === 1), running.ended])
    expect(await site.ours()).toHaveLength(2)
    running.child.kill('SIGKILL')
    await running.ended
    await sleep(2000)
    expect(await site.ours()).toEqual([])
  })
})

test('the server gives up a session whose packets vanish as well', async () => {
  const settings = ['tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count', 'tcp_user_timeout']
  const list = settings.map((name) => `current_setting('${name}')`).join(", ' ', ")
  await using site = await through(`create table seen as select concat(${list}) as settings;`)
  expect(resultOf(await site.start().ended)).toMatchObject({ verdict: 'pass' })
  expect(await site.query('select settings from seen')).toEqual([{ settings: '30 10 6 45000' }])
})
