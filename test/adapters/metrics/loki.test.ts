import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readLogQuery } from '../../../src/adapters/metrics/logql.ts'
import { openProbes } from '../../../src/adapters/metrics/probes.ts'
import type { Probe } from '../../../src/canary/probe.ts'
import { type FaultProxy, startFaultProxy } from '../../metrics/fault-proxy.ts'
import { startLoki, type TestLoki } from '../../metrics/loki.ts'
import { check as anyCheck, fakeClock, noSignal, onTime, windowsUntil } from './given.ts'
import { probeContract } from './probe-contract.ts'

const endMs = Math.floor(Date.now() / 60_000) * 60_000 - 60_000
const windows = windowsUntil(endMs, 6)
const at = (minutesBefore: number, line: string) => ({ atMs: endMs - minutesBefore * 60_000, line })

/** Lines in each window but the second; errors in the third and in the last, the very last of which lies on its end. */
const shop = {
  labels: { app: 'shop' },
  entries: [
    ...[29, 19, 14, 9, 4].map((minute) => at(minute, 'GET /list 200')),
    at(18, 'ERROR no stock'),
    at(17, 'ERROR health check'),
    at(3, 'ERROR pool exhausted'),
    at(0, 'ERROR at the end'),
  ],
}
const awkward = { labels: { app: 'a"}b' }, entries: [at(2, 'ERROR `quoted`')] }

let loki: TestLoki
let proxy: FaultProxy
let probe: Probe
beforeAll(async () => {
  loki = await startLoki([shop, awkward], { tenant: 'acme' })
  proxy = await startFaultProxy(loki.url)
  probe = open(proxy.url)
})
afterEach(() => proxy.next())
afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]()
  await loki?.[Symbol.asyncDispose]()
})

function open(url: string, headers: Record<string, string> = { 'X-Scope-OrgID': 'acme' }): Probe {
  const wanted = { prometheus: undefined, loki: { url, headers, ca: undefined }, database: undefined, allowWarnings: false }
  return openProbes(wanted, fakeClock()).for(check({}))
}

function check(given: Record<string, unknown>) {
  return anyCheck({ kind: 'logs', loki: '{app="shop"} |= "ERROR"', ...given })
}

const none = { state: 'value', value: 0 }
const count = (value: number) => ({ state: 'value', value })

describe('the contract of a probe', () => {
  probeContract(() => ({
    probe,
    away: open('http://127.0.0.1:1', { authorization: 'Bearer s3cr3t' }),
    check: check({}),
    nothing: check({ loki: '{app="gone"}' }),
    faulty: check({ loki: '{app="shop"} |= x' }),
    windows,
  }))
})

describe('a sample', () => {
  test('is the number of lines; none of a kind is zero only where there are other lines', async () => {
    proxy.next()
    expect(await probe.sample(check({}), windows, onTime)).toEqual([none, { state: 'empty' }, count(2), none, none, count(2)])
    expect(proxy.asked()).toHaveLength(1)
  })

  test('leaves out lines that the check excludes', async () => {
    expect((await probe.sample(check({ exclude: 'health|`x' }), windows, onTime))[2]).toEqual(count(1))
  })

  test('of streams without any line is empty, whether Loki says null or an empty list', async () => {
    for (const empty of [null, []] as const) {
      await using quiet = await startLoki([], { empty: empty === null ? null : [] })
      const samples = await open(quiet.url).sample(check({}), windows, onTime)
      expect(samples).toEqual(windows.map(() => ({ state: 'empty' })))
    }
  })

  test('counts as zero without any line only when the check says so, or names another stream that lives', async () => {
    const asked = { loki: '{app="gone"} |= "ERROR"' }
    expect((await probe.sample(check(asked), windows, onTime))[0]).toEqual({ state: 'empty' })
    expect((await probe.sample(check({ ...asked, empty: 'zero' }), windows, onTime))[0]).toEqual(none)
    expect((await probe.sample(check({ ...asked, live: '{app="shop"}' }), windows, onTime))[0]).toEqual(none)
  })

  test('of a wrong tenant is empty, and of none an error', async () => {
    expect((await open(loki.url, { 'X-Scope-OrgID': 'other' }).sample(check({}), windows, onTime))[0]).toEqual({ state: 'empty' })
    expect((await open(loki.url, {}).sample(check({}), windows, onTime))[0]).toMatchObject({
      state: 'error',
      message: expect.stringMatching(/refused the sign-in \(401\): no org id$/),
    })
  })

  test('reads a selector whose values hold braces and quotes', async () => {
    for (const query of ['{app="a\\"}b"} |= "ERROR"', '{app=`a"}b`} |= "ERROR"']) {
      expect((await probe.sample(check({ loki: query }), windows, onTime))[5]).toEqual(count(1))
    }
  })

  test("that Loki refuses is an error in Loki's own words", async () => {
    expect((await probe.sample(check({ loki: '{app="shop"} |= ERROR' }), windows, onTime))[0]).toMatchObject({
      state: 'error',
      message: expect.stringMatching(/answered 400: parse error at line 1/),
    })
    expect((await probe.sample(check({ loki: 'rate({app="shop"}[5m])' }), windows, onTime))[0]).toMatchObject({ state: 'error' })
  })

  test('of more than thirty days is asked for in several requests', async () => {
    proxy.next()
    const samples = await probe.sample(check({ window: '12h' }), windowsUntil(endMs, 90, 43_200_000), onTime)
    expect(samples.at(-1)).toEqual(count(4))
    expect(samples.filter(({ state }) => state === 'error')).toEqual([])
    expect(proxy.asked()).toHaveLength(2)
  })

  test.each([
    [{ status: 429, body: 'too many outstanding requests', type: 'application/json' }, /429\): too many outstanding requests/],
    [{ status: 504, body: 'context deadline exceeded' }, /504: context deadline exceeded/],
    [{ status: 200, type: 'text/html', body: '<html>' }, /instead of data/],
    ['warning' as const, /partial/],
  ])('is an error when Loki answers %o', async (fault, message) => {
    proxy.next(fault, fault, fault)
    expect((await probe.sample(check({}), windows, onTime))[0]).toMatchObject({ state: 'error', message: expect.stringMatching(message) })
  })
})

describe('sample lines', () => {
  test('are the newest first, at most as many as wanted, without those on the end of the window', async () => {
    const last = windows.at(-1)
    if (last === undefined) throw new Error('no window')
    expect(await probe.lines?.(check({}), last, 5, noSignal)).toEqual(['ERROR pool exhausted'])
    const all = { startMs: endMs - 1_800_000, endMs }
    expect(await probe.lines?.(check({}), all, 2, noSignal)).toEqual(['ERROR pool exhausted', 'ERROR health check'])
  })

  test('that cannot be read are told so, and fail nothing', async () => {
    proxy.next({ status: 400, body: 'no' })
    const [line] = (await probe.lines?.(check({}), windows[0] as never, 5, noSignal)) ?? []
    expect(line).toMatch(/could not be read: .*400: no/)
  })
})

describe('before a deploy', () => {
  test('a check that can be judged has no problem, and its streams are listed', async () => {
    expect(await probe.examine(check({}), windows, noSignal)).toEqual({
      problems: [],
      notes: ['{app="shop"} has no lines at all in 1 of 6 windows: they cannot be judged.'],
      series: ['{app="shop"}'],
    })
  })

  test('a selector without lines, a metric query and a faulty filter are problems', async () => {
    const problems = async (query: string) => (await probe.examine(check({ loki: query }), windows, noSignal)).problems
    expect((await problems('{app="gone"} |= "x"'))[0]).toMatch(/^\{app="gone"\} has no lines in these windows/)
    expect((await problems('count_over_time({app="shop"}[5m])'))[0]).toMatch(/takes a stream selector/)
    expect((await problems('{app="shop"} |= x'))[0]).toMatch(/parse error/)
  })
})

test('a stream selector ends at its own brace', () => {
  expect(readLogQuery('{a="}", b=`}"`} | json')).toEqual({ selector: '{a="}", b=`}"`}', pipeline: ' | json' })
  expect(readLogQuery(' # all\n{a="\\"}"}')).toEqual({ selector: '# all\n{a="\\"}"}', pipeline: '' })
  expect(readLogQuery('{a="b"')).toBeUndefined()
  expect(readLogQuery('rate({a="b"}[5m])')).toBeUndefined()
})
