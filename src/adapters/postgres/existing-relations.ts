import type pg from 'pg'
import { quoteRelation, quoteText } from '../../migration/ledger.ts'
import type { RelationName } from '../../sql/locks/names.ts'

/** Whether any of these names is taken, as the session's own search path finds them. */
export async function anyExists(client: pg.Client, names: readonly RelationName[]): Promise<boolean> {
  const texts = names.map((name) => quoteText(quoteRelation(name)))
  const { rows } = await client.query<{ taken: boolean }>(
    `select pg_catalog.bool_or(pg_catalog.to_regclass(one.name) is not null) as taken from (values (${texts.join('), (')})) as one (name)`,
  )
  return rows[0]?.taken === true
}
