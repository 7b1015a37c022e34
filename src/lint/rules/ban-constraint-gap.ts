import type { RangeVar } from '@pgsql/types'
import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findTable, type TableConstraint } from '../../sql/schema/schema.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-constraint-gap',
  group: 'data',
  severity: 'warning',
  problem: 'Rows that break the constraint come in while it is gone, and then it cannot be added any more.',
  remedy: 'Add the new constraint under another name first, and drop the old one after it; or do both in one transaction.',
  because:
    'Each transaction is seen by the application as soon as it is committed: between one that drops a constraint and one that adds it again nothing checks what is written.',
  examples: {
    bad: [
      {
        files: [
          { sql: 'alter table orders drop constraint orders_user_id_fkey' },
          {
            sql: 'alter table orders add constraint orders_user_id_fkey foreign key (user_id) references users on delete cascade not valid',
          },
        ],
      },
      {
        given: 'alter table orders add constraint orders_amount_check check (amount > 0)',
        files: [
          {
            transaction: false,
            sql: 'alter table orders drop constraint orders_amount_check; alter table orders add constraint orders_amount_check check (amount >= 0) not valid',
          },
        ],
      },
    ],
    good: [
      'alter table orders drop constraint orders_user_id_fkey; alter table orders add constraint orders_user_id_fkey foreign key (user_id) references users on delete cascade not valid',
      'alter table orders drop constraint orders_user_id_fkey',
      {
        files: [
          { sql: 'alter table orders add constraint orders_user_fkey foreign key (user_id) references users on delete cascade not valid' },
          { sql: 'alter table orders drop constraint orders_user_id_fkey' },
        ],
      },
    ],
  },
  on: 'AlterTableStmt',
  check({ relation, cmds }, scope) {
    const table = findTable(scope.schema, nameOf(relation))
    if (scope.isNew(table)) return undefined
    const dropped = nodesOf(cmds, 'AlterTableCmd').flatMap(({ subtype, name }) =>
      subtype === 'AT_DropConstraint' && name !== undefined ? [name] : [],
    )
    const name = dropped.find((one) => isConstraint(table?.constraints.get(one)) && isAddedAfter(one, relation, scope))
    return name === undefined
      ? undefined
      : { message: `Until ${name} is added again, nothing keeps rows out of ${tableName(nameOf(relation))} that break it.` }
  },
})

/** A constraint that is not known is one all the same. */
function isConstraint(constraint: TableConstraint | undefined): boolean {
  return constraint?.kind !== 'not-null'
}

/** In a transaction that comes later: of this file, or of one behind it. */
function isAddedAfter(name: string, relation: RangeVar | undefined, { file, index, inTransaction, release }: StatementScope): boolean {
  const rest = inTransaction ? [] : file.up.statements.slice(index + 1)
  const files = release.files.slice(release.files.indexOf(file) + 1)
  return [...rest, ...files.flatMap(({ up }) => up.statements)].some(({ node }) => {
    if (!('AlterTableStmt' in node) || node.AlterTableStmt.relation?.relname !== relation?.relname) return false
    return nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd').some(
      ({ def }) => def !== undefined && 'Constraint' in def && def.Constraint.conname === name,
    )
  })
}
