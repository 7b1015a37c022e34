import type { Constraint, Node } from '@pgsql/types'
import { constraintsOf } from '../../sql/locks/constraint.ts'
import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findTable } from '../../sql/schema/schema.ts'
import { addedColumn } from '../remedy/alterations.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'prefer-foreign-key-alone',
  group: 'locks',
  severity: 'advice',
  optIn: true,
  problem: 'Writes to the table that is referred to wait until the transaction ends, though nothing of it is read.',
  remedy: 'Make the table or column without the reference, and add the foreign key NOT VALID in a migration that does nothing else.',
  because:
    'A foreign key puts triggers on the table that it refers to, under SHARE ROW EXCLUSIVE; the lock stays until the transaction ends. For a new table or a column full of nulls no row is read.',
  examples: {
    bad: [
      'create table carts (id bigint primary key, user_id bigint references users (id)); create index on carts (user_id)',
      'alter table users add column favourite int references products (id)',
      'create table carts (id bigint, user_id bigint, foreign key (user_id) references users)',
    ],
    good: [
      'create table carts (id bigint primary key); create table cart_items (cart_id bigint references carts (id))',
      'alter table orders add foreign key (product_id) references products (id) not valid',
    ],
  },
  on: ['CreateStmt', 'AlterTableStmt'],
  check(_, scope) {
    const partners = new Set(
      keysOf(scope.statement.node)
        .map(({ pktable }) => nameOf(pktable))
        .filter((name) => isOld(name, scope))
        .map(tableName),
    )
    return [...partners].map((partner) => ({
      message: `The reference to ${partner} holds back writes to ${partner} until the transaction ends.`,
      harm: `Every INSERT, UPDATE and DELETE on ${partner} waits that long.`,
    }))
  },
})

/** Foreign keys that are written in the definition of a table or a column. */
function keysOf(node: Node): Constraint[] {
  const commands = 'AlterTableStmt' in node ? nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd') : []
  const elements = 'CreateStmt' in node ? node.CreateStmt.tableElts : []
  const added = commands.flatMap((command) => addedColumn(command) ?? [])
  const columns = [...added, ...nodesOf(elements, 'ColumnDef')].flatMap(({ constraints }) => constraintsOf(constraints))
  const own = nodesOf(elements, 'Constraint')
  return [...columns, ...own].filter(({ contype }) => contype === 'CONSTR_FOREIGN')
}

function isOld(name: ReturnType<typeof nameOf>, scope: StatementScope): boolean {
  return !scope.isNew(findTable(scope.schema, name))
}
