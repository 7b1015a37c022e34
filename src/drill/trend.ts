import { formatDuration, plural } from '../units.ts'
import type { EarlierDrill, Machine } from './earlier-drills.ts'

const fewestPoints = 4
const dayMs = 86_400_000
const horizonDays = 30
const nearShare = 0.8
/** The memory that a machine shows varies a little from start to start. */
const memoryTolerance = 0.1

interface Measured {
  readonly atMs: number
  readonly recoveryTimeMs: number
}

/**
 * What has to be said when the recovery time comes near its limit: because this drill took most of it, or because the line
 * through the drills that passed on machines of this size reaches it soon. The last drill is the one that has just passed.
 */
export function trendWarning(drills: readonly EarlierDrill[], limitMs: number): string | undefined {
  const newest = drills.at(-1)
  if (newest?.recoveryTimeMs === undefined || newest.verdict !== 'pass' || newest.recoveryTimeMs > limitMs) return undefined
  const shares = `${formatDuration(newest.recoveryTimeMs)} of the ${formatDuration(limitMs)} that max-restore-time allows`
  const days = daysUntil(measured(drills, newest.machine), limitMs)
  if (days !== undefined && days <= horizonDays) {
    const when = days < 1 ? 'within a day' : `in about ${plural(Math.round(days), 'day')}`
    return `The recovery takes longer from drill to drill: now ${shares}. At this pace the limit is reached ${when}.`
  }
  if (newest.recoveryTimeMs <= nearShare * limitMs) return undefined
  return `The recovery took ${shares}: more than ${nearShare * 100} % of it.`
}

function measured(drills: readonly EarlierDrill[], machine: Machine | undefined): Measured[] {
  return drills.flatMap(({ at, recoveryTimeMs, verdict, machine: other }) =>
    verdict === 'pass' && recoveryTimeMs !== undefined && isSameSize(machine, other) ? [{ atMs: Date.parse(at), recoveryTimeMs }] : [],
  )
}

function isSameSize(a: Machine | undefined, b: Machine | undefined): boolean {
  if (a === undefined || b === undefined) return false
  return a.cpus === b.cpus && Math.abs(a.memoryBytes - b.memoryBytes) <= memoryTolerance * a.memoryBytes
}

/** By least squares, from the last point on; `undefined` when the line does not rise or there are too few points. */
function daysUntil(points: readonly Measured[], limitMs: number): number | undefined {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined || points.length < fewestPoints) return undefined
  if (last.atMs - first.atMs < dayMs) return undefined // what differs within a day is noise
  const meanAt = mean(points.map(({ atMs }) => atMs))
  const meanTime = mean(points.map(({ recoveryTimeMs }) => recoveryTimeMs))
  const spread = sum(points.map(({ atMs }) => (atMs - meanAt) ** 2))
  const slope = sum(points.map(({ atMs, recoveryTimeMs }) => (atMs - meanAt) * (recoveryTimeMs - meanTime))) / spread
  if (slope <= 0) return undefined
  const reachedAt = meanAt + (limitMs - meanTime) / slope
  return Math.max(0, (reachedAt - last.atMs) / dayMs)
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
