import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openProbes } from '../../../src/adapters/metrics/probes.ts'
import type { Probe } from '../../../src/canary/probe.ts'
import { parseConnection } from '../../../src/connection.ts'
import { startServer, type TestServer } from '../../postgres/server.ts'
import { check as anyCheck, fakeClock, noSignal, onTime, windowsUntil } from './given.ts'
import { probeContract } from './probe-contract.ts'

let server: TestServer
let probe: Probe
const endMs = Math.floor(Date.now() / 1000) * 1000 - 60_000
const windows = windowsUntil(endMs, 3)

beforeAll(async () => {
  server = await startServer()
  await server.query(`create table job (at timestamptz, state text);
    insert into job select to_timestamp(${endMs / 1000}) - n * interval '1 minute', 'queued' from generate_series(1, 12) n`)
  probe = open(server.url())
})
afterAll(() => server?.stop())

function open(url: string): Probe {
  const database = { connection: parseConnection(url), tls: { mode: 'off', ca: undefined }, role: undefined } as const
  const wanted = { prometheus: undefined, loki: undefined, database, allowWarnings: false }
  return openProbes(wanted, { ...fakeClock(), applicationName: 'shiplock/7.1' }).for(check('select 1'))
}

function check(sql: string, given: Record<string, unknown> = {}) {
  return anyCheck({ sql, ...given })
}

const last = async (sql: string, given = {}) => (await probe.sample(check(sql, given), windows, onTime)).at(-1)

describe('the contract of a probe', () => {
  const limit = { baseline: 'none', max: 100 }
  probeContract(() => ({
    probe,
    away: open('postgres://app:s3cr3t@127.0.0.1:1/app'),
    check: check('select count(*) from job', limit),
    nothing: check('select null::int', limit),
    faulty: check('selec', limit),
    windows,
  }))
})

describe('a sample', () => {
  test('is what is so now, for the window that has just ended and for none before', async () => {
    expect(await probe.sample(check('select count(*) from job'), windows, onTime)).toEqual([
      { state: 'empty' },
      { state: 'empty' },
      { state: 'value', value: 12 },
    ])
    const yesterday = windowsUntil(endMs - 86_400_000, 3)
    expect(await probe.sample(check('select 1'), yesterday, onTime)).toEqual(yesterday.map(() => ({ state: 'empty' })))
  })

  test('of a query that names the window is asked for each of them', async () => {
    const sql = 'select count(*) from job where at >= $start and at < $end'
    expect(await probe.sample(check(sql), windows, onTime)).toEqual([
      { state: 'value', value: 2 },
      { state: 'value', value: 5 },
      { state: 'value', value: 5 },
    ])
    expect(await last('select count(*) from job where at < $end')).toEqual({ state: 'value', value: 12 })
  })

  test.each([
    ['select 1.5::numeric', { state: 'value', value: 1.5 }],
    ['select 9007199254740993', { state: 'value', value: 9007199254740992 }],
    ['select null::int', { state: 'empty' }],
    ['select 1 where false', { state: 'empty' }],
    ["select 'NaN'::float8", { state: 'nan' }],
    ['select 1e999::numeric', { state: 'nan' }],
  ])('%s', async (sql, expected) => {
    expect(await last(sql)).toEqual(expected)
  })

  test('of nothing is zero when the check says so', async () => {
    expect(await last('select 1 where false', { empty: 'zero' })).toEqual({ state: 'value', value: 0 })
  })

  test.each([
    ['select 1, 2', /1 rows of 2 columns/],
    ['select 1 union all select 2', /2 rows of 1 columns/],
    ["select 'much'", /something else than a number/],
    ['selec 1', /syntax error.*42601/],
    ['select 1; select 2', /cannot insert multiple commands/],
    ['select pg_sleep(60)', /statement timeout.*57014/],
    ["select 1 from nextval('x')", /does not exist/],
  ])('%s is an error', async (sql, message) => {
    expect(await last(sql, { window: '1s' })).toMatchObject({ state: 'error', message: expect.stringMatching(message) })
  })

  test.each(['delete from job', 'with gone as (delete from job returning 1) select count(*) from gone', "select setval('s', 1)"])(
    '%s changes nothing',
    async (sql) => {
      await server.query('create sequence if not exists s')
      expect(await last(sql)).toMatchObject({ state: 'error', message: expect.stringMatching(/read-only transaction/) })
      expect(await server.query('select count(*)::int as jobs from job')).toEqual([{ jobs: 12 }])
    },
  )

  test('finds tables on the search path of the connection', async () => {
    expect(await last('select count(*) from job')).toMatchObject({ state: 'value' })
    expect(await server.query("select 1 from pg_stat_activity where application_name like 'shiplock/%'")).toEqual([])
  })

  test('of a server that is away is an error without the password', async () => {
    const away = open('postgres://app:s3cr3t-word@127.0.0.1:1/app')
    const [one] = (await away.sample(check('select 1'), windows.slice(-1), onTime)) as { state: string; message: string }[]
    expect(one?.state).toBe('error')
    expect(one?.message).toMatch(/127\.0\.0\.1:1\/app could not be reached/)
    expect(one?.message).not.toContain('s3cr3t')
  })

  test('ends with the watch', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 200)
    const samples = await probe.sample(check('select pg_sleep(60)'), windows, { control: false, signal: controller.signal })
    expect(samples.at(-1)?.state).toBe('error')
  })
})

describe('before a deploy', () => {
  const problems = async (sql: string, given = {}) => (await probe.examine(check(sql, given), windows, noSignal)).problems

  test('a query with an absolute limit, and one that names the window, can be judged', async () => {
    expect(await problems('select count(*) from job', { baseline: 'none', max: 100 })).toEqual([])
    expect(await problems('select count(*) from job where at >= $start and at < $end')).toEqual([])
  })

  test('one that would need a baseline of the past could never be judged', async () => {
    expect((await problems('select count(*) from job'))[0]).toMatch(/could never be judged.*max and baseline: none/)
    expect((await problems('select count(*) from job', { max: 5 }))[0]).toMatch(/say baseline: none/)
  })

  test('no row, a fault and a write are problems', async () => {
    const limit = { baseline: 'none', max: 100 }
    expect(await problems('select null::int', limit)).toEqual(['The query returns no number: no row, or NULL.'])
    expect((await problems('select nothing', limit))[0]).toMatch(/column "nothing" does not exist/)
    expect((await problems('delete from job', limit))[0]).toMatch(/read-only/)
  })
})
