import { oneLine, visible } from '../visible-text.ts'
import type { ReportFinding } from './command-report.ts'
import type { Line } from './line.ts'

const width = 80
const mostLines = 8

const heads = {
  error: { sign: '✖ error', color: 'red' },
  warning: { sign: '! warning', color: 'yellow' },
  advice: { sign: '· advice', color: 'grey' },
} as const

/** A finding for the terminal: where, the line with a mark below, and what to do, on eight lines at most. */
export function findingLines({ severity, at, rule, message, harm, remedy, source }: ReportFinding): Line[] {
  const { sign, color } = heads[severity]
  const whole = `${sign}  ${oneLine(at)}  ${oneLine(rule)}`
  const head = [...whole].length <= width ? [whole] : [`${sign}  ${oneLine(rule)}`, `  ${oneLine(at)}`]
  const frame = frameOf(source)
  const left = mostLines - head.length - frame.length
  const problem = wrapped('', message, 2)
  const instead = wrapped('Instead: ', remedy, 2)
  const who = same(harm, message) ? [] : wrapped('', harm, Math.max(1, left - problem.length - instead.length))
  const texts = [...problem, ...who, ...instead].slice(0, left)
  return [
    { text: '' },
    ...head.map((text) => ({ text, color })),
    ...frame.map((text) => ({ text, color: 'grey' as const })),
    ...texts.map((text) => ({ text })),
  ]
}

function frameOf(source: ReportFinding['source']): string[] {
  if (source === undefined) return []
  const number = String(source.line)
  const room = width - number.length - 5
  const signs = [...visible(source.text.replaceAll('\t', ' '))]
  // the mark must be seen, so a long line is shown from near it on
  const from = Math.min(source.from, signs.length)
  const cut = from + 8 > room ? Math.max(0, from - 10) : 0
  const shown = signs.slice(cut, cut + room)
  const marks = Math.max(1, Math.min(source.width, shown.length - (from - cut)))
  return [`  ${number} │ ${shown.join('')}`, `  ${' '.repeat(number.length)} │ ${' '.repeat(from - cut)}${'^'.repeat(marks)}`]
}

function same(one: string, other: string): boolean {
  return oneLine(one) === oneLine(other) || one === ''
}

/** Lines of words, indented; what does not fit into so many lines is cut. */
function wrapped(label: string, text: string, most: number): string[] {
  const lines: string[] = []
  let line = ` ${label === '' ? '' : ` ${label.trimEnd()}`}`
  for (const word of oneLine(text).split(' ')) {
    if ([...line].length + 1 + [...word].length > width && line.trim() !== '') {
      lines.push(line)
      line = ' '
    }
    line += ` ${word}`
  }
  lines.push(line)
  if (lines.length <= most) return lines
  const last = [...(lines[most - 1] as string)].slice(0, width - 2).join('')
  return [...lines.slice(0, most - 1), `${last} …`]
}
