import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { isUsedTable } from '../bulk-write.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'prefer-one-alter-table',
  group: 'locks',
  severity: 'advice',
  optIn: true,
  problem: 'The table is locked, and where it must be read also read, once for each statement.',
  remedy: 'Write the changes into one ALTER TABLE, with commas between them.',
  because: 'Several changes of one ALTER TABLE share its lock and go through the rows together.',
  examples: {
    bad: ['alter table users add column a int; alter table users add column b int'],
    good: [
      'alter table users add column a int, add column b int',
      'alter table users add column a int; alter table orders add column b int',
      'create table carts (id bigint); alter table carts add column a int; alter table carts add column b int',
      'alter table users rename column age to years; alter table users add column b int',
    ],
  },
  on: 'AlterTableStmt',
  check({ relation, cmds }, scope) {
    const before = scope.earlier.at(-1)?.statement.node
    if (before === undefined || !('AlterTableStmt' in before) || !canJoin(cmds) || !canJoin(before.AlterTableStmt.cmds)) return undefined
    const [one, other] = [before.AlterTableStmt.relation, relation]
    if (one?.relname !== other?.relname || one?.schemaname !== other?.schemaname) return undefined
    return isUsedTable(relation, scope) ? { message: `${tableName(nameOf(relation))} is altered twice in a row.` } : undefined
  },
})

/** Partitions are attached and detached one at a time, and validated behind what adds. */
function canJoin(cmds: Parameters<typeof nodesOf>[0]): boolean {
  return nodesOf(cmds, 'AlterTableCmd').every(({ subtype }) => !/^AT_(?:Attach|Detach|Validate)/.test(subtype ?? ''))
}
