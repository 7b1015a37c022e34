import type pg from 'pg'
import { ReleaseError, systemCode } from '../../errors.ts'
import { quoteName, quoteText } from '../../migration/ledger.ts'

/**
 * Tables of Shiplock's own, beside the tool's: `history` (every attempt, and facts of the release), `step` (finished
 * statements of files that run outside a transaction) and `stamp` (which database this is).
 */
const schemaVersion = 1

/** The statements that make the state tables, each safe to run again. */
export function stateStatements(schema: string): readonly string[] {
  const s = quoteName(schema)
  return [
    `create table if not exists ${s}.stamp (
      only_row boolean primary key default true check (only_row),
      id uuid not null default pg_catalog.gen_random_uuid(),
      schema_version integer not null default ${schemaVersion},
      environment text not null,
      system_identifier text,
      database_oid text not null,
      address text not null,
      stamped_at timestamptz not null default pg_catalog.clock_timestamp())`,
    `create table if not exists ${s}.history (
      id bigint generated always as identity primary key,
      project text not null,
      environment text not null,
      stamp uuid not null,
      event text not null,
      phase text,
      version text,
      name text,
      checksum text,
      state text,
      release text not null,
      commit text,
      run text not null,
      attempt text not null,
      host text not null,
      started_at timestamptz not null default pg_catalog.clock_timestamp(),
      finished_at timestamptz,
      duration_ms bigint,
      error text,
      detail jsonb)`,
    `create table if not exists ${s}.step (
      project text not null,
      version text not null,
      index integer not null,
      hash text not null,
      state text not null,
      at timestamptz not null default pg_catalog.clock_timestamp(),
      primary key (project, version, index))`,
  ]
}

export const stateTables = ['stamp', 'history', 'step'] as const

/** The statement that makes a schema, when it is missing: IF NOT EXISTS asks for the right to create even where a DBA has made it. */
export async function schemaStatements(client: pg.Client, schema: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ missing: boolean }>('select pg_catalog.to_regnamespace($1) is null as missing', [quoteName(schema)])
  return rows[0]?.missing ? [`create schema ${quoteName(schema)}`] : []
}

/** Runs statements that make something, all or none. */
export async function createObjects(client: pg.Client, schema: string, statements: readonly string[]): Promise<void> {
  try {
    await client.query(`begin;\n${statements.join(';\n')};\ncommit`)
  } catch (error) {
    await client.query('rollback').catch(() => {})
    if (systemCode(error) !== '42501') throw error
    throw await insufficientRights(client, schema, 'create objects in', error)
  }
}

/** Whether the state tables are there; `state-newer` when a newer Shiplock wrote them. */
export async function stateExists(client: pg.Client, schema: string): Promise<boolean> {
  const found = await readState<{ found: boolean }>(
    client,
    schema,
    `select pg_catalog.to_regclass(${quoteText(`${quoteName(schema)}.stamp`)}) is not null and pg_catalog.to_regclass(${quoteText(`${quoteName(schema)}.history`)}) is not null as found`,
  )
  if (found.rows[0]?.found !== true) return false
  const { rows } = await readState<{ version: number }>(
    client,
    schema,
    `select pg_catalog.max(schema_version) as version from ${quoteName(schema)}.stamp`,
  )
  if ((rows[0]?.version ?? 0) > schemaVersion) {
    throw new ReleaseError('state-newer', `The schema ${schema} was written by a newer Shiplock.`, {
      hint: 'Use the version of Shiplock that the other stages use, or a newer one.',
    })
  }
  return true
}

/** Reads from the state schema; a missing right becomes one error with what a DBA runs. */
export async function readState<Row extends pg.QueryResultRow>(
  client: pg.Client,
  schema: string,
  sql: string,
): Promise<pg.QueryResult<Row>> {
  try {
    return await client.query<Row>(sql)
  } catch (error) {
    if (systemCode(error) !== '42501') throw error
    throw await insufficientRights(client, schema, 'read', error)
  }
}

/** Quoted, as the lines for a DBA name it. */
export async function currentRole(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select current_user::text as name').catch(() => ({ rows: [] }))
  return quoteName(rows[0]?.name ?? 'the_role')
}

/** The error of a role that may not work in the state schema, with the lines that a DBA runs. */
export async function insufficientRights(
  client: pg.Client,
  schema: string,
  what: 'read' | 'write to' | 'create objects in',
  cause: unknown,
): Promise<ReleaseError> {
  const role = await currentRole(client)
  const s = quoteName(schema)
  const read = `grant usage on schema ${s} to ${role}; grant select on all tables in schema ${s} to ${role};`
  const write = `grant usage, create on schema ${s} to ${role}; grant all on all tables in schema ${s} to ${role};`
  return new ReleaseError(
    'insufficient-rights',
    `The role ${role} may not ${what} the schema ${schema}, where Shiplock keeps its history.`,
    {
      hint:
        what === 'read'
          ? `A DBA runs, for plan and dry-run:\n  ${read}\nand for all the rest:\n  ${write}`
          : `A DBA runs:\n  create schema if not exists ${s};\n  ${write}`,
      cause,
    },
  )
}
