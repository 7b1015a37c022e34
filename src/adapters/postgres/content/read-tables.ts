import type pg from 'pg'
import type { FingerprintPolicy, TableContent } from '../../../backup/content.ts'
import { readingQuery, sampleMethod, type TableReading } from './row-queries.ts'
import type { StoredTable } from './tables.ts'
import type { TimeLimit } from './time-limit.ts'

/** Small tables are read together: a thousand partitions are no thousand round trips. */
const batchBytes = 8 * 1024 * 1024
const batchTables = 50
/** One process hashes about as much of a table on a middling machine; a small table tells nothing of the speed. */
const assumedBytesPerMs = 35_000
const telling = 4 * 1024 * 1024

/** Counts and hashes tables, the smallest first, as far as the time suffices. The answer has the order of the list. */
export async function readTables(
  client: pg.Client,
  tables: readonly StoredTable[],
  mode: FingerprintPolicy['mode'],
  limit: TimeLimit,
): Promise<TableContent[]> {
  const readings = tables.map((table) => ({ table, method: methodFor(table, mode) }))
  const found = await readAll(client, readings, limit)
  return tables.map(({ name }) => found.get(name) ?? { name })
}

/** Reads each table in the way that the expectation names, without a limit: what a restored copy is compared by. */
export async function readTablesLike(
  client: pg.Client,
  tables: readonly StoredTable[],
  expected: readonly TableContent[],
  limit: TimeLimit,
): Promise<TableContent[]> {
  const methods = new Map(expected.map(({ name, method }) => [name, method]))
  const found = await readAll(
    client,
    tables.map((table) => ({ table, method: methods.get(table.name) })),
    limit,
  )
  return tables.map(({ name }) => found.get(name) ?? { name })
}

async function readAll(client: pg.Client, readings: readonly TableReading[], limit: TimeLimit): Promise<Map<string, TableContent>> {
  const found = new Map<string, TableContent>()
  let bytesPerMs = assumedBytesPerMs
  for (const batch of batches(readings)) {
    const sizeBytes = batch.reduce((sum, { table }) => sum + table.sizeBytes, 0)
    if (!limit.hasRoomFor(sizeBytes / bytesPerMs)) break // what comes now is larger still
    const started = performance.now()
    const rows = await limit.run(client, async () => {
      const answer = await client.query<{ place: number; rows: string; fingerprint: string | null }>(readingQuery(batch))
      return answer.rows
    })
    if (rows === undefined) break
    if (sizeBytes > telling) bytesPerMs = sizeBytes / (performance.now() - started)
    for (const { place, rows: count, fingerprint } of rows) {
      const { table, method } = batch[place] as TableReading
      const hashed = method === undefined || fingerprint === null ? {} : { method, fingerprint }
      found.set(table.name, { name: table.name, rows: Number(count), counted: 'snapshot', ...hashed })
    }
  }
  return found
}

function methodFor(table: StoredTable, mode: FingerprintPolicy['mode']): TableReading['method'] {
  if (mode === 'counts') return undefined
  return mode === 'sample' ? sampleMethod(table) : 'row-text-1'
}

function batches(readings: readonly TableReading[]): TableReading[][] {
  const list: TableReading[][] = []
  let sizeBytes = Number.POSITIVE_INFINITY
  for (const reading of [...readings].sort((a, b) => a.table.sizeBytes - b.table.sizeBytes)) {
    sizeBytes += reading.table.sizeBytes
    const batch = list.at(-1)
    if (batch === undefined || batch.length === batchTables || sizeBytes > batchBytes) {
      list.push([reading])
      sizeBytes = reading.table.sizeBytes
    } else batch.push(reading)
  }
  return list
}
