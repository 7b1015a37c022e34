import { createHash } from 'node:crypto'
import { type OnlyOnce, quoteName, quoteTable, type TableName } from '../../ledger.ts'

/**
 * goose reads its table once, runs a file, and only then adds the file's row, in one transaction: a row that is refused
 * takes the file back with it. Old versions wrote a row for a way back too, and went on from the newest of a version.
 */
export function bookedOnce(table: TableName): OnlyOnce {
  const name = nameFor(table.table)
  const from = quoteTable(table)
  return {
    index: quoteTable({ schema: table.schema, table: name }),
    make: `create unique index if not exists ${quoteName(name)} on ${from} (version_id) where is_applied and version_id operator(pg_catalog.>) 0`,
    obstacle: `select 'it holds rows of versions that were taken back, as old versions of goose write them' where exists (select from ${from} where not is_applied)`,
  }
}

const explanation = '_applied_once_while_shiplock_runs'

/** What the server keeps of a name, in bytes. */
const longestName = 63

function nameFor(table: string): string {
  if (Buffer.byteLength(table + explanation) <= longestName) return table + explanation
  const hash = `_${createHash('sha256').update(table).digest('hex').slice(0, 8)}`
  let start = ''
  for (const character of table) {
    if (Buffer.byteLength(start + character + hash + explanation) > longestName) break
    start += character
  }
  return start + hash + explanation
}
