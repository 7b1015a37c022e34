import type pg from 'pg'
import type { TableName } from '../../migration/ledger.ts'

/** A publication that sends rows: one that publishes nothing, or only TRUNCATE, which no run does to these tables, stops nobody. */
interface Publication {
  readonly name: string
  readonly everything: boolean
  /** Schemas whose tables it takes in as they are made; PostgreSQL 15 and newer. */
  readonly schemas: readonly string[]
}

/** The publications of the database, most often none. */
export async function readPublications(client: pg.Client, serverMajor: number): Promise<readonly Publication[]> {
  const schemas =
    serverMajor >= 15
      ? `(select coalesce(array_agg(n.nspname::text), '{}') from pg_catalog.pg_publication_namespace pn
          join pg_catalog.pg_namespace n on n.oid = pn.pnnspid where pn.pnpubid = p.oid)`
      : "'{}'::text[]"
  const { rows } = await client.query<Publication>(
    `select p.pubname::text as name, p.puballtables as everything, ${schemas} as schemas
     from pg_catalog.pg_publication p where p.pubinsert or p.pubupdate or p.pubdelete order by 1`,
  )
  return rows
}

/** Which of the publications send rows of a table, or would as soon as it is made. */
export async function publishedBy(
  client: pg.Client,
  publications: readonly Publication[],
  { schema, table }: TableName,
): Promise<string[]> {
  const { rows } = await client.query<{ there: boolean; names: string[] }>(
    `select exists (select from pg_catalog.pg_tables where schemaname = $1 and tablename = $2) as there,
       array(select pubname::text from pg_catalog.pg_publication_tables where schemaname = $1 and tablename = $2) as names`,
    [schema, table],
  )
  const { there = false, names = [] } = rows[0] ?? {}
  return publications
    .filter(({ name, everything, schemas }) => (there ? names.includes(name) : everything || schemas.includes(schema)))
    .map(({ name }) => name)
}

/** What follows the database's changes by logical decoding, connected right now or not. */
export async function readLogicalSlots(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select slot_name::text as name from pg_catalog.pg_replication_slots
     where slot_type = 'logical' and database = pg_catalog.current_database() and not temporary order by 1`,
  )
  return rows.map(({ name }) => name)
}
