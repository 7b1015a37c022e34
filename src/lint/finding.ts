import type { Phase } from '../migration/migration.ts'
import type { SourcePosition } from '../sql/position.ts'
import type { RemedyFile, Severity } from './rule.ts'

/** One place where a rule is violated, as people are told. */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly path: string
  readonly phase: Phase | undefined
  readonly start: SourcePosition
  /** Behind the last character of the statement. */
  readonly end: SourcePosition
  readonly message: string
  readonly harm: string
  readonly remedy: string
  readonly instead: readonly RemedyFile[]
  readonly replacement: string | undefined
  /** The statement as it stands in the file; `undefined` when the finding is about the file. */
  readonly statement: string | undefined
}

export const severities = ['error', 'warning', 'advice'] as const satisfies readonly Severity[]

/** The gravest first, then as they stand in the files. */
export function byGravity(one: Finding, other: Finding): number {
  return (
    severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
    (one.path < other.path ? -1 : one.path > other.path ? 1 : 0) ||
    one.start.offset - other.start.offset
  )
}
