import { describe, expect, test } from 'vitest'
import type { Check } from '../../src/canary/check.ts'
import type { Probe } from '../../src/canary/probe.ts'
import type { Sample, Window } from '../../src/canary/sample.ts'
import { watch } from '../../src/canary/watch.ts'
import { givenCheck, value } from './given.ts'

const deployedMs = Date.parse('2026-11-21T14:00:00Z')
const minute = 60_000

/** A clock whose sleep passes at once. */
function fakeClock(startMs: number) {
  let nowMs = startMs
  return {
    now: () => new Date(nowMs),
    sleep: async (ms: number) => {
      nowMs += ms
    },
  }
}

function fakeProbe(answer: (window: Window, control: boolean) => Sample) {
  const asked: { readonly control: boolean; readonly windows: readonly Window[]; readonly check: string }[] = []
  const probe: Probe = {
    async sample(check, windows, { control }) {
      asked.push({ control, windows, check: check.id })
      return windows.map((window) => answer(window, control))
    },
    examine: async () => ({ problems: [], notes: [], series: [] }),
    queryOf: () => '',
  }
  return { asked, probes: { for: () => probe, async [Symbol.asyncDispose]() {} } }
}

function plan(checks: readonly Check[]) {
  return {
    checks,
    timeline: { deployedMs, warmupMs: 5 * minute, durationMs: 30 * minute },
    baseline: { kind: 'days-and-before', days: 7 } as const,
    settleMs: minute,
  }
}

function start(checks: readonly Check[], answer: (window: Window, control: boolean) => Sample, startMs = deployedMs) {
  const source = fakeProbe(answer)
  const clock = fakeClock(startMs)
  const controller = new AbortController()
  const rounds: number[] = []
  const seen = () => rounds.push(clock.now().getTime())
  const ended = watch(plan(checks), { probes: source.probes, clock, signal: controller.signal, seen })
  return { ended, asked: source.asked, clock, rounds, controller }
}

describe('a watch', () => {
  test('asks once a window, after it has ended and its data has settled, and once a span of the baseline', async () => {
    const { ended, asked, rounds } = start([givenCheck()], () => value(100))
    expect(await ended).toMatchObject({ decision: 'promote', complete: true })
    expect(asked.map(({ windows }) => windows.length)).toEqual([6, 6, 6, 6, 6, 6, 6, 6, 1, 1, 1, 1, 1, 1])
    expect(rounds.map((at) => (at - deployedMs) / minute)).toEqual([11, 16, 21, 26, 31, 36])
    const first = asked[0]?.windows[0] as Window
    expect(new Date(first.startMs).toISOString()).toBe('2026-11-14T14:05:00.000Z')
    expect(asked[7]?.windows.at(-1)?.endMs).toBe(deployedMs)
  })

  test('ends early with an abort', async () => {
    const bad = (window: Window) => value(window.startMs >= deployedMs ? 500 : 100)
    const { ended, rounds } = start([givenCheck()], bad)
    expect(await ended).toMatchObject({ decision: 'abort', complete: false, deciding: { id: 'p95' } })
    expect(rounds).toHaveLength(2)
  })

  test('that has passed already is asked for at once', async () => {
    const { ended, asked } = start([givenCheck()], () => value(100), deployedMs + 60 * minute)
    expect((await ended).decision).toBe('promote')
    expect(asked.map(({ windows }) => windows.length)).toEqual([6, 6, 6, 6, 6, 6, 6, 6, 6])
  })

  test('that is stopped holds, whatever it saw', async () => {
    const { ended, controller } = start([givenCheck()], (window) => {
      if (window.startMs >= deployedMs + 20 * minute) controller.abort()
      return value(100)
    })
    expect(await ended).toMatchObject({ decision: 'hold', complete: false })
  })

  test('compares with the old version beside it where there is one', async () => {
    const control = givenCheck({ control: 'old' })
    const { ended, asked } = start([control], () => value(300))
    expect((await ended).decision).toBe('promote')
    expect(asked.filter((one) => one.control).map(({ windows }) => windows.length)).toEqual([6, 1, 1, 1, 1, 1, 1])
    const worse = start([control], (_, isControl) => value(isControl ? 100 : 300))
    expect((await worse.ended).decision).toBe('abort')
  })

  test('of checks that all are dry runs has no evidence', async () => {
    const { ended } = start([givenCheck({ 'dry-run': true })], () => value(100))
    expect((await ended).decision).toBe('hold')
  })

  test('is decided by the worst check, and a dry run decides nothing', async () => {
    const answer = (window: Window) => value(window.startMs >= deployedMs ? 500 : 100)
    const { ended } = start([givenCheck({ 'dry-run': true })], answer)
    expect((await ended).decision).not.toBe('abort')
    const both = start([givenCheck({ id: 'calm', floor: 1000, 'abort-ratio': 100 }), givenCheck({ id: 'bad' })], answer)
    expect((await both.ended).deciding?.id).toBe('bad')
  })
})
