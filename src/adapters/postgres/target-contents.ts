import pg from 'pg'
import { isAllowedExtension } from '../../drill/extensions.ts'
import { ReleaseError, systemCode } from '../../errors.ts'
import { existingObjects } from './drill-database.ts'
import { dropObjects, schemaNames, userObjects } from './user-objects.ts'

/** What is part of an empty database, and stays when it is emptied. */
export interface TargetState {
  readonly schemas: readonly string[]
  readonly extensions: ReadonlySet<string>
  readonly publicComment: string | null
}

export async function targetState(client: pg.Client): Promise<TargetState> {
  return {
    schemas: await schemaNames(client),
    extensions: (await existingObjects(client)).extensions,
    publicComment: await publicComment(client),
  }
}

async function publicComment(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ comment: string | null }>(
    `select pg_catalog.obj_description(oid, 'pg_namespace') as comment from pg_catalog.pg_namespace where nspname operator(pg_catalog.=) 'public'`,
  )
  return rows[0]?.comment ?? null
}

/** Makes the allowed extensions that a plain owner may make. Returns those that are missing then. */
export async function createAsOwner(
  client: pg.Client,
  extensions: readonly { readonly name: string; readonly schema: string }[],
): Promise<readonly string[]> {
  const { extensions: present } = await existingObjects(client)
  const missing: string[] = []
  for (const { name, schema } of extensions.filter((one) => !present.has(one.name))) {
    const made = isAllowedExtension(name) && (await createOne(client, name, schema))
    if (!made) missing.push(name)
  }
  const { extensions: now } = await existingObjects(client) // one may have come with another
  return missing.filter((name) => !now.has(name))
}

async function createOne(client: pg.Client, name: string, schema: string): Promise<boolean> {
  try {
    await client.query(
      `create schema if not exists ${pg.escapeIdentifier(schema)};
       create extension if not exists ${pg.escapeIdentifier(name)} with schema ${pg.escapeIdentifier(schema)} cascade`,
    )
    return true
  } catch (error) {
    // not for a plain role, not installed there, or not without another one
    if (['42501', '0A000', '58P01'].includes(systemCode(error) ?? '')) return false
    throw error
  }
}

/** Drops everything that was not there before. */
export async function emptyDatabase(client: pg.Client, before: TargetState): Promise<void> {
  for (let left = Number.POSITIVE_INFINITY; ; ) {
    const objects = await userObjects(client)
    if (objects.length === 0) break
    if (objects.length >= left) {
      const example = `${objects[0]?.kind} ${objects[0]?.identity}`
      throw new ReleaseError('scratch-failed', `The target could not be emptied: ${objects.length} objects stay, such as ${example}.`, {
        hint: 'Name an empty database with target-url, or drop what stays by hand.',
      })
    }
    left = objects.length
    await dropObjects(client, objects)
  }
  const { extensions } = await existingObjects(client)
  for (const name of [...extensions].filter((one) => !before.extensions.has(one))) {
    await client.query(`drop extension if exists ${pg.escapeIdentifier(name)} cascade`)
  }
  for (const name of (await schemaNames(client)).filter((one) => !before.schemas.includes(one))) {
    await client.query(`drop schema ${pg.escapeIdentifier(name)} cascade`)
  }
  if ((await publicComment(client)) !== before.publicComment) {
    const comment = before.publicComment === null ? 'null' : pg.escapeLiteral(before.publicComment)
    await client.query(`comment on schema public is ${comment}`)
  }
}
