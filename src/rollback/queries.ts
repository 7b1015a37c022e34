import type { SourceFile } from '../migration/migration.ts'
import { parseStatements, type Statement, scanComments, scanTokens, type Token } from '../sql/parse.ts'
import { positionFromUtf16, type SourcePosition } from '../sql/position.ts'

/** A query of the target's code. */
export interface TargetQuery {
  /** As sqlc names it; the number of the statement in its file where nothing does. */
  readonly name: string
  readonly path: string
  readonly start: SourcePosition
  /** One statement, with `$1`, `$2` … for what the code puts in. */
  readonly sql: string
  readonly node: Statement['node']
}

/** A file, or what is in it, that could not be taken for queries. */
export interface UnreadQueries {
  readonly path: string
  readonly because: string
}

/** Reads plain statements, and those that are written for sqlc. */
export async function readQueries(
  file: SourceFile,
): Promise<{ readonly queries: readonly TargetQuery[]; readonly unread: readonly UnreadQueries[] }> {
  const unread = (because: string) => ({ queries: [], unread: [{ path: file.path, because }] })
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(file.bytes)
  } catch {
    return unread('it is not UTF-8 text')
  }
  const numbered = await withNumbers(text)
  if (numbered === undefined) return unread('its words cannot be told apart')
  const parsed = await parseStatements(numbered)
  if ('problem' in parsed) return unread(parsed.problem.message)
  const names = await namesIn(numbered)
  let from = 0
  const queries = parsed.statements.map(({ start, end, node }, index): TargetQuery => {
    const name = names.findLast((one) => one.at >= from && one.at < start)?.name
    from = end
    return {
      name: name ?? `statement ${index + 1}`,
      path: file.path,
      start: positionFromUtf16(numbered, start),
      sql: numbered.slice(start, end),
      node,
    }
  })
  return { queries, unread: [] }
}

/** `sqlc.arg(name)`, `sqlc.narg(name)`, `sqlc.slice(name)` and `@name` become `$n`, one number a name and statement; `sqlc.embed(t)` becomes `t.*`. */
async function withNumbers(text: string): Promise<string | undefined> {
  let tokens: readonly Token[]
  try {
    tokens = await scanTokens(text)
  } catch {
    return undefined
  }
  const bytes = Buffer.from(text, 'utf8')
  let result = ''
  let copied = 0
  let numbers = new Map<string, number>()
  const put = (from: Token, to: Token, instead: string) => {
    const lines = bytes.toString('utf8', from.start, to.end).replaceAll(/[^\n]/g, '')
    result += bytes.toString('utf8', copied, from.start) + instead + lines
    copied = to.end
  }
  const numberOf = (name: string, after: number) => {
    const known = numbers.get(name)
    if (known !== undefined) return known
    const next = Math.max(0, after, ...numbers.values()) + 1
    numbers.set(name, next)
    return next
  }
  let largest = largestOf(tokens, 0)
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token
    const [one, two, three, four, five] = tokens.slice(at + 1, at + 6)
    if (token.text === ';') {
      numbers = new Map()
      largest = largestOf(tokens, at + 1)
    } else if (
      token.text.toLowerCase() === 'sqlc' &&
      one?.text === '.' &&
      three?.text === '(' &&
      four !== undefined &&
      five?.text === ')'
    ) {
      const kind = (two as Token).text.toLowerCase()
      const name = four.text.replaceAll(/^['"]|['"]$/g, '')
      if (kind === 'embed') put(token, five, `${name}.*`)
      else if (['arg', 'narg', 'slice'].includes(kind)) put(token, five, `$${numberOf(name, largest)}`)
      else continue
      at += 5
    } else if (token.text === '@' && one !== undefined && one.start === token.end && /^[A-Za-z_]/.test(one.text)) {
      put(token, one, `$${numberOf(one.text, largest)}`)
      at++
    }
  }
  return result + bytes.toString('utf8', copied)
}

/** The largest `$n` of the statement that begins at a token. */
function largestOf(tokens: readonly Token[], from: number): number {
  let largest = 0
  for (const { text } of tokens.slice(from)) {
    if (text === ';') break
    if (/^\$\d+$/.test(text)) largest = Math.max(largest, Number(text.slice(1)))
  }
  return largest
}

async function namesIn(text: string): Promise<readonly { readonly at: number; readonly name: string }[]> {
  const bytes = Buffer.from(text, 'utf8')
  return (await scanComments(text)).flatMap(({ start, end }) => {
    const name = /^(?:--|\/\*)\s*name:\s*(\S+)/.exec(bytes.toString('utf8', start, end))?.[1]
    return name === undefined ? [] : [{ at: bytes.toString('utf8', 0, start).length, name }]
  })
}
