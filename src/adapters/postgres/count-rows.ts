import type pg from 'pg'

/** Ordinary tables and leaf partitions, without temporary ones and without those that an extension made. */
const countedTables = `
  select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) as name
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r'
    and c.relpersistence <> 't'
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    and not exists (
      select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e'
    )
  order by n.nspname, c.relname`

/**
 * Exact row counts by `schema.table`, quoted only where needed, of everything that this session may see. The source
 * and the restored copy are counted by this same function. Sets `search_path` and `row_security` of the session.
 */
export async function countRows(client: pg.Client): Promise<Map<string, number>> {
  await client.query('set search_path = pg_catalog; set row_security = off; set quote_all_identifiers = off')
  const { rows } = await client.query<{ name: string }>(countedTables)
  const counts = new Map<string, number>()
  for (const { name } of rows) {
    // only: what inherits from a table is counted under its own name
    const counted = await client.query<{ rows: string }>(`select count(*) as rows from only ${name}`)
    counts.set(name, Number(counted.rows[0]?.rows))
  }
  return counts
}
