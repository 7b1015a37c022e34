import type { MappedText } from './mapped-text.ts'
import { parseStatements } from './parse.ts'

const parsed = new WeakMap<MappedText, ReturnType<typeof parseStatements>>()

/** The statements of a migration's text, parsed once however many ask. Nobody changes what the parser returned. */
export function statementsOf(text: MappedText): ReturnType<typeof parseStatements> {
  const known = parsed.get(text) ?? parseStatements(text.text)
  parsed.set(text, known)
  return known
}
