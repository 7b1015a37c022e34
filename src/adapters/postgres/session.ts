import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { DatabaseInputs, RunIdentity } from '../../commands/command.ts'
import { isLocal } from '../../connection.ts'
import { ReleaseError, systemCode } from '../../errors.ts'
import type { DatabaseIdentity } from '../../migration/identity.ts'
import { quoteName } from '../../migration/ledger.ts'
import { type OpenClient, openClient } from './client.ts'
import { sharedSessions } from './pooler.ts'

/** What the adapter needs to know of its surroundings. */
export interface DatabaseSurroundings {
  readonly database: DatabaseInputs
  readonly stateSchema: string
  readonly run: RunIdentity
  readonly say: (text: string) => void
  readonly warn: (text: string) => void
  /** Text that the server sends beside results: notices of a migration. */
  readonly sayForeign: (text: string) => void
}

/** The one name that travels in the start-up packet: it tells a DBA which run this is. */
export function applicationName(run: RunIdentity): string {
  return `shiplock/${run.id}.${run.attempt}`.slice(0, 63)
}

/** A connection in the state that our own queries need: the role assumed, the search path pinned. */
export async function openSession(
  database: DatabaseInputs,
  applicationName: string,
  limits: { readonly answerMs?: number; readonly lockMs?: number } = {},
): Promise<OpenClient> {
  const session = await openClient({ ...database, ...limits, applicationName })
  try {
    await assumeRole(session.client, database.role)
    const lockLimit = limits.lockMs === undefined ? '' : `; set lock_timeout = ${limits.lockMs}`
    await session.client.query(`set search_path = pg_catalog, pg_temp${lockLimit}`)
    return session
  } catch (error) {
    await session[Symbol.asyncDispose]()
    throw error
  }
}

export async function assumeRole(client: pg.Client, role: string | undefined): Promise<void> {
  if (role === undefined) return
  try {
    await client.query(`set role ${quoteName(role)}`)
  } catch (error) {
    if (!['42501', '22023', '42704'].includes(systemCode(error) ?? '')) throw error
    throw new ReleaseError('insufficient-rights', `The connection's user may not assume the role ${role}, or the role does not exist.`, {
      hint: `A DBA runs: grant ${quoteName(role)} to the user of the connection.`,
      cause: error,
    })
  }
}

/**
 * One query as the connection's own user, whatever role was assumed: only that user may cancel our other connection,
 * and see how far it is. A message of several statements is one transaction, also when it fails.
 */
export async function asLogin(client: pg.Client, sql: string): Promise<readonly unknown[]> {
  const answers = (await client.query(`set local role none; ${sql}`)) as unknown as pg.QueryResult[]
  return answers[1]?.rows ?? []
}

/** The key of an advisory lock; there is one of each kind for a project in a database. */
export function advisoryKey(kind: 'runner' | 'worker', project: string): string {
  return createHash('sha256').update(`shiplock\0${kind}\0${project}`).digest().readBigInt64BE(0).toString()
}

/** What tells this database from others. The system identifier is missing where the role may not read it. */
export async function readIdentity(client: pg.Client, database: DatabaseInputs): Promise<DatabaseIdentity> {
  const { connection } = database
  const { rows } = await client.query<{ oid: string }>(
    'select oid::text as oid from pg_catalog.pg_database where datname = pg_catalog.current_database()',
  )
  const system = await client
    .query<{ id: string }>('select system_identifier::text as id from pg_catalog.pg_control_system()')
    .catch(() => undefined)
  return {
    systemIdentifier: system?.rows[0]?.id,
    databaseOid: rows[0]?.oid ?? '',
    address: createHash('sha256')
      .update(`${placeOf(database)}\0${connection.port}\0${connection.database}`)
      .digest('hex'),
  }
}

/** Every name of this machine is one place. What is local to the ssh host, is the ssh host. */
function placeOf({ connection, tunnel }: DatabaseInputs): string {
  if (!isLocal(connection)) return connection.host
  return tunnel === undefined || isLocal(tunnel.through) ? 'localhost' : tunnel.through.host
}

/** Throws `pooler-detected` when two connections that are open at once turn out to be one server process. */
export function refusePooler(one: OpenClient, other: OpenClient): void {
  if (one.pid === other.pid) throw sharedSessions()
}

export async function isStandby(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ recovering: boolean }>('select pg_catalog.pg_is_in_recovery() as recovering')
  return rows[0]?.recovering === true
}

export function isReplica(description: string): ReleaseError {
  return new ReleaseError('database-is-replica', `${description} is a read replica.`, { hint: 'Point database-url at the primary.' })
}
