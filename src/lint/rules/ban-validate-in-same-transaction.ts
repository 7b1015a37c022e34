import type { AlterTableCmd } from '@pgsql/types'
import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { addedConstraint, alteredOldTable, type Split, splitAlter } from '../remedy/alterations.ts'
import { transaction, wordsLike, written } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

export default defineRule({
  name: 'ban-validate-in-same-transaction',
  group: 'locks',
  severity: 'error',
  problem: 'The lock of the statement that added the constraint is held until all rows are checked, as if NOT VALID had not been there.',
  remedy: 'Put VALIDATE CONSTRAINT into a migration of its own, behind the one that adds the constraint.',
  because:
    'Locks are held to the end of the transaction: ADD CONSTRAINT … NOT VALID takes ACCESS EXCLUSIVE for a check, and SHARE ROW EXCLUSIVE on both tables for a foreign key; VALIDATE CONSTRAINT reads the table under it.',
  examples: {
    bad: [
      'alter table orders add constraint orders_amount_positive check (amount > 0) not valid; alter table orders validate constraint orders_amount_positive',
      'ALTER TABLE orders ADD CONSTRAINT product_fk FOREIGN KEY (product_id) REFERENCES products NOT VALID; ALTER TABLE public.orders VALIDATE CONSTRAINT product_fk',
      'alter table orders add constraint orders_amount_positive check (amount > 0) not valid, validate constraint orders_amount_positive',
    ],
    good: [
      {
        files: [
          { sql: 'alter table orders add constraint orders_amount_positive check (amount > 0) not valid' },
          { sql: 'alter table orders validate constraint orders_amount_positive' },
        ],
      },
      {
        files: [
          {
            transaction: false,
            sql: 'alter table orders add constraint orders_amount_positive check (amount > 0) not valid; alter table orders validate constraint orders_amount_positive',
          },
        ],
      },
      {
        given: 'alter table orders add constraint orders_amount_positive check (amount > 0) not valid',
        files: [{ sql: 'alter table orders validate constraint orders_amount_positive' }],
      },
      'create table carts (id bigint); alter table carts add constraint carts_id check (id > 0) not valid; alter table carts validate constraint carts_id',
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const old = alteredOldTable(alter, scope)
    if (old === undefined) return undefined
    const added = [...old.commands, ...earlierCommands(scope, nameOf(alter.relation).name)].flatMap((command) => notValidOf(command) ?? [])
    return splitAlter(old, scope, ({ subtype, name = '' }): Split | undefined => {
      if (subtype !== 'AT_ValidateConstraint' || !added.includes(name)) return undefined
      return {
        problem: {
          message: `Validating ${name} in the transaction that adds it keeps ${old.name} locked until all of it was read.`,
          harm: `Every write to ${old.name} waits, and for a check every read too.`,
        },
        follow: [
          transaction(
            scope.phase,
            wordsLike(scope)`alter table ${old.sql} validate constraint ${written(name)}`,
            'In a file of its own, behind the one that adds the constraint.',
          ),
        ],
      }
    })
  },
})

/** What the same transaction did before to a table of this name. */
function earlierCommands(scope: StatementScope, table: string): AlterTableCmd[] {
  return scope.earlier.flatMap(({ statement: { node } }) =>
    'AlterTableStmt' in node && nameOf(node.AlterTableStmt.relation).name === table
      ? nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd')
      : [],
  )
}

function notValidOf(command: AlterTableCmd): string | undefined {
  const constraint = addedConstraint(command)
  return constraint?.skip_validation === true ? constraint.conname : undefined
}
