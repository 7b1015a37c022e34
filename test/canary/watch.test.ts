import { describe, expect, test } from 'vitest'
import type { Sample, Window } from '../../src/canary/sample.ts'
import { givenCheck, value } from './given.ts'
import { deployedMs, minute, since, watched } from './watching.ts'

const calm = () => value(100)
const bad = since(value(500), value(100))
const minutesIn = (ms: number) => (ms - deployedMs) / minute

describe('a watch', () => {
  test('asks once a window, after it has ended and its data has settled, and once a span of the baseline', async () => {
    const { end, asked, seen } = await watched({ checks: [givenCheck()], answer: calm })
    expect(end).toMatchObject({ decision: 'promote', complete: true, stopped: false })
    expect(asked.map(({ windows }) => windows.length)).toEqual([6, 6, 6, 6, 6, 6, 6, 6, 1, 1, 1, 1, 1, 1])
    expect(seen.map(({ atMs }) => minutesIn(atMs))).toEqual([11, 16, 21, 26, 31, 36])
    const first = asked[0]?.windows[0] as Window
    expect(new Date(first.startMs).toISOString()).toBe('2026-11-14T14:05:00.000Z')
    expect(asked[7]?.windows.at(-1)?.endMs).toBe(deployedMs)
  })

  test('of many checks and hours costs at most one request a check and window beside its baseline', async () => {
    const checks = Array.from({ length: 8 }, (_, index) => givenCheck({ id: `check-${index}`, window: index % 2 === 0 ? '5m' : '1m' }))
    const { end, asked } = await watched({ checks, answer: calm, durationMs: 120 * minute })
    expect(end.decision).toBe('promote')
    const windows = end.verdicts.reduce((sum, { expected }) => sum + expected, 0)
    expect(asked.length).toBeLessThanOrEqual(windows + checks.length * 8)
    for (const { id, windows: judged } of end.verdicts) {
      const ends = asked.filter(({ check, atMs }) => check === id && atMs > deployedMs).flatMap((one) => one.windows)
      expect(new Set(ends.map(({ endMs }) => endMs)).size).toBe(ends.length)
      expect(judged.map(({ window }) => window.endMs)).toEqual(ends.map(({ endMs }) => endMs))
    }
  })

  test('ends early with an abort', async () => {
    const { end, seen } = await watched({ checks: [givenCheck()], answer: bad })
    expect(end).toMatchObject({ decision: 'abort', complete: false, deciding: { id: 'p95' } })
    expect(seen).toHaveLength(2)
  })

  test('never ends early with a promote', async () => {
    const { end, seen } = await watched({ checks: [givenCheck()], answer: calm })
    for (const { verdict } of seen.slice(0, -1)) expect(verdict.decision).toBe('hold')
    expect(end.verdicts[0]?.windows).toHaveLength(6)
  })

  test('that has passed already is asked for at once', async () => {
    const { end, asked } = await watched({ checks: [givenCheck()], answer: calm, startMs: deployedMs + 60 * minute })
    expect(end.decision).toBe('promote')
    expect(asked.map(({ windows }) => windows.length)).toEqual([6, 6, 6, 6, 6, 6, 6, 6, 6])
  })

  test('compares with the old version beside it where there is one', async () => {
    const control = givenCheck({ control: 'old' })
    const same = await watched({ checks: [control], answer: () => value(300) })
    expect(same.end.decision).toBe('promote')
    expect(same.asked.filter((one) => one.control).map(({ windows }) => windows.length)).toEqual([6, 1, 1, 1, 1, 1, 1])
    const worse = await watched({ checks: [control], answer: (_, asked) => value(asked.control ? 100 : 300) })
    expect(worse.end.decision).toBe('abort')
  })

  test('of checks that all are dry runs has no evidence', async () => {
    const { end } = await watched({ checks: [givenCheck({ 'dry-run': true })], answer: calm })
    expect(end.decision).toBe('hold')
  })

  test('is decided by the worst check, and a dry run decides nothing and ends nothing', async () => {
    const checks = [givenCheck({ id: 'tolerant', floor: 1000, 'abort-ratio': 100 }), givenCheck({ id: 'bad', 'dry-run': true })]
    const dry = await watched({ checks, answer: bad })
    expect(dry.end).toMatchObject({ decision: 'promote', complete: true })
    const both = await watched({ checks: [checks[0] as never, givenCheck({ id: 'bad' })], answer: bad })
    expect(both.end.deciding?.id).toBe('bad')
  })
})

describe('a watch that is stopped by a signal', () => {
  test('holds, whatever it saw', async () => {
    const { end } = await watched({
      checks: [givenCheck()],
      answer(window, _, { stop }) {
        if (window.startMs >= deployedMs + 20 * minute) stop()
        return value(100)
      },
    })
    expect(end).toMatchObject({ decision: 'hold', complete: false, stopped: true })
    expect(end.verdicts[0]?.windows).toHaveLength(4)
  })

  test('holds also when the signal comes with the very last answer', async () => {
    const { end } = await watched({
      checks: [givenCheck()],
      answer(window, _, { stop }) {
        if (window.endMs === deployedMs + 35 * minute) stop()
        return value(100)
      },
    })
    expect(end).toMatchObject({ decision: 'hold', complete: true, stopped: true, deciding: undefined })
  })

  test('asks nothing more, and takes a request that was cut off for no answer', async () => {
    const { end, asked } = await watched({
      checks: [givenCheck(), givenCheck({ id: 'other' })],
      answer(window, { check }, { stop }) {
        if (check !== 'p95' || window.startMs < deployedMs) return value(100)
        stop()
        return { state: 'error', message: 'stopped' }
      },
    })
    expect(end).toMatchObject({ decision: 'hold', stopped: true })
    expect(end.verdicts[0]?.windows).toEqual([])
    expect(asked.filter(({ atMs }) => atMs > deployedMs + 11 * minute)).toEqual([])
  })
})

describe('a signal', () => {
  test('that came before the watch began lets it ask nobody', async () => {
    const { end, asked } = await watched({ checks: [givenCheck()], answer: calm, stopped: true })
    expect([end.decision, asked]).toEqual(['hold', []])
  })

  test('that comes while the baseline is asked for lets nothing more be asked', async () => {
    const { end, asked } = await watched({
      checks: [givenCheck()],
      answer(_, __, { stop }) {
        stop()
        return value(100)
      },
    })
    expect([end.decision, asked.length]).toEqual(['hold', 1])
  })

  test('leaves the reason to a check that would hold without it', async () => {
    const { end } = await watched({
      checks: [givenCheck({ id: 'calm' }), givenCheck({ id: 'blind' })],
      answer({ startMs }, { check }, { stop }) {
        if (startMs >= deployedMs) stop()
        return check === 'blind' ? { state: 'empty' } : value(100)
      },
    })
    expect(end).toMatchObject({ decision: 'hold', deciding: { id: 'blind', pending: false } })
  })
})

describe('checks in SQL', () => {
  test('take two sessions at once', async () => {
    const given = { kind: 'gauge', prometheus: undefined, requests: undefined, sql: 'select 1', baseline: 'none', max: 500 }
    let [now, most] = [0, 0]
    const { end } = await watched({
      checks: Array.from({ length: 5 }, (_, index) => givenCheck({ ...given, id: `sql-${index}` })),
      async answer() {
        most = Math.max(most, ++now)
        await null
        now--
        return value(1)
      },
    })
    expect([end.decision, most]).toEqual(['promote', 2])
  })
})

describe('a source in trouble', () => {
  const dead: Sample = { state: 'error', message: 'Prometheus gave no answer: ECONNREFUSED' }

  test('that dies in the middle of the watch makes a hold, and says so', async () => {
    const { end } = await watched({
      checks: [givenCheck()],
      answer: ({ startMs }) => (startMs >= deployedMs + 15 * minute ? dead : value(100)),
    })
    expect(end).toMatchObject({ decision: 'hold', complete: true })
    expect(end.deciding?.reason).toBe('2 of 6 windows can be judged, 5 are needed: 4 × Prometheus gave no answer: ECONNREFUSED.')
  })

  test('ends no other check: the others are judged to the end', async () => {
    const { end } = await watched({
      checks: [givenCheck({ id: 'dead' }), givenCheck({ id: 'alive' })],
      answer: (_, { check }) => (check === 'dead' ? dead : value(100)),
    })
    expect(end.verdicts.map(({ decision, usable }) => [decision, usable])).toEqual([
      ['hold', 0],
      ['promote', 6],
    ])
    expect(end.decision).toBe('hold')
  })

  test('and a probe with a bug never promote', async () => {
    const { end } = await watched({
      checks: [givenCheck({ id: 'broken' }), givenCheck({ id: 'alive' })],
      answer(_, { check }) {
        if (check === 'broken') throw new TypeError('x is not a function')
        return value(100)
      },
    })
    expect(end.verdicts.map(({ decision }) => decision)).toEqual(['hold', 'promote'])
    expect(end).toMatchObject({ decision: 'hold', deciding: { id: 'broken' } })
  })

  test('that leaves windows out never promotes', async () => {
    const { end } = await watched({
      checks: [givenCheck()],
      answer: ({ startMs }) => (startMs >= deployedMs + 25 * minute ? undefined : value(100)),
    })
    expect(end.deciding?.reason).toContain('2 × the source left this window out')
  })

  test('whose bug begins in the middle of the watch never promotes', async () => {
    const { end } = await watched({
      checks: [givenCheck()],
      answer({ startMs }) {
        if (startMs >= deployedMs + 20 * minute) throw new TypeError('x is not a function')
        return value(100)
      },
    })
    expect(end.deciding?.reason).toContain('3 × Shiplock failed to ask: x is not a function')
  })

  test('that answers late loses no window: the next request asks for all that passed meanwhile', async () => {
    const { end, asked } = await watched({
      checks: [givenCheck()],
      answer({ startMs }, { atMs }, { setClock }) {
        if (startMs === deployedMs + 5 * minute) setClock(atMs + 12 * minute)
        return value(100)
      },
    })
    expect(end).toMatchObject({ decision: 'promote', complete: true })
    expect(asked.slice(8).map(({ windows }) => windows.length)).toEqual([1, 2, 1, 1, 1])
  })

  test('makes no other check late', async () => {
    let release = () => {}
    const stuck = new Promise<void>((resolve) => {
      release = resolve
    })
    const { seen } = await watched({
      checks: [givenCheck({ id: 'slow' }), givenCheck({ id: 'quick' })],
      async answer(window, { check }) {
        if (check === 'slow' && window.startMs >= deployedMs) await stuck
        if (check === 'quick' && window.endMs === deployedMs + 35 * minute) release()
        return value(100)
      },
    })
    expect(seen.filter(({ verdict }) => verdict.id === 'quick').map(({ atMs }) => minutesIn(atMs))).toEqual([11, 16, 21, 26, 31, 36])
  })

  test('whose clock is behind has no data for the newest window yet, which is no good news', async () => {
    const behindMs = 6 * minute
    const { end } = await watched({
      checks: [givenCheck()],
      answer: ({ endMs }, { atMs }) => (endMs > atMs - behindMs ? { state: 'empty' } : value(100)),
    })
    expect(end).toMatchObject({ decision: 'hold', verdicts: [{ usable: 0 }] })
  })
})

describe('the clock', () => {
  test('that is set back makes the watch wait again, and not ask for what has not passed', async () => {
    const { end, asked } = await watched({
      checks: [givenCheck()],
      answer({ endMs }, { atMs }, { setClock }) {
        expect(endMs).toBeLessThanOrEqual(atMs - minute)
        if (endMs === deployedMs + 15 * minute) setClock(atMs - 8 * minute)
        return value(100)
      },
    })
    expect(end.decision).toBe('promote')
    expect(asked).toHaveLength(8 + 6)
  })
})
