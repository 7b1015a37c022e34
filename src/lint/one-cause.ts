import type { Finding } from './finding.ts'
import type { LintFile } from './lint-file.ts'
import type { Rule } from './rule.ts'

/** Leaves out what another finding about the same statement says already: one finding a cause. */
export function oneFindingPerCause(findings: readonly Finding[], files: readonly LintFile[], rules: readonly Rule[]): Finding[] {
  const yielding = new Map(rules.flatMap(({ name, yieldsTo }) => (yieldsTo === undefined ? [] : [[name, yieldsTo] as const])))
  const byPath = new Map(files.map((file) => [file.migration.path, file]))
  const placed = findings.map((finding) => ({ finding, place: placeOf(finding, byPath.get(finding.path)) }))
  const found = new Set(placed.map(({ finding, place }) => `${place} ${finding.rule}`))
  return placed
    .filter(({ finding, place }) => !yielding.get(finding.rule)?.some((other) => found.has(`${place} ${other}`)))
    .map(({ finding }) => finding)
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
