import { describe, expect, test } from 'vitest'
import type { HistoryRow } from '../../src/migration/history.ts'
import { bad, calm, canaryInputs, connection, from, historyOf, minute, nowMs, runCanary } from './canary-given.ts'

const deployed = (release: string, atMs: number): HistoryRow => ({
  event: 'deployed',
  release,
  commit: undefined,
  at: new Date(atMs),
  migrations: [],
})
const withDatabase = (given: Parameters<typeof canaryInputs>[0] = {}) => canaryInputs({ 'database-url': connection, ...given })
const emptyAfter = from(nowMs, { state: 'empty' })

describe('the command', () => {
  test('promotes a calm release after its whole time, and says of each check what it was', async () => {
    const { outcome, tookMs, asked } = await runCanary()
    expect(outcome).toMatchObject({
      verdict: 'promote',
      reason: '1 check, and none of them holds or aborts.',
      checks: [{ id: 'p95', status: 'pass' }],
      outputs: { deciding: '', windows: 6 },
      details: { complete: true, stopped: false, watchedMs: 30 * minute },
    })
    expect(tookMs).toBe(36 * minute)
    expect(asked).toBe(8 + 6)
  })

  test('keeps every sample in the result, with the lines that it was judged by', async () => {
    const { outcome } = await runCanary({ answer: from(nowMs, bad) })
    expect(outcome.details).toMatchObject({
      deciding: 'p95',
      deployedAt: '2026-11-21T14:00:00.000Z',
      watched: [
        {
          id: 'p95',
          decision: 'abort',
          query: 'p95',
          baseline: { median: 100, windows: 48 },
          lines: { hold: 130, abort: 200 },
          windows: [
            { window: { startMs: nowMs + 5 * minute, endMs: nowMs + 10 * minute }, sample: bad, mark: 'bad' },
            { sample: bad, mark: 'bad' },
          ],
        },
      ],
    })
  })

  test('shows one line a window, at most 80 wide, beside one for each check when it begins', async () => {
    const checks = [
      { id: 'p95', kind: 'latency', prometheus: 'p95', requests: 'r' },
      { id: 'a-name-that-is-longer-than-a-column-takes', kind: 'gauge', prometheus: 'queue' },
    ]
    const { lines } = await runCanary({
      inputs: canaryInputs({ checks }),
      answer: ({ startMs }, { id }) =>
        startMs < nowMs + 20 * minute ? calm : id === 'p95' ? bad : { state: 'error', message: `503\n::error::${'x'.repeat(99)}` },
    })
    expect(lines.every((line) => line.length <= 80)).toBe(true)
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "p95: 100 ± 0 before, suspicious beyond 130, bad beyond 200
      14:10  p95                       1/6        100       1 ×  good
      a-name-that-is-longer-t…: 100 ± 0 before, suspicious beyond 130, bad beyond 200
      14:10  a-name-that-is-longer-t…  1/6        100       1 ×  good
      14:15  p95                       2/6        100       1 ×  good
      14:15  a-name-that-is-longer-t…  2/6        100       1 ×  good
      14:20  p95                       3/6        100       1 ×  good
      14:20  a-name-that-is-longer-t…  3/6        100       1 ×  good
      14:25  p95                       4/6        500       5 ×  bad
      14:25  a-name-that-is-longer-t…  4/6  unusable: 503 ::error::xxxxxxxxxxxxxxxxxx…
      14:30  p95                       5/6        500       5 ×  bad
      14:30  a-name-that-is-longer-t…  5/6  unusable: 503 ::error::xxxxxxxxxxxxxxxxxx…"
    `)
  })

  test('judges a watch that has passed in one go, in as many requests as it takes for the baseline and one more', async () => {
    const since = { since: { agoMs: 60 * minute } }
    const { outcome, tookMs, asked } = await runCanary({ inputs: canaryInputs(since) })
    expect([outcome.verdict, tookMs, asked]).toEqual(['promote', 0, 9])
    const worse = await runCanary({ inputs: canaryInputs(since), answer: from(nowMs - 60 * minute, bad) })
    expect(worse.outcome.verdict).toBe('abort')
  })

  test.each([
    [{ 'deployed-at': { at: nowMs + 2 * 60 * minute } }, 'deployed-at lies 2 h in the future.'],
    [{ since: { agoMs: 30 * minute } }, 'The watch that since names is not over yet.'],
    [{ since: { agoMs: 1 }, 'deployed-at': { agoMs: 1 } }, 'since and deployed-at both say when the watch begins.'],
    [{ duration: 9 * minute }, 'The duration has no room for two windows of the check p95.'],
    [{ 'canary-checks': undefined }, 'There is nothing to watch: no check was given.'],
    [{ checks: ['a', 'a'].map((id) => ({ id, kind: 'gauge', prometheus: 'x' })) }, 'Two checks have the name a.'],
  ])('refuses %o before it asks anybody', async (given, message) => {
    await expect(runCanary({ inputs: canaryInputs(given as never) })).rejects.toMatchObject({ code: 'invalid-input', message })
  })

  test('takes a deploy of this minute on a clock that is ahead for one of now', async () => {
    const inputs = canaryInputs({ 'deployed-at': { at: nowMs + 30_000 } } as never)
    expect((await runCanary({ inputs })).outcome.verdict).toBe('promote')
  })
})

describe('a watch that a signal stops', () => {
  test('is a hold, with what it saw so far, whatever on-hold says', async () => {
    const { outcome } = await runCanary({
      inputs: canaryInputs({ 'on-hold': 'warn' }),
      answer(window, _, { stop }) {
        if (window.startMs === nowMs + 15 * minute) stop()
        return calm
      },
    })
    expect(outcome).toMatchObject({
      verdict: 'hold',
      reason: 'The watch was stopped by a signal. p95: The watch is not over: 3 of 6 windows.',
      details: { stopped: true, complete: false },
    })
    expect(outcome.exitCode).toBeUndefined()
  })

  test('is noted in the history, which bars the post phase', async () => {
    const { database, recorded } = historyOf([deployed('v1.9', nowMs)])
    const { outcome } = await runCanary({
      inputs: withDatabase(),
      database,
      answer(window, _, { stop }) {
        if (window.startMs >= nowMs) stop()
        return calm
      },
    })
    expect(recorded).toMatchObject([{ verdict: 'hold' }])
    expect(outcome.details).toMatchObject({ record: { noted: true, postBarred: true } })
  })

  test('gives up noting it after a few seconds, for the sake of the result', async () => {
    const { database, recorded } = historyOf([], { lock: () => new Promise(() => {}) })
    const { outcome, tookMs } = await runCanary({
      inputs: withDatabase(),
      database,
      answer(window, _, { stop }) {
        if (window.startMs >= nowMs) stop()
        return calm
      },
    })
    expect([outcome.verdict, recorded]).toEqual(['hold', []])
    expect(outcome.details).toMatchObject({ record: { noted: false, why: 'the run was stopped before it could be noted' } })
    expect(tookMs - 11 * minute).toBeLessThanOrEqual(5000)
  })
})

describe('a signal that comes while the verdict is noted', () => {
  test('leaves it a few seconds, and the verdict as it is', async () => {
    let stopLater = () => {}
    const { database } = historyOf([], {
      lock() {
        stopLater()
        return new Promise(() => {})
      },
    })
    const { outcome } = await runCanary({
      inputs: withDatabase(),
      database,
      answer(window, _, { stop }) {
        stopLater = stop
        return from(nowMs, bad)(window)
      },
    })
    expect(outcome).toMatchObject({ verdict: 'abort', details: { record: { noted: false } } })
  })
})

describe('what follows a verdict', () => {
  test.each([
    ['abort', from(nowMs, bad), true],
    ['hold', emptyAfter, true],
    ['promote', () => calm, false],
  ] as const)('%s is noted with its reason; what is live and was before it is known', async (verdict, answer, postBarred) => {
    const { database, recorded } = historyOf([deployed('v1.8', nowMs - 9e7), deployed('v1.9', nowMs - 1)])
    const { outcome } = await runCanary({ inputs: withDatabase(), database, answer })
    expect(recorded).toEqual([{ verdict, reason: outcome.reason, accepted: false }])
    expect(outcome.details).toMatchObject({
      record: { noted: true, postBarred, live: { release: 'v1.9', at: '2026-11-21T13:59:59.999Z' }, before: 'v1.8' },
    })
  })

  test('a promote does not open what an abort has shut', async () => {
    const abort: HistoryRow = {
      event: 'canary',
      release: 'v1.9',
      commit: undefined,
      at: new Date(nowMs),
      verdict: 'abort',
      reason: '',
      accepted: false,
    }
    const { database } = historyOf([deployed('v1.9', nowMs - 1), abort])
    const { outcome } = await runCanary({ inputs: withDatabase(), database })
    expect(outcome).toMatchObject({ verdict: 'promote', details: { record: { postBarred: true } } })
  })

  const hold = (release: string, atMs: number): HistoryRow => ({
    event: 'canary',
    release,
    commit: undefined,
    at: new Date(atMs),
    verdict: 'hold',
    reason: '',
    accepted: false,
  })

  test.each(['since', 'deployed-at'])('windows from before the last deploy promote nothing, whatever %s says', async (input) => {
    const { database, recorded } = historyOf([deployed('v1.9', nowMs - 30 * minute), hold('v1.9', nowMs - 10 * minute)])
    const inputs = withDatabase({ [input]: { agoMs: 120 * minute }, 'on-hold': 'warn' })
    const { outcome } = await runCanary({ inputs, database })
    const reason =
      'The first window begins on 2026-11-21 12:05:00 UTC, before v1.9 was recorded as deployed on 2026-11-21 13:30:00 UTC: it shows the code of before.'
    expect(outcome).toMatchObject({ verdict: 'hold', reason, exitCode: 0, details: { record: { noted: true, postBarred: true } } })
    expect(recorded).toEqual([{ verdict: 'hold', reason, accepted: false }])
  })

  test('windows from before the last deploy abort all the same', async () => {
    const { database, recorded } = historyOf([deployed('v1.9', nowMs - 30 * minute)])
    const inputs = withDatabase({ since: { agoMs: 120 * minute } })
    const { outcome } = await runCanary({ inputs, database, answer: from(nowMs - 120 * minute, bad) })
    expect([outcome.verdict, recorded[0]?.verdict]).toEqual(['abort', 'abort'])
  })

  test('a deploy that is recorded while its watch goes on is another release, and clocks may differ by a minute', async () => {
    const recordedAt = async (atMs: number) =>
      (await runCanary({ inputs: withDatabase(), database: historyOf([deployed('v1.9', atMs)]).database })).outcome.verdict
    expect(await recordedAt(nowMs + 6 * minute)).toBe('promote')
    expect(await recordedAt(nowMs + 6 * minute + 1)).toBe('hold')
  })

  test('a promote opens what a hold of the same release has shut, and of no other', async () => {
    const barredAfter = async (release: string) => {
      const { database } = historyOf([deployed('v1.9', nowMs - 2), hold(release, nowMs - 1)])
      return (await runCanary({ inputs: withDatabase(), database })).outcome.details
    }
    expect(await barredAfter('v1.9')).toMatchObject({ record: { postBarred: false } })
    expect(await barredAfter('v2.0')).toMatchObject({ record: { postBarred: true } })
  })

  test('without a database nothing is barred, and that is said', async () => {
    const { outcome } = await runCanary({ answer: from(nowMs, bad) })
    expect(outcome.details).toMatchObject({ record: { noted: false, why: 'no database was given', postBarred: undefined } })
  })

  test('on-hold: warn lets a hold through, and an abort never', async () => {
    const inputs = canaryInputs({ 'on-hold': 'warn' })
    expect((await runCanary({ inputs, answer: emptyAfter })).outcome).toMatchObject({ verdict: 'hold', exitCode: 0 })
    expect((await runCanary({ inputs, answer: from(nowMs, bad) })).outcome.exitCode).toBeUndefined()
    expect((await runCanary({ answer: emptyAfter })).outcome.exitCode).toBeUndefined()
  })

  test('on-hold: warn lets no hold through that could not be noted: the post phase would be open', async () => {
    const { database } = historyOf([], { lock: () => Promise.reject(new Error('connection refused')) })
    const { outcome, lines } = await runCanary({ inputs: withDatabase({ 'on-hold': 'warn' }), database, answer: emptyAfter })
    expect(outcome.verdict).toBe('hold')
    expect(outcome.exitCode).toBeUndefined()
    expect(lines).toContain('warning: the verdict was not noted in the history: connection refused')
  })

  test('on a database without a history there is nothing to bar', async () => {
    const { database, recorded } = historyOf([], { stamp: false })
    const { outcome } = await runCanary({ inputs: withDatabase({ 'on-hold': 'warn' }), database, answer: emptyAfter })
    expect([outcome.exitCode, recorded]).toEqual([0, []])
  })
})

describe('a look before the deploy', () => {
  test('says once why a check cannot be judged', async () => {
    const { outcome, lines } = await runCanary({
      inputs: canaryInputs({ 'check-only': true }),
      examination: { problems: ['There is no metric p95.'], notes: [], series: [] },
    })
    expect(outcome.checks).toEqual([{ id: 'p95', status: 'fail', message: 'There is no metric p95.' }])
    expect(lines).toEqual(['p95: cannot be judged'])
  })
})

describe('lines of a log', () => {
  const inputs = canaryInputs({ checks: [{ id: 'errors', kind: 'logs', loki: '{app="shop"} |= "ERROR"' }] })
  const counts = (after: number) => from(nowMs, { state: 'value', value: after })
  const none = (answer: ReturnType<typeof from>) => (window: Parameters<typeof answer>[0]) =>
    window.startMs < nowMs ? ({ state: 'value', value: 0 } as const) : answer(window)
  const secret = 'ERROR jane@example.org token=s3cr3t-value 10.0.0.7 card 4111 1111 1111 1111'

  test('are shown when they decide: five at most, and nothing private', async () => {
    let limit = 0
    const { outcome } = await runCanary({
      inputs,
      answer: none(counts(9)),
      lines: async (_, __, most) => {
        limit = most
        return Array.from({ length: 9 }, () => secret)
      },
    })
    const { watched } = outcome.details as { watched: { sampleLines: string[] }[] }
    expect([outcome.verdict, limit, watched[0]?.sampleLines]).toEqual([
      'abort',
      5,
      Array.from({ length: 5 }, () => 'ERROR ***@*** token=*** *.*.*.* card ***'),
    ])
  })

  test('are not asked for when the check promotes', async () => {
    const lines = () => Promise.reject(new Error('not asked'))
    const { outcome, lines: logged } = await runCanary({ inputs, answer: none(counts(0)), lines })
    expect([outcome.verdict, logged.join().includes('not asked')]).toEqual(['promote', false])
  })

  test('that cannot be read change no verdict', async () => {
    const { outcome, lines } = await runCanary({ inputs, answer: none(counts(9)), lines: () => Promise.reject(new Error('timeout')) })
    expect(outcome.verdict).toBe('abort')
    expect(lines).toContain('warning: errors: the lines could not be read: timeout')
  })
})
