import { md } from '../../markdown.ts'
import { visible } from '../../visible-text.ts'
import type { LineComment } from '../conversation.ts'
import type { FindingDetail } from './details.ts'

/** More would bury the talk of people. */
const mostSuggestions = 10

const marker = (fingerprint: string) => `<!-- shiplock:suggestion:${fingerprint} -->`

interface SuggestionInput {
  readonly findings: readonly FindingDetail[]
  /** Files that are new in the pull request: of these GitHub shows every line. */
  readonly isAdded: (path: string) => boolean
  readonly textOf: (path: string) => string | undefined
  readonly folder: string
  /** Texts of comments that stand there already. */
  readonly posted: readonly string[]
}

/** One comment for each statement that another can take the place of, the gravest first; none twice. */
export function suggestionsOf({ findings, isAdded, textOf, folder, posted }: SuggestionInput): LineComment[] {
  const taken = new Set<string>()
  return findings
    .flatMap((finding): LineComment[] => {
      const lines = isAdded(finding.path) ? linesWith(finding, textOf(finding.path)) : undefined
      if (lines === undefined || posted.some((body) => body.includes(marker(finding.fingerprint)))) return []
      const place = `${finding.path}:${lines.startLine}`
      if (taken.has(place)) return []
      taken.add(place)
      const { startLine, endLine, text } = lines
      const body = [marker(finding.fingerprint), md(finding.message), md(finding.harm), suggestionBlock(text)].join('\n\n')
      return [{ path: folder + finding.path, startLine, endLine, body }]
    })
    .slice(0, mostSuggestions)
}

/** GitHub replaces whole lines, so what stands beside the statement on its lines is kept. */
function linesWith({ statement, replacement, end }: FindingDetail, file: string | undefined) {
  if (statement === undefined || replacement === undefined || file === undefined) return undefined
  const start = end.offset - statement.length
  // put together from several places of the file, or changed on its way: not a text that can be replaced
  if (start < 0 || file.slice(start, end.offset) !== statement) return undefined
  const lineStart = file.lastIndexOf('\n', start - 1) + 1
  const lineEnd = file.indexOf('\n', end.offset)
  const after = file.slice(end.offset, lineEnd < 0 ? file.length : lineEnd)
  const text = (file.slice(lineStart, start) + replacement + after).replace(/\r$/gm, '')
  // a sign that hides others must not go into a file with one click
  if (visible(text.replace(/[\n\t]/g, '')) !== text.replace(/[\n\t]/g, '')) return undefined
  return {
    startLine: file.slice(0, start).split('\n').length,
    endLine: file.slice(0, end.offset).split('\n').length,
    text,
  }
}

/** The text goes into the file as it stands here, tabs and all. */
function suggestionBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}suggestion\n${text}\n${fence}`
}
