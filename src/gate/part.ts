import type { ReleaseError } from '../errors.ts'
import type { Check } from '../result.ts'

/** What one question of the gate was answered with. */
export interface PartOutcome {
  readonly checks: readonly Check[]
  /** What a person should know though it stops nothing. */
  readonly notes: readonly string[]
  readonly details: Readonly<Record<string, unknown>>
  /** Why the gate stays shut, or why nobody can tell; without it the checks decide. */
  readonly error?: ReleaseError
}
