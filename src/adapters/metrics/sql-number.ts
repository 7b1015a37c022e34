import pg from 'pg'
import type { Sample, Window } from '../../canary/sample.ts'

/** Asks for one row with one number, in a read-only transaction. What the server says instead is a state of the sample. */
export async function askForNumber(client: pg.Client, sql: string, window: Window, timeoutMs: number): Promise<Sample> {
  await client.query(`begin transaction read only; set local statement_timeout = ${Math.max(1, Math.round(timeoutMs))}`)
  // once a query has run, the transaction cannot be made writable: SET TRANSACTION READ WRITE is refused
  await client.query('select')
  const answer = await rowsOf(client, withMoments(sql, window), timeoutMs + graceMs).catch((error: unknown) => {
    if (error instanceof pg.DatabaseError) return error
    throw error // the connection, and not the query: there is no transaction to end
  })
  await client.query('rollback')
  if (answer instanceof pg.DatabaseError) return { state: 'error', message: `the database answered: ${answer.message} (${answer.code})` }
  return sampleOf(answer)
}

/** For the way there and back, beyond the time that the server itself allows. */
const graceMs = 5000

const moment = /\$(start|end)\b(?!\$)/g

/** Whether a query can be asked for any window. */
export function hasMoments(sql: string): boolean {
  return sql.search(moment) !== -1
}

interface Question {
  readonly text: string
  readonly values: readonly string[]
}

/** `$start` and `$end` become parameters, in the order in which they stand. */
function withMoments(sql: string, { startMs, endMs }: Window): Question {
  const values: string[] = []
  const text = sql.replace(moment, (_, name: string) => {
    const at = new Date(name === 'start' ? startMs : endMs).toISOString()
    if (!values.includes(at)) values.push(at)
    return `$${values.indexOf(at) + 1}::pg_catalog.timestamptz`
  })
  return { text, values }
}

interface Rows {
  readonly rows: readonly (readonly (string | null)[])[]
  readonly columns: number
  readonly count: number
}

function rowsOf(client: pg.Client, { text, values }: Question, withinMs: number): Promise<Rows> {
  const kept: (string | null)[][] = []
  let count = 0
  // the extended protocol takes one statement only
  const query = new pg.Query({
    text,
    values,
    rowMode: 'array',
    queryMode: 'extended',
    types: { getTypeParser: () => String },
  } as unknown as pg.QueryConfig)
  let timer: NodeJS.Timeout | undefined
  const answer = new Promise<Rows>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it gave no answer within ${withinMs / 1000} s`)), withinMs)
    query.on('row', (row) => {
      count++
      if (kept.length < 2) kept.push(row as unknown as (string | null)[])
    })
    query.on('error', reject)
    query.on('end', () => resolve({ rows: kept, columns: kept[0]?.length ?? 0, count }))
    client.query(query)
  })
  return answer.finally(() => clearTimeout(timer))
}

function sampleOf({ rows, columns, count }: Rows): Sample {
  if (count === 0) return { state: 'empty' }
  if (count > 1 || columns !== 1) {
    return { state: 'error', message: `the query returns ${count} rows of ${columns} columns, where one number is needed` }
  }
  const text = rows[0]?.[0] ?? null
  if (text === null) return { state: 'empty' }
  if (/^(?:NaN|-?Infinity)$/.test(text)) return { state: 'nan' }
  if (!/^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) {
    return { state: 'error', message: 'the query returns something else than a number: cast it, or use extract(epoch from …)' }
  }
  // beyond what a number holds
  return Number.isFinite(Number(text)) ? { state: 'value', value: Number(text) } : { state: 'nan' }
}
