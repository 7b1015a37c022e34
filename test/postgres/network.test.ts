import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resultOf, startCli } from '../program.ts'
import { type Fault, startProxy } from './proxy.ts'
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

/** A database with the tables `log` and `old`, seen through a proxy. */
async function through(files: Readonly<Record<string, string>>) {
  const release = await makeRelease(server, files)
  await release.query('create table log (what text); create table old (x int)')
  const proxy = await startProxy(server.port)
  const env = { DATABASE_URL: proxy.url(release.env.DATABASE_URL) }
  const start = () => startCli(['migrate', '--phase', 'pre', '--project', 'shop', '--json'], { cwd: release.project.dir, env })
  const migrate = async () => resultOf(await start().ended)
  const logged = async () => (await release.query<{ what: string }>('select what from log order by what')).map(({ what }) => what)
  const states = async () =>
    (
      await release.query<{ line: string }>(
        "select version || ' ' || state as line from shiplock.history where event = 'migration' order by id",
      )
    ).map(({ line }) => line)
  return { ...release, proxy, start, migrate, logged, states, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() }
}

type Site = Awaited<ReturnType<typeof through>>

async function nothingIsOpen({ query }: Site): Promise<void> {
  expect(await query("select 1 from shiplock.history where state = 'running' union all select 1 from shiplock.step")).toEqual([])
}

const two = {
  'db/migrations/1_a.sql': "alter table old add column a int;\ninsert into log values ('1');",
  'db/migrations/2_b.sql': "alter table old add column b int;\ninsert into log values ('2');",
}
const together = {
  'db/migrations/1_a.sql': 'create table new_1 (x int);',
  'db/migrations/2_b.sql': 'create table new_2 (x int);',
}
const outside = {
  'db/migrations/1_a.sql':
    "-- shiplock: no-transaction\ninsert into log values ('1');\ncreate index concurrently old_x on old (x);\ninsert into log values ('2');",
}
const first = /column a int/
const lost = { verdict: 'inconclusive', exitCode: 3, commands: [{ error: { code: 'connection-lost' } }] }
const passed = { verdict: 'pass' }

describe('a connection that is cut', () => {
  const cases: [string, Readonly<Record<string, string>>, Omit<Fault, 'what'>, object, string[]][] = [
    ['before a migration reaches the server', two, { on: first, at: 'request' }, lost, ['1 not-applied']],
    ['when half of it has run', two, { on: first, at: 3 }, passed, ['1 applied-unreported', '2 applied']],
    ['before COMMIT is answered', two, { on: first, at: 'commit' }, passed, ['1 applied-unreported', '2 applied']],
    ['right after COMMIT is answered', two, { on: first, at: 'commit', answered: true }, passed, ['1 applied-unreported', '2 applied']],
    ['after the whole answer', two, { on: first, at: 'ready', answered: true }, lost, ['1 applied', '2 not-applied']],
    [
      'before several migrations in one message',
      together,
      { on: /create table new_1/, at: 'request' },
      lost,
      ['1 not-applied', '2 not-applied'],
    ],
    [
      'before the answer to several in one message',
      together,
      { on: /create table new_1/, at: 'commit' },
      passed,
      ['1 applied-unreported', '2 applied-unreported'],
    ],
    ['under a statement outside a transaction', outside, { on: /^create index conc/, at: 'request' }, lost, ['1 not-applied']],
    ['before the answer to one', outside, { on: /^create index conc/, at: 'ready' }, lost, ['1 not-applied']],
    ['before the answer to a step', outside, { on: /values \('1'\)/, at: 'ready' }, lost, ['1 not-applied']],
    ['under the history', two, { on: /insert into "shiplock"\.history/, at: 'ready', occurrence: 2 }, lost, []],
    ['under the record of a step', outside, { on: /^insert into "shiplock"\.step/, at: 'ready' }, lost, []],
  ]

  test.each(cases)('%s: the version table decides, and one more run ends the work', async (_, files, fault, outcome, states) => {
    await using site = await through(files)
    const cut = site.proxy.arm({ ...fault, what: 'cut' })
    const result = await site.migrate()
    expect(cut.seen()).toBeGreaterThan(0)
    expect(result).toMatchObject(outcome)
    if (states.length > 0) expect(await site.states()).toEqual(states)
    expect((await site.migrate()).verdict).toBe('pass')
    expect(await site.versions()).toEqual(Object.keys(files).map((_, index) => String(index + 1)))
    expect(await site.logged()).toEqual(files === together ? [] : ['1', '2'])
    await nothingIsOpen(site)
  })
})

test("a tool's own version table is read again after a loss, so that what follows is not taken for somebody else's change", async () => {
  await using site = await through({
    'db/migrations/00001_a.sql': `-- +goose Up\n${two['db/migrations/1_a.sql']}\n`,
    'db/migrations/00002_b.sql': `-- +goose Up\n${two['db/migrations/2_b.sql']}\n`,
  })
  site.proxy.arm({ on: first, at: 'commit', what: 'cut' })
  expect(await site.migrate()).toMatchObject(passed)
  expect(await site.states()).toEqual(['1 applied-unreported', '2 applied'])
  expect(await site.logged()).toEqual(['1', '2'])
})

describe.each(['fast', 'immediate'] as const)('a server that is restarted (%s)', (mode) => {
  test('in the middle of a migration takes it back, and one more run ends the work', async () => {
    await using site = await through({ ...two, 'db/migrations/2_b.sql': `${two['db/migrations/2_b.sql']}\nselect pg_sleep(x) from old;` })
    await site.query('insert into old values (60)')
    const running = site.start()
    while ((await site.query("select 1 from pg_stat_activity where wait_event = 'PgSleep'")).length === 0) await sleep(30)
    await server.restart(mode)
    expect(resultOf(await running.ended)).toMatchObject({ ...lost, commands: [{ applied: [{ id: '1_a' }], failed: { id: '2_b' } }] })
    await site.query('update old set x = 0')
    expect(await site.versions()).toEqual(['1'])
    expect((await site.migrate()).verdict).toBe('pass')
    expect([await site.versions(), await site.logged()]).toEqual([
      ['1', '2'],
      ['1', '2'],
    ])
    await nothingIsOpen(site)
  })

  test('between two migrations ends the run, and one more goes on there', async () => {
    await using site = await through(two)
    const held = site.proxy.arm({ on: /insert into "shiplock"\.history/, at: 'request', what: 'hold', occurrence: 2 })
    const running = site.start()
    await held.happened
    await server.restart(mode)
    expect(resultOf(await running.ended)).toMatchObject({ ...lost, commands: [{ applied: [{ id: '1_a' }], notRun: ['2_b'] }] })
    expect((await site.migrate()).verdict).toBe('pass')
    expect(await site.logged()).toEqual(['1', '2'])
    await nothingIsOpen(site)
  })
})
