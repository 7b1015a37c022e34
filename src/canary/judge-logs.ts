import { fewestWindows } from './baseline.ts'
import type { Check } from './check.ts'
import { insufficient } from './insufficient.ts'
import { chanceOfAtLeast } from './robust.ts'
import type { WindowSample } from './sample.ts'
import type { CheckVerdict, JudgedWindow, Judgement, Watched } from './verdict.ts'

/** Lines are rare: fewer than these say nothing. */
const fewestLines = 5
/** Of a pattern that the baseline has never seen, so many are no accident. */
const fewestUnseen = 3
const significance = 0.01

/**
 * Lines that should not be there. With a baseline: suspicious when so many would come by chance at most once in a
 * hundred watches, are at least 5, and twice the baseline's rate; bad when two windows in a row are so by themselves. Of a
 * pattern that the baseline has never seen, one line is suspicious and three are bad.
 */
export function judgeLogs({ check, baseline: before, windows, expected }: Watched): CheckVerdict {
  const earlier = tally(check.baseline === 'none' ? [] : before)
  const judged = windows.map((one): JudgedWindow => ({ ...one, mark: markOf(one, earlier, check) }))
  const seen = tally(windows)
  const usual = earlier.windows < fewestWindows ? undefined : (earlier.lines / earlier.ms) * seen.ms
  const facts = {
    id: check.id,
    windows: judged,
    usable: judged.filter(({ mark }) => mark !== 'unusable').length,
    expected,
    baseline: undefined,
    lines: undefined,
    ratio: usual ? seen.lines / usual : undefined,
    counted: { lines: seen.lines, usual, baselineLines: earlier.lines, baselineWindows: earlier.windows },
  }
  return { ...facts, pending: false, ...decide(check, facts, { seen, earlier, usual }) }
}

interface Counts {
  readonly seen: Tally
  readonly earlier: Tally
  readonly usual: number | undefined
}

function decide(
  check: Check,
  { windows, usable, expected }: Pick<CheckVerdict, 'windows' | 'usable' | 'expected'>,
  { seen, earlier, usual }: Counts,
): Judgement {
  const { max, floor = 0 } = check
  const usualText = usual === undefined ? 'none' : String(Math.round(usual * 10) / 10)
  const limit = max === undefined ? `About ${usualText} lines are usual in this time.` : `At most ${max} lines in each window.`
  const isUnseen = usual !== undefined && earlier.lines === 0
  if (usual === undefined && max === undefined) return withoutBaseline
  if (isUnseen && max === undefined && seen.most > floor && seen.lines >= fewestUnseen) {
    return {
      decision: 'abort',
      reason: `${seen.lines} lines of a kind that the baseline has never seen.`,
      otherwise: `At most ${fewestUnseen - 1} such lines; none promotes.`,
    }
  }
  if (windows.some(({ mark }, index) => mark === 'bad' && windows[index + 1]?.mark === 'bad')) {
    return { decision: 'abort', reason: `Two windows in a row have far too many lines: ${seen.lines} so far.`, otherwise: limit }
  }
  const short = insufficient({ windows, usable, expected }, 'count')
  if (short !== undefined) return short
  if (usual === undefined && check.baseline === 'required') return withoutBaseline
  if (max !== undefined && seen.most > max) {
    return { decision: 'hold', reason: `A window has ${seen.most} lines, where at most ${max} may be.`, otherwise: limit }
  }
  if (windows.at(-1)?.mark === 'bad') {
    return {
      decision: 'hold',
      reason: `The last window has far too many lines: ${seen.lines} in all; no later one can confirm or clear it.`,
      otherwise: `A last window with as many lines as usual. ${limit}`,
    }
  }
  const found = usual === undefined ? `${seen.lines} lines.` : `${seen.lines} lines, where ${usualText} are usual.`
  const isTooMany = usual !== undefined && seen.most > floor && isExcess(seen, earlier)
  return { decision: isTooMany ? 'hold' : 'promote', reason: found, otherwise: limit }
}

const withoutBaseline = {
  decision: 'hold',
  reason: `There is no baseline: fewer than ${fewestWindows} windows before the deploy could be read.`,
  otherwise: `A baseline of at least ${fewestWindows} windows, or baseline: none with max.`,
} as const

interface Tally {
  readonly lines: number
  readonly ms: number
  readonly windows: number
  /** Of one window. */
  readonly most: number
}

function tally(samples: readonly WindowSample[]): Tally {
  const counted = samples.flatMap(({ window, sample }) =>
    sample.state === 'value' && Number.isFinite(sample.value) ? [{ lines: sample.value, ms: window.endMs - window.startMs }] : [],
  )
  return {
    lines: counted.reduce((sum, { lines }) => sum + lines, 0),
    ms: counted.reduce((sum, { ms }) => sum + ms, 0),
    windows: counted.length,
    most: counted.reduce((most, { lines }) => Math.max(most, lines), 0),
  }
}

function markOf(one: WindowSample, earlier: Tally, { max, floor = 0 }: Check): JudgedWindow['mark'] {
  const { sample } = one
  if (sample.state !== 'value' || !Number.isFinite(sample.value)) return 'unusable'
  if (max !== undefined && sample.value > max) return 'bad'
  if (sample.value <= floor || earlier.windows < fewestWindows) return 'good'
  if (earlier.lines === 0) return sample.value >= fewestUnseen ? 'bad' : 'suspicious'
  return isExcess(tally([one]), earlier) ? 'bad' : 'good'
}

function isExcess(seen: Tally, earlier: Tally): boolean {
  if (earlier.lines === 0) return seen.lines >= 1
  const share = seen.ms / (seen.ms + earlier.ms)
  const often = seen.lines / seen.ms >= (2 * earlier.lines) / earlier.ms
  return seen.lines >= fewestLines && often && chanceOfAtLeast(seen.lines, seen.lines + earlier.lines, share) <= significance
}
