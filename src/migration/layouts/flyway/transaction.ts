import { ReleaseError } from '../../../errors.ts'
import type { MappedText } from '../../../sql/mapped-text.ts'
import { leadingBlank } from '../../../sql/parse.ts'
import { positionFromUtf16 } from '../../../sql/position.ts'

/** The statements for which Flyway leaves its transaction out; others that cannot stand in one fail there. */
const alone =
  /^(?:(?:create|drop)\s+(?:database|tablespace|subscription)|alter\s+system|(?:create|drop)\s+(?:unique\s+)?index\s+concurrently|reindex\s+(?:verbose\s+)?(?:schema|database|system)|vacuum|discard\s+all)\b/i

/**
 * Whether Flyway runs the text in a transaction: not when its statements cannot stand in one.
 * Throws `invalid-migration` for a text with both kinds, which Flyway refuses too.
 */
export function runsInTransaction(text: MappedText, path: string, file: string, mixed: boolean): boolean {
  let first: { readonly isAlone: boolean } | undefined
  let anyAlone = false
  for (const { start, isAlone } of statementsOf(text.text)) {
    anyAlone ||= isAlone
    if (first !== undefined && first.isAlone !== isAlone && !mixed) throw mixedFile(text, start, path, file)
    first ??= { isAlone }
  }
  return !anyAlone
}

function mixedFile(text: MappedText, offset: number, path: string, file: string): ReleaseError {
  const place = positionFromUtf16(file, text.fileOffset(offset) ?? 0)
  const at = `${path}:${place.line}:${place.column}`
  return new ReleaseError(
    'invalid-migration',
    `${at}: statements that need a transaction and such that cannot stand in one do not go into one file; Flyway refuses it.`,
    { at, hint: `Give each kind a file of its own, or put executeInTransaction=false into ${path}.conf.` },
  )
}

function statementsOf(text: string): { start: number; isAlone: boolean }[] {
  const statements: { start: number; isAlone: boolean }[] = []
  const end = (from: number, to: number) => {
    const start = from + leadingBlank(text.slice(from, to))
    if (start < to) statements.push({ start, isAlone: alone.test(text.slice(start, to).replace(pieces, blankComment)) })
  }
  let from = 0
  for (const { 0: piece, index } of text.matchAll(pieces)) {
    if (piece !== ';') continue
    end(from, index)
    from = index + 1
  }
  end(from, text.length)
  return statements
}

const blankComment = (piece: string): string => (/^(?:--|\/\*)/.test(piece) ? ' ' : piece)

const pieces = /\be'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\/|;/gi
