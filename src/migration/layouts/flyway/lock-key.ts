import { quoteTable, type TableName } from '../../ledger.ts'

/** The letters of "Flyway", as a number. */
const magic = 0x466c79776179n

/** The key of the advisory lock that Flyway takes for a table, for a transaction or for a session: Java's hash of its quoted name. */
export function lockKey(table: TableName): string {
  let hash = 0
  for (let at = 0, name = quoteTable(table); at < name.length; at++) hash = (Math.imul(31, hash) + name.charCodeAt(at)) | 0
  return String(magic + BigInt(hash))
}
