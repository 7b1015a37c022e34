import type pg from 'pg'
import { quoteName } from '../../migration/ledger.ts'
import { readDatabaseFacts } from './source-facts.ts'

type DatabaseFacts = Awaited<ReturnType<typeof readDatabaseFacts>>

/** What a copy of the schema needs to know beyond what `pg_dump` writes. */
export interface SchemaFacts extends Pick<DatabaseFacts, 'encoding' | 'collate' | 'ctype' | 'extensions'> {
  /** All roles of the server, without the predefined ones. */
  readonly roles: readonly string[]
  /** Where a migration of this session finds names without a schema. */
  readonly searchPath: string
}

/** Reads, and nothing else, in a session whose search path is still the role's own. */
export async function readSchemaFacts(client: pg.Client): Promise<SchemaFacts> {
  await client.query('begin read only')
  const { encoding, collate, ctype, extensions } = await readDatabaseFacts(client)
  const { rows: roles } = await client.query<{ name: string }>(
    `select rolname::text as name from pg_catalog.pg_roles where not pg_catalog.starts_with(rolname::text, 'pg_') order by rolname`,
  )
  const { rows: session } = await client.query<{ path: string; role: string }>(
    `select pg_catalog.current_setting('search_path') as path, current_user::text as role`,
  )
  await client.query('commit')
  const { path = '', role = '' } = session[0] ?? {}
  return {
    encoding,
    collate,
    ctype,
    extensions,
    roles: roles.map(({ name }) => name),
    searchPath: path.replace(/"\$user"|\$user\b/g, () => quoteName(role)),
  }
}
