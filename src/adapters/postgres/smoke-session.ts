import pg from 'pg'

/** Rows of a smoke query as text: the first ones, and how many there were. */
export interface Answer {
  readonly rows: readonly (readonly (string | null)[])[]
  readonly rowCount: number
}

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
    query.on('error', reject)
    query.on('end', () => resolve({ rows, rowCount }))
    client.query(query)
  })
}
