import { parseStatements, type ScannedToken, tokensOf } from '../../src/sql/parse.ts'

/** The same statements in other letters, and where each character of the old text stands in it. */
export interface Respelled {
  readonly sql: string
  movedTo(offset: number): number
}

interface Spelling {
  /** What stands between two words; `undefined` to leave it. */
  gap?(index: number, isEmpty: boolean): string | undefined
  word?(token: ScannedToken, index: number): string
}

/** Comments of the text stay as they are. `undefined` when the parser does not read the same from it. */
export async function respell(sql: string, { gap, word }: Spelling): Promise<Respelled | undefined> {
  const before = await meaningOf(sql)
  if (before === undefined) return undefined
  const bytes = Buffer.from(sql)
  const at = (offset: number) => bytes.toString('utf8', 0, offset).length
  const words = tokensOf(sql).map((token) => ({ token, start: at(token.start), end: at(token.end) }))
  const moves: { readonly from: number; readonly to: number }[] = []
  let text = ''
  let end = 0
  const addGap = (blank: string, index: number) => {
    text += (blank.trim() === '' ? gap?.(index, blank === '') : undefined) ?? blank
  }
  for (const [index, { token, start, end: next }] of words.entries()) {
    addGap(sql.slice(end, start), index)
    moves.push({ from: start, to: text.length })
    text += word?.(token, index) ?? sql.slice(start, next)
    end = next
  }
  addGap(sql.slice(end), words.length)
  if ((await meaningOf(text)) !== before) return undefined
  const movedTo = (offset: number) => {
    const nearest = moves.findLast(({ from }) => from <= offset)
    return nearest === undefined ? offset : nearest.to + offset - nearest.from
  }
  return { sql: text, movedTo }
}

/** What the parser reads, without the places. */
async function meaningOf(sql: string): Promise<string | undefined> {
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) return undefined
  return JSON.stringify(
    parsed.statements.map(({ node }) => node),
    (key, value) => (key === 'location' || key.endsWith('_location') ? undefined : value),
  )
}

/** The words of a text, also of those that stand in its bodies, without what says nothing. */
export function plainWords(sql: string): string {
  return tokensOf(sql)
    .map(({ text }) => {
      if (text.startsWith('$$')) return plainWords(text.slice(2, -2))
      return /^"[a-z_][a-z0-9_]*"$/.test(text) ? text.slice(1, -1) : text.toLowerCase()
    })
    .join(' ')
}
