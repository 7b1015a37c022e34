import { ReleaseError } from '../errors.ts'

/** What tells one database from another, a copy and a restored backup included. */
export interface DatabaseIdentity {
  readonly systemIdentifier: string | undefined
  readonly databaseOid: string
  /** SHA-256 over host, port and name. */
  readonly address: string
  /** A standby of the database, which has another address than its primary by nature. */
  readonly standby?: boolean
}

export interface Stamp extends DatabaseIdentity {
  readonly id: string
  readonly environment: string
}

/** What makes a stamp and a database agree again. */
export interface Adoption {
  /** A database that moved keeps its stamp's id, and with it its history; a copy for another environment starts its own. */
  readonly kind: 'moved' | 'copy'
  readonly from: Stamp
  readonly to: DatabaseIdentity & { readonly environment: string }
}

/**
 * Throws `wrong-database` unless the stamp in the database says that it is the one of this environment, and not a
 * fork, a template copy or a restored backup that carries somebody else's stamp.
 */
export function checkStamp(stamp: Stamp | undefined, identity: DatabaseIdentity, environment: string): void {
  if (stamp === undefined) return
  const adopt = `shiplock ledger adopt --environment ${environment} --reason "…"`
  if (stamp.environment !== environment) {
    throw new ReleaseError('wrong-database', `This database was stamped as ${stamp.environment}, and this run is for ${environment}.`, {
      hint: `Check database-url and environment. Nothing was changed. If this database, a copy perhaps, is to be ${environment} from now on: ${adopt}`,
    })
  }
  const differences = differencesOf(stamp, identity)
  if (differences.length === 0) return
  throw new ReleaseError(
    'wrong-database',
    `This database is a copy, or has moved: it carries the stamp of ${environment}, which was made for ${differences.join(' and ')}.`,
    {
      hint: `Check database-url. Nothing was changed. If it really is ${environment} now: ${adopt}`,
    },
  )
}

/** `undefined` when the stamp agrees already. Throws `not-stamped`. */
export function planAdoption(stamp: Stamp | undefined, identity: DatabaseIdentity, environment: string): Adoption | undefined {
  if (stamp === undefined) {
    throw new ReleaseError('not-stamped', 'This database carries no stamp: no run of Shiplock has changed it.', {
      hint: `There is nothing to adopt. The first "shiplock migrate --environment ${environment}" stamps it.`,
    })
  }
  const sameName = stamp.environment === environment
  if (sameName && differencesOf(stamp, identity).length === 0) return undefined
  return { kind: sameName ? 'moved' : 'copy', from: stamp, to: { ...identity, environment } }
}

function differencesOf(stamp: Stamp, identity: DatabaseIdentity): string[] {
  return [
    stamp.systemIdentifier !== undefined &&
      identity.systemIdentifier !== undefined &&
      stamp.systemIdentifier !== identity.systemIdentifier &&
      'another server cluster',
    stamp.databaseOid !== identity.databaseOid && 'another database of that cluster',
    stamp.address !== identity.address && identity.standby !== true && 'another address',
  ].filter((one) => one !== false)
}
