/**
 * The commands of an ALTER TABLE as its text writes them, and what stands before the first; `undefined` when the text
 * does not fall apart into as many commands as the parser has counted.
 */
export function alterParts(sql: string, count: number): { readonly head: string; readonly commands: readonly string[] } | undefined {
  const words = topLevelWords(sql)
  let at = 2 // ALTER TABLE
  const is = (word: string) => words[at]?.text.toLowerCase() === word
  if (is('if')) at += 2
  if (is('only')) at++
  at++
  while (is('.')) at += 2
  if (is('*')) at++
  const first = words[at]?.start
  if (first === undefined) return undefined
  const commas = words.filter(({ text, start }) => text === ',' && start > first).map(({ start }) => start)
  const commands = [first, ...commas.map((comma) => comma + 1)].map((start, index) => sql.slice(start, commas[index]).trim())
  return commands.length === count ? { head: sql.slice(0, first).trimEnd(), commands } : undefined
}

interface Word {
  readonly text: string
  readonly start: number
}

/** Words and signs outside of parentheses and brackets; comments are left out, a quoted text is one word. */
function topLevelWords(sql: string): Word[] {
  const words: Word[] = []
  let depth = 0
  for (const { 0: text, index } of sql.matchAll(token)) {
    if (/^(\s|--|\/\*)/.test(text)) continue
    if (text === ')' || text === ']') depth--
    else if (depth === 0) words.push({ text, start: index })
    if (text === '(' || text === '[') depth++
  }
  return words
}

const token =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|[\w$\u0080-\uffff]+|[\s\S]/g
