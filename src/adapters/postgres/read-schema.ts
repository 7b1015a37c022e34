import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseInputs, ToolOptions } from '../../commands/command.ts'
import { ReleaseError } from '../../errors.ts'
import { type DumpedSchema, schemaFromDump } from '../../sql/schema/from-dump.ts'
import type { Schema } from '../../sql/schema/schema.ts'
import { searchPathOf } from '../../sql/schema/search-path.ts'
import { makeWorkspace } from '../workspace.ts'
import { openClient } from './client.ts'
import { dumpSchema } from './dump-schema.ts'
import { libpqEnvironment } from './libpq-environment.ts'
import { readSchemaFacts } from './schema-facts.ts'
import { assumeRole } from './session.ts'
import { findTools } from './tools.ts'

interface Surroundings extends ToolOptions {
  readonly database: DatabaseInputs
  readonly applicationName: string
  /** Where temporary folders may be made, the best place first. */
  readonly roots: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly say: (text: string) => void
  readonly signal: AbortSignal
}

/** Reads the schema of a live database, and no row. Throws `schema-not-read`. */
export async function readSchema(surroundings: Surroundings): Promise<Schema> {
  const { database, applicationName, roots, env, say, binDir, install, signal } = surroundings
  await using source = await openClient({ ...database, applicationName })
  await assumeRole(source.client, database.role)
  const { searchPath } = await readSchemaFacts(source.client)
  const tools = await findTools({ binDir, install, major: source.serverMajor, set: 'client', env, say })
  await using folder = await makeWorkspace({ roots })
  const libpq = await libpqEnvironment({ database, encrypted: source.encrypted, applicationName, env, folder: folder.path })
  const archive = join(folder.path, 'schema.sql')
  const problem = await dumpSchema({ tools, archive, role: database.role, env: libpq, signal, format: 'plain' })
  signal.throwIfAborted()
  if (problem !== undefined) throw notRead(problem)
  const { rows } = await source.client.query<DumpedSchema['invalidIndexes'][number]>(invalidIndexes)
  const { rows: filled } = await source.client.query<DumpedSchema['filledViews'][number]>(
    'select schemaname::text as schema, matviewname::text as name from pg_catalog.pg_matviews where ispopulated',
  )
  const { rows: settings } = await source.client.query<{ zone: string }>(`select pg_catalog.current_setting('TimeZone') as zone`)
  const read = await schemaFromDump({
    script: await readFile(archive, 'utf8'),
    invalidIndexes: rows,
    filledViews: filled,
    searchPath: searchPathOf(searchPath),
    timeZone: settings[0]?.zone,
  })
  if ('problem' in read) throw notRead(`the parser does not accept what pg_dump wrote (${read.problem.message})`)
  return read.schema
}

/** Those of partitioned tables are written, and are invalid in the model for the same reason. */
const invalidIndexes = `
  select n.nspname::text as schema, c.relname::text as name, pg_catalog.pg_get_indexdef(i.indexrelid) as definition
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) i.indexrelid
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
  where not i.indisvalid and c.relkind operator(pg_catalog.=) 'i' and c.relpersistence operator(pg_catalog.<>) 't'
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  order by 1, 2`

function notRead(reason: string): ReleaseError {
  return new ReleaseError('schema-not-read', `The schema of the database could not be read: ${reason}.`, {
    hint: 'The role needs usage of every schema and select on every table; or leave schema-from out, and the schema is read from the migrations.',
  })
}
