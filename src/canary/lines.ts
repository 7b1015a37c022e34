import type { Baseline } from './baseline.ts'
import { type Check, withDefaults } from './check.ts'

/** From where on a window is suspicious, and from where on it is bad. */
export interface Lines {
  readonly hold: number
  readonly abort: number
}

/**
 * hold = max(ratio × median, median + 3 deviations, floor); abort = max(ratio × median, 1.25 × the baseline's worst, hold).
 * Mirrored where less is worse. An absolute limit of the check lowers both. Without a baseline only that limit is left.
 */
export function linesOf(check: Check, baseline: Baseline | undefined): Lines | undefined {
  const { holdRatio, abortRatio, floor } = withDefaults(check)
  const limit = check.max ?? Number.POSITIVE_INFINITY
  if (baseline === undefined) return check.max === undefined ? undefined : { hold: limit, abort: limit }
  const { median, spread, worst } = baseline
  if (check.direction === 'down') {
    const hold = Math.min(median / holdRatio, median - 3 * spread)
    return { hold, abort: Math.min(median / abortRatio, worst / 1.25, hold) }
  }
  const hold = Math.max(holdRatio * median, median + 3 * spread, floor)
  const abort = Math.max(abortRatio * median, 1.25 * worst, hold)
  return { hold: Math.min(hold, limit), abort: Math.min(abort, limit) }
}
