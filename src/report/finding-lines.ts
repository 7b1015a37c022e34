import { oneLine, visible } from '../visible-text.ts'
import type { ReportFinding } from './command-report.ts'
import type { Line } from './line.ts'

const width = 80
const mostLines = 8
/** A long sentence is cut; the summary and the JSON result hold the whole of it. */
const mostOfOne = 2

const heads = {
  error: { word: '✖ error', color: 'red' },
  warning: { word: '! warning', color: 'yellow' },
  advice: { word: '· advice', color: 'grey' },
} as const

/** A finding for the terminal: where, the line with a mark below, and what to do, on eight lines at most. */
export function findingLines(finding: ReportFinding): Line[] {
  const { severity, at, message, harm, remedy } = finding
  const { word, color } = heads[severity]
  const frame = frameOf(finding)
  const problem = wrapped(message, mostOfOne)
  const instead = wrapped(`Instead: ${remedy}`, mostOfOne)
  const left = mostLines - 1 - frame.length - problem.length - instead.length
  const who = [message, ''].includes(harm) ? [] : wrapped(harm, Math.min(left, mostOfOne))
  return [
    { text: '' },
    { text: `${word}  ${oneLine(at)}`, color },
    ...frame.map((text) => ({ text, color: 'grey' as const })),
    ...[...problem, ...who, ...instead].map((text) => ({ text })),
  ]
}

/** The line, and below it the mark and the rule's name; only the name where the line is not known. */
function frameOf({ source, rule }: ReportFinding): string[] {
  if (source === undefined) return [`  ${oneLine(rule)}`]
  const number = String(source.line)
  const room = width - number.length - 5
  const signs = [...visible(source.text.replaceAll('\t', ' '))]
  const name = oneLine(rule)
  const from = Math.min(source.from, signs.length)
  // a long line is shown from near the mark on, so that mark and name are seen
  const cut = from + name.length + 5 > room ? Math.max(0, from - 10) : 0
  const shown = signs.slice(cut, cut + room)
  const most = Math.min(shown.length - (from - cut), room - (from - cut) - name.length - 1)
  const marks = '^'.repeat(Math.max(1, Math.min(source.width, most)))
  const indent = ' '.repeat(number.length)
  return [`  ${number} │ ${shown.join('')}`, `  ${indent} │ ${' '.repeat(from - cut)}${marks} ${name}`]
}

/** Lines of words, indented. */
function wrapped(text: string, most: number): string[] {
  const lines: string[] = []
  let line = ' '
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
