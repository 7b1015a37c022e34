import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkSchema } from '../../src/canary/check.ts'
import { judgeCheck } from '../../src/canary/judge.ts'
import type { Sample } from '../../src/canary/sample.ts'
import { givenCheck, value, windows } from './given.ts'

const calm = windows(100, 101, 99, 100, 102, 98, 100, 101, 99, 100)

function judge(samples: readonly (number | Sample)[], given: Record<string, unknown> = {}, baseline = calm) {
  return judgeCheck({ check: givenCheck(given), baseline, windows: windows(...samples), expected: 6 })
}

describe('values', () => {
  test('like the baseline promote', () => {
    expect(judge([100, 99, 101, 100, 102, 100])).toMatchObject({ decision: 'promote', usable: 6, ratio: 1 })
  })

  test('beyond the abort line in two windows in a row abort, as soon as both are there', () => {
    expect(judge([100, 250, 250])).toMatchObject({
      decision: 'abort',
      reason: 'Two windows in a row are beyond 200: 250 and 250.',
    })
    expect(judge([250, 100, 250, 100, 100, 100]).decision).toBe('hold')
  })

  test('beyond the hold line in two of six windows hold; in one they do not', () => {
    expect(judge([100, 140, 100, 140, 100, 100])).toMatchObject({ decision: 'hold', reason: '2 of 6 windows are beyond 130.' })
    expect(judge([100, 140, 100, 100, 100, 100]).decision).toBe('promote')
  })

  test('beyond the abort line in the last window hold: no later one can confirm or clear it', () => {
    expect(judge([100, 100, 100, 100, 100, 250])).toMatchObject({
      decision: 'hold',
      reason: 'The last window is beyond 200: 250; no later one can confirm or clear it.',
    })
    expect(judge([100, 100, 100, 100, 100, 140]).decision).toBe('promote')
  })

  test('beyond the abort line once in the middle promote, and the sentence says so', () => {
    expect(judge([100, 250, 100, 100, 100, 100])).toMatchObject({
      decision: 'promote',
      reason: '6 of 6 windows were judged, 1 of them beyond 130, 1 even beyond the abort line 200.',
    })
  })

  test.each([
    [2, 0],
    [3, 0],
    [4, 1],
    [6, 1],
    [12, 3],
  ])('of %i windows may be suspicious in %i', (expected, tolerated) => {
    const decide = (suspicious: number) => {
      const samples = Array.from({ length: expected }, (_, index) => (index < suspicious ? 140 : 100))
      return judgeCheck({ check: givenCheck(), baseline: calm, windows: windows(...samples), expected }).decision
    }
    expect([decide(tolerated), decide(tolerated + 1)]).toEqual(['promote', 'hold'])
  })

  test('of a watch that is not over never promote', () => {
    for (const seen of [0, 1, 5]) expect(judge(Array.from({ length: seen }, () => 100)).decision).toBe('hold')
  })

  test('below the baseline are good news only where more is worse', () => {
    expect(judge([40, 40, 40, 40, 40, 40]).decision).toBe('promote')
    expect(judge([40, 40], { kind: 'ratio', direction: 'down' }).decision).toBe('abort')
  })
})

describe('no evidence is no good news', () => {
  const states: readonly Sample[] = [
    { state: 'empty' },
    { state: 'nan' },
    { state: 'stale', ageMs: 60_000 },
    { state: 'saturated', value: 10, requests: 5000 },
    { state: 'too-little-traffic', requests: 3 },
    { state: 'error', message: '503 from Prometheus' },
    { state: 'value', value: Number.NaN },
    { state: 'value', value: Number.POSITIVE_INFINITY },
    value(100, 99),
    value(100, Number.NaN),
    value(100, Number.POSITIVE_INFINITY),
  ]

  test.each(states)('two windows of six that are %o hold', (sample) => {
    expect(judge([100, sample, 100, sample, 100, 100])).toMatchObject({ decision: 'hold', usable: 4 })
  })

  test.each(states)('a last window that is %o holds', (sample) => {
    expect(judge([100, 100, 100, 100, 100, sample])).toMatchObject({ decision: 'hold', usable: 5 })
  })

  test('neither does a baseline of too few windows', () => {
    const few = windows(100, 100, 100, 100, { state: 'empty' }, { state: 'empty' })
    expect(judge([100, 100, 100, 100, 100, 100], {}, few)).toMatchObject({ decision: 'hold', baseline: undefined })
    expect(judge([900, 900], {}, few).decision).toBe('hold')
  })

  test('neither does an absolute limit alone, unless the check says that it is enough', () => {
    const limit = { kind: 'gauge', requests: undefined, max: 500 }
    const none = windows(...Array.from({ length: 6 }, () => ({ state: 'empty' }) as const))
    expect(judge([10, 10, 10, 10, 10, 10], limit, none)).toMatchObject({ decision: 'hold', reason: expect.stringContaining('no baseline') })
    expect(judge([10, 600, 600], limit, none).decision).toBe('abort')
    expect(judge([10, 10, 10, 10, 10, 10], { ...limit, baseline: 'none' }, none).decision).toBe('promote')
  })

  test('a window between two bad ones that could not be judged keeps them apart, and the end holds', () => {
    expect(judge([250, { state: 'empty' }, 250]).decision).toBe('hold')
    expect(judge([250, { state: 'empty' }, 250, 100, 100, 100])).toMatchObject({ decision: 'hold', pending: false })
  })

  test('whatever the windows are, a promote has five of six that were judged and good or suspicious', () => {
    const sample = fc.oneof(fc.double({ min: 0, max: 1000, noNaN: true }), fc.constantFrom(...states))
    fc.assert(
      fc.property(fc.array(sample, { minLength: 0, maxLength: 6 }), (samples) => {
        const { decision, windows: judged } = judge(samples)
        if (decision !== 'promote') return
        expect(judged.filter(({ mark }) => mark === 'good').length).toBeGreaterThanOrEqual(4)
        expect(judged.filter(({ mark }) => mark === 'unusable').length).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('the baseline', () => {
  test('is not moved by an incident in it', () => {
    const incident = [...calm, ...windows(900, 1000, 950)]
    const [without, withIncident] = [judge([100, 100, 100, 100, 100, 100]), judge([100, 100, 100, 100, 100, 100], {}, incident)]
    expect(withIncident.lines?.abort).toBeLessThan(1.1 * (without.lines?.abort ?? 0))
    expect(withIncident.baseline?.outliers).toBe(3)
    expect(judge([100, 300, 300], {}, incident).decision).toBe('abort')
  })

  test('that varies much makes the lines wide', () => {
    const wild = windows(50, 150, 80, 120, 100, 60, 140, 90, 110, 100)
    expect(judge([100, 140, 140, 100, 100, 100], {}, wild).decision).toBe('promote')
  })

  test('has its worst window below the abort line, so that what happened before aborts nothing', () => {
    const restless = [...calm, ...windows(190)]
    expect(judge([100, 230, 230], {}, restless).decision).toBe('hold')
    expect(judge([100, 240, 240], {}, restless).decision).toBe('abort')
  })

  test('is not asked for where an absolute limit is all there is', () => {
    const limit = { kind: 'gauge', requests: undefined, baseline: 'none', max: 50 }
    expect(judge([10, 20, 10, 20, 10, 20], limit, []).decision).toBe('promote')
    expect(judge([10, 60, 70], limit, []).decision).toBe('abort')
  })
})

describe('kinds', () => {
  test('calls per request abort at ten times the baseline, whatever the traffic does', () => {
    const perRequest = { kind: 'per-request', window: '5m' }
    expect(judge([100, 990, 990], perRequest).decision).toBe('hold')
    expect(judge([100, 1010, 1010], perRequest).decision).toBe('abort')
  })

  test('a share of errors that rises from nothing is suspicious only above its floor', () => {
    const zero = windows(...Array.from({ length: 10 }, () => 0))
    expect(judge([0, 0.005, 0.009, 0, 0, 0], { kind: 'ratio' }, zero).decision).toBe('promote')
    expect(judge([0, 0.02, 0.03], { kind: 'ratio' }, zero).decision).toBe('abort')
  })

  test('a queue that keeps growing to the double holds, and one that falls again does not', () => {
    const queue = { kind: 'gauge', requests: undefined, 'hold-ratio': 9, 'abort-ratio': 10 }
    expect(judge([100, 120, 150, 180, 220, 260], queue).decision).toBe('hold')
    expect(judge([100, 120, 260, 220, 180, 150], queue).decision).toBe('promote')
    expect(judge([100, 120, 150, 220, 300, 250], queue).decision).toBe('promote')
    expect(judge([800, 700, 600, 210, 220, 230], queue).decision).toBe('promote')
  })
})

describe('lines of a log', () => {
  const given = { id: 'errors', kind: 'logs', loki: '{app="shop"} |= "ERROR"' }
  const lines = (counts: readonly (number | Sample)[], before: readonly number[], otherwise: Record<string, unknown> = {}) =>
    judgeCheck({
      check: checkSchema.parse({ ...given, ...otherwise }),
      baseline: windows(...before.map((one) => value(one, undefined))),
      windows: windows(...counts.map((one) => (typeof one === 'number' ? value(one, undefined) : one))),
      expected: 6,
    }).decision

  const quiet = Array.from({ length: 48 }, () => 1)
  const silent = Array.from({ length: 48 }, () => 0)

  test('as many as before promote', () => {
    expect(lines([1, 0, 2, 1, 1, 1], quiet)).toBe('promote')
  })

  test('far more than chance allows hold, and in two windows in a row abort', () => {
    expect(lines([3, 4, 3, 4, 3, 4], quiet)).toBe('hold')
    expect(lines([1, 12, 14], quiet)).toBe('abort')
  })

  test('far too many in the last window alone hold', () => {
    const busy = Array.from({ length: 48 }, () => 1000)
    expect(lines([1000, 1000, 1000, 1000, 1000, 2100], busy)).toBe('hold')
    expect(lines([1000, 1000, 1000, 1000, 2100, 1000], busy)).toBe('promote')
  })

  test('a little more often than before promote, however many they are', () => {
    const busy = Array.from({ length: 48 }, () => 1000)
    expect(lines([1500, 1500, 1500, 1500, 1500, 1500], busy)).toBe('promote')
    expect(lines([1000, 2100, 1000, 2100, 6000, 1000], busy)).toBe('abort')
  })

  test('never seen before: one holds, three abort', () => {
    expect(lines([0, 0, 0, 0, 0, 0], silent)).toBe('promote')
    expect(lines([0, 1, 0, 0, 0, 0], silent)).toBe('hold')
    expect(lines([1, 1, 1], silent)).toBe('abort')
  })

  test('never seen before make no abort of one line in each of two windows', () => {
    expect(lines([1, 1, 0, 0, 0, 0], silent)).toBe('hold')
  })

  test('are compared with five windows at least', () => {
    expect(lines([0, 0, 0, 0, 0, 0], [0, 0, 0, 0])).toBe('hold')
    expect(lines([9, 9, 9, 9, 9, 9], [0, 0, 0, 0])).toBe('hold')
    expect(lines([0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0])).toBe('promote')
  })

  test('of which a window may have so many are judged window by window', () => {
    const limited = { max: 5, baseline: 'none' }
    expect(lines([3, 3, 3, 3, 3, 3], [], limited)).toBe('promote')
    expect(lines([3, 6, 3, 3, 3, 3], [], limited)).toBe('hold')
    expect(lines([3, 6, 6], [], limited)).toBe('abort')
    expect(lines([3, 3, 3, 3, 3, 3], [], { max: 5 })).toBe('hold')
  })

  test('up to the floor are never suspicious', () => {
    expect(lines([2, 2, 2, 2, 2, 2], silent, { floor: 2 })).toBe('promote')
    expect(lines([2, 3, 2, 2, 2, 2], silent, { floor: 2 })).toBe('abort')
  })

  test('a count that is no number is no count', () => {
    const nan: Sample = { state: 'value', value: Number.NaN }
    expect(lines([0, nan, nan, 0, 0, 0], silent)).toBe('hold')
    expect(lines([3, nan, 4, 3, 4, 3], quiet)).toBe('hold')
  })

  test('that could not be read are no silence', () => {
    expect(lines([0, { state: 'empty' }, 0, { state: 'empty' }, 0, 0], silent)).toBe('hold')
    expect(lines([0, 0, 0, 0, 0, 0], [])).toBe('hold')
  })
})
