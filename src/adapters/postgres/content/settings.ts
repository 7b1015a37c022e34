import type pg from 'pg'

/** What the text of a value, and of a definition, depends on: the same on the source and on a restored copy. */
const pinned = {
  search_path: 'pg_catalog, pg_temp',
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '3',
  lc_monetary: 'C',
  xmlbinary: 'base64',
  xmloption: 'content',
  quote_all_identifiers: 'off',
  row_security: 'off',
} as const

/** Sets what a session needs to read content, and returns it. Does not last beyond a rollback. */
export async function pinSettings(client: pg.Client): Promise<Record<string, string>> {
  await client.query(
    Object.entries(pinned)
      .map(([name, value]) => `set ${name} = ${value.split(', ').map(quoted).join(', ')}`)
      .join('; '),
  )
  return { ...pinned }
}

function quoted(value: string): string {
  return `'${value}'`
}
