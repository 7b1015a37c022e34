import { type Check, checkSchema } from '../../src/canary/check.ts'
import type { Sample, WindowSample } from '../../src/canary/sample.ts'

/** A latency check, with what a test says otherwise. */
export function givenCheck(given: Record<string, unknown> = {}): Check {
  return checkSchema.parse({ id: 'p95', kind: 'latency', prometheus: 'p95', requests: 'requests', ...given })
}

export const value = (one: number, requests: number | undefined = 5000): Sample => ({ state: 'value', value: one, requests })

/** Windows of five minutes, one after the other; a number is a value with enough requests. */
export function windows(...samples: readonly (number | Sample)[]): WindowSample[] {
  return samples.map((sample, index) => ({
    window: { startMs: index * 300_000, endMs: (index + 1) * 300_000 },
    sample: typeof sample === 'number' ? value(sample) : sample,
  }))
}
