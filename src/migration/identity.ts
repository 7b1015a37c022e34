import { ReleaseError } from '../errors.ts'
import type { DatabaseIdentity, Stamp } from './database.ts'
import { quoteName, quoteText } from './ledger.ts'

/**
 * Throws `wrong-database` unless the stamp in the database says that it is the one of this environment, and not a
 * fork, a template copy or a restored backup that carries somebody else's stamp.
 */
export function checkStamp(stamp: Stamp | undefined, identity: DatabaseIdentity, environment: string, stateSchema: string): void {
  if (stamp === undefined) return
  if (stamp.environment !== environment) {
    throw new ReleaseError('wrong-database', `This database was stamped as ${stamp.environment}, and this run is for ${environment}.`, {
      hint: `Check database-url and environment. Nothing was changed. If the stamp is wrong, a DBA runs: ${restamp(stateSchema, identity, environment)}`,
    })
  }
  const differences = [
    stamp.systemIdentifier !== undefined &&
      identity.systemIdentifier !== undefined &&
      stamp.systemIdentifier !== identity.systemIdentifier &&
      'another server cluster',
    stamp.databaseOid !== identity.databaseOid && 'another database of that cluster',
    stamp.address !== identity.address && 'another address',
  ].filter((one) => one !== false)
  if (differences.length === 0) return
  throw new ReleaseError(
    'wrong-database',
    `This database is a copy, or has moved: it carries the stamp of ${environment}, which was made for ${differences.join(' and ')}.`,
    {
      hint: `Check database-url. Nothing was changed. If it really is ${environment} now, a DBA runs: ${restamp(stateSchema, identity, environment)}`,
    },
  )
}

function restamp(schema: string, identity: DatabaseIdentity, environment: string): string {
  const system = identity.systemIdentifier === undefined ? 'null' : quoteText(identity.systemIdentifier)
  return `update ${quoteName(schema)}.stamp set environment = ${quoteText(environment)}, system_identifier = ${system}, database_oid = ${quoteText(identity.databaseOid)}, address = ${quoteText(identity.address)};`
}
