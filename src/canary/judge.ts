import { type Baseline, baselineOf, fewestWindows } from './baseline.ts'
import { type Check, withDefaults } from './check.ts'
import { insufficient } from './insufficient.ts'
import { judgeLogs } from './judge-logs.ts'
import { type Lines, linesOf } from './lines.ts'
import { median, slope } from './robust.ts'
import type { Sample } from './sample.ts'
import { type CheckVerdict, type JudgedWindow, type Judgement, type Mark, round, type Watched } from './verdict.ts'

/** Judges one check from what was seen so far. A watch that is not over is never `promote`, unless `expected` windows are there. */
export function judgeCheck(watched: Watched): CheckVerdict {
  return watched.check.kind === 'logs' ? judgeLogs(watched) : judgeValues(watched)
}

function judgeValues({ check, baseline: before, windows, expected }: Watched): CheckVerdict {
  const baseline = check.baseline === 'none' ? undefined : baselineOf(before, check.direction)
  const lines = linesOf(check, baseline)
  const judged = windows.map((one): JudgedWindow => ({ ...one, mark: markOf(one.sample, lines, check) }))
  const usable = judged.filter(({ mark }) => mark !== 'unusable')
  const values = usable.flatMap(({ sample }) => (sample.state === 'value' ? [sample.value] : []))
  const ratio = baseline === undefined || values.length === 0 || baseline.median === 0 ? undefined : median(values) / baseline.median
  const facts = { id: check.id, windows: judged, usable: usable.length, expected, baseline, lines, ratio }
  return { ...facts, pending: false, ...decide(check, facts, values) }
}

/** Compared only as numbers that are there: a NaN is above no line, and no good news either. */
function markOf(sample: Sample, lines: Lines | undefined, check: Check): Mark {
  if (sample.state !== 'value' || !Number.isFinite(sample.value) || lines === undefined) return 'unusable'
  const { minRequests } = withDefaults(check)
  if (sample.requests !== undefined && !(Number.isFinite(sample.requests) && sample.requests >= minRequests)) return 'unusable'
  const beyond = (line: number) => (check.direction === 'up' ? sample.value > line : sample.value < line)
  return beyond(lines.abort) ? 'bad' : beyond(lines.hold) ? 'suspicious' : 'good'
}

type Facts = Pick<CheckVerdict, 'windows' | 'usable' | 'expected' | 'baseline' | 'lines' | 'ratio'>

function decide(check: Check, facts: Facts, values: readonly number[]): Judgement {
  const { windows, usable, expected, lines } = facts
  if (lines === undefined) return withoutBaseline
  const bad = windows.findIndex(({ mark }, index) => mark === 'bad' && windows[index + 1]?.mark === 'bad')
  if (bad >= 0) {
    return {
      decision: 'abort',
      reason: `Two windows in a row are beyond ${round(lines.abort)}: ${round(numberIn(windows[bad]))} and ${round(numberIn(windows[bad + 1]))}.`,
      otherwise: `No two windows in a row beyond ${round(lines.abort)}.`,
    }
  }
  const short = insufficient({ windows, usable, expected }, 'value')
  if (short !== undefined) return short
  if (facts.baseline === undefined && check.baseline === 'required') return withoutBaseline
  const suspicious = windows.filter(({ mark }) => mark === 'suspicious' || mark === 'bad').length
  const tolerated = Math.ceil(expected / 3) - 1
  if (suspicious > tolerated) {
    return {
      decision: 'hold',
      reason: `${suspicious} of ${expected} windows are beyond ${round(lines.hold)}.`,
      otherwise: `At most ${tolerated} of ${expected} windows beyond ${round(lines.hold)}.`,
    }
  }
  const last = windows.at(-1)
  if (last?.mark === 'bad') {
    return {
      decision: 'hold',
      reason: `The last window is beyond ${round(lines.abort)}: ${round(numberIn(last))}; no later one can confirm or clear it.`,
      otherwise: `A last window that is not beyond ${round(lines.abort)}; one more that is would abort.`,
    }
  }
  if (check.kind === 'gauge' && isGrowing(values, facts.baseline)) {
    return {
      decision: 'hold',
      reason: `It grows from window to window, and is at twice the baseline or more: ${values.slice(-2).map(round).join(', then ')}.`,
      otherwise: 'A level that falls in one of the last two windows, or stays below twice the baseline.',
    }
  }
  const beyondAbort = windows.filter(({ mark }) => mark === 'bad').length
  return {
    decision: 'promote',
    reason: `${usable} of ${expected} windows were judged, ${suspicious} of them beyond ${round(lines.hold)}${beyondAbort === 0 ? '' : `, ${beyondAbort} even beyond the abort line ${round(lines.abort)}`}.`,
    otherwise: `Two windows in a row beyond ${round(lines.abort)} abort; ${tolerated + 1} beyond ${round(lines.hold)} hold.`,
  }
}

/** An absolute limit alone promotes only where the check says that it is enough. */
const withoutBaseline = {
  decision: 'hold',
  reason: `There is no baseline: fewer than ${fewestWindows} windows before the deploy have a value.`,
  otherwise: `A baseline of at least ${fewestWindows} windows, or baseline: none with max.`,
} as const

function isGrowing(values: readonly number[], baseline: Baseline | undefined): boolean {
  const [earlier = 0, before = 0, last = 0] = values.slice(-3)
  return (
    baseline !== undefined &&
    values.length >= 3 &&
    slope(values) > 0 &&
    last >= 2 * baseline.median &&
    last > 0 &&
    before >= earlier &&
    last >= before
  )
}

function numberIn(window: JudgedWindow | undefined): number {
  return window?.sample.state === 'value' ? window.sample.value : Number.NaN
}
