import type pg from 'pg'
import { ReleaseError } from '../../errors.ts'
import type { LedgerOptions } from '../../migration/database.ts'
import { quoteName, quoteTable, type TableName } from '../../migration/ledger.ts'
import type { LedgerTable } from '../../migration/ledger-texts.ts'

/** A table, or what numbers its rows, and what a run does to it. */
interface Needed extends TableName {
  readonly privileges: readonly string[]
  /** What stands before its name where it is no table. */
  readonly kind?: 'sequence '
}

interface Found {
  readonly schema: string
  readonly exists: boolean
  readonly usage: boolean
  readonly create: boolean
}

/**
 * Throws `insufficient-rights` with the lines that a DBA runs, unless the role may do everything that a run does with its
 * own tables. Without a state schema the state is kept elsewhere.
 */
export async function requireRights(
  client: pg.Client,
  stateSchema: string | undefined,
  tables: readonly LedgerTable[],
  options: LedgerOptions,
  erases: boolean,
): Promise<void> {
  const needed = [...(stateSchema === undefined ? [] : stateTables(stateSchema)), ...ledgerTables(tables, options, erases)]
  const { rows } = await client.query<{ role: string; database: string; may_create: boolean }>(
    "select current_user::text as role, current_database()::text as database, has_database_privilege(current_database(), 'CREATE') as may_create",
  )
  const { role = '', database = '', may_create = false } = rows[0] ?? {}
  const schemas = await readSchemas(client, [...new Set(needed.map(({ schema }) => schema))])
  const lines: string[] = []
  for (const schema of schemas) {
    const existing = await readMissing(
      client,
      needed.filter((one) => one.schema === schema.schema),
    )
    lines.push(...schemaLines(schema, existing.absent, role, may_create))
    lines.push(...[...existing.lacking, ...existing.sequences].map((one) => grantLine(one, role)))
  }
  if (lines.length === 0) return
  throw new ReleaseError(
    'insufficient-rights',
    `The role ${quoteName(role)} may not keep the books of a run in ${quoteName(database)}; nothing was run.`,
    {
      hint: `A DBA runs:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    },
  )
}

function stateTables(schema: string): Needed[] {
  return [
    { schema, table: 'stamp', privileges: ['select', 'insert'] },
    { schema, table: 'history', privileges: ['select', 'insert', 'update'] },
    { schema, table: 'step', privileges: ['select', 'insert', 'update', 'delete'] },
  ]
}

function ledgerTables(tables: readonly LedgerTable[], { layout, hasPost }: LedgerOptions, erases: boolean): Needed[] {
  // the lock that keeps the tool's own command out while a migration runs asks for more than INSERT
  const privileges = ['select', 'insert', ...(layout.writtenByTool ? ['update'] : []), ...(erases ? ['delete'] : [])]
  return tables.filter(({ exists, phase }) => exists || phase !== 'post' || hasPost).map(({ table }) => ({ ...table, privileges }))
}

async function readSchemas(client: pg.Client, names: readonly string[]): Promise<readonly Found[]> {
  const { rows } = await client.query<Found>(
    `select wanted.name as schema, n.oid is not null as exists,
       coalesce(has_schema_privilege(n.oid, 'USAGE'), false) as usage, coalesce(has_schema_privilege(n.oid, 'CREATE'), false) as create
     from unnest($1::text[]) with ordinality as wanted(name, place) left join pg_namespace n on n.nspname = wanted.name order by place`,
    [names],
  )
  return rows
}

interface Missing {
  readonly absent: boolean
  readonly lacking: readonly Needed[]
  readonly sequences: readonly Needed[]
}

/** The tables that are not there, and the privileges that are lacking on those that are, and on what numbers their rows. */
async function readMissing(client: pg.Client, needed: readonly Needed[]): Promise<Missing> {
  let absent = false
  const lacking: Needed[] = []
  const sequences: Needed[] = []
  for (const one of needed) {
    const { rows } = await client.query<{ lacking: string[] }>(
      `select array(select wanted from unnest($3::text[]) wanted where not has_table_privilege(c.oid, wanted)) as lacking
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
      [one.schema, one.table, one.privileges],
    )
    const [row] = rows
    if (row === undefined) absent = true
    else if (row.lacking.length > 0) lacking.push({ ...one, privileges: row.lacking })
    sequences.push(...(await readSequences(client, one)))
  }
  return { absent, lacking, sequences }
}

/** Those of `serial` columns that the role may not use; an identity column asks for no right of its own. */
async function readSequences(client: pg.Client, { schema, table }: TableName): Promise<readonly Needed[]> {
  const { rows } = await client.query<TableName>(
    `select n.nspname::text as schema, s.relname::text as table
     from pg_class c join pg_namespace cn on cn.oid = c.relnamespace and cn.nspname = $1
       join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'a'
       join pg_class s on s.oid = d.objid join pg_namespace n on n.oid = s.relnamespace
     where c.relname = $2 and case when s.relkind = 'S' then not has_sequence_privilege(s.oid, 'USAGE, UPDATE') end`,
    [schema, table],
  )
  return rows.map((one) => ({ ...one, kind: 'sequence ', privileges: ['usage'] }))
}

function schemaLines({ schema, exists, usage, create }: Found, absent: boolean, role: string, mayCreate: boolean): string[] {
  if (!exists && mayCreate) return []
  const rights = [...(usage ? [] : ['usage']), ...(absent && !create ? ['create'] : [])]
  return [
    ...(exists ? [] : [`create schema ${quoteName(schema)};`]),
    ...(rights.length === 0 ? [] : [`grant ${rights.join(', ')} on schema ${quoteName(schema)} to ${quoteName(role)};`]),
  ]
}

function grantLine({ privileges, kind, ...table }: Needed, role: string): string {
  return `grant ${privileges.join(', ')} on ${kind ?? ''}${quoteTable(table)} to ${quoteName(role)};`
}
