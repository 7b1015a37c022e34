import type pg from 'pg'
import type { FoundRelation, RebuildRemains } from '../../migration/catalog.ts'

/** The table of an index or the table itself, its partitions, and where their long values are kept. */
const concerned = `
  with base as (select coalesce((select indrelid from pg_index where indexrelid = $1::oid), $1::oid) as oid),
    tables as (select oid from base union select relid from base, pg_partition_tree(base.oid::regclass)),
    concerned as (select oid from tables union select c.reltoastrelid from tables join pg_class c using (oid) where c.reltoastrelid <> 0)`

export async function readRebuiltTables(client: pg.Client, oid: string): Promise<readonly FoundRelation[]> {
  const { rows } = await client.query<FoundRelation>(
    `${concerned}
     select c.oid::text as oid, c.relname, format('%I.%I', n.nspname, c.relname) as name
     from tables join pg_class c using (oid) join pg_namespace n on n.oid = c.relnamespace where c.relkind <> 'p' order by c.oid`,
    [oid],
  )
  return rows
}

/** REINDEX CONCURRENTLY gives the index that it builds, and the one that it replaces, these endings. */
export async function readRebuildRemains(client: pg.Client, oid: string | undefined): Promise<readonly RebuildRemains[]> {
  const { rows } = await client.query<FoundRelation & { table_oid: string; table_relname: string; table_name: string }>(
    `${concerned}
     select c.oid::text as oid, c.relname, format('%I.%I', n.nspname, c.relname) as name,
       t.oid::text as table_oid, t.relname as table_relname, format('%I.%I', tn.nspname, t.relname) as table_name
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_class t on t.oid = i.indrelid join pg_namespace tn on tn.oid = t.relnamespace
     where not i.indisvalid and c.relkind = 'i' and c.relname ~ '_cc(new|old)[0-9]*$'
       and ($1::oid is null or i.indrelid in (select oid from concerned))
     order by c.oid`,
    [oid ?? null],
  )
  return rows.map(({ table_oid, table_relname, table_name, ...index }) => ({
    ...index,
    table: { oid: table_oid, relname: table_relname, name: table_name },
  }))
}
