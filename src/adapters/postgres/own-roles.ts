import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Cluster, Login } from './cluster.ts'

/** The roles of a scratch cluster that are ours; no role of the source may be taken for one of them. */
export interface OwnRoles {
  readonly superuser: Login
  readonly restorer: Login
  readonly reader: Login
}

/** Roles of the source keep their names: one of ours that stands in the way gets another one. */
export async function makeWay(cluster: Cluster, own: OwnRoles, names: readonly string[]): Promise<OwnRoles> {
  const away = (login: Login) => (names.includes(login.user) ? { ...login, user: newName('drill', names) } : login)
  const renamed = { superuser: away(own.superuser), restorer: away(own.restorer), reader: away(own.reader) }
  const changes = (['restorer', 'reader', 'superuser'] as const).filter((one) => own[one].user !== renamed[one].user)
  if (changes.length === 0) return own
  // nobody can rename itself
  const helper = newLogin(newName('drill', names))
  await using superuser = await cluster.connect({ database: 'postgres', ...own.superuser })
  await superuser.client.query(
    `create role ${pg.escapeIdentifier(helper.user)} superuser login password ${pg.escapeLiteral(helper.password)}`,
  )
  {
    await using other = await cluster.connect({ database: 'postgres', ...helper })
    for (const one of changes) {
      await other.client.query(`alter role ${pg.escapeIdentifier(own[one].user)} rename to ${pg.escapeIdentifier(renamed[one].user)}`)
    }
  }
  await superuser.client.query(`drop role ${pg.escapeIdentifier(helper.user)}`)
  return renamed
}

/** A role with a password that nobody else knows. */
export function newLogin(user: string): Login {
  return { user, password: randomBytes(24).toString('base64url') }
}

/** A name that cannot be guessed, and that is none of these. */
export function newName(stem: string, taken: readonly string[] = []): string {
  const name = `${stem}_${randomBytes(6).toString('hex')}`
  return taken.includes(name) ? newName(stem, taken) : name
}
