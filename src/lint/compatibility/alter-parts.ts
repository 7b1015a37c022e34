import { tokensOf } from '../../sql/parse.ts'

/**
 * The commands of an ALTER TABLE as its text writes them, and what stands before the first; `undefined` when the text
 * does not fall apart into as many commands as the parser has counted.
 */
export function alterParts(sql: string, count: number): { readonly head: string; readonly commands: readonly string[] } | undefined {
  const words = wordsWithDepth(sql)
  const is = (word: string) => words[at]?.text.toLowerCase() === word
  let at = 2 // ALTER TABLE
  if (is('if')) at += 2
  if (is('only')) at++
  at++
  while (is('.')) at += 2
  if (is('*')) at++
  const groups: Word[][] = [[]]
  for (const word of words.slice(at)) {
    if (word.text === ',' && word.depth === 0) groups.push([])
    else groups.at(-1)?.push(word)
  }
  const bytes = Buffer.from(sql)
  const cut = (part: readonly Word[]) => bytes.toString('utf8', part[0]?.start ?? 0, part.at(-1)?.end ?? 0)
  return groups.length === count && groups.every(({ length }) => length > 0)
    ? { head: cut(words.slice(0, at)), commands: groups.map(cut) }
    : undefined
}

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
  /** How many parentheses and brackets are open before it. */
  readonly depth: number
}

function wordsWithDepth(sql: string): Word[] {
  let depth = 0
  return tokensOf(sql).map(({ text, start, end }) => {
    if (text === ')' || text === ']') depth--
    const word = { text, start, end, depth }
    if (text === '(' || text === '[') depth++
    return word
  })
}
