import type pg from 'pg'
import type { SourceFacts } from '../../backup/dump.ts'
import { versionsOfPrisma } from '../../migration/layouts/prisma/version-table.ts'
import { headOfVersions, type LedgerHead, quoteName, quoteTable, quoteText, type TableName } from '../../migration/ledger.ts'

/** Version tables that are known by name, wherever they lie. */
const versionTables = ['goose_db_version', 'goose_db_version_post']

/** The same for a table whose rows are runs. */
const runLists = ['flyway_schema_history', 'flyway_schema_history_post']

/** The same for tables whose rows are versions; several tools use the name. */
const versionLists = [
  'schema_migrations',
  'schema_migrations_post',
  '_sqlx_migrations',
  '_sqlx_migrations_post',
  '__diesel_schema_migrations',
]

/** The same for tables that keep names of folders. */
const nameLists = ['_prisma_migrations']

type DatabaseFacts = Omit<
  SourceFacts,
  | 'serverVersion'
  | 'serverMajor'
  | 'systemIdentifier'
  | 'databaseOid'
  | 'address'
  | 'stamp'
  | 'extensions'
  | 'inRecovery'
  | 'lagMs'
  | 'collationVersion'
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

/** What is known of version tables before the database is read. */
export interface KnownTables {
  /** Whose part of a shared table has a head of its own. */
  readonly project?: string | undefined
  /** Version tables beside those that everybody knows, with or without a schema. */
  readonly also?: readonly string[]
}

/** With the team's own table, and the one that its post migrations would have. */
export function knownTables(project: string, table: string | undefined): KnownTables {
  return { project, also: table === undefined ? [] : [table, `${table}_post`] }
}

interface HeadInDatabase {
  readonly table: string
  readonly head: string
  /** Of this project alone, in a table that several share. */
  readonly ofProject?: string
}

/** By which a version table is told from the team's own tables. */
export function namesOfVersionTables({ also = [] }: KnownTables): readonly string[] {
  return [...versionTables, ...runLists, ...versionLists, ...nameLists, ...also]
}

/** A text for each version table that changes whenever the table does. */
export async function readLedgerHeads(client: pg.Client, stateSchema: string, known: KnownTables = {}): Promise<HeadInDatabase[]> {
  const heads: HeadInDatabase[] = []
  for (const { schema, table, kind, shared } of await findVersionTables(client, stateSchema, known.also ?? [])) {
    const read = async (where: string) => {
      const { rows } = await client.query<{ head: string }>(
        kind === 'version' || kind === 'migration_name'
          ? `select (${headOfVersions(`${kind === 'version' ? `${quoteTable({ schema, table })} t` : versionsOfPrisma({ schema, table })} where ${where}`)}) as head`
          : `select pg_catalog.concat(pg_catalog.count(*), '/', ${lastOf[kind]}) as head from ${quoteTable({ schema, table })} where ${where}`,
      )
      return rows[0]?.head ?? ''
    }
    const { project } = known
    const own = shared && project !== undefined ? { ofProject: await read(`project operator(pg_catalog.=) ${quoteText(project)}`) } : {}
    heads.push({ table: `${schema}.${table}`, head: await read('true'), ...own })
  }
  return heads
}

/** Its tables for a look from outside, where no layout says which ones are ours. */
export async function readKnownTables(client: pg.Client, stateSchema: string, known: KnownTables): Promise<LedgerHead[]> {
  const heads = await readLedgerHeads(client, stateSchema, known)
  return heads.map(({ table, head, ofProject = head }) => ({ table, head: ofProject, empty: ofProject.startsWith('0/') }))
}

/** The texts are those of the layouts, where one of ours keeps the table. */
const lastOf = {
  // a time as a number: its text would depend on the session's time zone
  applied_at: "pg_catalog.date_part('epoch', pg_catalog.max(applied_at))",
  id: 'pg_catalog.max(id)',
  installed_rank: 'pg_catalog.max(installed_rank)',
} as const

interface VersionTable extends TableName {
  /** The column that its head is made of. */
  readonly kind: keyof typeof lastOf | 'version' | 'migration_name'
  /** Whether projects share it. */
  readonly shared: boolean
}

/** Only those with the column that orders them, of its type: another tool's table may have the same name. */
async function findVersionTables(client: pg.Client, stateSchema: string, also: readonly string[]): Promise<VersionTable[]> {
  const { rows } = await client.query<VersionTable>(
    `with candidate as (select c.oid, c.relname, n.nspname,
        c.relname operator(pg_catalog.=) any ($3) or pg_catalog.concat(n.nspname, '.', c.relname) operator(pg_catalog.=) any ($3) as named
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
      where c.relkind in ('r', 'p') and c.relpersistence operator(pg_catalog.<>) 't')
     select distinct on (1, 2) c.nspname::text as schema, c.relname::text as table, a.attname::text as kind,
        exists (select from pg_catalog.pg_attribute p where p.attrelid operator(pg_catalog.=) c.oid and p.attname operator(pg_catalog.=) 'project'
          and not p.attisdropped and p.atttypid operator(pg_catalog.=) 'text'::pg_catalog.regtype) as shared
      from candidate c join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) c.oid and not a.attisdropped
      where (a.attname operator(pg_catalog.=) 'applied_at' and a.atttypid operator(pg_catalog.=) 'timestamptz'::pg_catalog.regtype
          and (c.named or c.nspname operator(pg_catalog.=) $1 and c.relname operator(pg_catalog.=) 'ledger'))
        or (a.attname operator(pg_catalog.=) 'id' and a.atttypid in ('int4'::pg_catalog.regtype, 'int8'::pg_catalog.regtype)
          and (c.named or c.relname operator(pg_catalog.=) any ($2)))
        or (a.attname operator(pg_catalog.=) 'installed_rank' and a.atttypid operator(pg_catalog.=) 'int4'::pg_catalog.regtype
          and (c.named or c.relname operator(pg_catalog.=) any ($6)))
        or (a.attname operator(pg_catalog.=) 'version' and a.atttypid in ('text'::pg_catalog.regtype, 'varchar'::pg_catalog.regtype, 'int8'::pg_catalog.regtype)
          and (c.named or c.relname operator(pg_catalog.=) any ($4)))
        or (a.attname operator(pg_catalog.=) 'migration_name' and a.atttypid operator(pg_catalog.=) 'varchar'::pg_catalog.regtype
          and (c.named or c.relname operator(pg_catalog.=) any ($5)))
      order by 1, 2, 3`,
    [stateSchema, versionTables, also, versionLists, nameLists, runLists],
  )
  return rows
}
