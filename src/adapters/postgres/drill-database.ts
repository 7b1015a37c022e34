import pg from 'pg'
import type { ScratchOptions } from '../../commands/command.ts'
import type { Existing } from '../../drill/contents.ts'
import { isAllowedExtension } from '../../drill/extensions.ts'
import { messageOf, ReleaseError } from '../../errors.ts'
import type { Login } from './cluster.ts'

interface NamedExtension {
  readonly name: string
  readonly schema: string
}

/** Makes two plain roles and an empty database of the first, with the source's encoding and locale. Throws `scratch-failed`. */
export async function createDrillDatabase(
  client: pg.Client,
  database: string,
  { encoding, collate, ctype }: ScratchOptions,
  { restorer, reader }: { restorer: Login; reader: Login },
): Promise<void> {
  for (const { user, password } of [restorer, reader]) {
    // bypassrls: what a policy hides is part of the backup too
    await client.query(
      `create role ${pg.escapeIdentifier(user)} login nosuperuser nocreatedb nocreaterole noreplication bypassrls password ${pg.escapeLiteral(password)}`,
    )
  }
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

/** Before PostgreSQL 15 everybody could write to the schema public, and the restorer could not comment on it. */
export async function openPublicSchema(client: pg.Client, restorer: string): Promise<void> {
  await client.query(`alter schema public owner to ${restorer}; revoke create on schema public from public`)
}

/**
 * Makes the allowed extensions as superuser, each in its schema, what one requires first. Returns those that are not
 * allowed or not installed on this machine. Only for an empty database: nobody may have laid traps in it.
 */
export async function createExtensions(client: pg.Client, wanted: readonly NamedExtension[], restorer: string): Promise<readonly string[]> {
  const { rows: known } = await client.query<{ name: string; requires: string[]; present: boolean }>(
    `select a.name, coalesce(v.requires::text[], '{}') as requires, a.installed_version is not null as present
     from pg_catalog.pg_available_extensions a
     left join pg_catalog.pg_available_extension_versions v on v.name = a.name and v.version = a.default_version`,
  )
  const present = new Set(known.filter((one) => one.present).map(({ name }) => name))
  const requires = new Map(known.map((one) => [one.name, one.requires]))
  let waiting = wanted.filter(({ name }) => !present.has(name))
  for (;;) {
    const next = waiting.filter(({ name }) => isAllowedExtension(name) && requires.get(name)?.every((one) => present.has(one)))
    if (next.length === 0) return waiting.map(({ name }) => name)
    for (const { name, schema } of next) {
      await client.query(`create schema if not exists ${pg.escapeIdentifier(schema)} authorization ${restorer}`)
      await client.query(`create extension ${pg.escapeIdentifier(name)} with schema ${pg.escapeIdentifier(schema)}`)
      present.add(name)
    }
    waiting = waiting.filter(({ name }) => !present.has(name))
  }
}

/**
 * Makes roles that can neither log in nor do anything, and the restorer a member of each. Schemas and tables are open to
 * all of them: an owner needs CREATE on the schema when it is made the owner, and grants are not restored.
 */
export async function createRoleStubs(client: pg.Client, names: readonly string[], restorer: string): Promise<void> {
  const { rows: present } = await client.query<{ name: string }>('select rolname::text as name from pg_catalog.pg_roles')
  const taken = new Set(present.map(({ name }) => name))
  const missing = names.filter((name) => !taken.has(name)).map((name) => pg.escapeIdentifier(name))
  await client.query(
    [
      ...missing.map((name) => `create role ${name} nologin`),
      ...(missing.length === 0 ? [] : [`grant ${missing.join(', ')} to ${restorer}`]),
      'grant all on schema public to public',
      ...['schemas', 'tables', 'sequences'].map(
        (kind) => `alter default privileges for role current_user, ${restorer} grant all on ${kind} to public`,
      ),
    ].join(';\n'),
  )
}

/** What stands in the database before anything is restored. */
export async function existingObjects(client: pg.Client): Promise<Existing> {
  const { rows: schemas } = await client.query<{ name: string }>('select nspname::text as name from pg_catalog.pg_namespace')
  const { rows: extensions } = await client.query<{ name: string }>('select extname::text as name from pg_catalog.pg_extension')
  return { schemas: new Set(schemas.map(({ name }) => name)), extensions: new Set(extensions.map(({ name }) => name)) }
}

/** Run by the restorer, who owns all of it: a second role may read everything and change nothing. */
export async function grantReading(client: pg.Client, reader: string): Promise<void> {
  const { rows } = await client.query<{ sql: string }>(
    `select pg_catalog.format('grant usage on schema %I to ', n.nspname) as sql
     from pg_catalog.pg_namespace n where pg_catalog.pg_get_userbyid(n.nspowner) = current_user
     union all
     select pg_catalog.format('grant select on %I.%I to ', n.nspname, c.relname)
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where pg_catalog.pg_get_userbyid(c.relowner) = current_user and c.relkind in ('r', 'p', 'v', 'm', 'S')`,
  )
  for (const { sql } of rows) await client.query(`${sql}${reader}`)
}
