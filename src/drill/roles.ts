import { type Membership, mergeMemberships } from '../backup/membership.ts'

/** What is known of the source's roles beyond their names. */
export interface RoleFacts {
  readonly superusers: readonly string[]
  /** Those that may copy the whole server. */
  readonly replicators: readonly string[]
  readonly memberships: readonly Membership[]
}

const name = '("(?:[^"]|"")+"|[^\\s";]+)'

/** Reads what `pg_dumpall --roles-only` wrote. Other attributes mean nothing to a restored copy. */
export function parseRoles(sql: string): RoleFacts {
  const having = (attribute: string) =>
    [...sql.matchAll(new RegExp(`^ALTER ROLE ${name} WITH (?:[A-Z]+ )*${attribute}\\b`, 'gm'))].map(([, role = '']) => unquote(role))
  const grants = [...sql.matchAll(new RegExp(`^GRANT ${name} TO ${name}(?: WITH (.*?))?(?: GRANTED BY ${name})?;$`, 'gm'))]
  const memberships = grants.map(([, role = '', member = '', options = '']) => ({
    role: unquote(role),
    member: unquote(member),
    admin: /\bADMIN (?:OPTION|TRUE)\b/.test(options),
    inherit: !/\bINHERIT FALSE\b/.test(options),
    set: !/\bSET FALSE\b/.test(options),
  }))
  return { superusers: having('SUPERUSER'), replicators: having('REPLICATION'), memberships: mergeMemberships(memberships) }
}

/** Roles that a copy needs: those that an archive names, and those through which they have what others have. */
export function stubNames(named: readonly string[], { memberships }: RoleFacts): readonly string[] {
  return [...new Set([...named, ...memberships.flatMap(({ role, member }) => [role, member])])].filter((name) => !isPredefined(name))
}

/**
 * Whether a copy gets a membership. A superuser's, one of a role that replicates, or one of PostgreSQL's own roles such
 * as `pg_execute_server_program` would hand the machine to whatever code a dump holds: however the source had them.
 */
export function isReplayed({ role, member }: Pick<Membership, 'role' | 'member'>, { superusers, replicators }: RoleFacts): boolean {
  return [role, member].every((name) => !isPredefined(name) && !superusers.includes(name) && !replicators.includes(name))
}

export function isPredefined(role: string): boolean {
  return role.startsWith('pg_')
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text
}
