import pg from 'pg'
import type { DatabaseInputs } from '../../commands/command.ts'
import { systemCode } from '../../errors.ts'
import type { Prepared } from '../../rollback/evidence.ts'
import { openClient } from './client.ts'
import { assumeRole } from './session.ts'

/** Longest time for one query: preparing waits for locks on what the query names. */
const limitMs = 10_000

/**
 * Asks the server to prepare queries, each in a read-only transaction that is rolled back, with the search path that the
 * role has. Nothing is executed. ON CONFLICT finds its index only when a plan is made, so that such a query is planned too.
 */
export async function prepareQueries(
  queries: readonly string[],
  database: DatabaseInputs,
  applicationName: string,
): Promise<readonly Prepared[]> {
  await using session = await openClient({ ...database, applicationName })
  await assumeRole(session.client, database.role)
  const answers: Prepared[] = []
  for (const sql of queries) answers.push(await prepareOne(session.client, sql))
  return answers
}

async function prepareOne(client: pg.Client, sql: string): Promise<Prepared> {
  await client.query(`begin transaction read only; set local statement_timeout = ${limitMs}; set local lock_timeout = ${limitMs}`)
  try {
    // the extended protocol takes one statement only
    await client.query({ text: `prepare shiplock_query as ${sql}`, queryMode: 'extended' } as pg.QueryConfig)
    if (/\bon\s+conflict\b/i.test(sql)) await plan(client)
    return { state: 'prepared' }
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    return judged(error)
  } finally {
    await client.query('rollback; deallocate all').catch(() => {}) // a lost connection is noticed by the next query
  }
}

/** EXPLAIN plans, and runs nothing. */
async function plan(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    "select coalesce(pg_catalog.cardinality(parameter_types), 0) as count from pg_catalog.pg_prepared_statements where name = 'shiplock_query'",
  )
  const count = rows[0]?.count ?? 0
  const values = count === 0 ? '' : `(${Array.from({ length: count }, () => 'null').join(', ')})`
  await client.query(`set local plan_cache_mode = force_generic_plan; explain execute shiplock_query${values}`)
}

/** What the server could not do for reasons that say nothing of the schema is not held against the query. */
function judged(error: pg.DatabaseError): Prepared {
  const code = systemCode(error) ?? ''
  const { message } = error
  if (code === '42601' && !/than (?:target columns|expressions)|same number of columns/.test(message))
    return { state: 'not-tried', because: `it is no statement that can be prepared (${message})` }
  if (code === '42P18' || code === '42P08') return { state: 'not-tried', because: `the type of a parameter is not told (${message})` }
  if (code === '57014' || code === '55P03') return { state: 'not-tried', because: `it took longer than ${limitMs / 1000} s (${message})` }
  return { state: 'failed', code, message }
}
