import { median } from '../../src/canary/robust.ts'
import type { Series } from './simulate.ts'

/** What alert rules are written as: three minutes of five above one and a half times the half hour before. */
export function decideByThreshold({ before, minutes }: Series): 'promote' | 'abort' {
  const limit = 1.5 * median(before)
  return minutes.some((_, at) => minutes.slice(at, at + 5).filter((value) => value > limit).length >= 3) ? 'abort' : 'promote'
}

/** Mann and Whitney's test of the watch's minutes against those before it, one-sided at 2 %, by its normal approximation. */
export function decideByRanks({ before, minutes }: Series): 'promote' | 'abort' {
  let above = 0
  for (const one of minutes) for (const other of before) above += one > other ? 1 : one === other ? 0.5 : 0
  const pairs = minutes.length * before.length
  const deviation = Math.sqrt((pairs * (minutes.length + before.length + 1)) / 12)
  return (above - pairs / 2) / deviation > 2.054 ? 'abort' : 'promote'
}
