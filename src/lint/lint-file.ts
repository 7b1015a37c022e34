import type { Migration } from '../migration/migration.ts'
import type { MappedText } from '../sql/mapped-text.ts'
import { type NestedStatement, nestedStatements, type Unread } from '../sql/nested.ts'
import { parseStatements, type Statement, type SyntaxProblem } from '../sql/parse.ts'

/** A migration, taken apart. */
export interface LintFile {
  readonly migration: Migration
  /** Whether the release under review adds it. */
  readonly isNew: boolean
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
  const { up, down } = migration
  return {
    migration,
    isNew,
    order,
    up: await openPart(up),
    down: down === undefined || !isNew ? undefined : await openPart(down),
  }
}

async function openPart(text: MappedText): Promise<Part> {
  const parsed = await parseStatements(text.text)
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
