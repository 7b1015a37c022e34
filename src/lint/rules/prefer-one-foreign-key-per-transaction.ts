import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

export default defineRule({
  name: 'prefer-one-foreign-key-per-transaction',
  group: 'locks',
  severity: 'advice',
  optIn: true,
  problem:
    'The transaction holds one busy table locked while it waits for the next, and an application that takes them in another order ends in a deadlock.',
  remedy: 'Add each foreign key in a migration of its own.',
  because: 'Each foreign key takes SHARE ROW EXCLUSIVE on both of its tables, and keeps it to the end of the transaction.',
  examples: {
    bad: [
      'create table carts (id bigint, user_id bigint references users (id), product_id int references products (id))',
      'create table carts (id bigint references orders (id)); alter table orders add foreign key (product_id) references products (id) not valid',
    ],
    good: [
      'create table carts (id bigint, user_id bigint references users (id), giver_id bigint references users (id))',
      {
        files: [
          { sql: 'create table carts (id bigint references orders (id))' },
          { sql: 'create table lists (id int references products (id))' },
        ],
      },
      'alter table orders add foreign key (product_id) references products (id) not valid',
    ],
  },
  on: ['CreateStmt', 'AlterTableStmt'],
  check(_, scope) {
    const own = partnersOf(scope)
    if (own.length === 0) return undefined
    const earlier = scope.earlier.flatMap(partnersOf)
    const names = [...new Set([...earlier, ...own])]
    if (names.length < 2 || own.every((name) => earlier.includes(name))) return undefined
    return { message: `The transaction adds foreign keys to ${names.join(' and ')} and holds all of them locked until it ends.` }
  },
})

/** Old tables that foreign keys of a statement refer to. */
function partnersOf(scope: StatementScope): string[] {
  const { node } = scope.statement
  const own = 'AlterTableStmt' in node ? node.AlterTableStmt.relation?.relname : undefined
  if (!('CreateStmt' in node) && !('AlterTableStmt' in node)) return []
  return scope.effects.locks
    .filter(({ mode, relation, named }) => mode === 'ShareRowExclusive' && named && relation.name !== own && !scope.isNew(relation))
    .map(({ relation }) => relation.name)
}
