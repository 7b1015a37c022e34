import type { DefElem, Node } from '@pgsql/types'
import { optionsOf, wordsOf } from './locks/names.ts'
import { MappedText } from './mapped-text.ts'
import { type BodyPart, partsOfBlock } from './nested/block.ts'
import { constantTexts } from './nested/constant.ts'
import { literalText } from './nested/literal.ts'
import { Locator } from './nested/locate.ts'
import { parsePlpgsql, parseStatements, type Statement, scanTokens } from './parse.ts'

/** A statement that stands inside another's text; its offsets count in a text of its own, which knows its place in the file. */
export interface NestedStatement {
  readonly statement: Statement
  readonly text: MappedText
  /** Whether a loop runs it that commits as it goes. */
  readonly batched: boolean
}

/** What a DO block runs. */
export interface Nested {
  readonly statements: readonly NestedStatement[]
  readonly unread: readonly Unread[]
}

/** A part of a DO block that runs what nobody knows beforehand. */
export interface Unread {
  /** Why, for a sentence: `a text that is put together at run time`. */
  readonly what: string
  /** In the text of the block's statement, in bytes as the parser's nodes count. */
  readonly location: number
}

/**
 * SQL that a DO block runs as its text shows it: plain statements, queries in conditions, EXECUTE of what is constant.
 * Conditions and loops are not followed: every statement counts as run, once, in its order.
 */
export async function nestedStatements(statement: Statement, text: MappedText): Promise<Nested> {
  if (!('DoStmt' in statement.node)) return nothing
  const options = optionsOf(statement.node.DoStmt.args)
  return bodyStatements(statement, text, { options, language: 'plpgsql', what: 'a block' })
}

/** SQL that a function or procedure runs when it is called, read in the same way from the statement that creates it. */
export async function routineStatements(statement: Statement, text: MappedText): Promise<Nested> {
  if (!('CreateFunctionStmt' in statement.node)) return nothing
  const { options, sql_body } = statement.node.CreateFunctionStmt
  if (sql_body === undefined) return bodyStatements(statement, text, { options: optionsOf(options), language: 'sql', what: 'a routine' })
  const nodes =
    'List' in sql_body ? (sql_body.List.items ?? []).flatMap((one) => ('List' in one ? (one.List.items ?? []) : [one])) : [sql_body]
  return { statements: nodes.map((node) => ({ statement: { ...statement, node }, text, batched: false })), unread: [] }
}

interface Body {
  readonly options: readonly DefElem[]
  /** What it is in when it does not say. */
  readonly language: string
  readonly what: string
}

async function bodyStatements(statement: Statement, text: MappedText, given: Body): Promise<Nested> {
  const of = (name: string) => given.options.find(({ defname }) => defname === name)
  const language = wordsOf(of('language')?.arg)[0]?.toLowerCase() ?? given.language
  const start = bytesOf(text.text, statement.start)
  const unread = (what: string): Nested => ({ statements: [], unread: [{ what, location: start }] })
  if (language !== 'plpgsql' && language !== 'sql') return unread(`${given.what} in ${language}`)
  const body = await bodyOf(MappedText.ofFile(text.text), statement, wordsOf(of('as')?.arg)[0] ?? '', of('as')?.location ?? 0)
  if (language === 'sql') {
    const found = await statementsOf(body)
    if (found === undefined) return unread(`${given.what} that the parser does not read`)
    return { statements: found.map((one) => ({ ...one, text: one.text.through(text), batched: false })), unread: [] }
  }
  const parts = partsOfBlock(await parsePlpgsql(text.text.slice(statement.start, statement.end)))
  return parts === undefined ? unread(`${given.what} that the parser does not read`) : readParts(parts, body, text)
}

const nothing: Nested = { statements: [], unread: [] }

/** `location` is that of the text, or of the AS before it. */
async function bodyOf(text: MappedText, { end }: Statement, value: string, location: number): Promise<MappedText> {
  const start = Buffer.from(text.text, 'utf8').toString('utf8', 0, location).length
  const rest = text.text.slice(start, end)
  const token = (await scanTokens(rest)).find((one) => one.text.toLowerCase() !== 'as')
  const utf16 = (bytes: number) => start + Buffer.from(rest, 'utf8').toString('utf8', 0, bytes).length
  return literalText(text, utf16(token?.start ?? 0), utf16(token?.end ?? 0), value)
}

async function readParts(parts: readonly BodyPart[], body: MappedText, text: MappedText): Promise<Nested> {
  const locator = await Locator.of(body)
  const statements: NestedStatement[] = []
  const unread: Unread[] = []
  for (const [index, part] of parts.entries()) {
    if (!part.declared && parts[index - 1]?.declared === true) locator.rewind()
    const found = await readPart(part, locator.locate(part))
    if (typeof found === 'string') {
      unread.push({ what: found, location: bytesOf(text.text, locator.last ?? 0) })
      continue
    }
    for (const one of found) {
      const inner = { ...one, text: one.text.through(text), batched: part.batched }
      const deeper = await nestedStatements(inner.statement, inner.text)
      statements.push(inner, ...deeper.statements)
      for (const { what } of deeper.unread) unread.push({ what, location: bytesOf(text.text, locator.last ?? 0) })
    }
  }
  return { statements, unread }
}

type Found = Omit<NestedStatement, 'batched'>

/** Its statements, or why they cannot be told. */
async function readPart(part: BodyPart, text: MappedText): Promise<readonly Found[] | string> {
  switch (part.kind) {
    case 'commit':
    case 'rollback': {
      const node: Node = { TransactionStmt: { kind: part.kind === 'commit' ? 'TRANS_STMT_COMMIT' : 'TRANS_STMT_ROLLBACK' } }
      return [{ statement: { start: 0, end: text.text.length, node }, text }]
    }
    case 'statement':
    case 'perform':
      return (await statementsOf(text)) ?? 'a statement that the parser does not read'
    case 'dynamic':
      return dynamic(part, text)
    default:
      return queryIn(part, text)
  }
}

async function dynamic({ variables }: BodyPart, text: MappedText): Promise<readonly Found[] | string> {
  const texts = await constantTexts(text, variables)
  if (texts === undefined) return 'a text that is put together at run time'
  const found: Found[] = []
  for (const one of texts) {
    const statements = await statementsOf(one)
    if (statements === undefined) return 'a text that the parser does not read'
    found.push(...statements)
  }
  return found
}

/** A value counts as a statement when it asks a table. */
async function queryIn({ kind }: BodyPart, text: MappedText): Promise<readonly Found[]> {
  const value = kind === 'assignment' ? text.slice(text.text.indexOf('=') + 1) : text
  const query = MappedText.join(MappedText.generated('select ', text.fileOffset(0)), value)
  const statements = (await statementsOf(query)) ?? []
  return statements.filter(({ statement }) => JSON.stringify(statement.node).includes('"SubLink":'))
}

async function statementsOf(text: MappedText): Promise<readonly Found[] | undefined> {
  const parsed = await parseStatements(text.text)
  return 'problem' in parsed ? undefined : parsed.statements.map((statement) => ({ statement, text }))
}

function bytesOf(text: string, offset: number): number {
  return Buffer.byteLength(text.slice(0, offset))
}
