import { describe, expect, test } from 'vitest'
import type { EarlierDrill } from '../../src/drill/earlier-drills.ts'
import { trendWarning } from '../../src/drill/trend.ts'

const minute = 60_000
const machine = { cpus: 4, memoryBytes: 16 * 1024 ** 3 }

/** One drill a day at these minutes, the last one today. */
const daily = (minutes: readonly number[], more: Partial<EarlierDrill> = {}): EarlierDrill[] =>
  minutes.map((taken, day) => ({
    at: new Date(Date.UTC(2026, 10, 1 + day, 3)).toISOString(),
    verdict: 'pass',
    level: 'usable',
    recoveryTimeMs: taken * minute,
    sizeBytes: 1_000_000,
    machine,
    ...more,
  }))

describe('the trend of the recovery time', () => {
  test('warns when its line reaches the limit within 30 days', () => {
    // half a minute a day: from 6 to 15 minutes in 18 days
    expect(trendWarning(daily([4.5, 5, 5.5, 6]), 15 * minute)).toBe(
      'The recovery takes longer from drill to drill: now 6 min of the 15 min that max-restore-time allows. At this pace the limit is reached in about 18 days.',
    )
    expect(trendWarning(daily([4.5, 5, 5.5, 6]), 22 * minute)).toBeUndefined() // 32 days
    expect(trendWarning(daily([9, 11, 13, 14.9]), 15 * minute)).toContain('within a day')
  })

  test('is the line of least squares, not that of the last two', () => {
    expect(trendWarning(daily([5, 6, 5, 6, 5, 6, 5, 6]), 15 * minute)).toBeUndefined()
    expect(trendWarning(daily([5, 4, 6, 5, 7, 6, 8, 7]), 15 * minute)).toContain('in about 18 days')
  })

  test('needs four drills over more than a day, and none that falls', () => {
    expect(trendWarning(daily([5, 6, 7]), 15 * minute)).toBeUndefined()
    expect(trendWarning(daily([8, 7, 6, 5]), 15 * minute)).toBeUndefined()
    const hourly = daily([5, 6, 7, 8]).map((one, hour) => ({ ...one, at: new Date(Date.UTC(2026, 10, 1, hour)).toISOString() }))
    expect(trendWarning(hourly, 15 * minute)).toBeUndefined()
  })

  test('leaves out what failed, what broke off, and what ran on another machine', () => {
    const rising = daily([4.5, 5, 5.5, 6])
    const [first, ...rest] = rising as [EarlierDrill, ...EarlierDrill[]]
    for (const other of [
      { verdict: 'fail' },
      { recoveryTimeMs: undefined },
      { machine: undefined },
      { machine: { ...machine, cpus: 2 } },
      { machine: { ...machine, memoryBytes: 8 * 1024 ** 3 } },
    ]) {
      expect(trendWarning([{ ...first, ...other }, ...rest], 15 * minute)).toBeUndefined()
    }
    expect(trendWarning([{ ...first, machine: { ...machine, memoryBytes: 16.2 * 1024 ** 3 } }, ...rest], 15 * minute)).toContain('18 days')
  })

  test('warns of a drill that took more than 80 % of the limit, also of the first one', () => {
    expect(trendWarning(daily([12.1]), 15 * minute)).toBe(
      'The recovery took 12 min 6 s of the 15 min that max-restore-time allows: more than 80 % of it.',
    )
    expect(trendWarning(daily([12]), 15 * minute)).toBeUndefined()
  })

  test('has nothing to add to a drill that failed or took too long', () => {
    expect(trendWarning(daily([14], { verdict: 'fail' }), 15 * minute)).toBeUndefined()
    expect(trendWarning(daily([16]), 15 * minute)).toBeUndefined()
    expect(trendWarning([], 15 * minute)).toBeUndefined()
  })
})
