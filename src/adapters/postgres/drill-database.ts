import pg from 'pg'
import type { ScratchOptions } from '../../commands/command.ts'
import type { Existing } from '../../drill/contents.ts'
import { isAllowedExtension } from '../../drill/extensions.ts'
import { messageOf, ReleaseError } from '../../errors.ts'
import type { OwnRoles } from './own-roles.ts'

interface NamedExtension {
  readonly name: string
  readonly schema: string
}

/** Makes two plain roles and an empty database of the first, with the source's encoding and locale. Throws `scratch-failed`. */
export async function createDrillDatabase(
  client: pg.Client,
  database: string,
  { encoding, collate, ctype }: ScratchOptions,
  { restorer, reader }: OwnRoles,
): Promise<void> {
  for (const { user, password } of [restorer, reader]) {
    // bypassrls: what a policy hides is part of the backup too
    await client.query(
      `create role ${pg.escapeIdentifier(user)} login nosuperuser nocreatedb nocreaterole noreplication bypassrls password ${pg.escapeLiteral(password)}`,
    )
  }
  // it reads what anybody of the copy may read and calls what anybody may call, in sessions that cannot write
  await client.query(`grant ${restorer.user} to ${reader.user}`)
  if (await exists(client, 'pg_read_all_data')) await client.query(`grant pg_read_all_data to ${reader.user}`)
  const locale = `encoding ${pg.escapeLiteral(encoding)} lc_collate ${pg.escapeLiteral(collate)} lc_ctype ${pg.escapeLiteral(ctype)}`
  try {
    await client.query(`create database ${database} owner ${restorer.user} template template0 ${locale}`)
  } catch (cause) {
    throw new ReleaseError(
      'scratch-failed',
      `No database with the encoding and locale of the source (${encoding}, ${collate}) can be made here: ${messageOf(cause)}.`,
      {
        hint: `Install the locale on this machine, for instance: sudo locale-gen ${collate}`,
        cause,
      },
    )
  }
  await client.query(`revoke all on database ${database} from public; grant connect on database ${database} to ${reader.user}`)
}

async function exists(client: pg.Client, role: string): Promise<boolean> {
  const { rows } = await client.query('select from pg_catalog.pg_roles where rolname operator(pg_catalog.=) $1', [role])
  return rows.length > 0
}

/** Before PostgreSQL 15 the schema public belonged to the superuser, whose place the owner of the database takes since. */
export async function openPublicSchema(client: pg.Client, serverMajor: number, restorer: string): Promise<void> {
  if (serverMajor < 15) await client.query(`alter schema public owner to ${restorer}`)
}

/**
 * Makes the allowed extensions as superuser, each in its schema, what one requires first; those that are not allowed
 * or not installed on this machine stay away. Only for an empty database: nobody may have laid traps in it.
 */
export async function createExtensions(
  client: pg.Client,
  wanted: readonly NamedExtension[],
  { restorer, named }: { restorer: string; named: readonly string[] },
): Promise<void> {
  const { rows: known } = await client.query<{ name: string; requires: string[]; present: boolean }>(
    `select a.name, coalesce(v.requires::text[], '{}') as requires, a.installed_version is not null as present
     from pg_catalog.pg_available_extensions a
     left join pg_catalog.pg_available_extension_versions v on v.name = a.name and v.version = a.default_version`,
  )
  const present = new Set(known.filter((one) => one.present).map(({ name }) => name))
  const requires = new Map(known.map((one) => [one.name, one.requires]))
  let waiting = wanted.filter(({ name }) => !present.has(name))
  for (;;) {
    const next = waiting.filter(({ name }) => isAllowedExtension(name, named) && requires.get(name)?.every((one) => present.has(one)))
    if (next.length === 0) return
    for (const { name, schema } of next) {
      await client.query(`create schema if not exists ${pg.escapeIdentifier(schema)} authorization ${restorer}`)
      await client.query(`create extension ${pg.escapeIdentifier(name)} with schema ${pg.escapeIdentifier(schema)}`)
      present.add(name)
    }
    waiting = waiting.filter(({ name }) => !present.has(name))
  }
}

/** Rows that users gave to tables of extensions, such as reference systems of PostGIS, are in a dump: whoever restores adds them. */
export async function openExtensionTables(client: pg.Client, restorer: string): Promise<void> {
  const { rows } = await client.query<{ name: string; rights: string }>(
    `select pg_catalog.format('%I.%I', n.nspname, c.relname) as name,
       case c.relkind when 'S' then 'usage, update on sequence' else 'select, insert on table' end as rights
     from pg_catalog.pg_extension e
       join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) any (e.extconfig)
       join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace`,
  )
  for (const { name, rights } of rows) await client.query(`grant ${rights} ${name} to ${restorer}`)
}

/** Grants are not restored into an open copy: everybody may use its schemas and tables, and make things there. */
export async function openToEverybody(client: pg.Client, restorer: string): Promise<void> {
  await client.query(
    [
      'grant all on schema public to public',
      ...['schemas', 'tables', 'sequences'].map(
        (kind) => `alter default privileges for role current_user, ${restorer} grant all on ${kind} to public`,
      ),
    ].join(';\n'),
  )
}

/** What stands in the database before anything is restored, and what this session's role may set. */
export async function existingObjects(client: pg.Client): Promise<Required<Omit<Existing, 'roles'>>> {
  const names = async (sql: string) => new Set((await client.query<{ name: string }>(sql)).rows.map(({ name }) => name))
  return {
    schemas: await names('select nspname::text as name from pg_catalog.pg_namespace'),
    extensions: await names('select extname::text as name from pg_catalog.pg_extension'),
    settings: await names(`select pg_catalog.lower(name) as name from pg_catalog.pg_settings where context operator(pg_catalog.=) 'user'`),
  }
}
