import type { Baseline } from './baseline.ts'
import type { Check } from './check.ts'
import type { Lines } from './lines.ts'
import type { Sample, WindowSample } from './sample.ts'

export type Decision = 'promote' | 'hold' | 'abort'

/** What a check comes to, with why. */
export type Judgement = Pick<CheckVerdict, 'decision' | 'reason' | 'otherwise'> & { readonly pending?: true }

/** What a window counts for. */
export type Mark = 'good' | 'suspicious' | 'bad' | 'unusable'

export interface JudgedWindow extends WindowSample {
  readonly mark: Mark
}

/** One check's part in the verdict, with everything that it was made from. */
export interface CheckVerdict {
  readonly id: string
  readonly decision: Decision
  /** Whether it holds only because the watch is not over. */
  readonly pending: boolean
  /** One sentence. */
  readonly reason: string
  /** What would have to be otherwise for another decision; one sentence. */
  readonly otherwise: string
  readonly windows: readonly JudgedWindow[]
  readonly usable: number
  /** How many windows the watch has when it is over. */
  readonly expected: number
  readonly baseline: Baseline | undefined
  readonly lines: Lines | undefined
  /** Median of the usable windows beside the baseline's. */
  readonly ratio: number | undefined
  /** Of a check of kind logs: lines so far, and how many are usual in that time. */
  readonly counted?: LineCounts
}

interface LineCounts {
  readonly lines: number
  readonly usual: number | undefined
  readonly baselineLines: number
  readonly baselineWindows: number
}

export interface Watched {
  readonly check: Check
  readonly baseline: readonly WindowSample[]
  /** So far, in the order of time. */
  readonly windows: readonly WindowSample[]
  readonly expected: number
}

/** The states of the windows that could not be judged, the most frequent first. */
export function whyUnusable(windows: readonly JudgedWindow[]): string {
  const counts = new Map<string, number>()
  for (const { mark, sample } of windows) {
    if (mark !== 'unusable') continue
    const why = stateOf(sample)
    counts.set(why, (counts.get(why) ?? 0) + 1)
  }
  return (
    [...counts]
      .sort((one, other) => other[1] - one[1])
      .map(([why, count]) => `${count} × ${why}`)
      .join(', ') || 'the last one is missing'
  )
}

/** Why a window has no number that may be judged, for people. */
export function stateOf(sample: Sample): string {
  return sample.state === 'error' ? sample.message : states[sample.state]
}

export const states = {
  value: 'too few requests',
  empty: 'no data',
  nan: 'not a number',
  stale: 'old data',
  saturated: 'beyond the largest bucket of the histogram',
  'too-little-traffic': 'too few requests',
} as const

/** Four digits, as people compare them. */
export function round(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value)
}
