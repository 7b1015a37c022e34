import { checkSchema } from '../../src/canary/check.ts'
import { judgeCheck } from '../../src/canary/judge.ts'
import type { WindowSample } from '../../src/canary/sample.ts'
import type { Decision } from '../../src/canary/verdict.ts'

/** How a simulated service behaves: minute values with autocorrelated noise, a level of its own each day. */
export interface Behaviour {
  /** Standard deviation of the logarithm of a minute's value. */
  readonly noise: number
  /** Of the logarithm of a day's level. */
  readonly drift: number
  /** Correlation of one minute with the next. */
  readonly memory: number
}

export interface Series {
  readonly baseline: readonly WindowSample[]
  readonly watch: readonly WindowSample[]
  /** The minutes of the watch and of the half hour before. */
  readonly minutes: readonly number[]
  readonly before: readonly number[]
}

const windowMs = 300_000
const minutesOfWindow = 5
const windowsOfWatch = 6

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function day(random: () => number, { noise, drift, memory }: Behaviour, minutes: number): number[] {
  const level = 100 * Math.exp(drift * normal(random))
  let state = normal(random)
  return Array.from({ length: minutes }, () => {
    state = memory * state + Math.sqrt(1 - memory ** 2) * normal(random)
    return level * Math.exp(noise * state)
  })
}

/** Seven earlier days at the same hour, the half hour before, and the watch, in which every value is `change` times what it would be. */
export function simulate(seed: number, behaviour: Behaviour, change: (window: number) => number): Series {
  const random = generator(seed)
  const baseline: WindowSample[] = []
  const length = windowsOfWatch * minutesOfWindow
  for (let earlier = 7; earlier > 0; earlier--) baseline.push(...windowsOf(day(random, behaviour, length), -earlier * 86_400_000))
  const today = day(random, behaviour, 2 * length)
  const before = today.slice(0, length)
  baseline.push(...windowsOf(before, -length * 60_000))
  const minutes = today.slice(length).map((value, minute) => value * change(Math.floor(minute / minutesOfWindow)))
  return { baseline, watch: windowsOf(minutes, 0), minutes, before }
}

function windowsOf(minutes: readonly number[], startMs: number): WindowSample[] {
  return Array.from({ length: minutes.length / minutesOfWindow }, (_, index) => {
    const values = minutes.slice(index * minutesOfWindow, (index + 1) * minutesOfWindow)
    const value = values.reduce((sum, one) => sum + one, 0) / values.length
    const start = startMs + index * windowMs
    return { window: { startMs: start, endMs: start + windowMs }, sample: { state: 'value', value, requests: 5000 } }
  })
}

const check = checkSchema.parse({ id: 'p95', kind: 'latency', prometheus: 'p95', requests: 'requests' })

/** The watch as it runs: it may abort at any window, and promotes only at its end. */
export function decideByShiplock({ baseline, watch }: Series): Decision {
  for (let seen = 1; seen <= watch.length; seen++) {
    const { decision } = judgeCheck({ check, baseline, windows: watch.slice(0, seen), expected: watch.length })
    if (decision === 'abort' || seen === watch.length) return decision
  }
  return 'hold'
}
