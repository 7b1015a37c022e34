import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { isUsedTable } from '../bulk-write.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'prefer-attach-partition',
  group: 'locks',
  severity: 'advice',
  problem: 'Every query of the partitioned table waits until the transaction that makes its new partition has ended.',
  remedy: 'Create the table by itself with LIKE, and take it in with ALTER TABLE … ATTACH PARTITION.',
  because:
    'CREATE TABLE … PARTITION OF takes ACCESS EXCLUSIVE on the parent, and ATTACH PARTITION of a new, empty table only SHARE UPDATE EXCLUSIVE.',
  yieldsTo: ['require-partition-check'],
  examples: {
    bad: ["create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01')"],
    good: [
      "create table events_2027 (like events including all); alter table events attach partition events_2027 for values from ('2027-01-01') to ('2028-01-01')",
      "create table logs (at date) partition by range (at); create table logs_1 partition of logs for values from ('2025-01-01') to ('2026-01-01')",
    ],
  },
  on: 'CreateStmt',
  check({ relation, inhRelations, partbound }, scope) {
    const [parent] = nodesOf(inhRelations, 'RangeVar')
    if (partbound === undefined || parent === undefined || !isUsedTable(parent, scope)) return undefined
    const [name, whole] = [relation, parent].map((range) => tableName(nameOf(range)))
    return { message: `Creating ${name} as a partition holds back every query of ${whole} until the transaction ends.` }
  },
})
