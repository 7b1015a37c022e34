import { plural } from '../../units.ts'
import { severities } from '../finding.ts'
import type { FindingDetail } from './details.ts'

const nouns = { error: 'error', warning: 'warning', advice: 'piece of advice' } as const

/** How many of each severity, such as `2 errors and 1 warning`. */
function countFindings(findings: readonly Pick<FindingDetail, 'severity'>[]): string {
  const parts = severities.flatMap((severity) => {
    const count = findings.filter((one) => one.severity === severity).length
    if (count === 0) return []
    return [severity === 'advice' && count > 1 ? `${count} pieces of advice` : plural(count, nouns[severity])]
  })
  if (parts.length === 0) return 'no findings'
  return parts.length === 1 ? (parts[0] as string) : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** What was found, in one sentence. */
export function summarize(findings: readonly FindingDetail[], checked: number): string {
  if (checked === 0) return findings.length === 0 ? 'There is no new migration.' : `${countFindings(findings)}, and no new migration.`
  if (findings.length === 0) return `${plural(checked, 'new migration')}, no findings.`
  const files = new Set(findings.map(({ path }) => path)).size
  const unread = unreadFiles(findings)
  const read = checked - unread
  const rest = unread === 0 ? '' : `, ${unread} could not be read`
  return `${countFindings(findings)} in ${plural(files, 'file')}; ${plural(read, 'new migration')} ${read === 1 ? 'was' : 'were'} checked${rest}.`
}

/** New files of which the parser made nothing: no finding in them proves nothing. */
export function unreadFiles(findings: readonly Pick<FindingDetail, 'rule' | 'path'>[]): number {
  return new Set(findings.filter(({ rule }) => rule === 'not-parsed').map(({ path }) => path)).size
}
