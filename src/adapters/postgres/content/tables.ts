import type pg from 'pg'

/** A table whose rows a dump holds: an ordinary one, or the leaf of a partitioned one. */
export interface StoredTable {
  /** Schema and name, quoted only where needed. */
  readonly name: string
  readonly sizeBytes: number
  readonly unlogged: boolean
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

/** Ordinary tables and leaf partitions in the order of their names, without temporary ones and without those of extensions. */
export async function listTables(client: pg.Client): Promise<StoredTable[]> {
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
      c.relpersistence = 'u' as unlogged, coalesce(columns.names, '{}') as columns, coalesce(keys.names, '{}') as "keyColumns"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join columns on columns.attrelid = c.oid left join keys on keys.indrelid = c.oid
    where c.relkind = 'r' and c.relpersistence <> 't' and ${ownSchema} and ${notOfExtension('pg_class', 'c.oid')}
    order by n.nspname, c.relname`)
  return rows.map((row) => ({ ...row, sizeBytes: Number(row.sizeBytes) }))
}
