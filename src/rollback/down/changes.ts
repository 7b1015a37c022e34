import { parseStatements } from '../../sql/parse.ts'
import { copySchema } from '../../sql/schema/copy.ts'
import { describeSchema, differences } from '../../sql/schema/describe.ts'
import { applyStatement } from '../../sql/schema/replay.ts'
import type { Schema } from '../../sql/schema/schema.ts'

/** An object that a text makes, takes away or changes. */
export interface SchemaChange {
  /** As `column public.users.phone`. */
  readonly object: string
  readonly change: 'goes' | 'comes' | 'changes'
}

/** What a text does to the schema; `undefined` for one that is not read, or that hides what it does. */
export async function describeChanges(schema: Schema, text: string): Promise<readonly SchemaChange[] | undefined> {
  const parsed = await parseStatements(text)
  if ('problem' in parsed || parsed.statements.some(({ node }) => 'DoStmt' in node || 'CallStmt' in node)) return undefined
  const after = copySchema(schema)
  for (const [index, statement] of parsed.statements.entries()) applyStatement(after, statement, { file: -1, statement: index })
  return differences(describeSchema(schema), describeSchema(after)).map(({ object, one, other }) => ({
    object,
    change: one === undefined ? 'comes' : other === undefined ? 'goes' : 'changes',
  }))
}
