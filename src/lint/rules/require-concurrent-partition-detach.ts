import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findTable, tableById } from '../../sql/schema/schema.ts'
import { isUsedTable } from '../bulk-write.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'require-concurrent-partition-detach',
  group: 'locks',
  severity: 'warning',
  problem: 'Every query of the partitioned table waits until the transaction that detaches a part of it has ended.',
  remedy: 'Use DETACH PARTITION … CONCURRENTLY, in a migration of its own that runs outside a transaction.',
  because:
    'DETACH PARTITION takes ACCESS EXCLUSIVE on the parent and the partition. CONCURRENTLY, from version 14 on, takes SHARE UPDATE EXCLUSIVE on the parent; it is refused when the parent has a default partition.',
  examples: {
    bad: ['alter table events detach partition events_2025'],
    good: [
      { files: [{ transaction: false, sql: 'alter table events detach partition events_2025 concurrently' }] },
      { postgres: 13, files: [{ sql: 'alter table events detach partition events_2025' }] },
      {
        given: 'create table events_rest partition of events default',
        files: [{ sql: 'alter table events detach partition events_2025' }],
      },
      "create table logs (at date) partition by range (at); create table logs_1 partition of logs for values from ('2025-01-01') to ('2026-01-01'); alter table logs detach partition logs_1",
    ],
  },
  on: 'AlterTableStmt',
  check({ relation, cmds }, scope) {
    const [detach] = nodesOf(cmds, 'AlterTableCmd').filter(({ subtype }) => subtype === 'AT_DetachPartition')
    const command = detach?.def !== undefined && 'PartitionCmd' in detach.def ? detach.def.PartitionCmd : undefined
    if (command === undefined || command.concurrent === true || scope.postgres < 14 || !isUsedTable(relation, scope)) return undefined
    const parent = findTable(scope.schema, nameOf(relation))
    if ([...(parent?.children ?? [])].some((id) => tableById(scope.schema, id)?.partitionOf?.bound.isDefault)) return undefined
    const [name, part] = [relation, command.name].map((range) => tableName(nameOf(range)))
    return {
      message: `Detaching ${part} holds back every query of ${name} until the transaction ends.`,
      instead: [{ phase: scope.phase, transactional: false, sql: `alter table ${name} detach partition ${part} concurrently;` }],
    }
  },
})
