// The search path is the application's: whatever can be looked up by it is named with its schema. IN, USING and a CASE
// with a value cannot be, since they find their operator by the path.

export const is = 'operator(pg_catalog.=)'
export const isNot = 'operator(pg_catalog.<>)'

/** The number by which `pg_depend` calls a catalog. */
export function classOf(catalog: string): string {
  return `'pg_catalog.${catalog}'::pg_catalog.regclass::pg_catalog.oid`
}

/** For words of our own: they are not quoted. */
export function isOneOf(value: string, ...words: readonly string[]): string {
  return `${value}::pg_catalog.text ${is} any (array[${words.map((word) => `'${word}'`).join(', ')}]::pg_catalog.text[])`
}
