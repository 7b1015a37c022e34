import { crc32 } from 'node:zlib'
import type { TableName } from '../../ledger.ts'

const salt = 1486364155

/**
 * The keys of the advisory locks that golang-migrate takes for a table: it hashes the schema, the table and the
 * database, which is the path of a URL, slash included, for a tool that was given one, and the bare name for a program
 * that hands over its own connection.
 */
export function lockKeys(database: string, { schema, table }: TableName): readonly string[] {
  return [`/${database}`, database].map((name) => {
    const hash = crc32([schema, table, name].join('\0'))
    return String(Math.imul(hash, salt) >>> 0)
  })
}
