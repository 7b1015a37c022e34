import type { Result } from '../result.ts'
import { plural } from '../units.ts'
import { oneLine } from '../visible-text.ts'
import type { Cell, ReportTable } from './command-report.ts'
import { briefText, type CommandReport, describeCommand } from './describe-command.ts'
import { findingLines } from './finding-lines.ts'
import { harmless } from './foreign.ts'
import type { Color, Line } from './line.ts'

/** More rows than this scroll the verdict away; the JSON result holds all. */
const mostRows = 200
const mostFoldedRows = 10
const mostFindings = 50

const codes: Readonly<Record<Color, number>> = { green: 32, red: 31, yellow: 33, grey: 90, bold: 1 }

const signColors: Readonly<Record<CommandReport['sign'], Color>> = { '✔': 'green', '✖': 'red', '?': 'yellow', '–': 'grey' }

/** What a person reads in the terminal or the job's log when the commands have ended. */
export function renderTerminal(result: Result, { color }: { color: boolean }): string {
  const blocks = result.commands.map((command) => linesOf(describeCommand(command)))
  return `${blocks.map((lines) => lines.map((line) => paint(line, color)).join('\n')).join('\n\n')}\n`
}

/** The paragraphs for release notes, if a command of the result wrote some, as they are to be pasted. */
export function releaseNotesIn(result: Result): string {
  const texts = result.commands.flatMap(({ releaseNotes }) => (typeof releaseNotes === 'string' ? [releaseNotes] : []))
  return texts.map((text) => `${harmless(text)}\n`).join('\n')
}

function linesOf(report: CommandReport): Line[] {
  const { sign, word, what, reason, facts, tables, folded, notes, footer } = report
  if (report.brief) return [{ text: `${sign} ${word}  ${oneLine(briefText(report))}`, color: signColors[sign] }]
  return [
    { text: `${sign} ${word}  ${oneLine(what)}`, color: signColors[sign] },
    ...(reason === undefined ? [] : [{ text: reason, color: 'bold' as const }]),
    ...report.findings.slice(0, mostFindings).flatMap(findingLines),
    ...(report.findings.length > mostFindings
      ? [{ text: '' }, { text: `… ${plural(report.findings.length - mostFindings, 'more finding')} in the JSON result` }]
      : []),
    ...tables.flatMap((table) => tableLines(table, mostRows)),
    ...(facts.length === 0 ? [] : [{ text: '' }, ...columns(facts.map(([name, value]) => [name, plain(value)])).map((text) => ({ text }))]),
    ...(notes.length === 0 ? [] : [{ text: '' }, ...notes.map((text) => ({ text }))]),
    ...folded.filter(({ onlySummary }) => !onlySummary).flatMap((table) => tableLines(table, mostFoldedRows)),
    ...errorLines(report),
    { text: '' },
    { text: footer.map(oneLine).join(' · '), color: 'grey' },
  ]
}

function tableLines({ title, headers, rows }: ReportTable, most: number): Line[] {
  const shown = rows.slice(0, most)
  const [head, ...body] = columns([headers, ...shown.map((row) => row.map(plain))])
  const rest = rows.length - shown.length
  return [
    { text: '' },
    { text: title, color: 'bold' },
    { text: head as string, color: 'grey' },
    ...body.map((text) => ({ text })),
    ...(rest === 0 ? [] : [{ text: `  … ${plural(rest, 'more row')} in the JSON result` }]),
  ]
}

function errorLines({ error, sign }: CommandReport): Line[] {
  if (error === undefined) return []
  return [
    { text: '' },
    { text: `${sign} ${error.code}  ${indented(error.message)}`, color: signColors[sign] },
    ...(error.at === undefined || error.message.includes(error.at) ? [] : [{ text: `  at    ${oneLine(error.at)}` }]),
    ...(error.hint === undefined ? [] : [{ text: `  Next  ${indented(error.hint)}` }]),
    { text: `  see docs/errors.md#${error.code}` },
  ]
}

/** Further lines of a text stand below its first. */
function indented(text: string): string {
  return text.trim().split(/\r?\n/).join('\n    ')
}

/** Rows with each column as wide as its widest cell; the last column ends where its text ends. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => rows.reduce((widest, row) => Math.max(widest, width(row[column] ?? '')), 0))
  return rows.map((row) =>
    `  ${widths.map((size, column) => (row[column] ?? '') + ' '.repeat(size - width(row[column] ?? ''))).join('  ')}`.trimEnd(),
  )
}

function plain(cell: Cell): string {
  return oneLine(typeof cell === 'string' ? cell : cell.code)
}

function width(text: string): number {
  return [...text].length
}

function paint({ text, color }: Line, colored: boolean): string {
  const safe = harmless(text)
  if (!colored || color === undefined || safe === '') return safe
  return safe.replace(/^.+$/gm, (line) => `\u001b[${codes[color]}m${line}\u001b[0m`)
}
