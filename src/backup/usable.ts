import type { Manifest } from './manifest.ts'

/** A backup that failed one of its own checks is kept for a look at it, and relied upon for nothing. */
export function isUsable({ checks }: Pick<Manifest, 'checks'>): boolean {
  return failedChecks({ checks }).length === 0
}

/** Ids of the checks that its own run failed. */
export function failedChecks({ checks }: Pick<Manifest, 'checks'>): readonly string[] {
  return checks.filter(({ status }) => status === 'fail').map(({ id }) => id)
}
