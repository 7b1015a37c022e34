import type { Migration } from '../migration/migration.ts'
import type { DecidedLine, Shape } from './decide.ts'
import type { Down } from './down.ts'

/** What is open once a migration has run. */
export interface OutlookStep {
  readonly migration: Migration
  readonly shape: Shape
  /** Its lines that speak against `code-only`, the gravest first. */
  readonly against: readonly DecidedLine[]
  readonly down: Down
}

/** Where a shape closes. */
export interface Closing {
  /** `undefined` when it was closed before anything of this ran. */
  readonly migration: Migration | undefined
  readonly line: DecidedLine
}

/** The ways back after each step, before any of them is taken. */
export interface Outlook {
  readonly to: string | undefined
  readonly steps: readonly OutlookStep[]
  /** From where on nobody knows whether the older code works. */
  readonly doubt: Closing | undefined
  /** From where on it does not: the point of no return of `code-only`. */
  readonly end: Closing | undefined
}

/** The same outlook when only some of the steps are taken. */
export function upTo(outlook: Outlook, taken: ReadonlySet<Migration>): Outlook {
  const steps = outlook.steps.filter(({ migration }) => taken.has(migration))
  const within = (closing: Closing | undefined) => (closing?.migration === undefined || taken.has(closing.migration) ? closing : undefined)
  return { ...outlook, steps, doubt: within(outlook.doubt), end: within(outlook.end) }
}
