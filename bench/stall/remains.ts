import type pg from 'pg'
import type { Executor } from '../executors.ts'
import { others, type Place } from '../server.ts'

/** What a client that is gone has left on the server. */
export interface Remains {
  readonly processes: number
  /** One of them has the table to itself, or stands in the queue for it: the application waits. */
  readonly blocksTable: boolean
}

export async function remainsOf(client: pg.Client): Promise<Remains> {
  const { rows } = await client.query<Remains>(
    `select count(*)::int as processes, coalesce(bool_or(exists (
        select from pg_locks l where l.pid = a.pid and l.relation = to_regclass('accounts') and l.mode = 'AccessExclusiveLock'
      )), false) as "blocksTable"
     from pg_stat_activity a where ${others}`,
  )
  return rows[0] as Remains
}

/** Whether the column is there, and whether the executor's own table says so; `undefined` when it keeps none. */
export interface Outcome {
  readonly column: boolean
  readonly recorded: boolean | undefined
}

export async function outcomeOf(place: Place, { ledger }: Executor): Promise<Outcome> {
  const [row] = await place.query<{ column: boolean; ledger: boolean }>(
    `select exists (select from pg_attribute where attrelid = 'accounts'::regclass and attname = 'note' and not attisdropped) as column,
       to_regclass('${ledger?.table ?? 'none'}') is not null as ledger`,
  )
  if (ledger === undefined) return { column: row?.column === true, recorded: undefined }
  const [count] = row?.ledger ? await place.query<{ count: number }>(`select count(*)::int from ${ledger.table} where ${ledger.rows}`) : []
  return { column: row?.column === true, recorded: (count?.count ?? 0) > 0 }
}

/** The column without the row, or the row without the column. */
export function disagrees({ column, recorded }: Outcome): boolean {
  return recorded !== undefined && column !== recorded
}

export function outcomeCells({ column, recorded }: Outcome): string[] {
  return [column ? 'yes' : 'no', recorded === undefined ? 'keeps none' : recorded ? 'yes' : 'no']
}
