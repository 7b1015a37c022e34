/** What is known of the source's roles beyond their names. */
export interface RoleFacts {
  readonly superusers: readonly string[]
  readonly memberships: readonly Membership[]
}

export interface Membership {
  readonly role: string
  readonly member: string
}

const name = '("(?:[^"]|"")+"|[^\\s";]+)'

/** Reads what `pg_dumpall --roles-only` wrote. Other attributes mean nothing to a restored copy. */
export function parseRoles(sql: string): RoleFacts {
  const superusers = [...sql.matchAll(new RegExp(`^ALTER ROLE ${name} WITH SUPERUSER\\b`, 'gm'))].map(([, role = '']) => unquote(role))
  const memberships = [...sql.matchAll(new RegExp(`^GRANT ${name} TO ${name}[ ;]`, 'gm'))].map(([, role = '', member = '']) => ({
    role: unquote(role),
    member: unquote(member),
  }))
  return { superusers, memberships }
}

/** Roles that a copy needs: those that an archive names, and those through which they have what others have. */
export function stubNames(named: readonly string[], { memberships }: RoleFacts): readonly string[] {
  return [...new Set([...named, ...memberships.flatMap(({ role, member }) => [role, member])])].filter((name) => !isPredefined(name))
}

/**
 * Memberships that a copy gets. A superuser's, or one of PostgreSQL's own roles such as `pg_execute_server_program`,
 * would hand the machine to whatever code a dump holds: they are never among them, however the source had them.
 */
export function grantedMemberships({ superusers, memberships }: RoleFacts, stubs: readonly string[]): readonly Membership[] {
  const may = new Set(stubs.filter((stub) => !isPredefined(stub) && !superusers.includes(stub)))
  return memberships.filter(({ role, member }) => may.has(role) && may.has(member))
}

export function isPredefined(role: string): boolean {
  return role.startsWith('pg_')
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text
}
