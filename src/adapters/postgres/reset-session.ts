import type { DatabaseInputs } from '../../commands/command.ts'
import { quoteName } from '../../migration/ledger.ts'
import { sessionSettings } from './client.ts'

/**
 * What DISCARD ALL does, as statements that may share a message and a transaction with others, then our own settings
 * and role again. Nothing frees only the advisory locks of others: ours is held by the transaction while the session's are freed,
 * so that nobody gets it in between. https://www.postgresql.org/docs/current/sql-discard.html
 */
export function resetStatements(serverMajor: number, { connection, role }: DatabaseInputs, workerKey: string): readonly string[] {
  return [
    'close all',
    'set session authorization default',
    'reset all',
    'deallocate all',
    'unlisten *',
    `select pg_catalog.pg_advisory_xact_lock(${workerKey})`,
    'select pg_catalog.pg_advisory_unlock_all()',
    `select pg_catalog.pg_advisory_lock(${workerKey})`,
    'discard plans',
    'discard temp',
    'discard sequences',
    ...sessionSettings(serverMajor, connection),
    ...(role === undefined ? [] : [`set role ${quoteName(role)}`]),
  ]
}
