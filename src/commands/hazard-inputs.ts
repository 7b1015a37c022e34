/** The team's settings of lint that say which findings there are, and what they count for. */
export const hazardInputNames = ['postgres', 'start-after', 'lint-rules', 'squawk-config'] as const

/** A finding of `lint` about a migration that is pending. */
interface Hazard {
  readonly rule: string
  readonly severity: 'error' | 'warning' | 'advice'
  readonly path: string
  readonly line: number
  readonly message: string
}

export interface Hazards {
  readonly found: readonly Hazard[]
  /** Why they are not known. */
  readonly problem: string | undefined
}

/** Where nothing is pending: then lint is not even loaded. */
export const noHazards: Hazards = { found: [], problem: undefined }
