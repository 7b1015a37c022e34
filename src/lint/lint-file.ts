import { ReleaseError } from '../errors.ts'
import type { Migration } from '../migration/migration.ts'
import { MappedText } from '../sql/mapped-text.ts'
import { type NestedStatement, nestedStatements, type Unread } from '../sql/nested.ts'
import type { Statement, SyntaxProblem } from '../sql/parse.ts'
import { statementsOf } from '../sql/parsed-text.ts'

/** A migration, taken apart. */
export interface LintFile {
  readonly migration: Migration
  /** Whether the release under review adds it. */
  readonly isNew: boolean
  /** Why its layout gives no text: then both parts are empty. */
  readonly refused: ReleaseError | undefined
  /** Its place in the order of replay, from 0. */
  readonly order: number
  readonly up: Part
  /** `undefined` when the file has none, and for files that are not new. */
  readonly down: Part | undefined
}

/** One of the two texts of a migration. */
export interface Part {
  readonly text: MappedText
  readonly statements: readonly Statement[]
  /** What stands inside of DO blocks, by the place of the block among the statements. */
  readonly nested: ReadonlyMap<number, readonly NestedStatement[]>
  /** What DO blocks run that their text does not tell, by the same places. */
  readonly unread: ReadonlyMap<number, readonly Unread[]>
  /** Why the text has no statements, when the parser does not read it. */
  readonly problem: SyntaxProblem | undefined
}

export async function openFile(migration: Migration, isNew: boolean, order: number): Promise<LintFile> {
  try {
    if (migration.notSql !== undefined) return unreadFile(migration, migration.notSql, isNew, order)
    const { up, down } = migration
    const opened = { up: await openPart(up), down: down === undefined || !isNew ? undefined : await openPart(down) }
    return { migration, isNew, order, refused: undefined, ...opened }
  } catch (error) {
    // a layout may need a variable of the environment to tell what the text is
    if (!(error instanceof ReleaseError)) throw error
    const empty = { text: MappedText.ofFile(''), statements: [], nested: new Map(), unread: new Map(), problem: undefined }
    return { migration, isNew, order, refused: error, up: empty, down: undefined }
  }
}

/** What it does is as unknown as that of a text which the parser does not read. */
function unreadFile(migration: Migration, language: string, isNew: boolean, order: number): LintFile {
  const problem = { message: `it is written in ${language}`, offset: 0 }
  const part = { text: migration.up, statements: [], nested: new Map(), unread: new Map(), problem }
  return { migration, isNew, order, refused: undefined, up: part, down: isNew ? part : undefined }
}

/** A plan looks at each text twice: for what lint says, and for the way back. Nobody changes what the parser returned. */
const parts = new WeakMap<MappedText, Promise<Part>>()

function openPart(text: MappedText): Promise<Part> {
  const known = parts.get(text) ?? readPart(text)
  parts.set(text, known)
  return known
}

async function readPart(text: MappedText): Promise<Part> {
  const parsed = await statementsOf(text)
  if ('problem' in parsed) return { text, statements: [], nested: new Map(), unread: new Map(), problem: parsed.problem }
  const nested = new Map<number, readonly NestedStatement[]>()
  const unread = new Map<number, readonly Unread[]>()
  for (const [index, statement] of parsed.statements.entries()) {
    const inner = await nestedStatements(statement, text)
    if (inner.statements.length > 0) nested.set(index, inner.statements)
    if (inner.unread.length > 0) unread.set(index, inner.unread)
  }
  return { text, statements: parsed.statements, nested, unread, problem: undefined }
}
