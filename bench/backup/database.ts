import type { Place } from '../server.ts'

/** One unit makes 100,000 accounts and 40,000 texts: 22.7 MB on the server. */
export const units = { small: 2, medium: 9, large: 100 } as const

/**
 * Accounts as pgbench makes them, which compress well, and texts, which hardly do. Made by `create table as`,
 * which writes no log with `wal_level = minimal`.
 */
export async function fill(place: Place, count: number): Promise<{ readonly sizeBytes: number }> {
  await place.query(
    `create table accounts as
      select i as id, 1 + i % ${count} as branch, 0 as balance, ' '::char(84) as filler from generate_series(1, ${count * 100_000}) as i`,
  )
  await place.query(
    `create table texts as
      select i as id, format('order %s of customer %s left the house as %s, insured as %s; %s', i, i % 9973, md5(i::text), md5((-i)::text),
        (array['it was signed for at the door', 'nobody was there', 'a neighbour has taken it in'])[1 + i % 3]) as body
      from generate_series(1, ${count * 40_000}) as i`,
  )
  for (const table of ['accounts', 'texts']) await place.query(`alter table ${table} add primary key (id)`)
  await place.query('vacuum analyze')
  const [row] = await place.query<{ size: string }>('select pg_database_size(current_database())::text as size')
  return { sizeBytes: Number(row?.size) }
}
