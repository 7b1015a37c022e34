import type { Phase } from '../migration/migration.ts'

/** What the phases would meet if they ran now. */
export interface Outlook {
  /** What `migrate` would refuse, a line each. */
  readonly obstacles: readonly string[]
  readonly notes: readonly string[]
  readonly relies: readonly Reliance[]
}

/** What a phase would rely upon if it ran now. */
export interface Reliance {
  readonly what: 'backup' | 'drill'
  readonly phase: Phase | 'all'
  readonly id: string
  /** What is known of it: `read-back`, or `restored, equal`. */
  readonly level: string
  readonly ageMs: number
}
