import type pg from 'pg'
import type { SourceFacts } from '../../backup/dump.ts'
import { quoteName, quoteTable, type TableName } from '../../migration/ledger.ts'

/** Version tables that are known by name, wherever they lie. */
const versionTables = ['goose_db_version', 'goose_db_version_post']

type DatabaseFacts = Omit<
  SourceFacts,
  'serverVersion' | 'serverMajor' | 'systemIdentifier' | 'stamp' | 'extensions' | 'inRecovery' | 'lagMs' | 'collationVersion'
>

/** What the catalog says of the database, in the transaction that is open. */
export async function readDatabaseFacts(client: pg.Client): Promise<DatabaseFacts & Pick<SourceFacts, 'extensions' | 'collationVersion'>> {
  const { rows } = await client.query<DatabaseFacts & { sizeBytes: string; collationVersion: string | null }>(`
    select datname::text as database, pg_catalog.pg_encoding_to_char(encoding)::text as encoding,
      datcollate::text as collate, datctype::text as ctype,
      case pg_catalog.to_jsonb(d) operator(pg_catalog.->>) 'datlocprovider' when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end as "localeProvider",
      pg_catalog.to_jsonb(d) operator(pg_catalog.->>) 'datcollversion' as "collationVersion", pg_catalog.pg_database_size(oid)::text as "sizeBytes"
    from pg_catalog.pg_database d where datname operator(pg_catalog.=) pg_catalog.current_database()`)
  const extensions = await client.query<SourceFacts['extensions'][number]>(`
    select e.extname::text as name, e.extversion as version, n.nspname::text as schema
    from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) e.extnamespace
    order by e.extname`)
  const [facts] = rows
  if (facts === undefined) throw new Error('pg_database does not hold the current database')
  return {
    ...facts,
    sizeBytes: Number(facts.sizeBytes),
    collationVersion: facts.collationVersion ?? undefined,
    extensions: extensions.rows,
  }
}

/** The id in the state schema's stamp, where there is one that this role may read. */
export async function readStampId(client: pg.Client, stateSchema: string): Promise<string | undefined> {
  const found = await client.query(
    `select from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
      join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) c.oid and a.attname operator(pg_catalog.=) 'id' and not a.attisdropped
      where n.nspname operator(pg_catalog.=) $1 and c.relname operator(pg_catalog.=) 'stamp' and c.relkind operator(pg_catalog.=) 'r'
        and pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select')`,
    [stateSchema],
  )
  if (found.rowCount === 0) return undefined
  const { rows } = await client.query<{ id: string }>(`select id::text as id from ${quoteName(stateSchema)}.stamp`)
  return rows.length === 1 ? rows[0]?.id : undefined
}

/** A text for each version table that changes whenever the table does. */
export async function readLedgerHeads(client: pg.Client, stateSchema: string): Promise<{ table: string; head: string }[]> {
  const heads: { table: string; head: string }[] = []
  for (const { schema, table, newest } of await findVersionTables(client, stateSchema)) {
    const last = `pg_catalog.max(${quoteName(newest)})`
    // a time as a number: its text would depend on the session's time zone
    const text = newest === 'applied_at' ? `pg_catalog.date_part('epoch', ${last})` : last
    const { rows } = await client.query<{ head: string }>(
      `select pg_catalog.concat(pg_catalog.count(*), '/', ${text}) as head from ${quoteTable({ schema, table })}`,
    )
    heads.push({ table: `${schema}.${table}`, head: rows[0]?.head ?? '' })
  }
  return heads
}

/** Only those with the column that orders them, of its type: another tool's table may have the same name. */
async function findVersionTables(client: pg.Client, stateSchema: string): Promise<(TableName & { newest: string })[]> {
  const { rows } = await client.query<TableName & { newest: string }>(
    `select n.nspname::text as schema, c.relname::text as table, a.attname::text as newest
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
      join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) c.oid and not a.attisdropped
      where c.relkind in ('r', 'p') and c.relpersistence operator(pg_catalog.<>) 't'
        and ((n.nspname operator(pg_catalog.=) $1 and c.relname operator(pg_catalog.=) 'ledger' and a.attname operator(pg_catalog.=) 'applied_at' and a.atttypid operator(pg_catalog.=) 'timestamptz'::pg_catalog.regtype)
          or (c.relname operator(pg_catalog.=) any ($2) and a.attname operator(pg_catalog.=) 'id' and a.atttypid in ('int4'::pg_catalog.regtype, 'int8'::pg_catalog.regtype)))
      order by 1, 2`,
    [stateSchema, versionTables],
  )
  return rows
}
