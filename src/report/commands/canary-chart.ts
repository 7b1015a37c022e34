import { round } from '../../canary/verdict.ts'
import type { Chart } from '../command-report.ts'
import type { WatchedCheck } from './canary-details.ts'
import { clockTime } from './canary-tables.ts'

const mostCharts = 5
/** More bars cannot be told apart: then the last ones are shown, which decided. */
const mostBars = 36

/** Windows and lines of the checks that decided something; a window without a value is named as such, and has no bar. */
export function chartsOf(checks: readonly WatchedCheck[]): Chart[] {
  return checks
    .map(chartOf)
    .filter((chart) => chart !== undefined)
    .slice(0, mostCharts)
}

function chartOf({ id, lines, windows, kind }: WatchedCheck): Chart | undefined {
  const bars = windows.slice(-mostBars).map(({ window, sample, mark }) => {
    const isValue = mark !== 'unusable' && sample.value !== undefined && Number.isFinite(sample.value)
    const at = clockTime(window.startMs).replace(':', 'h') // Mermaid would read more into a colon
    return isValue ? { label: at, value: plain(sample.value as number), isValue } : { label: `${at} none`, value: 0, isValue }
  })
  if (bars.filter(({ isValue }) => isValue).length < 2) return undefined
  const { hold, abort } = lines
  const levels = [hold, abort].filter((line) => line !== undefined).map(plain)
  const named = [hold === undefined ? '' : `hold ${round(hold)}`, abort === undefined ? '' : `abort ${round(abort)}`].filter(Boolean)
  return {
    title: [id ?? 'check', ...named].join(' / '),
    unit: kind === 'logs' ? 'lines' : 'value',
    bars: bars.map(({ label, value }) => ({ label, value })),
    levels: [...new Set(levels)],
  }
}

/** Mermaid takes no exponents. */
function plain(value: number): number {
  const short = Number(value.toPrecision(5))
  return /e/.test(String(short)) ? (Math.abs(short) < 1 ? 0 : Number.MAX_SAFE_INTEGER * Math.sign(short)) : short
}
