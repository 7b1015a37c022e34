import type { Manifest } from './manifest.ts'

/** Ids of the checks that a backup's own run failed: with any, it is kept for a look at it and relied upon for nothing. */
export function failedChecks({ checks }: Pick<Manifest, 'checks'>): readonly string[] {
  return checks.filter(({ status }) => status === 'fail').map(({ id }) => id)
}
