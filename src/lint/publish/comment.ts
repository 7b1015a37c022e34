import { code, codeBlock, folded, md, type Section, table, withinBudget } from '../../markdown.ts'
import { plural } from '../../units.ts'
import type { FindingDetail, LintDetails } from './details.ts'
import { urlPart, urlPath } from './url-path.ts'

/** Where the commit and the run can be looked at. */
interface Links {
  /** Such as `https://github.com/acme/shop`. */
  readonly repository: string
  readonly run: string | undefined
}

export interface CommentInput {
  readonly marker: string
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  readonly reason: string
  readonly details: LintDetails
  readonly folder: string
  readonly links: Links
  readonly tool: string
}

/** GitHub refuses 65,536 characters. */
const budget = 60_000
/** Of that, for what is folded: the rows come first. */
const detailBudget = 25_000
const longestCell = 500
const longestSql = 4000

const words = { error: '✖ error', warning: '! warning', advice: 'advice' } as const

/** Found again by it, together with the author, since anyone may plant one. It holds nothing that could end the comment it is in. */
export function commentMarker(project: string, folder: string): string {
  const part = (text: string) => urlPart(text).replaceAll('--', '-%2D')
  return `<!-- shiplock:lint:${part(project)}:${part(folder)} -->`
}

/** The comment under a pull request, in Markdown: the verdict first, and one line when there is nothing to do. */
export function composeComment(input: CommentInput): string {
  const { marker, verdict, reason, details } = input
  const { findings, settings, notes } = details
  const word = { pass: '✔ Migration lint: Passed', fail: '✖ Migration lint: Failed', inconclusive: '? Migration lint: Could not tell' }[
    verdict
  ]
  const short = details.head === undefined ? '' : ` · commit ${details.head.slice(0, 7)}`
  if (findings.length === 0 && settings.length === 0) return `${marker}\n### ${word} · ${md(reason)}${short}\n`
  const sections: Section[] = [
    { before: `${marker}\n### ${word}` },
    { before: `**${md(reason)}**` },
    ...(settings.length === 0 ? [] : [settingSection(settings)]),
    ...(findings.length === 0 ? [] : [findingSection(input)]),
    ...notes.map((note) => ({ before: md(note) })),
    ...(findings.length === 0 ? [] : [{ before: withinBudget(ruleSections(findings), detailBudget) }]),
    { before: `<sub>${footer(input).join(' · ')}</sub>` },
  ]
  return `${withinBudget(sections, budget)}\n`
}

function findingSection({ details, folder, links }: CommentInput): Section {
  const rows = details.findings.map((finding) => [
    words[finding.severity],
    where(finding, details.head, folder, links),
    md(clip(finding.message, longestCell)),
    md(clip(finding.harm, longestCell)),
    md(clip(finding.remedy, longestCell)),
  ])
  const [head, rule, ...lines] = table(['', 'Where', 'Problem', 'Who waits, or what breaks', 'Instead'], rows).split('\n')
  return { before: `${head}\n${rule}`, rows: lines }
}

/** A link to the line as the commit under review has it. */
function where({ path, start }: FindingDetail, head: string | undefined, folder: string, { repository }: Links): string {
  const name = code(`${path.split('/').at(-1)}:${start.line}`)
  if (head === undefined) return name
  return `[${name}](${repository}/blob/${head}/${urlPath(folder + path)}#L${start.line})`
}

function settingSection(settings: LintDetails['settings']): Section {
  const rows = settings.map(({ name, base, proposed }) => [code(name), value(base), value(proposed)])
  const [head, rule, ...lines] = table(['Setting', 'Of the base, which counts', 'Of this pull request'], rows).split('\n')
  return {
    before: `${code('config-changed')}: until it is merged, the settings of the base are the ones that count.\n\n${head}\n${rule}`,
    rows: lines,
  }
}

function value(text: string | undefined): string {
  return text === undefined ? 'not set' : code(clip(text, 200))
}

/** For each rule why, and what to paste. */
function ruleSections(findings: readonly FindingDetail[]): Section[] {
  return [...new Set(findings.map(({ rule }) => rule))].map((rule) => {
    const these = findings.filter((one) => one.rule === rule)
    const files = these.flatMap(({ path, start, instead }) => instead.map((file) => ({ ...file, at: `${path}:${start.line}` })))
    const parts = files.map(({ at, phase, transactional, sql, note }) => {
      const place = `In place of ${code(at)}, a ${phase} migration${transactional ? '' : ' that runs outside a transaction'}`
      return `${place}${note === undefined ? '' : ` (${md(clip(note, longestCell))})`}:\n\n${codeBlock(clip(sql, longestSql), 'sql')}`
    })
    const [first = ''] = these.map(({ remedy }) => remedy)
    return folded(`${rule} (${plural(these.length, 'finding')})`, {
      before: [
        md(first),
        ...parts,
        `Accept one with a reason, on the line above the statement:\n\n${codeBlock(`-- shiplock-ignore ${rule}: why this is fine here`, 'sql')}`,
      ].join('\n\n'),
    })
  })
}

function footer({ details, links, tool }: CommentInput): string[] {
  const { older, suppressed, head } = details
  return [
    ...(older === 0 ? [] : [`${plural(older, 'older file')} ${older === 1 ? 'was' : 'were'} left alone`]),
    ...(suppressed.length === 0 ? [] : [`${plural(suppressed.length, 'finding')} accepted in the files`]),
    md(tool),
    ...(head === undefined ? [] : [`commit ${head.slice(0, 7)}`]),
    ...(links.run === undefined ? [] : [`[run](${links.run})`]),
  ]
}

function clip(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)} … (cut)`
}
