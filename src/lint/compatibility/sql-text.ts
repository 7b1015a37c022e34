import type { RelationName } from '../../sql/locks/names.ts'
import { withoutEnd } from '../../sql/parse.ts'

/** A name as SQL must write it: in quotes only where it needs them. */
export function sqlWord(word: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(word) && !reserved.has(word) ? word : `"${word.replaceAll('"', '""')}"`
}

/** A dotted name as SQL must write it. */
export function sqlName({ schema, name }: RelationName): string {
  return schema === undefined ? sqlWord(name) : `${sqlWord(schema)}.${sqlWord(name)}`
}

/** Names for a sentence: `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const all = [...new Set(names)]
  const last = all.at(-1) ?? ''
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} and ${last}`
}

/** Statements, one a line, each with its semicolon. */
export function statementsText(statements: readonly string[]): string {
  return statements.map((one) => `${withoutEnd(one.trim())};`).join('\n')
}

/** Words that cannot be a name of a table or a column without quotes. */
const reserved: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently
  constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default
  deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner
  intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or
  order outer overlaps placing primary references returning right select session_user similar some symmetric system_user table
  tablesample then to trailing true union unique user using variadic verbose when where window with`.split(/\s+/),
)
