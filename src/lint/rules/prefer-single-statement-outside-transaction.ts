import { repeatable } from '../repeatable.ts'
import type { FileRule } from '../rule.ts'
import type { FileScope, StatementScope } from '../scope.ts'

const rule: FileRule = {
  name: 'prefer-single-statement-outside-transaction',
  group: 'robustness',
  severity: 'warning',
  problem: 'When a statement in the middle fails, the first half of the file is done and its record is not.',
  remedy: 'Give each statement that runs outside a transaction a migration of its own, and the others one that runs inside.',
  because:
    'Without a transaction there is nothing to roll back. Shiplock goes on behind the last statement that was done; other programs run the file again from its beginning, and fail at what is done.',
  examples: {
    bad: [
      {
        files: [
          {
            transaction: false,
            sql: 'alter table users add column points int; create index concurrently users_points_idx on users (points)',
          },
        ],
      },
      {
        files: [
          {
            transaction: false,
            sql: 'create index concurrently orders_total_idx on orders (total); create index concurrently orders_state_idx on orders (state)',
          },
        ],
      },
    ],
    good: [
      { files: [{ transaction: false, sql: 'create index concurrently orders_total_idx on orders (total)' }] },
      {
        files: [
          {
            transaction: false,
            sql: 'drop index concurrently if exists orders_total_idx; create index concurrently orders_total_idx on orders (total)',
          },
        ],
      },
      { files: [{ transaction: false, sql: 'set statement_timeout = 0; vacuum users; reset statement_timeout' }] },
      {
        files: [
          { transaction: false, sql: 'begin; alter table users add column points int; alter table users add column level int; commit' },
        ],
      },
      'alter table users add column points int; alter table users add column level int',
    ],
  },
  checkFile(scope) {
    if (scope.file.migration.transactional) return undefined
    const units = unitsOf(scope)
    const undone = units.find((unit, index) => index < units.length - 1 && !isRepeatable(unit, scope))
    if (undone === undefined) return undefined
    const { text, statements } = scope.file.up
    return {
      message: `The file has ${units.length} steps and no transaction: when a later one fails, this one is done and cannot be done again.`,
      location: Buffer.byteLength(text.text.slice(0, statements[undone[0]?.index ?? 0]?.start ?? 0)),
    }
  },
}

export default rule

/** What succeeds or fails in one piece: a statement, or all from BEGIN to COMMIT. */
function unitsOf({ statements }: FileScope): readonly (readonly StatementScope[])[] {
  const units: StatementScope[][] = []
  for (const one of statements) {
    if (one.nested || 'VariableSetStmt' in one.statement.node) continue
    if (one.inTransaction) units.at(-1)?.push(one)
    else units.push([one])
  }
  return units
}

/** A DO block that commits as it goes is made to be run again. */
function isRepeatable(unit: readonly StatementScope[], { file }: FileScope): boolean {
  return unit.every(({ statement, index }) => {
    if ('DoStmt' in statement.node) return file.up.nested.get(index)?.some(({ batched }) => batched) === true
    return repeatable(statement) === 'yes'
  })
}
