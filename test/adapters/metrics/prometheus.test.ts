import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openProbes } from '../../../src/adapters/metrics/probes.ts'
import type { Probe } from '../../../src/canary/probe.ts'
import { atDeploy } from '../../../src/canary/templates.ts'
import { type FaultProxy, startFaultProxy } from '../../metrics/fault-proxy.ts'
import { type History, startPrometheus, type TestPrometheus } from '../../metrics/prometheus.ts'
import { check, fakeClock, noSignal, onTime, windowsUntil } from './given.ts'
import { probeContract } from './probe-contract.ts'

const nowMs = Math.floor(Date.now() / 1000) * 1000
const end = nowMs / 1000 - 60
const begin = end - 2 * 86_400

function points(value: (at: number) => number, { from = end - 7200, until = end, every = 15 } = {}) {
  return Array.from({ length: Math.floor((until - from) / every) + 1 }, (_, index) => {
    const at = from + index * every
    return [at, value(at)] as const
  })
}

const perSecond = (rate: number) => (at: number) => (at - begin) * rate
const gauge = (metric: string, value: number, labels: Record<string, string> = {}, options = {}): History => ({
  metric,
  type: 'gauge',
  labels,
  points: points(() => value, options),
})
const counter = (metric: string, rate: number, labels: Record<string, string> = {}, options = {}): History => ({
  metric,
  type: 'counter',
  labels,
  points: points(perSecond(rate), options),
})

const history: readonly History[] = [
  gauge('queue_depth', 7, { queue: 'mail' }),
  gauge('queue_depth', 9, { queue: 'sms' }),
  gauge('sent_by_a_dead_sender', 5, {}, { until: end - 210 }),
  gauge('seldom', 5, {}, { every: 150 }),
  counter('http_requests_total', 10, { code: '200' }),
  counter('sleepy_requests_total', 0.1),
  gauge('days', 42, {}, { from: end - 5 * 86_400, every: 300 }),
  ...['/buy', '/list', '/rare'].flatMap((route, index) => {
    const rate = [10, 20, 0.1][index] as number
    return [
      counter('duration_seconds_count', rate, { route }),
      counter('duration_seconds_bucket', rate * 0.5, { route, le: '0.1' }),
      counter('duration_seconds_bucket', rate * (route === '/buy' ? 0.8 : 1), { route, le: '1' }),
      counter('duration_seconds_bucket', rate, { route, le: '+Inf' }),
    ]
  }),
]

let prometheus: TestPrometheus
let proxy: FaultProxy
let probe: Probe
const windows = windowsUntil(end * 1000, 6)

beforeAll(async () => {
  prometheus = await startPrometheus({ history })
  proxy = await startFaultProxy(prometheus.url)
  probe = open()
})
afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]()
  await prometheus?.[Symbol.asyncDispose]()
})

function open(options: { readonly allowWarnings?: boolean; readonly now?: () => number; readonly url?: string } = {}): Probe {
  const source = { url: options.url ?? proxy.url, headers: { authorization: 'Bearer s3cr3t-token' }, ca: undefined }
  const wanted = { prometheus: source, loki: undefined, database: undefined, allowWarnings: options.allowWarnings ?? false }
  return openProbes(wanted, fakeClock(options.now ?? (() => Date.now()))).for(check({ prometheus: 'one' }))
}

async function sample(given: Record<string, unknown>, asked = windows) {
  proxy.next()
  return probe.sample(check(given), asked, onTime)
}

const buckets = 'sum by (le) (rate(duration_seconds_bucket{route="/buy"}[$window]))'

describe('the contract of a probe', () => {
  probeContract(() => ({
    probe,
    away: open({ url: 'http://127.0.0.1:1' }),
    check: check({ prometheus: 'queue_depth{queue="mail"}' }),
    nothing: check({ prometheus: 'nothing_here' }),
    faulty: check({ prometheus: 'sum(' }),
    windows,
  }))
})

describe('a sample', () => {
  test('is the value at the end of each window, and all of them are one request', async () => {
    const samples = await sample({ kind: 'rate', prometheus: 'sum(rate(http_requests_total[$window]))' })
    expect(samples).toHaveLength(6)
    for (const one of samples) {
      expect(one).toMatchObject({ state: 'value', requests: undefined })
      expect((one as { value: number }).value).toBeCloseTo(10, 6)
    }
    expect(proxy.asked()).toHaveLength(1)
  })

  test('has its requests in the same request', async () => {
    const given = { kind: 'ratio', prometheus: 'vector(0.5)', requests: 'sum(increase(http_requests_total[$window]))' }
    const [one] = await sample(given)
    expect(one).toEqual({ state: 'value', value: 0.5, requests: 3000 })
    expect(proxy.asked()).toHaveLength(1)
  })

  test('may be a number that is no series, and a query may end in a comment', async () => {
    expect((await sample({ prometheus: 'scalar(queue_depth{queue="mail"}) * 2 # twice' }))[0]).toMatchObject({ value: 14 })
  })

  test('with a label of the same name as ours is not mixed up', async () => {
    const given = { prometheus: 'label_replace(queue_depth{queue="mail"}, "shiplock", "requests", "", "")' }
    expect((await sample(given))[0]).toMatchObject({ state: 'value', value: 7 })
  })

  test('of too few requests is a state of its own', async () => {
    const given = { kind: 'latency', prometheus: 'vector(1)', requests: 'sum(increase(sleepy_requests_total[$window]))' }
    expect((await sample(given))[0]).toEqual({ state: 'too-little-traffic', requests: 30 })
  })

  test('of a series that does not exist is empty, and is zero only when the check says so', async () => {
    expect((await sample({ prometheus: 'nothing_here' }))[0]).toEqual({ state: 'empty' })
    expect((await sample({ prometheus: 'nothing_here', empty: 'zero' }))[0]).toMatchObject({ state: 'value', value: 0 })
    expect((await sample({ prometheus: 'sum(nothing_here) or vector(0)' }))[0]).toEqual({ state: 'empty' })
  })

  test('that divides zero by zero is not a number', async () => {
    expect((await sample({ prometheus: '0 * queue_depth{queue="mail"} / 0' }))[0]).toEqual({ state: 'nan' })
    expect((await sample({ prometheus: 'queue_depth{queue="mail"} / 0' }))[0]).toEqual({ state: 'nan' })
  })

  test('that only repeats what a dead sender said last is stale, although the server still shows it', async () => {
    expect(await prometheus.ask(`sent_by_a_dead_sender @ ${end}`)).toHaveLength(1)
    const samples = await sample({ prometheus: 'sent_by_a_dead_sender' })
    expect(samples.map(({ state }) => state)).toEqual(['value', 'value', 'value', 'value', 'value', 'stale'])
    expect(samples[5]).toEqual({ state: 'stale', ageMs: 210_000 })
    const summed = await sample({ prometheus: 'max(sum by (x) (sent_by_a_dead_sender)) + 1' })
    expect(summed[5]?.state).toBe('stale')
  })

  test('of a quantile in the last bucket is saturated, whatever unit it is turned into', async () => {
    const given = { kind: 'latency', requests: 'vector(1000)' }
    const states = async (query: string) => (await sample({ ...given, prometheus: query }))[0]
    expect(await states(`histogram_quantile(0.95, ${buckets})`)).toEqual({ state: 'saturated', value: 1, requests: 1000 })
    expect(await states(`1000 * histogram_quantile(0.95, ${buckets})`)).toMatchObject({ state: 'saturated', value: 1000 })
    expect(await states(`histogram_quantile(0.6, ${buckets})`)).toMatchObject({ state: 'value' })
    expect(proxy.asked()).toHaveLength(1)
  })

  test('of several series is an error that names them, or the worst, or their sum, as the check says', async () => {
    const [one] = await sample({ prometheus: 'queue_depth' })
    expect(one).toMatchObject({ state: 'error' })
    expect((one as { message: string }).message).toContain('queue_depth{queue="mail"}, queue_depth{queue="sms"}')
    expect((await sample({ prometheus: 'queue_depth', series: 'worst' }))[0]).toMatchObject({ value: 9 })
    expect((await sample({ prometheus: 'queue_depth', series: 'worst', direction: 'down' }))[0]).toMatchObject({ value: 7 })
    expect((await sample({ prometheus: 'queue_depth', series: 'sum' }))[0]).toMatchObject({ value: 16 })
  })

  test('of the old version beside the new one is asked by its own query', async () => {
    const both = check({ prometheus: 'queue_depth{queue="mail"}', control: 'queue_depth{queue="sms"}' })
    expect((await probe.sample(both, windows, { control: true, signal: noSignal }))[0]).toMatchObject({ value: 9 })
  })

  test('of earlier days is read from the history', async () => {
    const samples = await sample({ prometheus: 'days', window: '10m' }, windowsUntil(end * 1000 - 3 * 86_400_000, 6, 600_000))
    expect(samples.map(({ state }) => state)).toEqual(windows.map(() => 'value'))
  })

  test('is asked for in several requests where the server would refuse one', async () => {
    const many = windowsUntil(end * 1000, 12_000, 1000)
    const samples = await sample({ prometheus: 'queue_depth{queue="mail"}', window: '1s' }, many)
    expect(samples).toHaveLength(12_000)
    expect(samples.filter(({ state }) => state === 'error')).toEqual([])
    expect(proxy.asked()).toHaveLength(2)
  })
})

describe('what a source does instead of answering is an error, and never a value', () => {
  const given = { prometheus: 'queue_depth{queue="mail"}' }
  const login = { status: 200, type: 'text/html', body: '<html>Sign in</html>' }
  const errorInBody = { status: 200, type: 'application/json', body: '{"status":"error","errorType":"timeout","error":"query timed out"}' }

  test.each([
    [{ status: 401, body: 'no token s3cr3t-token' }, /refused the sign-in \(401\): no token \*\*\*/],
    [{ status: 403, body: '<html>no</html>' }, /does not allow this query \(403\)$/],
    [{ status: 302, headers: { location: 'https://login.example.com/' } }, /sends on to another address \(302\)/],
    [login, /answered with text\/html instead of data/],
    [{ status: 200, type: 'application/json', body: '{"hello":1}' }, /something else than the result of a query/],
    [
      { status: 200, type: 'application/json', body: '{"status":"success","data":{"resultType":"streams","result":[]}}' },
      /something else than series/,
    ],
    [errorInBody, /answered with an error: query timed out/],
    ['warning' as const, /calls its answer partial: one store did not answer/],
  ])('%o', async (fault, message) => {
    proxy.next(fault)
    const samples = await probe.sample(check(given), windows, onTime)
    expect(samples.map(({ state }) => state)).toEqual(windows.map(() => 'error'))
    const text = (samples[0] as { message: string }).message
    expect(text).toMatch(message)
    expect(text).not.toContain('s3cr3t')
    expect(text).not.toContain('queue_depth')
    expect(proxy.asked()).toHaveLength(1)
  })

  test.each([
    [{ status: 429, headers: { 'retry-after': '2' } }, [2000, 2000]],
    [{ status: 503, body: 'busy' }, [500, 1000]],
    ['cut' as const, [500, 1000]],
  ])('%o is tried again, three times in all', async (fault, waits) => {
    const clock = fakeClock()
    const wanted = {
      prometheus: { url: proxy.url, headers: {}, ca: undefined },
      loki: undefined,
      database: undefined,
      allowWarnings: false,
    }
    const patient = openProbes(wanted, clock).for(check(given))
    proxy.next(fault, fault)
    expect((await patient.sample(check(given), windows, onTime))[0]).toMatchObject({ state: 'value', value: 7 })
    expect(clock.waits).toEqual(waits)
    proxy.next(fault, fault, fault)
    expect((await patient.sample(check(given), windows, onTime))[0]).toMatchObject({ state: 'error' })
    expect(proxy.asked()).toHaveLength(3)
  })

  test('a wait that is longer than a window can bear is not waited for', async () => {
    proxy.next({ status: 429, headers: { 'retry-after': '600' } })
    const [one] = await probe.sample(check(given), windows, onTime)
    expect((one as { message: string }).message).toMatch(/it asks to wait 600 s/)
    expect(proxy.asked()).toHaveLength(1)
  })

  test('silence ends with the watch', async () => {
    const controller = new AbortController()
    proxy.next('silence')
    setTimeout(() => controller.abort(), 100)
    const [one] = await probe.sample(check(given), windows, { control: false, signal: controller.signal })
    expect(one).toMatchObject({ state: 'error', message: expect.stringMatching(/watch was stopped/) })
  })

  test('a server that takes no POST is asked with GET', async () => {
    proxy.next({ status: 405 })
    expect((await open().sample(check(given), windows, onTime))[0]).toMatchObject({ value: 7 })
  })

  test('a partial answer is judged when somebody said so', async () => {
    proxy.next('warning')
    expect((await open({ allowWarnings: true }).sample(check(given), windows, onTime))[0]).toMatchObject({ value: 7 })
  })

  test('an answer for other times than those that were asked for is none', async () => {
    const body = '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"shiplock":"value"},"values":[[1,"5"]]}]}}'
    proxy.next({ status: 200, type: 'application/json', body })
    expect((await probe.sample(check(given), windows, onTime))[0]).toMatchObject({ state: 'error' })
  })
})

describe('before a deploy', () => {
  async function examine(given: Record<string, unknown>, one = probe, asked = windows) {
    proxy.next()
    return one.examine(check(given), asked, noSignal)
  }

  test('a check that can be judged has no problem, and its series are listed', async () => {
    expect(await examine({ prometheus: 'queue_depth{queue="mail"}' })).toEqual({
      problems: [],
      notes: [],
      series: ['queue_depth{queue="mail"}'],
    })
  })

  test("a query that cannot be parsed is told in the server's words, with the place in the user's text", async () => {
    const { problems } = await examine({ prometheus: 'sum(rate(queue_depth[5m])' })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/1:\d+: parse error: unclosed left parenthesis/)
  })

  test('an unknown metric is named, with the nearest that exist', async () => {
    const { problems } = await examine({ prometheus: 'sum(rate(http_request_total[$window]))' })
    expect(problems).toEqual(['There is no metric http_request_total. The nearest names are http_requests_total, sleepy_requests_total.'])
  })

  test('a server that lists no names leaves a note', async () => {
    proxy.next(undefined, undefined, undefined, { status: 404 })
    const { problems, notes } = await probe.examine(check({ prometheus: 'nothing_here' }), windows, noSignal)
    expect(problems).toEqual(['The query returns no data in these windows: do its labels match any series?'])
    expect(notes[0]).toMatch(/does not list its metrics/)
  })

  test('a query written as an alert is told apart from one without data', async () => {
    expect((await examine({ prometheus: 'queue_depth{queue="mail"} > 100' })).problems[0]).toMatch(/holds a comparison/)
  })

  test('a clock that is far from ours is a problem', async () => {
    const { problems } = await examine({ prometheus: 'queue_depth{queue="mail"}' }, open({ now: () => Date.now() - 60_000 }))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/The clock of Prometheus is (?:1 min|59\.\d s|60\.\d s).* ahead of/)
  })

  test('fewer than four scrapes in a window are a problem, with the window that would do', async () => {
    const { problems } = await examine({ prometheus: 'seldom' })
    expect(problems).toEqual(['seldom has 3 samples in a window, and needs 4: make window 7m or longer, or scrape more often.'])
  })

  test('saturated, stale and quiet windows are problems', async () => {
    const quantile = { kind: 'latency', prometheus: `histogram_quantile(0.95, ${buckets})`, requests: 'vector(1000)' }
    expect((await examine(quantile)).problems[0]).toMatch(/6 of 6 windows lie beyond the largest bucket/)
    expect((await examine({ prometheus: 'sent_by_a_dead_sender' })).problems[0]).toMatch(/newest data is 3 min 30 s older/)
    const quiet = { kind: 'latency', prometheus: 'vector(1)', requests: 'sum(increase(sleepy_requests_total[$window]))' }
    expect((await examine(quiet)).problems[0]).toMatch(/6 of 6 windows have at most 30 requests, fewer than 100/)
  })

  test('a check that could not fail is a problem', async () => {
    const { problems } = await examine({ prometheus: 'queue_depth{queue="mail"}' }, probe, windows.slice(-1))
    expect(problems).toEqual(['It could not fail even if every value were bad: no two windows in a row have a value.'])
  })

  test('a range longer than the window is noted', async () => {
    expect((await examine({ prometheus: 'sum(rate(http_requests_total[15m]))' })).notes[0]).toMatch(/reads 15m/)
  })
})

test('the busiest routes are those of the time of the deploy, and one that is gone counts as one without traffic', async () => {
  const parameters = { histogram: 'duration_seconds', top: 2, over: '1h', quantile: 0.5 }
  const one = atDeploy(check({ template: 'p95-top-routes', with: parameters }), end * 1000)
  proxy.next()
  const [seen] = await probe.sample(one, windows, onTime)
  expect(seen).toMatchObject({ state: 'value', requests: 3000 })
  const named = check({ template: 'p95-top-routes', with: { ...parameters, routes: ['/buy', '/gone'] } })
  expect((await probe.sample(named, windows, onTime))[0]).toEqual({ state: 'too-little-traffic', requests: 0 })
})
