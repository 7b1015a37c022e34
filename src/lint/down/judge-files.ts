import type { Statement } from '../../sql/parse.ts'
import { copySchema } from '../../sql/schema/copy.ts'
import { applyStatement } from '../../sql/schema/replay.ts'
import type { Schema } from '../../sql/schema/schema.ts'
import type { LintFile, Part } from '../lint-file.ts'
import type { ReleaseScope } from '../scope.ts'
import { type Judgement, judgeWayBack } from './way-back.ts'

export interface JudgedFile {
  readonly file: LintFile
  /** `undefined` when one of its texts is not read. */
  readonly judgement: Judgement | undefined
}

const judged = new WeakMap<ReleaseScope, readonly JudgedFile[]>()

/** The way back of each new file, from the schema that it leaves. Several rules ask; it is worked out once. */
export function judgeFiles(scope: ReleaseScope): readonly JudgedFile[] {
  const known = judged.get(scope)
  if (known !== undefined) return known
  let schema: Schema | undefined
  let next = 0
  // most files only add, and what they meet is never asked for
  const schemaBefore = (index: number): Schema => {
    schema ??= copySchema(scope.before)
    for (const file of scope.files.slice(next, index)) replay(file, schema)
    next = index
    return schema
  }
  const found = scope.files.map((file, index): JudgedFile => {
    const up = readStatements(file.up)
    const isRead = file.up.problem === undefined && file.down?.problem === undefined
    const judgement = isRead
      ? judgeWayBack({ up, down: file.down === undefined ? undefined : readStatements(file.down) }, () => schemaBefore(index))
      : undefined
    return { file, judgement }
  })
  judged.set(scope, found)
  return found
}

function replay({ up, order }: LintFile, schema: Schema): void {
  for (const [statement, one] of readStatements(up).entries()) applyStatement(schema, one, { file: order, statement })
}

/** Statements in their order; those inside a DO block stand in its place. */
export function readStatements({ statements, nested }: Part): readonly Statement[] {
  return statements.flatMap((statement, index) => nested.get(index)?.map((inner) => inner.statement) ?? [statement])
}

/** Where a statement begins in its file; the file's beginning for what is in none of its texts. */
export function offsetOf(part: Part | undefined, statement: Statement): number {
  if (part === undefined) return 0
  if (part.statements.includes(statement)) return part.text.fileOffset(statement.start) ?? 0
  for (const inner of part.nested.values())
    for (const one of inner) if (one.statement === statement) return one.text.fileOffset(statement.start) ?? 0
  return 0
}
