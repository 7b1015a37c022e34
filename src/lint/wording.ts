import type { RelationName } from '../sql/locks/names.ts'

/** A name for a sentence, as people write it: with its schema only where the migration says one. */
export function tableName({ schema, name }: RelationName): string {
  return schema === undefined ? name : `${schema}.${name}`
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
