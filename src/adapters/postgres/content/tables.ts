import type pg from 'pg'

/** A table whose rows a dump holds: an ordinary one, or the leaf of a partitioned one. */
export interface StoredTable {
  /** Schema and name, quoted only where needed. */
  readonly name: string
  readonly sizeBytes: number
  readonly unlogged: boolean
  /** Absent for a table that no extension brought along. */
  readonly extension?: string
  /** Which rows are in a dump, as SQL that may be empty; the others come with the extension. */
  readonly condition?: string
  /** Quoted, in the order of their names; without those that are computed only when they are read. */
  readonly columns: readonly string[]
  /** Of the primary key, in the same way. */
  readonly keyColumns: readonly string[]
}

/** Schemas of users. Needs a search path that begins with `pg_catalog`, as all that is read here. */
export const ownSchema = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_(toast_)?temp_'`

/** Whether no extension brought this object along: those come back with their extension. */
export function notOfExtension(catalog: string, oid: string): string {
  return `not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`
}

/** Whether an extension brought this relation along, and leaves its rows, or its value, to its users: these are in a dump. */
export const isConfigured = 'exists (select from pg_extension x where c.oid = any (x.extconfig))'

/** Ordinary tables and leaf partitions in the order of their names, without temporary ones and without those of extensions. */
export function listTables(client: pg.Client): Promise<StoredTable[]> {
  return list(client, { where: `${ownSchema} and ${notOfExtension('pg_class', 'c.oid')}` })
}

/** Tables of extensions with rows that only a dump brings back, such as one's own reference systems in PostGIS. */
export function listExtensionTables(client: pg.Client): Promise<StoredTable[]> {
  return list(client, {
    what: ', x.extname::text as extension, x.condition',
    from: 'join (select extname, unnest(extconfig) as oid, unnest(extcondition) as condition from pg_extension) x on x.oid = c.oid',
  })
}

/** Parts of the query for what is listed. */
interface Listing {
  readonly what?: string
  readonly from?: string
  readonly where?: string
}

async function list(client: pg.Client, { what = '', from = '', where = 'true' }: Listing): Promise<StoredTable[]> {
  const { rows } = await client.query<Omit<StoredTable, 'sizeBytes'> & { sizeBytes: string }>(`
    with columns as (
      select attrelid, array_agg(quote_ident(attname) order by attname) as names
      from pg_attribute where attnum > 0 and not attisdropped and attgenerated <> 'v' group by attrelid
    ), keys as (
      select i.indrelid, array_agg(quote_ident(a.attname) order by a.attname) as names
      from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
      where i.indisprimary group by i.indrelid
    )
    select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, coalesce(pg_table_size(c.oid), 0)::text as "sizeBytes",
      c.relpersistence = 'u' as unlogged, coalesce(columns.names, '{}') as columns, coalesce(keys.names, '{}') as "keyColumns"${what}
    from pg_class c join pg_namespace n on n.oid = c.relnamespace ${from}
      left join columns on columns.attrelid = c.oid left join keys on keys.indrelid = c.oid
    where c.relkind = 'r' and c.relpersistence <> 't' and ${where}
    order by n.nspname, c.relname`)
  return rows.map((row) => ({ ...row, sizeBytes: Number(row.sizeBytes) }))
}
