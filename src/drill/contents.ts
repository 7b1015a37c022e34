import { type Definition, namedRoles } from './archive-script.ts'
import { needsSuperuser } from './superuser-entries.ts'

/** What to restore of an archive, and what not. Lists are lines for `pg_restore --use-list`. */
export interface EditedContents {
  readonly schemas: string
  readonly objects: string
  readonly grants: string
  /** SQL of grants that another role than the owner made: `pg_restore` cannot make them without a superuser. */
  readonly foreignGrants: readonly string[]
  readonly refreshes: string
  /** Entries that are left out, as people know them; what stands in the cluster already is not among them. */
  readonly leftOut: readonly string[]
  /** Roles that own or get something. */
  readonly roles: readonly string[]
  /** Roles that policies name: without them not even a copy without owners can be made. */
  readonly policyRoles: readonly string[]
  /** Owners of the schemas that stand in the cluster already. */
  readonly schemaOwners: ReadonlyMap<string, string>
}

/** What a superuser made beforehand, and what a plain role may do there. */
export interface Existing {
  readonly schemas: ReadonlySet<string>
  readonly extensions: ReadonlySet<string>
  /** Parameters that everybody may set; left out, all of them. */
  readonly settings?: ReadonlySet<string>
  /** Given where no role can be made: policies that name another one are left out. */
  readonly roles?: ReadonlySet<string>
}

interface Entry {
  readonly id: string
  readonly line: string
  /** Type, schema and name, without the owner: `TABLE public users`. */
  readonly object: string
  readonly owner: string | undefined
  readonly sql: string
  readonly dependsOn: readonly string[]
}

const privileges = /^(?:DEFAULT )?ACL /

/**
 * Reads what `pg_restore --list --verbose` says, and leaves out what a plain role cannot restore and what needs that.
 * `definitions` may lack entries, which are then judged by their type alone.
 */
export function editContents(listing: string, definitions: ReadonlyMap<string, Definition>, existing: Existing): EditedContents {
  const entries = parseContents(listing, definitions)
  const known = new Set(entries.map(({ id }) => id))
  const provided = new Set(entries.filter((entry) => isProvided(entry, existing)).map(({ id }) => id))
  const isUnowned = (entry: Entry) => isGrantOnForeign(entry, known)
  const outright = entries.filter((entry) => !provided.has(entry.id) && (isImpossible(entry, existing) || isUnowned(entry)))
  const out = withDependants(new Set(outright.map(({ id }) => id)), entries)
  const kept = entries.filter(({ id }) => !provided.has(id) && !out.has(id))
  const leftOut = entries.filter((entry) => out.has(entry.id) && (!privileges.test(entry.object) || isUnowned(entry)))
  const grants = kept.filter(({ object }) => privileges.test(object))
  const byOthers = new Set(grants.filter(({ sql }) => /^SET SESSION AUTHORIZATION /m.test(sql)).map(({ id }) => id))
  // a grant on a table would take back those on its columns that came before it
  const foreign = withDependants(byOthers, grants)
  const policies = kept.filter(({ object }) => object.startsWith('POLICY '))
  const policyRoles = policies.flatMap(rolesIn)
  const isSchema = ({ object }: Entry) => object.startsWith('SCHEMA ')
  const isRefresh = ({ object }: Entry) => object.startsWith('MATERIALIZED VIEW DATA ')
  return {
    schemas: lines(kept.filter(isSchema)),
    objects: lines(kept.filter((entry) => !isSchema(entry) && !isRefresh(entry) && !privileges.test(entry.object))),
    grants: lines(grants.filter(({ id }) => !foreign.has(id))),
    foreignGrants: grants.filter(({ id }) => foreign.has(id)).map(({ sql }) => bySwitchingRoles(sql)),
    refreshes: lines(kept.filter(isRefresh)),
    leftOut: [...new Set(leftOut.map(({ object }) => object))],
    roles: unique([...entries.flatMap(({ owner }) => owner ?? []), ...grants.flatMap(rolesIn), ...policyRoles]),
    policyRoles: unique(policyRoles),
    schemaOwners: new Map(entries.flatMap((entry) => providedOwner(entry, provided))),
  }
}

function parseContents(listing: string, definitions: ReadonlyMap<string, Definition>): Entry[] {
  const entries: (Entry & { dependsOn: string[] })[] = []
  for (const line of listing.split('\n')) {
    const [, id, text] = /^(\d+); \d+ \d+ (.*)$/.exec(line) ?? []
    if (id !== undefined && text !== undefined) {
      const { owner, sql = '' } = definitions.get(id) ?? {}
      entries.push({ id, line, ...withoutOwner(text, owner), sql, dependsOn: [] })
    }
    const needed = /^;\s+depends on: ([\d ]+)$/.exec(line)
    if (needed !== null) entries.at(-1)?.dependsOn.push(...(needed[1] as string).trim().split(/ +/))
  }
  return entries
}

/** `TABLE public users postgres` and `EXTENSION - hstore ` end with the owner, which may be empty, and may hold blanks. */
function withoutOwner(text: string, exact: string | undefined): { object: string; owner: string | undefined } {
  const end = exact !== undefined && text.endsWith(` ${exact}`) ? text.length - exact.length - 1 : text.lastIndexOf(' ')
  const object = text.slice(0, end).replace(/^([A-Z ]+) - /, '$1 ')
  return { object, owner: exact ?? (text.slice(end + 1) || undefined) }
}

function isProvided({ object }: Entry, existing: Existing): boolean {
  const [, type, name = ''] = /^(SCHEMA|EXTENSION) (.*)$/.exec(object) ?? []
  return (type === 'SCHEMA' && existing.schemas.has(name)) || (type === 'EXTENSION' && existing.extensions.has(name))
}

function isImpossible(entry: Entry, { settings, roles }: Existing): boolean {
  if (needsSuperuser(entry.object, entry.sql, settings)) return true
  return roles !== undefined && entry.object.startsWith('POLICY ') && rolesIn(entry).some((role) => !roles.has(role))
}

/** Whether a grant is about what the archive does not make: part of an extension, or of PostgreSQL itself. */
function isGrantOnForeign({ object, dependsOn }: Entry, known: ReadonlySet<string>): boolean {
  if (!object.startsWith('ACL ') || object === 'ACL SCHEMA public') return false
  return dependsOn.length > 0 && !dependsOn.some((id) => known.has(id))
}

function withDependants(ids: Set<string>, entries: readonly Entry[]): Set<string> {
  for (let before = -1; before !== ids.size; ) {
    before = ids.size
    for (const { id, dependsOn } of entries) if (dependsOn.some((needed) => ids.has(needed))) ids.add(id)
  }
  return ids
}

/** Who may act for a role needs no superuser to do so. */
function bySwitchingRoles(sql: string): string {
  return sql.replaceAll(/^SET SESSION AUTHORIZATION /gm, 'SET ROLE ').replaceAll(/^RESET SESSION AUTHORIZATION;/gm, 'RESET ROLE;')
}

function providedOwner({ id, object, owner }: Entry, provided: ReadonlySet<string>): [string, string][] {
  const schema = /^SCHEMA (.*)$/.exec(object)?.[1]
  return schema !== undefined && owner !== undefined && provided.has(id) ? [[schema, owner]] : []
}

function rolesIn({ object, sql }: Entry): readonly string[] {
  // what stands behind a policy's roles is an expression
  return namedRoles(object.startsWith('POLICY ') ? (/^[\s\S]*?(?= USING \(| WITH CHECK \(|;)/.exec(sql)?.[0] ?? '') : sql)
}

function lines(entries: readonly Entry[]): string {
  return entries.map(({ line }) => `${line}\n`).join('')
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}
