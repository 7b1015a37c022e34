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
