import { withoutEnd } from '../../sql/parse.ts'

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
