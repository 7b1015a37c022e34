import type pg from 'pg'
import type { CatalogObject } from '../../backup/content.ts'

/**
 * Frees the owner of this copy from the policies of its own tables: they would hide rows from whoever restored them, and
 * from what reads them. Returns the tables as the catalog calls them.
 */
export async function liftForcedSecurity(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select pg_catalog.concat(pg_catalog.quote_ident(n.nspname), '.', pg_catalog.quote_ident(c.relname)) as name
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
     where c.relforcerowsecurity and pg_catalog.pg_has_role(c.relowner, 'usage') order by 1`,
  )
  const tables = rows.map(({ name }) => name)
  await setForced(client, tables, 'no force')
  return tables
}

/** Puts back what was lifted, in a copy that somebody keeps. */
export async function forceSecurity(client: pg.Client, tables: readonly string[]): Promise<void> {
  await setForced(client, tables, 'force')
}

async function setForced(client: pg.Client, tables: readonly string[], verb: 'force' | 'no force'): Promise<void> {
  if (tables.length > 0) await client.query(tables.map((table) => `alter table ${table} ${verb} row level security`).join(';\n'))
}

/** The catalog as it was restored. */
export function withForcedSecurity(catalog: readonly CatalogObject[], tables: readonly string[]): CatalogObject[] {
  const lifted = new Set(tables)
  return catalog.map((object) =>
    ['table', 'partitioned table'].includes(object.kind) && lifted.has(object.name)
      ? { ...object, facts: { ...object.facts, forcedRowSecurity: true } }
      : object,
  )
}
