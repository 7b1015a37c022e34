import type { RelationName } from '../sql/locks/names.ts'

/** A name for a sentence, as people write it: with its schema only where the migration says one. */
export function tableName({ schema, name }: RelationName): string {
  return schema === undefined ? name : `${schema}.${name}`
}

/** A statement that builds an index, with CONCURRENTLY put behind the word INDEX. */
export function concurrently(sql: string): string {
  return sql.replace(/^(\s*create\s+(?:unique\s+)?index)\b/i, (words) =>
    words.trimEnd() === words.trimEnd().toUpperCase() ? `${words} CONCURRENTLY` : `${words} concurrently`,
  )
}

/** An object as people call it: the schema that everybody means is left out. */
export function objectName(described: string): string {
  return described.replaceAll(' public.', ' ')
}

/** The first few of many things, and how many more there are. */
export function enumerate(things: readonly string[], most = 4): string {
  const shown = things.length > most + 1 ? things.slice(0, most) : things
  return shown.join(', ') + (shown.length < things.length ? `, and ${things.length - shown.length} more` : '')
}
