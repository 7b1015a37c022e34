import type pg from 'pg'
import { z } from 'zod'
import type { Connection } from '../../connection.ts'
import { ReleaseError, systemCode } from '../../errors.ts'
import type { LedgerOptions } from '../../migration/database.ts'
import {
  butNot,
  type LedgerDialect,
  type LedgerEntry,
  type LedgerHead,
  quoteName,
  quoteTable,
  quoteText,
  scopeOf,
  type TableName,
} from '../../migration/ledger.ts'
import type { LedgerTable } from '../../migration/ledger-texts.ts'
import type { Phase } from '../../migration/migration.ts'
import { oneLine } from '../../visible-text.ts'
import { currentRole } from './state.ts'

/** One table when the layout lets both phases share it, else one a phase. */
export async function locateTables(
  client: pg.Client,
  options: LedgerOptions,
  { stateSchema, settings }: { readonly stateSchema: string; readonly settings: Connection['settings'] },
): Promise<readonly LedgerTable[]> {
  const { layout } = options
  const [first = '', second] = options.table?.split('.') ?? []
  const table = second ?? (options.table === undefined ? layout.table.table : first)
  const path = await ownSearchPath(client, settings)
  const own = { state: stateSchema, current: path[0], asked: searchPathIn(settings) === undefined ? 'public' : path[0] }
  const schema = second === undefined ? layout.table.schema && own[layout.table.schema] : first
  const locate = async (name: string, phase: Phase | undefined) => {
    const found = await locate1(client, schema === undefined ? path : [schema], name)
    return { ...found, phase }
  }
  if (layout.sharesTable) return [await locate(table, undefined)]
  const pre = await locate(table, 'pre')
  const post = await locate1(client, [pre.table.schema], `${table}_post`)
  return [pre, { ...post, phase: 'post' }]
}

/** The first of the schemas that has the table, as the tool itself would find it; new ones go into the very first. */
async function locate1(client: pg.Client, path: readonly string[], name: string): Promise<{ table: TableName; exists: boolean }> {
  const { rows } = await client.query<{ schema: string }>(
    `select n.nspname::text as schema from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relname = $1 and c.relkind in ('r', 'p') and n.nspname = any($2::text[])
     order by pg_catalog.array_position($2::text[], n.nspname::text) limit 1`,
    [name, path],
  )
  const found = rows[0]?.schema
  const home = found ?? path[0]
  if (home === undefined) {
    throw new ReleaseError(
      'insufficient-rights',
      `There is no schema in the role's search_path where the version table ${name} could stand.`,
      {
        hint: 'Name it with its schema: migrations.table: app.goose_db_version.',
      },
    )
  }
  return { table: { schema: home, table: name }, exists: found !== undefined }
}

/** The schemas that the connection would search if our own session had not pinned its path. */
async function ownSearchPath(client: pg.Client, settings: Connection['settings']): Promise<readonly string[]> {
  const asked = searchPathIn(settings)
  // a message of several statements is one transaction
  const answers = (await client.query(
    [
      'set local search_path to default',
      ...(asked === undefined ? [] : [`select pg_catalog.set_config('search_path', ${quoteText(asked)}, true)`]),
      'select pg_catalog.current_schemas(false)::text[] as schemas',
    ].join('; '),
  )) as unknown as pg.QueryResult<{ schemas: string[] }>[]
  return answers.at(-1)?.rows[0]?.schemas ?? []
}

function searchPathIn(settings: Connection['settings']): string | undefined {
  return settings.findLast(([name]) => name === 'search_path')?.[1]
}

const ledgerRow = z.object({
  version: z.string().regex(/^(?:-?\d+(?:\.\d+)*|R:.*)$/s),
  phase: z.enum(['pre', 'post']).nullable(),
  checksum: z.string().nullable(),
  applied_at: z.date().nullable(),
  name: z.string().nullish(),
  covered: z.boolean().optional(),
  place: z.number().optional(),
  dirty: z.boolean().optional(),
})

export async function readEntries(
  client: pg.Client,
  tables: readonly LedgerTable[],
  options: LedgerOptions,
  withDirty = false,
): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = []
  for (const { table, exists, phase } of tables) {
    if (!exists) {
      if (phase !== 'post') await refuseElsewhere(client, table, options)
      continue
    }
    const { rows } = await queryLedger(client, table, options.layout.ledger.select(table, scopeOf(options, phase)))
    for (const row of ledgerRows(rows, table, options.layout)) {
      if (row.dirty === true && !withDirty) throw dirtyVersion(row.version, table, options.layout.ledger.dirty)
      entries.push({
        version: row.version,
        phase: row.phase ?? phase,
        checksum: row.checksum ?? undefined,
        appliedAt: row.applied_at ?? undefined,
        ...(row.name == null ? {} : { name: row.name }),
        ...(row.covered === true ? { covered: true } : {}),
        ...(row.place === undefined ? {} : { place: row.place }),
        ...(row.dirty === true ? { dirty: true } : {}),
      })
    }
  }
  return entries
}

/**
 * Throws `version-table-elsewhere` where the tool keeps another table than the one that was looked for, by settings that
 * it alone reads: everything would count as pending. Whoever names the table has said which one counts, unless the
 * server keeps the name in other letters: some tools leave it unquoted.
 */
async function refuseElsewhere(client: pg.Client, own: TableName, { layout, table: named }: LedgerOptions): Promise<void> {
  if (layout.tellTale === undefined) return
  const { rows } = await client.query<TableName>(
    `select n.nspname::text as schema, c.relname::text as table from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and (n.nspname::text, c.relname::text) <> ($1, $2)
       and (not $6 or pg_catalog.lower(n.nspname::text) = pg_catalog.lower($1) and pg_catalog.lower(c.relname::text) = pg_catalog.lower($4))
       and exists (
       select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       having $3::text[] <@ (pg_catalog.array_agg(a.attname::text) || pg_catalog.array_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, null)))
         and (not $5 or pg_catalog.count(*) = pg_catalog.cardinality($3)))
     order by c.relname <> $4, 1, 2 limit 1`,
    [own.schema, `${own.table}_post`, layout.tellTale.columns, own.table, layout.tellTale.only === true, named !== undefined],
  )
  const [found] = rows
  if (found === undefined) return
  const [here, there] = [own, found].map(({ schema, table }) => oneLine(`${schema}.${table}`))
  const settle =
    found.schema === own.schema
      ? `set migrations.table: ${oneLine(found.table)}`
      : found.table !== own.table || layout.runBy !== undefined
        ? `set migrations.table: ${there}`
        : `let DATABASE_URL end in ?schema=${oneLine(found.schema)}, so that migrations run in that schema too; or, where the table alone stands there, set migrations.table: ${there}`
  throw new ReleaseError(
    'version-table-elsewhere',
    `There is no version table ${here} here, and ${there} is one of ${layout.name}'s: what it holds would count as pending.`,
    { hint: `If it is this application's, ${settle}. If it is another's, say that this one begins anew: migrations.table: ${here}.` },
  )
}

/** The tool stops at it too, and only a look at the database says what is there. */
function dirtyVersion(version: string, table: TableName, dirty: LedgerDialect['dirty']): ReleaseError {
  if (dirty === undefined) throw new Error('the version table notes what did not end, and nothing says what that means')
  const { says, hint } = dirty.explain(version)
  return new ReleaseError('dirty-version', `${quoteTable(table)} says that ${says}.`, { hint })
}

function ledgerRows(
  rows: readonly unknown[],
  table: TableName,
  { name: tool, nested }: LedgerOptions['layout'],
): z.output<typeof ledgerRow>[] {
  const parsed = z.array(ledgerRow).safeParse(rows)
  if (parsed.success) return parsed.data
  const { version } = (rows[Number(parsed.error.issues[0]?.path[0])] ?? {}) as { version?: unknown }
  const name = typeof version === 'string' ? ` (${oneLine(version)})` : ''
  throw new ReleaseError('unknown-layout', `The version table ${quoteTable(table)} holds a row that this layout does not write${name}.`, {
    hint:
      nested === true
        ? `Names begin with a number. Where the folder of this one is gone for good, ${tool} does without the row: delete it. Where the folder was renamed, give the row its new name.`
        : 'Check migrations.layout and migrations.table; somebody may have edited the table by hand.',
    cause: parsed.error,
  })
}

export async function readHeads(client: pg.Client, tables: readonly LedgerTable[], options: LedgerOptions) {
  const heads: { table: string; head: string }[] = []
  for (const { table, exists, phase } of tables) {
    const head = exists ? await readHead(client, table, options.layout.ledger.head(table, scopeOf(options, phase))) : 'none'
    heads.push({ table: `${table.schema}.${table.table}`, head })
  }
  return heads
}

/** The same texts as `readHeads`, or as they were before some versions ran. */
export async function readStanding(
  client: pg.Client,
  tables: readonly LedgerTable[],
  options: LedgerOptions,
  without: readonly string[],
): Promise<LedgerHead[]> {
  const standing: LedgerHead[] = []
  const { ledger } = options.layout
  for (const { table, exists, phase } of tables) {
    const name = `${table.schema}.${table.table}`
    if (!exists) {
      standing.push({ table: name, head: 'none', empty: true })
      continue
    }
    const scope = scopeOf(options, phase)
    const entries = `(${ledger.select(table, scope)}) entry where ${butNot('entry.version', without)}`
    const { rows } = await queryLedger(
      client,
      table,
      `select (${ledger.head(table, scope, without)})::text as head, not exists (select from ${entries}) as empty`,
    )
    standing.push({ table: name, head: String(rows[0]?.head), empty: rows[0]?.empty === true })
  }
  return standing
}

export async function readHead(client: pg.Client, table: TableName, sql: string): Promise<string> {
  const { rows } = await queryLedger(client, table, `select (${sql})::text as head`)
  return String(rows[0]?.head)
}

async function queryLedger(client: pg.Client, table: TableName, sql: string): Promise<pg.QueryResult<Record<string, unknown>>> {
  try {
    return await client.query<Record<string, unknown>>(sql)
  } catch (error) {
    const code = systemCode(error)
    if (code === '42501') throw mayNotRead(await currentRole(client), table, error)
    if (code === '55P03') {
      throw new ReleaseError('server-refused', `Another session has locked the version table ${quoteTable(table)} against readers.`, {
        hint: `Wait until it has ended and run the same command again. Who it is: select pid, usename, state, query from pg_stat_activity where pid in (select pid from pg_locks where granted and relation = ${quoteText(quoteTable(table))}::regclass);`,
        cause: error,
      })
    }
    if (code === '42703' || code === '42883') {
      throw new ReleaseError('unknown-layout', `The version table ${quoteTable(table)} does not have the columns of this layout.`, {
        hint: 'Check migrations.layout and migrations.table.',
        cause: error,
      })
    }
    throw error
  }
}

function mayNotRead(role: string, table: TableName, cause: unknown): ReleaseError {
  const usage = `grant usage on schema ${quoteName(table.schema)} to ${role};`
  const grant = (rights: string) => `${usage} grant ${rights} on ${quoteTable(table)} to ${role};`
  return new ReleaseError('insufficient-rights', `The role ${role} may not read the version table ${quoteTable(table)}.`, {
    hint: `A DBA runs, for plan and dry-run:\n  ${grant('select')}\nand for all the rest:\n  ${grant('select, insert, update, delete')}`,
    cause,
  })
}
