import pg from 'pg'
import type { Membership } from '../../backup/membership.ts'
import { isPredefined, isReplayed, type RoleFacts, stubNames } from '../../drill/roles.ts'
import type { OwnRoles } from './own-roles.ts'

/** Roles of the source as a scratch cluster needs them: names that own and get things, and can do nothing. */
export async function createRoleStubs(
  client: pg.Client,
  names: readonly string[],
  facts: RoleFacts,
  { restorer, serverMajor }: { restorer: string; serverMajor: number },
): Promise<void> {
  const { rows: present } = await client.query<{ name: string }>('select rolname::text as name from pg_catalog.pg_roles')
  const taken = new Set(present.map(({ name }) => name))
  const stubs = stubNames(names, facts).filter((name) => !taken.has(name))
  if (stubs.length === 0) return
  const option = serverMajor >= 16 ? ' with inherit true, set true' : ''
  const list = (roles: readonly string[]) => roles.map(pg.escapeIdentifier).join(', ')
  const others = stubs.filter((name) => !facts.superusers.includes(name))
  await client.query(
    [
      ...stubs.map((name) => `create role ${pg.escapeIdentifier(name)} nologin`),
      `grant ${list(stubs)} to ${pg.escapeIdentifier(restorer)}${option}`,
      ...facts.memberships
        .filter((one) => isReplayed(one, facts))
        .map((one) => `grant ${list([one.role])} to ${list([one.member])}${optionsOf(one, serverMajor)}`),
      // a view of a superuser reads whatever the others own
      ...facts.superusers
        .filter((name) => stubs.includes(name) && others.length > 0)
        .map((name) => `grant ${list(others)} to ${list([name])}`),
    ].join(';\n'),
  )
}

function optionsOf({ options }: Membership, serverMajor: number): string {
  const has = (option: Membership['options'][number]) => options.includes(option)
  if (serverMajor < 16) return has('admin') ? ' with admin option' : ''
  return ` with admin ${has('admin')}, inherit ${!has('no inherit')}, set ${!has('no set')}`
}

/** Whether a membership of the copy is one that the source did not have: what it takes to restore and to read, and what a superuser may without one. */
export function isOurs({ role, member }: Membership, { superuser, restorer, reader }: OwnRoles, { superusers }: RoleFacts): boolean {
  return [superuser, restorer, reader].some(({ user }) => user === member) || (superusers.includes(member) && !isPredefined(role))
}

/** Owners of what was made beforehand. */
export async function giveSchemas(client: pg.Client, owners: ReadonlyMap<string, string>): Promise<void> {
  for (const [schema, owner] of owners) {
    await client.query(`alter schema ${pg.escapeIdentifier(schema)} owner to ${pg.escapeIdentifier(owner)}`)
  }
}

/** An owner needs CREATE on the schema at the moment when it is made the owner. Returns the SQL that takes that back. */
export async function openSchemas(client: pg.Client, roles: readonly string[]): Promise<string> {
  const { rows } = await client.query<{ name: string; owner: string }>(
    `select nspname::text as name, pg_catalog.pg_get_userbyid(nspowner)::text as owner from pg_catalog.pg_namespace
     where not pg_catalog.starts_with(nspname::text, 'pg_') and nspname operator(pg_catalog.<>) 'information_schema'`,
  )
  const { rows: present } = await client.query<{ name: string }>('select rolname::text as name from pg_catalog.pg_roles')
  const known = new Set(present.map(({ name }) => name))
  const wanted = roles.filter((role) => known.has(role) && !isPredefined(role))
  const all = (verb: 'grant' | 'revoke') =>
    rows.flatMap(({ name, owner }) => {
      // what is granted to an owner and taken back would be missing from its own rights
      const others = wanted.filter((role) => role !== owner).map(pg.escapeIdentifier)
      const to = verb === 'grant' ? 'to' : 'from'
      return others.length === 0 ? [] : [`${verb} create on schema ${pg.escapeIdentifier(name)} ${to} ${others.join(', ')}`]
    })
  await client.query(all('grant').join(';\n'))
  return all('revoke').join(';\n')
}

/**
 * Materialized views are filled by their owner, and a stub may not read what a superuser of the source could: the role
 * that restores owns them meanwhile. Returns what gives them back.
 */
export async function holdMaterializedViews(client: pg.Client, holder: string): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ view: string; owner: string }>(
    `select pg_catalog.format('%I.%I', n.nspname, c.relname) as view, pg_catalog.pg_get_userbyid(c.relowner)::text as owner
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
     where c.relkind operator(pg_catalog.=) 'm'`,
  )
  const give = (to: (row: { owner: string }) => string) =>
    rows.map((row) => `alter materialized view ${row.view} owner to ${pg.escapeIdentifier(to(row))}`).join(';\n')
  if (rows.length > 0) await client.query(give(() => holder))
  return async () => {
    if (rows.length > 0) await client.query(give(({ owner }) => owner))
  }
}
