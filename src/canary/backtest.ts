import { type Check, withDefaults } from './check.ts'
import { judgeCheck } from './judge.ts'
import type { Window, WindowSample } from './sample.ts'
import { type BaselinePlan, baselineSpans, windowsOf } from './timeline.ts'
import type { Decision } from './verdict.ts'

/** How watches would have ended when nothing was released: a hold or an abort is a false alarm. */
export interface BacktestEnds extends Readonly<Record<Decision, number>> {
  /** Moments whose windows the source did not have. */
  readonly unknown: number
}

interface BacktestPlan {
  readonly warmupMs: number
  readonly durationMs: number
  readonly baseline: BaselinePlan
}

/**
 * Judges a watch as if a release had gone live at each of the moments. `samples` are the check's windows of all that time,
 * of the length that its windows have, found by their beginning.
 */
export function backtest(
  check: Check,
  moments: readonly number[],
  samples: ReadonlyMap<number, WindowSample>,
  plan: BacktestPlan,
): BacktestEnds {
  const ends = { promote: 0, hold: 0, abort: 0, unknown: 0 }
  for (const deployedMs of moments) {
    const timeline = { deployedMs, warmupMs: plan.warmupMs, durationMs: plan.durationMs }
    const find = (windows: readonly Window[]) => windows.flatMap(({ startMs }) => samples.get(startMs) ?? [])
    const windows = windowsOf(check, timeline)
    const seen = find(windows)
    const baseline = baselineSpans(check, timeline, plan.baseline).flatMap(find)
    if (seen.length < windows.length) ends.unknown++
    else ends[decide(check, baseline, seen)]++
  }
  return ends
}

/** As the watch runs: it aborts at the first window that says so. */
function decide(check: Check, baseline: readonly WindowSample[], windows: readonly WindowSample[]): Decision {
  const expected = windows.length
  for (let seen = 2; seen < expected; seen++) {
    if (judgeCheck({ check, baseline, windows: windows.slice(0, seen), expected }).decision === 'abort') return 'abort'
  }
  return judgeCheck({ check, baseline, windows, expected }).decision
}

const hourMs = 3_600_000

/** Every hour of the days, and the windows that judging them takes, in the order of time. */
export function backtestWindows(check: Check, nowMs: number, days: number, plan: BacktestPlan) {
  const { windowMs } = withDefaults(check)
  const last = Math.floor((nowMs - plan.warmupMs - plan.durationMs) / hourMs) * hourMs
  const moments = Array.from({ length: days * 24 }, (_, index) => last - (days * 24 - 1 - index) * hourMs)
  const earliest = Math.min(
    ...moments.flatMap((deployedMs) => {
      const timeline = { deployedMs, warmupMs: plan.warmupMs, durationMs: plan.durationMs }
      return [windowsOf(check, timeline), ...baselineSpans(check, timeline, plan.baseline)].flatMap((span) => span[0]?.startMs ?? [])
    }),
  )
  const count = Math.ceil((nowMs - earliest) / windowMs) - 1
  const windows = Array.from({ length: Math.max(0, count) }, (_, index) => ({
    startMs: earliest + index * windowMs,
    endMs: earliest + (index + 1) * windowMs,
  }))
  return { moments, windows }
}
