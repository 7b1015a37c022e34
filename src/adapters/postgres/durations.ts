import type pg from 'pg'
import type { ObservedDuration } from '../../migration/durations.ts'
import { quoteName } from '../../migration/ledger.ts'

/** What the history holds of these files, of every environment and every database that this one is a copy of. */
export async function readDurations(
  client: pg.Client,
  schema: string,
  project: string,
  checksums: readonly string[],
): Promise<readonly ObservedDuration[]> {
  const { rows } = await client.query<Omit<ObservedDuration, 'durationMs'> & { ms: number }>(
    `select checksum, duration_ms::float8 as ms, environment, release, finished_at as at from ${quoteName(schema)}.history
     where project operator(pg_catalog.=) $1 and checksum operator(pg_catalog.=) any ($2::text[])
       and event operator(pg_catalog.=) 'migration' and state operator(pg_catalog.=) 'applied'
       and duration_ms is not null and finished_at is not null`,
    [project, checksums],
  )
  return rows.map(({ ms, ...rest }) => ({ ...rest, durationMs: ms }))
}
