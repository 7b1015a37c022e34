import { setFlagsFromString } from 'node:v8'
import type { Node, RawStmt } from '@pgsql/types'
import { utf16FromCodePoints } from './position.ts'

/** One statement of a text; offsets count UTF-16 units and leave out comments before it and the semicolon. */
export interface Statement {
  readonly start: number
  readonly end: number
  readonly node: Node
}

/** What the parser says of a text that it does not accept. */
export interface SyntaxProblem {
  readonly message: string
  /** UTF-16 units from the start of the text. */
  readonly offset: number
}

/** The newest dialect that the parser speaks. */
export const parserMajor = 18

type Parser = typeof import('libpg-query')
let loaded: Promise<Parser> | undefined

/**
 * Splits a text into statements with PostgreSQL's own parser (the newest dialect).
 * Returns the problem instead when the parser does not accept the text.
 */
export async function parseStatements(
  text: string,
): Promise<{ readonly statements: readonly Statement[] } | { readonly problem: SyntaxProblem }> {
  if (/^\s*$/.test(text)) return { statements: [] }
  const parser = await loadParser()
  try {
    const { stmts = [] } = parser.parseSync(text)
    return { statements: locate(stmts, text) }
  } catch (error) {
    // the parser's own stack ends where no sane statement goes
    if (error instanceof RangeError) return { problem: { message: 'it is nested too deeply', offset: 0 } }
    const details = (error as { sqlDetails?: { message: string; cursorPosition: number } }).sqlDetails
    if (details === undefined) throw error
    const offset = utf16FromCodePoints(text, Math.max(0, details.cursorPosition))
    return { problem: { message: details.message, offset } }
  }
}

/** The first word of each statement, in lower case, found without a grammar; empty when even that fails. */
export async function statementHeads(text: string): Promise<readonly string[]> {
  const parser = await loadParser()
  try {
    const tokens = parser.scanSync(text).tokens.filter((token) => !/COMMENT/.test(token.tokenName))
    return tokens.filter((_, index) => index === 0 || tokens[index - 1]?.text === ';').map((token) => token.text.toLowerCase())
  } catch {
    return []
  }
}

/** A word of a text; offsets count bytes of UTF-8. */
export interface Token {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** The words of a text that the parser accepts, without its comments. */
export async function scanTokens(text: string): Promise<readonly Token[]> {
  const parser = await loadParser()
  return parser.scanSync(text).tokens.filter((token) => !/COMMENT/.test(token.tokenName))
}

/** The comments of a text, by their bytes; none where the scanner stops at an error. */
export async function scanComments(text: string): Promise<readonly Token[]> {
  const parser = await loadParser()
  try {
    return parser.scanSync(text).tokens.filter((token) => /COMMENT/.test(token.tokenName))
  } catch {
    return []
  }
}

/** What PL/pgSQL's own parser makes of a DO block or of CREATE FUNCTION; `undefined` when it does not read it. */
export async function parsePlpgsql(sql: string): Promise<unknown> {
  const parser = await loadParser()
  try {
    return parser.parsePlPgSQLSync(sql)
  } catch {
    return undefined // its errors carry no type of their own; the server is to judge the block
  }
}

/** A word as the scanner names it; the kinds from 2 on are words that SQL keeps for itself somewhere. */
export interface ScannedToken extends Token {
  readonly keywordKind: number
  readonly isIdentifier: boolean
}

/** As `scanTokens`, at once: only for text beside a statement that was parsed, since that loads the parser. */
export function tokensOf(text: string): readonly ScannedToken[] {
  const known = scanned.get(text)
  if (known !== undefined) return known
  const tokens = scanTokensNow(text)
  if (ready === undefined || text.length > longestKept) return tokens
  if (scanned.size >= mostScanned) scanned.clear()
  scanned.set(text, tokens)
  return tokens
}

/** Several rules look at the words of one statement, and most names come again. */
const scanned = new Map<string, readonly ScannedToken[]>()
const mostScanned = 1000
const longestKept = 2000

function scanTokensNow(text: string): readonly ScannedToken[] {
  return (ready?.scanSync(text).tokens ?? [])
    .filter(({ tokenName }) => !/COMMENT/.test(tokenName))
    .map(({ text, start, end, keywordKind, tokenName }) => ({ text, start, end, keywordKind, isIdentifier: tokenName === 'IDENT' }))
}

let ready: Parser | undefined

/** Begins to load the parser; whoever needs it soon does so early, since it is compiled beside other work. */
export function warmParser(): void {
  void loadParser().catch(() => {}) // whoever parses meets the problem
}

function loadParser(): Promise<Parser> {
  loaded ??= import('libpg-query').then(async (parser) => {
    compileOnce()
    await parser.loadModule()
    ready = parser
    return parser
  })
  return loaded
}

/**
 * V8 would compile the two largest functions of the parser again after a few statements, with its optimizing compiler:
 * that takes longer than parsing thousands of files does without, and the program cannot end before it has ended.
 */
function compileOnce(): void {
  for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag)
}

/** Turns the parser's byte offsets into UTF-16 units, walking the text once. */
function locate(raws: readonly RawStmt[], text: string): Statement[] {
  const bytes = Buffer.from(text, 'utf8')
  let byteAt = 0
  let at = 0
  const advance = (to: number) => {
    at += bytes.toString('utf8', byteAt, to).length
    byteAt = to
    return at
  }
  return raws.map((raw) => {
    const from = raw.stmt_location ?? 0
    const begin = advance(from)
    const piece = text.slice(begin, advance(raw.stmt_len ? from + raw.stmt_len : bytes.length))
    const start = begin + leadingBlank(piece)
    return { start, end: begin + piece.trimEnd().length, node: raw.stmt as Node }
  })
}

/** A statement without the white space, comments and semicolons behind it, so that something can be written there. */
export function withoutEnd(sql: string): string {
  const trimmed = sql.trimEnd()
  if (!/--|(?:\*\/|;)$/.test(trimmed)) return trimmed
  const last = tokensOf(trimmed).findLast(({ text }) => text !== ';')
  return last === undefined ? trimmed : Buffer.from(trimmed).toString('utf8', 0, last.end)
}

/** Length of the white space and comments before a statement; block comments nest in PostgreSQL. */
export function leadingBlank(text: string): number {
  let index = 0
  while (index < text.length) {
    if (/\s/.test(text[index] as string)) index++
    else if (text.startsWith('--', index)) index = endOfLine(text, index)
    else if (text.startsWith('/*', index)) index = endOfBlock(text, index)
    else break
  }
  return index
}

/** Whether a text holds no statement: white space, comments and semicolons alone. */
export function isBlank(text: string): boolean {
  let rest = text.slice(leadingBlank(text))
  while (rest.startsWith(';')) rest = rest.slice(1 + leadingBlank(rest.slice(1)))
  return rest === ''
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end + 1
}

function endOfBlock(text: string, from: number): number {
  let depth = 0
  for (let index = from; index < text.length; index++) {
    if (text.startsWith('/*', index)) {
      depth++
      index++
    } else if (text.startsWith('*/', index)) {
      depth--
      index++
      if (depth === 0) return index + 1
    }
  }
  return text.length
}
