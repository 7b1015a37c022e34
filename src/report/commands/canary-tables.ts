import { median } from '../../canary/robust.ts'
import { round, states } from '../../canary/verdict.ts'
import { formatDuration } from '../../units.ts'
import { codeCell, type ReportTable } from '../command-report.ts'
import type { WatchedCheck, WatchedWindow } from './canary-details.ts'

const marks = ['good', 'suspicious', 'bad', 'unusable'] as const
const mostWindows = 1000

/** What was normal, what is now, and where the lines are. */
export function comparisonTable(watched: readonly WatchedCheck[]): ReportTable {
  return {
    title: 'Beside what was normal before',
    headers: ['Check', 'Decision', 'Baseline', 'Canary', 'Ratio', 'Hold line', 'Abort line', 'Windows'],
    rows: watched.map((one) => [
      codeCell(one.id),
      decisionOf(one),
      baselineOf(one),
      canaryOf(one),
      one.ratio === undefined ? '' : `${round(one.ratio)} ×`,
      lineOf(one, one.lines.hold),
      lineOf(one, one.lines.abort),
      windowsOf(one),
    ]),
  }
}

function decisionOf({ decision = '', pending, dryRun }: WatchedCheck): string {
  const said = pending === true ? 'not over' : decision
  return dryRun === true ? `${said}, a dry run` : said
}

function baselineOf({ kind, baseline, counted }: WatchedCheck): string {
  if (kind === 'logs') {
    const { baselineLines, baselineWindows } = counted
    return baselineLines === undefined || !baselineWindows ? 'none' : `${baselineLines} lines, n = ${baselineWindows}`
  }
  const { median: middle, spread, windows, outliers = 0 } = baseline
  if (middle === undefined) return 'none'
  const left = outliers > 0 ? `, ${outliers} far off` : ''
  return `${round(middle)} ± ${round(spread ?? Number.NaN)}, n = ${windows ?? '?'}${left}`
}

function canaryOf({ kind, windows, counted }: WatchedCheck): string {
  if (kind === 'logs') return counted.lines === undefined ? '' : `${counted.lines} lines`
  const values = windows.flatMap((one) => (one.mark === 'unusable' || one.sample.value === undefined ? [] : [one.sample.value]))
  return values.length === 0 ? 'no value' : round(median(values))
}

function lineOf({ direction }: WatchedCheck, line: number | undefined): string {
  return line === undefined ? '' : `${direction === 'down' ? '<' : '>'} ${round(line)}`
}

function windowsOf({ windows, expected }: WatchedCheck): string {
  const counts = marks.map((mark) => [mark, windows.filter((one) => one.mark === mark).length] as const)
  const parts = counts.filter(([, count]) => count > 0).map(([mark, count]) => `${count} ${mark}`)
  return `${windows.length} of ${expected ?? '?'}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`
}

export function otherwiseTable(mattering: readonly WatchedCheck[]): ReportTable {
  return {
    title: 'What would change this decision',
    headers: ['Check', 'It would take'],
    rows: mattering.map(({ id, otherwise }) => [codeCell(id), otherwise ?? '']),
  }
}

/** Text of the team's own logs, which nobody here has written. */
export function lineTables(mattering: readonly WatchedCheck[]): ReportTable[] {
  return mattering
    .filter(({ sampleLines }) => sampleLines.length > 0)
    .map(({ id, sampleLines }) => ({
      title: `Lines that ${id ?? 'the check'} counted, shortened and without what may be private`,
      headers: ['Line'],
      rows: sampleLines.map((line) => [codeCell(line)]),
    }))
}

/** Every window, so that a reader can judge for himself. */
export function windowTable(watched: readonly WatchedCheck[]): ReportTable {
  return {
    title: 'Every window',
    headers: ['Check', 'Window, UTC', 'Value', 'Requests', 'Judged'],
    rows: watched
      .flatMap(({ id, windows }) =>
        windows.map((one) => [
          codeCell(id),
          `${clockTime(one.window.startMs)} to ${clockTime(one.window.endMs)}`,
          whatWasSeen(one),
          one.sample.requests === undefined ? '' : round(one.sample.requests),
          one.mark ?? '',
        ]),
      )
      .slice(0, mostWindows),
    folded: true,
  }
}

function whatWasSeen({ sample: { state, value, message, ageMs } }: WatchedWindow): string {
  if (state === 'value') return value === undefined ? 'not a number' : round(value)
  if (state === 'error') return message ?? 'error'
  const named = Object.hasOwn(states, state ?? '') ? states[state as keyof typeof states] : (state ?? '')
  return ageMs === undefined ? named : `${named}, ${formatDuration(ageMs)}`
}

/** `14:05`, in UTC. */
export function clockTime(ms: number | undefined): string {
  const moment = new Date(ms ?? Number.NaN)
  return Number.isNaN(moment.getTime()) ? '?' : moment.toISOString().slice(11, 16)
}
