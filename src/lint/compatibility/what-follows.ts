import { isCommit } from '../../sql/classify.ts'
import type { Statement } from '../../sql/parse.ts'
import { copySchema } from '../../sql/schema/copy.ts'
import { copyPart } from '../../sql/schema/part.ts'
import { applyStatement } from '../../sql/schema/replay.ts'
import type { Schema } from '../../sql/schema/schema.ts'
import { onlyAdds } from '../down/only-adds.ts'
import type { StatementScope } from '../scope.ts'

/** Statements that the same transaction runs after this one: others see both or none. */
export function followingInTransaction(scope: StatementScope): readonly Statement[] {
  if (!scope.inTransaction) return []
  const { statements, nested } = scope.file.up
  const inner = scope.nested ? (nested.get(scope.index) ?? []).map(({ statement }) => statement) : []
  const rest = [...inner.slice(inner.indexOf(scope.statement) + 1), ...statements.slice(scope.index + 1)]
  const end = rest.findIndex(isCommit)
  return end === -1 ? rest : rest.slice(0, end)
}

/** The schema that others see once the statement's transaction has ended. */
export function schemaWhenDone(scope: StatementScope): Schema {
  const schema = copySchema(scope.schema)
  const origin = { file: scope.file.order, statement: scope.index }
  for (const statement of [scope.statement, ...followingInTransaction(scope)]) applyStatement(schema, statement, origin)
  return schema
}

/** The schema just after the statement. */
export function schemaAfter(scope: StatementScope): Schema {
  const schema = copySchema(scope.schema)
  applyStatement(schema, scope.statement, { file: scope.file.order, statement: scope.index })
  return schema
}

/** The schema once the whole file has run, in as many transactions as it likes. */
export function schemaAfterFile(scope: StatementScope): Schema {
  const following = restOfFile(scope)
  const schema = copyPart(
    scope.schema,
    following.map(({ one }) => one),
  )
  for (const { one, index } of following) applyStatement(schema, one, { file: scope.file.order, statement: index })
  return schema
}

/** Whether nothing that the statement makes can be gone once the whole file has run. */
export function onlyAddsToItsEnd(scope: StatementScope): boolean {
  return restOfFile(scope).every(({ one }) => onlyAdds(one))
}

/** The statement and all behind it, with what stands inside of them. */
function restOfFile({ file, index: from }: StatementScope) {
  const { statements, nested } = file.up
  return statements.flatMap((statement, index) =>
    index < from ? [] : [statement, ...(nested.get(index) ?? []).map((inner) => inner.statement)].map((one) => ({ one, index })),
  )
}
