import pg from 'pg'
import type { Answer } from '../../drill/expectation.ts'
import { ReleaseError, systemCode } from '../../errors.ts'

/** More rows are counted, not kept. */
const keptRows = 100

/** Runs one statement in a read-only transaction with a time limit. Rejects with the server's own error. */
export async function runReadOnly(client: pg.Client, sql: string, timeoutMs: number): Promise<Answer> {
  await client.query(`begin transaction read only; set local statement_timeout = ${Math.max(1, Math.round(timeoutMs))}`)
  try {
    // once a query has run, the transaction cannot be made writable: SET TRANSACTION READ WRITE is refused
    await client.query('select')
    return await stream(client, sql)
  } finally {
    await client.query('rollback').catch(() => {}) // the session ends next; a broken one has no transaction to end
  }
}

function stream(client: pg.Client, sql: string): Promise<Answer> {
  const rows: (string | null)[][] = []
  let rowCount = 0
  // the extended protocol takes one statement only
  const query = new pg.Query({
    text: sql,
    rowMode: 'array',
    queryMode: 'extended',
    types: { getTypeParser: () => String },
  } as pg.QueryConfig)
  return new Promise((resolve, reject) => {
    query.on('row', (row) => {
      rowCount++
      if (rows.length < keptRows) rows.push(row as unknown as (string | null)[])
    })
    query.on('error', (cause) => reject(systemCode(cause) === undefined ? ended(cause) : cause))
    query.on('end', () => resolve({ rows, rowCount }))
    client.query(query)
  })
}

function ended(cause: unknown): ReleaseError {
  return new ReleaseError('scratch-failed', 'The scratch server ended while a smoke query ran.', {
    hint: 'Is there enough memory on this machine? The query under way may be too heavy for it.',
    cause,
  })
}
