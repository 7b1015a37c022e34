import type { Finding } from './finding.ts'
import type { LintFile } from './lint-file.ts'
import type { Rule } from './rule.ts'

/** Leaves out what another finding about the same statement, or about its whole file, says already: one finding a cause. */
export function oneFindingPerCause(findings: readonly Finding[], files: readonly LintFile[], rules: readonly Rule[]): Finding[] {
  const yielding = new Map(rules.flatMap(({ name, yieldsTo }) => (yieldsTo === undefined ? [] : [[name, yieldsTo] as const])))
  const ofRelease = new Set(rules.flatMap((rule) => ('checkRelease' in rule ? [rule.name] : [])))
  const byPath = new Map(files.map((file) => [file.migration.path, file]))
  const placed = findings.map((finding) => ({ finding, place: placeOf(finding, byPath.get(finding.path)) }))
  const found = new Set(placed.map(({ finding, place }) => `${place} ${finding.rule}`))
  for (const { path, start, rule } of findings) if (ofRelease.has(rule) && start.offset === 0) found.add(`${path} whole ${rule}`)
  const isSaid = ({ path, rule }: Finding, place: string) =>
    yielding.get(rule)?.some((other) => found.has(`${place} ${other}`) || found.has(`${path} whole ${other}`)) === true
  return placed.filter(({ finding, place }) => !isSaid(finding, place)).map(({ finding }) => finding)
}

/** The file and where in it the statement ends; a finding about the file may stand at a statement too. */
function placeOf({ path, start, end, statement }: Finding, file: LintFile | undefined): string {
  if (statement !== undefined) return `${path} ${end.offset}`
  const text = file?.up.text
  const around = file?.up.statements.find(
    (one) => (text?.fileOffset(one.start) ?? 0) <= start.offset && (text?.fileOffset(one.end) ?? 0) > start.offset,
  )
  return `${path} ${around === undefined ? 'file' : (text?.fileOffset(around.end) ?? 'file')}`
}
