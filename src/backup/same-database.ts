import type { DatabaseIdentity } from '../migration/identity.ts'
import type { Manifest } from './manifest.ts'

/** The database that a backup is compared with. */
export interface LiveDatabase {
  readonly database: string
  readonly identity: DatabaseIdentity
  /** Id of its stamp; `undefined` before the first run. */
  readonly stampId: string | undefined
}

/**
 * Why a backup is not of this very database; `undefined` when it is. A stamp alone does not tell: a template copy and a
 * restored backup carry it too, and a copy that was adopted as moved keeps it. So whatever both sides know must agree.
 */
export function otherDatabase({ source }: Pick<Manifest, 'source'>, live: LiveDatabase): string | undefined {
  const { systemIdentifier, databaseOid, address } = live.identity
  if (source.stamp !== undefined && source.stamp !== live.stampId) {
    return live.stampId === undefined
      ? 'it is of a database that carries a stamp, and this one carries none'
      : 'it is of a database with another stamp'
  }
  if (differ(source.systemIdentifier, systemIdentifier)) return 'it is of another server cluster'
  if (differ(source.databaseOid, databaseOid)) return 'it is of another database of this cluster'
  // a standby has an address of its own
  if (!source.inRecovery && differ(source.address, address)) return 'it is of a database at another address'
  if (source.stamp !== undefined) return undefined
  if (source.database !== live.database) return `it is of the database ${source.database}`
  if (source.systemIdentifier === undefined || systemIdentifier === undefined || source.databaseOid === undefined) {
    return 'it was made before the database had a stamp, and nothing else tells which database it is of'
  }
  return undefined
}

function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other
}
