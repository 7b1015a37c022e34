import { oneLine } from '../visible-text.ts'
import { type CheckVerdict, type JudgedWindow, round, stateOf } from './verdict.ts'

const widestId = 24
const widestLine = 80

/** The lines of a log that show a watch as it goes: one for each check when it begins, then one a window. */
export class LiveTable {
  readonly #idWidth: number
  readonly #told = new Map<string, number>()

  constructor(ids: readonly string[]) {
    this.#idWidth = Math.min(widestId, Math.max(...ids.map((id) => id.length)))
  }

  /** What is new since the last call for this check. */
  linesOf(verdict: CheckVerdict): string[] {
    const { id, windows } = verdict
    const told = this.#told.get(id)
    this.#told.set(id, windows.length)
    return [
      ...(told === undefined ? [clip(`${short(id)}: ${beginning(verdict)}`)] : []),
      ...windows.slice(told ?? 0).map((window, index) => this.#row(verdict, window, (told ?? 0) + index + 1)),
    ]
  }

  #row({ id, expected, baseline }: CheckVerdict, { window, sample, mark }: JudgedWindow, number: number): string {
    const at = new Date(window.endMs).toISOString().slice(11, 16)
    const name = short(id).padEnd(this.#idWidth)
    const place = `${number}/${expected}`.padStart(String(expected).length * 2 + 1)
    if (sample.state !== 'value') return clip(`${at}  ${name}  ${place}  ${mark}: ${oneLine(stateOf(sample))}`)
    const ratio = baseline === undefined || baseline.median === 0 ? '' : `${round(sample.value / baseline.median)} ×`
    return clip(`${at}  ${name}  ${place}  ${round(sample.value).padStart(9)}  ${ratio.padStart(8)}  ${mark}`)
  }
}

function beginning({ baseline, lines, counted }: CheckVerdict): string {
  if (counted !== undefined) {
    return counted.usual === undefined ? 'no baseline' : `${counted.baselineLines} lines in ${counted.baselineWindows} windows before`
  }
  const limits = lines === undefined ? '' : `suspicious beyond ${round(lines.hold)}, bad beyond ${round(lines.abort)}`
  const before = baseline === undefined ? 'no baseline' : `${round(baseline.median)} ± ${round(baseline.spread)} before`
  return [before, limits].filter(Boolean).join(', ')
}

function short(id: string): string {
  return id.length > widestId ? `${id.slice(0, widestId - 1)}…` : id
}

function clip(line: string): string {
  return line.length > widestLine ? `${line.slice(0, widestLine - 1)}…` : line
}
