import type { MappedText } from './mapped-text.ts'
import type { Statement } from './parse.ts'

/** A statement that stands inside another's text; its offsets count in a text of its own, which knows its place in the file. */
export interface NestedStatement {
  readonly statement: Statement
  readonly text: MappedText
}

/**
 * SQL that a DO block runs as its text shows it: plain statements, and EXECUTE of a constant. What it puts together at
 * run time is not among them. Conditions and loops are not followed: every statement counts as run, once, in its order.
 */
export async function nestedStatements(_statement: Statement, _text: MappedText): Promise<readonly NestedStatement[]> {
  return []
}
