import type pg from 'pg'
import { quoteName, quoteText } from '../../migration/ledger.ts'

export interface RelationName {
  readonly schema: string | undefined
  readonly name: string
}

/** Whether any of these names is taken, as the session's own search path finds them. */
export async function anyExists(client: pg.Client, names: readonly RelationName[]): Promise<boolean> {
  const texts = names.map(({ schema, name }) =>
    quoteText(schema === undefined ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`),
  )
  const { rows } = await client.query<{ taken: boolean }>(
    `select pg_catalog.bool_or(pg_catalog.to_regclass(one.name) is not null) as taken from (values (${texts.join('), (')})) as one (name)`,
  )
  return rows[0]?.taken === true
}
