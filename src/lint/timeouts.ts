import type { VariableSetStmt } from '@pgsql/types'
import type { StatementScope } from './scope.ts'

/** Whether a limit holds where a statement runs: a statement of the file before it has set it. */
export function isLimited(setting: 'lock_timeout' | 'statement_timeout', scope: StatementScope): boolean {
  const { file, index, inTransaction } = scope
  const before = file.up.statements.slice(0, index).map(({ node }) => node)
  const inside = scope.earlier.filter(({ nested }) => nested).map(({ statement }) => statement.node)
  const last = [...before, ...inside]
    .flatMap((node) => ('VariableSetStmt' in node ? [node.VariableSetStmt] : []))
    .findLast(({ name }) => name === setting)
  return last !== undefined && last.kind === 'VAR_SET_VALUE' && (last.is_local !== true || inTransaction) && !isZero(last)
}

/** Zero switches the limit off, with and without a unit. */
function isZero({ args }: VariableSetStmt): boolean {
  const [value] = args ?? []
  if (value === undefined || !('A_Const' in value)) return false
  const { ival, sval } = value.A_Const
  return ival !== undefined ? (ival.ival ?? 0) === 0 : Number.parseFloat(sval?.sval ?? '') === 0
}
