import type pg from 'pg'
import { ReleaseError } from '../../errors.ts'
import type { LedgerOptions } from '../../migration/database.ts'
import { quoteName, quoteTable, type TableName } from '../../migration/ledger.ts'
import type { LedgerTable } from '../../migration/ledger-texts.ts'

/** A table, and what a run does to it. */
interface Needed extends TableName {
  readonly privileges: readonly string[]
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
    lines.push(...schemaLines(schema, existing.absent, role, may_create), ...existing.lacking.map((one) => grantLine(one, role)))
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

/** The tables that are not there, and the privileges that are lacking on those that are. */
async function readMissing(client: pg.Client, needed: readonly Needed[]): Promise<{ absent: boolean; lacking: readonly Needed[] }> {
  let absent = false
  const lacking: Needed[] = []
  for (const one of needed) {
    const { rows } = await client.query<{ lacking: string[] }>(
      `select array(select wanted from unnest($3::text[]) wanted where not has_table_privilege(c.oid, wanted)) as lacking
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
      [one.schema, one.table, one.privileges],
    )
    const [row] = rows
    if (row === undefined) absent = true
    else if (row.lacking.length > 0) lacking.push({ ...one, privileges: row.lacking })
  }
  return { absent, lacking }
}

function schemaLines({ schema, exists, usage, create }: Found, absent: boolean, role: string, mayCreate: boolean): string[] {
  if (!exists && mayCreate) return []
  const rights = [...(usage ? [] : ['usage']), ...(absent && !create ? ['create'] : [])]
  return [
    ...(exists ? [] : [`create schema ${quoteName(schema)};`]),
    ...(rights.length === 0 ? [] : [`grant ${rights.join(', ')} on schema ${quoteName(schema)} to ${quoteName(role)};`]),
  ]
}

function grantLine({ privileges, ...table }: Needed, role: string): string {
  return `grant ${privileges.join(', ')} on ${quoteTable(table)} to ${quoteName(role)};`
}
