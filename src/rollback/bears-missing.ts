import type { Layout } from '../migration/layout.ts'
import { byVersion, isRepeatable, lineageOf } from '../migration/migration.ts'

interface Versioned {
  readonly version: string
}

/** Whether the tool of older code goes on when these have run and it has no file of theirs. */
export function bearsMissing(
  { toleratesMissing }: Pick<Layout, 'toleratesMissing'>,
  since: readonly Versioned[],
  target: readonly Versioned[],
): boolean {
  if (toleratesMissing !== 'newer') return toleratesMissing
  const known = new Set(target.map(({ version }) => lineageOf(version)))
  const newest = target
    .filter((one) => !isRepeatable(one))
    .toSorted(byVersion)
    .at(-1)
  return since.every(
    (one) => known.has(lineageOf(one.version)) || (!isRepeatable(one) && (newest === undefined || byVersion(one, newest) > 0)),
  )
}
