import type { Check } from '../../result.ts'
import type { ProtectionLevel } from './levels.ts'

/** What was found out about one rule. `bad` and `unknown` say it in a sentence without its full stop. */
export type Finding =
  | { readonly is: 'good'; readonly value: string; readonly message?: string | undefined }
  | { readonly is: 'bad'; readonly message: string }
  | { readonly is: 'unknown'; readonly message: string }

/** A finding at the level that it counts for. */
export interface Graded {
  readonly check: Check
  /** Shown to people though it stops nothing. */
  readonly warning: string | undefined
  /** Set where nobody can tell whether what is required holds. */
  readonly unknown: string | undefined
}

/** A warning is no tick and no failure: the check stands as `not-checked`, since nobody required it. */
export function graded(id: string, level: ProtectionLevel, finding: Finding): Graded {
  const none = { warning: undefined, unknown: undefined }
  if (level === 'off') return { ...none, check: { id, status: 'not-checked', message: 'switched off' } }
  if (finding.is === 'good') {
    const message = finding.message === undefined ? {} : { message: finding.message }
    return { ...none, check: { id, status: 'pass', value: finding.value, ...message } }
  }
  const { is, message } = finding
  if (level === 'warn') return { ...none, check: { id, status: 'not-checked', message: `not required: ${message}` }, warning: message }
  if (is === 'bad') return { ...none, check: { id, status: 'fail', message } }
  return { ...none, check: { id, status: 'not-checked', message }, unknown: message }
}
