import type { Phase } from '../../migration/migration.ts'
import type { RelationName } from '../../sql/locks/names.ts'
import { tokensOf } from '../../sql/parse.ts'
import type { RemedyFile } from '../rule.ts'

/** A template whose own words are written as a statement writes its: large when it begins large. Values stay as they are. */
export function wordsLike({ sql }: { readonly sql: string }) {
  const isLarge = /^[A-Z]{2}/.test(sql)
  return (parts: TemplateStringsArray, ...values: readonly (string | number)[]) =>
    parts.map((part, index) => `${isLarge ? part.toUpperCase() : part}${values[index] ?? ''}`).join('')
}

/** A name as a statement has to write it: between quotes only when it would mean something else without. */
export function written(name: string): string {
  const isPlain = /^[a-z_][a-z0-9_$]*$/.test(name) && (tokensOf(name)[0]?.keywordKind ?? 0) < 2
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`
}

export function writtenRelation({ schema, name }: RelationName): string {
  return schema === undefined ? written(name) : `${written(schema)}.${written(name)}`
}

export function writtenList(names: readonly string[]): string {
  return names.map(written).join(', ')
}

/** A file that runs as one transaction. */
export function transaction(phase: Phase, statements: string | readonly string[], note?: string): RemedyFile {
  return remedyFile(phase, true, statements, note)
}

/** A file that runs outside a transaction. */
export function alone(phase: Phase, statements: string | readonly string[], note?: string): RemedyFile {
  return remedyFile(phase, false, statements, note)
}

function remedyFile(phase: Phase, transactional: boolean, statements: string | readonly string[], note: string | undefined): RemedyFile {
  const sql = [statements]
    .flat()
    .map((one) => `${one};`)
    .join('\n')
  return { phase, transactional, sql, ...(note === undefined ? {} : { note }) }
}

/** Words joined by an underscore, as short as the server wants a name; the last of them is kept whole. */
export function nameFrom(...words: readonly string[]): string {
  const end = `_${words.at(-1)}`
  const bytes = Buffer.from(words.slice(0, -1).join('_'), 'utf8').subarray(0, 63 - Buffer.byteLength(end))
  return `${bytes.toString('utf8').replace(/\ufffd+$/, '')}${end}`
}
