import { type Check, checkSchema } from '../../../src/canary/check.ts'
import type { Window } from '../../../src/canary/sample.ts'

export function check(given: Record<string, unknown>): Check {
  return checkSchema.parse({ id: 'one', ...('template' in given ? {} : { kind: 'gauge' }), ...given })
}

/** Windows of one length, the last of which ends at this moment. */
export function windowsUntil(endMs: number, count: number, windowMs = 300_000): Window[] {
  return Array.from({ length: count }, (_, index) => ({
    startMs: endMs - (count - index) * windowMs,
    endMs: endMs - (count - index - 1) * windowMs,
  }))
}

export const noSignal = new AbortController().signal
export const onTime = { control: false, signal: noSignal }

/** A clock whose waits pass at once, and are noted. */
export function fakeClock(nowMs: () => number = Date.now) {
  const waits: number[] = []
  return {
    waits,
    now: () => new Date(nowMs()),
    sleep: async (ms: number) => {
      waits.push(ms)
    },
  }
}
