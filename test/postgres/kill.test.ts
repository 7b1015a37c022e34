import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shiplock, startCli } from '../program.ts'
import { startProxy, type TestProxy } from './proxy.ts'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ settings: { max_connections: '60' } })
})
afterAll(async () => {
  await removeProjects()
  await server?.stop()
})

interface Sample {
  readonly files: Readonly<Record<string, string>>
  readonly versions: readonly string[]
  /** Reads the version table. */
  readonly ledger: string
  /** What shows that a migration was applied, or that all of it was. */
  readonly signs: Readonly<Record<string, string>>
  /** Objects at whose creation, in the middle of a message, a run is killed. */
  readonly gates: readonly string[]
}

const isThere = (name: string) => `to_regclass('${name}') is not null`
const wasLogged = (what: string) => `exists (select from log where what = '${what}')`
const setup = 'create table log (what text); create table old (x int); insert into old select generate_series(1, 50)'

const plain: Sample = {
  files: {
    'db/migrations/1_a.sql': 'create table a1 (x int);\ncreate index a1_x on a1 (x);',
    'db/migrations/2_b.sql': 'create table a2 (x int);',
    'db/migrations/3_c.sql': 'alter table a1 add column y int;\ncreate table a3 (x int);',
    'db/migrations/4_d.sql': "alter table old add column c4 int;\ninsert into log values ('4');",
    'db/migrations/5_e.sql': 'create table a5 (x int);',
    'db/migrations/6_f.sql':
      "-- shiplock: no-transaction\ninsert into log values ('6');\ncreate index concurrently old_c4 on old (c4);\ninsert into log values ('6 again');\ncreate unique index concurrently old_x on old (x);\nvacuum old;\n",
    'db/migrations/7_g.sql': "insert into log values ('7');\ncreate function f7() returns int language sql as 'select 7';",
    'db/migrations/8_h.sql': 'create table a8 (x int);',
    'db/migrations/9_i.sql': 'create table a9 (x int);',
    'db/migrations/10_j.sql': "alter table old add column c10 int;\ninsert into log values ('10');",
  },
  versions: Array.from({ length: 10 }, (_, index) => String(index + 1)),
  ledger: 'select version from shiplock.ledger order by version::int',
  signs: {
    1: isThere('a1_x'),
    2: isThere('a2'),
    3: isThere('a3'),
    4: wasLogged('4'),
    5: isThere('a5'),
    6: `${isThere('old_x')} and ${wasLogged('6 again')}`,
    7: wasLogged('7'),
    8: isThere('a8'),
    9: isThere('a9'),
    10: wasLogged('10'),
  },
  gates: ['public.a1', 'public.a1_x', 'public.a2', 'public.a3', 'public.old', 'public.f7()', 'public.a9'],
}

const goose: Sample = {
  files: {
    'db/migrations/00001_a.sql': '-- +goose Up\ncreate table a1 (x int);\n',
    'db/migrations/00002_b.sql': '-- +goose Up\ncreate table a2 (x int);\n',
    'db/migrations/00003_c.sql': "-- +goose Up\nalter table old add column c4 int;\ninsert into log values ('3');\n",
    'db/migrations/00004_d.sql':
      "-- +goose NO TRANSACTION\n-- +goose Up\ninsert into log values ('4');\ncreate index concurrently old_x on old (x);\n",
  },
  versions: ['1', '2', '3', '4'],
  ledger: 'select version_id::text as version from goose_db_version where version_id > 0 order by id',
  signs: { 1: isThere('a1'), 2: isThere('a2'), 3: wasLogged('3'), 4: `${isThere('old_x')} and ${wasLogged('4')}` },
  gates: ['public.a2'],
}

const command = ['migrate', '--phase', 'pre', '--project', 'shop']
/** Messages that change something; before the others the server is as it was after the last of these. */
const changes = /^\s*(?!select|set |commit$|begin;\s*set local (?:jit|search_path))/i

async function prepare(sample: Sample) {
  const release = await makeRelease(server, sample.files)
  await release.query(setup)
  return release
}

type Release = Awaited<ReturnType<typeof prepare>>

const objects = `
  select coalesce(array_agg(what order by what), '{}') as all from (
    select 'log: ' || what as what from log
    union all select format('%s.%s', attrelid::regclass, attname) from pg_attribute join pg_class c on c.oid = attrelid
      where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0
    union all select format('%s %s', indexrelid::regclass, indisvalid) from pg_index join pg_class c on c.oid = indexrelid
      where relnamespace = 'public'::regnamespace
    union all select proname from pg_proc where pronamespace = 'public'::regnamespace) as one`

const everythingIn = async (release: Release) => (await release.query<{ all: string[] }>(objects))[0]?.all
const versionsIn = async (release: Release, { ledger }: Sample) =>
  (await release.query<{ version: string }>(ledger).catch(() => [])).map(({ version }) => version)

async function backendsGone({ query }: Release): Promise<void> {
  const ours = "select 1 from pg_stat_activity where datname = current_database() and application_name like 'shiplock/%'"
  while ((await query(ours)).length > 0) await sleep(100)
}

/** Nothing is there without its version row, and no version row without what it stands for. */
async function halvesIn(release: Release, sample: Sample): Promise<string[]> {
  const versions = await versionsIn(release, sample)
  const asked = Object.entries(sample.signs).map(([version, sign]) => `select '${version}' as version where ${sign}`)
  const there = (await release.query<{ version: string }>(asked.join(' union all '))).map(({ version }) => version)
  const isWhole = (version: string) => versions.includes(version) === there.includes(version)
  // the last statements of a file outside a transaction stand without its row, until the next run
  return sample.versions.filter(
    (version) => !isWhole(version) && (versions.includes(version) || !/vacuum|NO TRANS/.test(fileOf(sample, version))),
  )
}

const fileOf = ({ files }: Sample, version: string) =>
  Object.entries(files).find(([path]) => Number(/(\d+)_/.exec(path)?.[1]) === Number(version))?.[1] ?? ''

/** The whole promise: after any death, one more run ends the work. */
async function secondRunFinishes(release: Release, sample: Sample, whole: unknown, env = release.env): Promise<void> {
  await backendsGone(release)
  expect(await halvesIn(release, sample)).toEqual([])
  const { result } = await shiplock(command, { cwd: release.project.dir, env })
  expect([result.commands[0]?.error, result.verdict]).toEqual([undefined, 'pass'])
  expect(await versionsIn(release, sample)).toEqual(sample.versions)
  expect(await everythingIn(release)).toEqual(whole)
  expect(await release.query("select 1 from shiplock.history where state = 'running' union all select 1 from shiplock.step")).toEqual([])
}

/** The release as it is seen through the proxy: the port is a part of what tells one database from another. */
const envThrough = (proxy: TestProxy, release: Release) => ({ DATABASE_URL: proxy.url(release.env.DATABASE_URL) })

/** A run through the proxy; returns how many of its messages change something, or dies before one of them. */
async function runThrough(proxy: TestProxy, release: Release, dieBefore?: number): Promise<number> {
  const fault = proxy.arm({ on: changes, at: 'request', what: 'hold', occurrence: dieBefore ?? Number.POSITIVE_INFINITY })
  const running = startCli(command, { cwd: release.project.dir, env: envThrough(proxy, release) })
  await Promise.race([fault.happened, running.ended])
  running.child.kill('SIGKILL')
  const { exitCode, stderr } = await running.ended
  const died = fault.seen() === dieBefore // another attempt at a lock makes one message more in one run than in the next
  expect([exitCode, stderr]).toEqual([died ? null : 0, expect.any(String)])
  return fault.seen()
}

/** Whoever creates this object waits, within its message, until the gate is opened. */
async function gateAt(release: Release, object: string): Promise<pg.Client> {
  await release.query(`
    create schema gate;
    create function gate.pass() returns event_trigger language plpgsql as $$ begin
      perform pg_advisory_xact_lock_shared(42, hashtext(object_identity)) from pg_event_trigger_ddl_commands(); end $$;
    create event trigger gate on ddl_command_end execute function gate.pass()`)
  const keeper = new pg.Client({ connectionString: server.url(release.database) })
  await keeper.connect()
  await keeper.query('select pg_advisory_lock(42, hashtext($1))', [object])
  return keeper
}

const inGate =
  "select pid from pg_locks where locktype = 'advisory' and classid = 42 and not granted and database = (select oid from pg_database where datname = current_database())"

async function dieInGate(sample: Sample, object: string, whole: unknown): Promise<void> {
  const release = await prepare(sample)
  const keeper = await gateAt(release, object)
  try {
    const running = startCli([...command, '--stall-budget', '30s'], { cwd: release.project.dir, env: release.env })
    let isOver = false
    void running.ended.then(() => {
      isOver = true
    })
    while (!isOver && (await keeper.query(inGate)).rowCount === 0) await sleep(20)
    expect([object, isOver]).toEqual([object, false])
    running.child.kill('SIGKILL')
    await running.ended
    await backendsGone(release)
  } finally {
    await keeper.end()
  }
  await release.query('drop event trigger gate; drop schema gate cascade')
  await secondRunFinishes(release, sample, whole)
}

/** Three rounds at a time: each mostly waits for another process. */
async function severalAtOnce(rounds: readonly (() => Promise<void>)[]): Promise<void> {
  const left = [...rounds]
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await next()
  }
  await Promise.all([work(), work(), work()])
}

describe.each([
  ['plain', plain, 16],
  ['goose', goose, 12],
] as const)('a run of the %s layout that is killed', (_, sample, atLeast) => {
  let whole: unknown
  let boundaries = 0
  beforeAll(async () => {
    const release = await prepare(sample)
    await using proxy = await startProxy(server.port)
    boundaries = await runThrough(proxy, release)
    whole = await everythingIn(release)
    expect(await versionsIn(release, sample)).toEqual(sample.versions)
  })

  test('before any message that changes something leaves what one more run finishes', { timeout: 300_000 }, async () => {
    expect(boundaries).toBeGreaterThanOrEqual(atLeast)
    const rounds = Array.from({ length: boundaries }, (_, index) => async () => {
      const release = await prepare(sample)
      await using proxy = await startProxy(server.port)
      await runThrough(proxy, release, index + 1)
      await secondRunFinishes(release, sample, whole, envThrough(proxy, release))
    })
    await severalAtOnce(rounds)
  })

  test('in the middle of a message, while others of its statements are done, does too', { timeout: 300_000 }, async () => {
    await severalAtOnce(sample.gates.map((object) => () => dieInGate(sample, object, whole)))
  })
})
