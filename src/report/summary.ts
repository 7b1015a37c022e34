import { code, codeBlock, folded, label, md, type Section, table, withinBudget } from '../markdown.ts'
import type { Result } from '../result.ts'
import { type Cell, type Chart, type ReportFinding, type ReportTable, severityWords } from './command-report.ts'
import { briefText, type CommandReport, describeCommand } from './describe-command.ts'

/** Longer texts are cut in a summary: one of them must not take the room of all. */
const longestCell = 1000
const longestText = 8000

/** The result as a job summary, in Markdown, within GitHub's limit. */
export function renderSummary(result: Result): string {
  const reports = result.commands.map(describeCommand)
  const charted = reports.find(({ chart }) => chart !== undefined)
  return `${withinBudget(reports.flatMap((report) => sectionsOf(report, report === charted)))}\n`
}

function sectionsOf(report: CommandReport, withChart: boolean): Section[] {
  const { sign, word, what, reason, facts, tables, notes, chart, chartGroup, script, footer } = report
  if (report.brief) return [text(`### ${sign} ${word}: ${md(clip(briefText(report), longestCell))}`)]
  return [
    text(`### ${sign} ${word}: ${md(clip(what, longestCell))}`),
    ...(reason === undefined ? [] : [text(`**${md(clip(reason, longestText))}**`)]),
    ...errorSections(report),
    ...(report.findings.length === 0 ? [] : [tableSection(findingTable(report.findings))]),
    ...tables.map((one) => tableSection(one, `**${md(one.title)}**\n\n`)),
    ...(facts.length === 0 ? [] : [tableSection({ title: '', headers: ['', ''], rows: facts })]),
    ...notes.map((note) => text(md(clip(note, longestText)))),
    ...report.folded.map((one) => folded(one.title, tableSection(one))),
    ...report.blocks.map(({ title, blocks }) =>
      folded(
        title,
        text(
          blocks
            .map((one) => `${md(clip(one.intro, longestText))}\n\n${codeBlock(clip(one.text, longestText), one.language)}`)
            .join('\n\n'),
        ),
      ),
    ),
    ...(chartGroup === undefined || chartGroup.charts.length === 0
      ? []
      : [folded(chartGroup.title, text(chartGroup.charts.map(chartBlock).join('\n\n')))]),
    ...(withChart && chart !== undefined ? [folded(chart.title, text(chartBlock(chart)))] : []),
    ...(script === undefined ? [] : [folded(script.title, text(codeBlock(clip(script.lines.join('\n'), longestText), 'sh')))]),
    text(`<sub>${footer.map((part) => md(clip(part, longestCell))).join(' · ')}</sub>`),
  ]
}

function errorSections({ error }: CommandReport): Section[] {
  if (error === undefined) return []
  const message = clip(error.message, longestText)
  const place = error.at === undefined || error.message.includes(error.at) ? '' : ` at ${code(clip(error.at, longestCell))}`
  const several = message.trim().includes('\n')
  return [
    text(`${code(error.code)}${place}${several ? '' : `: ${md(message)}`}`),
    ...(several ? [text(codeBlock(message.trim(), 'text'))] : []),
    ...(error.hint === undefined ? [] : [text(`**Next:** ${md(clip(error.hint, longestText))}`)]),
    text(`See ${code(`docs/errors.md#${error.code}`)}.`),
  ]
}

function findingTable(findings: readonly ReportFinding[]): ReportTable {
  return {
    title: '',
    headers: ['', 'Where', 'Rule', 'Problem', 'Who waits, or what breaks', 'Instead'],
    rows: findings.map(({ severity, at, rule, message, harm, remedy }) => [
      severityWords[severity],
      { code: at },
      { code: rule },
      message,
      harm,
      remedy,
    ]),
  }
}

function tableSection({ headers, rows }: ReportTable, title = ''): Section {
  const [head, rule, ...lines] = table(
    headers.map(md),
    rows.map((row) => row.map(cell)),
  ).split('\n')
  return { before: `${title}${head}\n${rule}`, rows: lines }
}

function cell(content: Cell): string {
  return typeof content === 'string' ? md(clip(content, longestCell)) : code(clip(content.code, longestCell))
}

function chartBlock({ title, unit, bars, levels }: Chart): string {
  const values = [...bars.map(({ value }) => value), ...(levels ?? [])]
  const [bottom, top] = levels === undefined ? [0, Math.max(1, Math.ceil(Math.max(...values)))] : rangeOf(values)
  return codeBlock(
    [
      'xychart-beta',
      `  title ${label(title)}`,
      `  x-axis [${bars.map((bar) => label(bar.label)).join(', ')}]`,
      `  y-axis ${label(unit)} ${bottom} --> ${top}`,
      `  bar [${bars.map(({ value }) => value).join(', ')}]`,
      ...(levels ?? []).map((level) => `  line [${bars.map(() => level).join(', ')}]`),
    ].join('\n'),
    'mermaid',
  )
}

/** From nothing to a little above the highest; Mermaid takes no exponents. */
function rangeOf(values: readonly number[]): readonly [bottom: string, top: string] {
  const [least, most] = [Math.min(0, ...values), Math.max(...values)]
  const room = (most - least || 1) * 0.05
  const digits = (value: number) => (value === 0 ? 0 : Math.min(9, Math.max(0, 4 - Math.ceil(Math.log10(Math.abs(value))))))
  const plain = (value: number) =>
    value
      .toFixed(digits(value))
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '')
  return [least === 0 ? '0' : plain(least - room), plain(most + room)]
}

function text(before: string): Section {
  return { before }
}

function clip(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)} … (cut)`
}
