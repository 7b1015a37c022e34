import { formatDuration } from '../units.ts'

/** Two machines' clocks differ a little; a snapshot from further ahead than this is not to be trusted. */
export const clockSkewMs = 5 * 60_000

/** What is wrong with the age of a backup. */
export function ageProblem(ageMs: number, limitMs: number | undefined): string | undefined {
  if (ageMs < -clockSkewMs) return 'its snapshot lies in the future'
  if (limitMs === undefined || ageMs <= limitMs) return undefined
  return `it is too old: ${formatDuration(ageMs)}, where ${formatDuration(limitMs)} is the limit`
}
