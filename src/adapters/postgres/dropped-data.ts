import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type pg from 'pg'
import { keyLabel } from '../../backup/key.ts'
import type { Store } from '../../backup/store.ts'
import type { DatabaseInputs } from '../../commands/command.ts'
import { ReleaseError } from '../../errors.ts'
import { quoteTable } from '../../migration/ledger.ts'
import type { CountedLoss, DownLoss, Rescue } from '../../rollback/down/data-loss.ts'
import { compactStamp } from '../../units.ts'
import { openClient } from './client.ts'
import { assumeRole } from './session.ts'

/** Counts every loss as of one moment. */
export async function countLosses(database: DatabaseInputs, losses: readonly DownLoss[], applicationName: string): Promise<CountedLoss[]> {
  return atOneMoment(database, applicationName, async (client) => {
    const counted: CountedLoss[] = []
    for (const loss of losses) {
      const started = performance.now()
      const count = await first(client, loss.count)
      const markedAs = await first(client, loss.mark)
      counted.push({ ...loss, counted: count === undefined ? undefined : BigInt(count), markedAs, markMs: performance.now() - started })
    }
    return counted
  })
}

interface RescueRequest {
  readonly store: Store
  readonly project: string
  readonly environment: string
  readonly migration: string
  readonly losses: readonly CountedLoss[]
  readonly now: Date
  readonly signal: AbortSignal
}

/** Saves the rows that hold what is lost, as JSON, one a line, and reads them back. Throws `loss-changed`. */
export async function saveRescue(database: DatabaseInputs, request: RescueRequest, applicationName: string): Promise<Rescue> {
  const { store, project, environment, migration, losses, now, signal } = request
  const lines = await atOneMoment(database, applicationName, async (client) => {
    const found: string[] = []
    for (const { mark, markedAs, table, copy, what } of losses) {
      if (markedAs !== undefined && (await first(client, mark)) !== markedAs) throw changed(what)
      if (copy === undefined || table === undefined) continue
      const { rows } = await client.query<{ row: string }>(
        `select pg_catalog.json_build_object('table', $1::text, 'row', pg_catalog.to_json(lost))::text as row from ${quoteTable(copy.table)} lost`,
        [quoteTable(table)],
      )
      for (const { row } of rows) found.push(row)
    }
    return found
  })
  const text = lines.map((line) => `${line}\n`).join('')
  const sha256 = createHash('sha256').update(text).digest('hex')
  const key = `${keyLabel(project)}/rescues/${keyLabel(environment)}/${keyLabel(migration)}-${compactStamp(now)}-${sha256.slice(0, 8)}.jsonl`
  if ((await store.head(key)) === undefined) await store.put(key, Readable.from([text]), signal)
  const hash = createHash('sha256')
  for await (const chunk of await store.get(key)) hash.update(chunk as Uint8Array)
  if (hash.digest('hex') !== sha256) {
    throw new ReleaseError('rescue-impossible', `${key} in ${store.description} is not what was written into it.`, {
      hint: 'Look after the store; nothing was changed in the database.',
    })
  }
  const command = `The rows stand in ${key} of ${store.description}, as JSON, one a line.`
  return { key, manifestKey: key, bytes: Buffer.byteLength(text), sha256, rows: lines.length, command }
}

async function atOneMoment<T>(database: DatabaseInputs, applicationName: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  await using session = await openClient({ ...database, applicationName })
  await assumeRole(session.client, database.role)
  await session.client.query('begin transaction isolation level repeatable read read only')
  const done = await work(session.client)
  await session.client.query('commit')
  return done
}

async function first(client: pg.Client, sql: string | undefined): Promise<string | undefined> {
  if (sql === undefined) return undefined
  const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
  return rows[0]?.[0] === null || rows[0]?.[0] === undefined ? undefined : String(rows[0][0])
}

function changed(what: string): ReleaseError {
  return new ReleaseError('loss-changed', `${what} are no longer what was counted: rows were written meanwhile. Nothing was taken back.`, {
    hint: 'Stop the writers of these tables, then start again without confirm: it counts anew and shows the phrase to type.',
  })
}
