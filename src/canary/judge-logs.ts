import { chanceOfAtLeast } from './robust.ts'
import type { WindowSample } from './sample.ts'
import { type CheckVerdict, type JudgedWindow, type Watched, whyUnusable } from './verdict.ts'

/** Lines are rare: fewer than these say nothing. */
const fewestLines = 5
const significance = 0.01

/**
 * Lines that should not be there. With a baseline: suspicious when so many would come by chance at most once in a
 * hundred watches, are at least 5, and twice the baseline's rate; bad when two windows in a row are so by themselves. Of a
 * pattern that the baseline has never seen, one line is suspicious and three are bad.
 */
export function judgeLogs({ check, baseline: before, windows, expected }: Watched): CheckVerdict {
  const earlier = tally(before)
  const judged = windows.map((one): JudgedWindow => ({ ...one, mark: markOf(one, earlier, check.max) }))
  const usable = judged.filter(({ mark }) => mark !== 'unusable').length
  const seen = tally(windows)
  const rate = earlier.ms === 0 ? undefined : (earlier.lines / earlier.ms) * seen.ms
  const facts = {
    id: check.id,
    windows: judged,
    usable,
    expected,
    baseline: undefined,
    lines: undefined,
    ratio: rate ? seen.lines / rate : undefined,
  }
  const expectedLines = rate === undefined ? 'none' : String(Math.round(rate * 10) / 10)
  const otherwise = `${expectedLines} lines are usual in this time.`
  const needed = Math.ceil((expected * 5) / 6)
  if (earlier.ms === 0 && check.max === undefined) {
    return {
      ...facts,
      decision: 'hold',
      reason: 'There is no baseline: no window before the deploy could be read.',
      otherwise: 'A baseline, or max.',
    }
  }
  if (earlier.lines === 0 && check.max === undefined && seen.lines >= 3) {
    return {
      ...facts,
      decision: 'abort',
      reason: `${seen.lines} lines of a kind that the baseline has never seen.`,
      otherwise: 'At most 2 such lines.',
    }
  }
  if (judged.some(({ mark }, index) => mark === 'bad' && judged[index + 1]?.mark === 'bad')) {
    return {
      ...facts,
      decision: 'abort',
      reason: `Two windows in a row have far more lines than the baseline: ${seen.lines} so far.`,
      otherwise,
    }
  }
  if (windows.length < expected) {
    return {
      ...facts,
      decision: 'hold',
      reason: `The watch is not over: ${windows.length} of ${expected} windows.`,
      otherwise: 'The rest of the watch.',
    }
  }
  if (usable < needed || judged.at(-1)?.mark === 'unusable') {
    return {
      ...facts,
      decision: 'hold',
      reason: `${usable} of ${expected} windows can be judged, ${needed} are needed: ${whyUnusable(judged)}.`,
      otherwise,
    }
  }
  if (isExcess(seen, earlier, check.max)) {
    return { ...facts, decision: 'hold', reason: `${seen.lines} lines, where ${expectedLines} are usual.`, otherwise }
  }
  return { ...facts, decision: 'promote', reason: `${seen.lines} lines, where ${expectedLines} are usual.`, otherwise }
}

interface Tally {
  readonly lines: number
  readonly ms: number
}

function tally(samples: readonly WindowSample[]): Tally {
  const counted = samples.flatMap(({ window, sample }) =>
    sample.state === 'value' ? [{ lines: sample.value, ms: window.endMs - window.startMs }] : [],
  )
  return { lines: counted.reduce((sum, { lines }) => sum + lines, 0), ms: counted.reduce((sum, { ms }) => sum + ms, 0) }
}

function markOf(one: WindowSample, earlier: Tally, max: number | undefined): JudgedWindow['mark'] {
  if (one.sample.state !== 'value' || !Number.isFinite(one.sample.value)) return 'unusable'
  return isExcess(tally([one]), earlier, max) ? 'bad' : 'good'
}

function isExcess(seen: Tally, earlier: Tally, max: number | undefined): boolean {
  if (max !== undefined && seen.lines > max) return true
  if (earlier.ms === 0) return false
  if (earlier.lines === 0) return seen.lines >= 1
  const share = seen.ms / (seen.ms + earlier.ms)
  const often = seen.lines / seen.ms >= (2 * earlier.lines) / earlier.ms
  return seen.lines >= fewestLines && often && chanceOfAtLeast(seen.lines, seen.lines + earlier.lines, share) <= significance
}
