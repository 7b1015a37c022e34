import type pg from 'pg'
import { readTables } from './content/read-tables.ts'
import { pinSettings } from './content/settings.ts'
import { listTables } from './content/tables.ts'
import { TimeLimit } from './content/time-limit.ts'

/**
 * Exact row counts by `schema.table`, quoted only where needed, of everything that this session may see. Sets
 * `search_path`, `row_security` and what else the reading of content pins in the session.
 */
export async function countRows(client: pg.Client): Promise<Map<string, number>> {
  await pinSettings(client)
  const tables = await readTables(client, await listTables(client), 'counts', new TimeLimit(undefined))
  return new Map(tables.map(({ name, rows = 0 }) => [name, rows]))
}
