import { heldBefore, relationName, strongLocks } from '../held-locks.ts'
import type { StatementRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

const rule: StatementRule = {
  name: 'prefer-one-table-per-transaction',
  group: 'locks',
  severity: 'advice',
  optIn: true,
  problem:
    'The first table stays locked while the transaction waits for the second, and with an application that takes them the other way round it is a deadlock.',
  remedy: 'Give each table a migration of its own.',
  because:
    'Locks are taken one after the other and kept until the transaction ends; the server ends one of two transactions that wait for each other, after deadlock_timeout.',
  examples: {
    bad: ['alter table users add column a int; alter table orders add column b int'],
    good: [
      'alter table users add column a int; alter table users add column b int',
      { files: [{ sql: 'alter table users add column a int' }, { sql: 'alter table orders add column b int' }] },
      'create table carts (id bigint); alter table users add column a int',
    ],
  },
  on: 'every-statement',
  check(_, scope) {
    const second = secondTable(scope)
    if (second === undefined || scope.earlier.some((one) => secondTable(one) !== undefined)) return undefined
    return { message: `This waits for ${second.next} while the transaction keeps ${second.held} locked.` }
  },
}

export default rule

function secondTable(scope: StatementScope): { readonly held: string; readonly next: string } | undefined {
  const before = heldBefore(scope)
  if (before === undefined) return undefined
  const held = relationName(before.relation)
  const next = strongLocks(scope)
    .filter(({ named }) => named)
    .map(({ relation }) => relationName(relation))
    .find((name) => name !== held)
  return next === undefined ? undefined : { held, next }
}
