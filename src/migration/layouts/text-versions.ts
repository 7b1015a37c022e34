import { butNot, headOfVersions, type LedgerDialect, quoteTable, quoteText } from '../ledger.ts'

/** The number in a text that keeps the leading zeros of a file's name. */
export function numberInText(column: string): string {
  return `coalesce(nullif(pg_catalog.ltrim(${column}::pg_catalog.text, '0'), ''), '0')`
}

/** What holds for each table with a row a version, where the version is such a text. */
export const textVersions: Pick<LedgerDialect, 'erase' | 'head'> = {
  erase: (table, { version }) =>
    `delete from ${quoteTable(table)} where ${numberInText('version')} operator(pg_catalog.=) ${quoteText(version)}`,
  head: (table, _scope, without = []) => headOfVersions(`${quoteTable(table)} t where ${butNot(numberInText('t.version'), without)}`),
}
