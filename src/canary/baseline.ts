import { median, spread } from './robust.ts'
import type { WindowSample } from './sample.ts'

/** What is normal, from windows before the deploy. */
export interface Baseline {
  /** Windows with a value. */
  readonly windows: number
  /** Windows that were asked for. */
  readonly asked: number
  readonly median: number
  /** Robust standard deviation: 1.4826 times the median absolute deviation. */
  readonly spread: number
  /** The worst window that is no outlier. */
  readonly worst: number
  /** Windows far off the others, such as an incident: they do not move the lines. */
  readonly outliers: number
}

/** Fewest windows that make a baseline. */
export const fewestWindows = 5

/** `undefined` when too few windows have a value. */
export function baselineOf(samples: readonly WindowSample[], direction: 'up' | 'down'): Baseline | undefined {
  const values = samples.flatMap(({ sample }) => (sample.state === 'value' ? [sample.value] : []))
  if (values.length < fewestWindows) return undefined
  const middle = median(values)
  const deviation = spread(values)
  const isOutlier = (value: number) => isFarOff(value, middle, deviation, direction)
  const usual = values.filter((value) => !isOutlier(value))
  return {
    windows: values.length,
    asked: samples.length,
    median: middle,
    spread: deviation,
    worst: direction === 'up' ? Math.max(...usual) : Math.min(...usual),
    outliers: values.length - usual.length,
  }
}

/** Beyond six robust deviations and beyond the double: an incident, and not the tail of what is normal. */
function isFarOff(value: number, middle: number, deviation: number, direction: 'up' | 'down'): boolean {
  const far = Math.abs(value - middle) > 6 * deviation
  return far && (direction === 'up' ? value > 2 * middle : value < middle / 2)
}
