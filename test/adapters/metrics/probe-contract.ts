import { expect, test } from 'vitest'
import type { Check } from '../../../src/canary/check.ts'
import type { Probe } from '../../../src/canary/probe.ts'
import type { Window } from '../../../src/canary/sample.ts'
import { noSignal, onTime } from './given.ts'

/** What a probe is tried on. */
export interface Trial {
  readonly probe: Probe
  /** The same source, which is away; its secrets hold `s3cr3t`. */
  readonly away: Probe
  /** A check that has a value in the last of these windows. */
  readonly check: Check
  readonly windows: readonly Window[]
  /** The same with a query that finds nothing, and one that the source does not understand. */
  readonly nothing: Check
  readonly faulty: Check
}

/** What every source of numbers keeps to. */
export function probeContract(trial: () => Trial): void {
  test('returns one sample for each window, and none for none', async () => {
    const { probe, check, windows } = trial()
    const samples = await probe.sample(check, windows, onTime)
    expect(samples).toHaveLength(windows.length)
    expect(samples.at(-1)).toMatchObject({ state: 'value', value: expect.any(Number) })
    expect(await probe.sample(check, [], onTime)).toEqual([])
  })

  test('says the same of the same windows again', async () => {
    const { probe, check, windows } = trial()
    expect(await probe.sample(check, windows, onTime)).toEqual(await probe.sample(check, windows, onTime))
  })

  test('tells nothing from zero, and a fault from both', async () => {
    const { probe, nothing, faulty, windows } = trial()
    expect((await probe.sample(nothing, windows, onTime)).at(-1)).toEqual({ state: 'empty' })
    expect((await probe.sample(faulty, windows, onTime)).at(-1)).toMatchObject({ state: 'error' })
  })

  test('does not reject when the source is away, or the watch was stopped: that is a state, and tells no secret', async () => {
    const { probe, away, check, windows } = trial()
    const stopped = { control: false, signal: AbortSignal.abort() }
    for (const samples of [await away.sample(check, windows, onTime), await probe.sample(check, windows, stopped)]) {
      expect(samples).toHaveLength(windows.length)
      expect(samples.at(-1)?.state).toBe('error')
      expect(JSON.stringify(samples)).not.toContain('s3cr3t')
    }
  })

  test('finds the same out beforehand', async () => {
    const { probe, away, check, nothing, faulty, windows } = trial()
    expect((await probe.examine(check, windows, noSignal)).problems).toEqual([])
    for (const one of [nothing, faulty]) expect((await probe.examine(one, windows, noSignal)).problems).not.toEqual([])
    const { problems } = await away.examine(check, windows, noSignal)
    expect(problems).not.toEqual([])
    expect(problems.join()).not.toContain('s3cr3t')
  })

  test('shows the query', () => {
    const { probe, check } = trial()
    expect(probe.queryOf(check)).not.toBe('')
    expect(probe.queryOf(check)).not.toContain('$window')
  })
}
