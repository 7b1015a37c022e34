import type { Table } from '../schema/schema.ts'
import { type Formula, formulaOf } from './proof/formula.ts'
import { implies } from './proof/implies.ts'

/** Whether a valid CHECK of the table says that the column is never null, so that SET NOT NULL need not look. */
export function isProvedNotNull(table: Table, column: string, dropped: ReadonlySet<string>): boolean {
  return implies(knownOf(table, dropped), isNotNull(column))
}

/** What holds for every row of the table: its valid CHECKs, less those that are being dropped, and its NOT NULLs. */
export function knownOf(table: Table, dropped: ReadonlySet<string> = new Set()): Formula {
  const checks = [...table.constraints.values()].flatMap((one) =>
    one.kind === 'check' && one.valid && !dropped.has(one.name) ? [formulaOf(one.expression, table)] : [],
  )
  const notNull = [...table.columns.values()].filter((one) => one.notNull)
  return { kind: 'and', of: [...checks, ...notNull.map(({ name }) => isNotNull(name))] }
}

export function isNotNull(operand: string): Formula {
  return { kind: 'null', operand, isNull: false }
}
