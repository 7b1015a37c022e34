import type { Check } from '../result.ts'
import type { Content } from './content.ts'
import { writeContents, writeRoles } from './contents.ts'
import type { RolesDump } from './dump.ts'
import type { Manifest } from './manifest.ts'
import type { Store } from './store.ts'

interface BesideWork {
  readonly store: Store
  readonly key: string
  readonly serverMajor: number
  readonly catalog: Content['catalog']
  readonly roles: RolesDump
  readonly signal: AbortSignal
}

/** What lies beside a dump, as its manifest names it. */
export interface KeptBeside extends Pick<Manifest, 'contents' | 'roles'> {
  readonly checks: readonly Check[]
}

/** Writes the list of what the dump holds, and the roles where there are any to write. A dump without roles is a backup all the same. */
export async function keepBeside({ store, key, serverMajor, catalog, roles, signal }: BesideWork): Promise<KeptBeside> {
  const memberships = 'sql' in roles && roles.memberships !== undefined ? { memberships: [...roles.memberships] } : {}
  const contents = await writeContents(store, key, { serverMajor, ...memberships, objects: [...catalog] }, signal)
  if ('notKept' in roles) {
    return { contents, roles, checks: [{ id: 'roles', status: 'not-checked', message: `not kept: ${roles.notKept}` }] }
  }
  const count = roles.sql.match(/^CREATE ROLE /gm)?.length ?? 0
  const kept = { ...(await writeRoles(store, key, roles.sql, signal)), count }
  return { contents, roles: kept, checks: [{ id: 'roles', status: 'pass', value: count }] }
}
