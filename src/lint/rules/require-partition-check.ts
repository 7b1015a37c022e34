import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findTable } from '../../sql/schema/schema.ts'
import { isUsed, relationName } from '../held-locks.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'require-partition-check',
  group: 'locks',
  severity: 'error',
  problem: 'Nobody uses the table whose rows are checked until the last one was read.',
  remedy:
    'Add a CHECK with the same bound as NOT VALID and validate it in earlier migrations; for a default partition, a CHECK that no row belongs into the new partition.',
  because:
    'ATTACH PARTITION reads every row of the table under ACCESS EXCLUSIVE unless a valid CHECK proves that they fit the bound, and a new partition has every row of the default partition read unless a CHECK there proves that none belongs into it.',
  examples: {
    bad: [
      {
        given: 'create table events_2027 (id bigint not null, kind text, at timestamptz not null)',
        files: [{ sql: "alter table events attach partition events_2027 for values from ('2027-01-01') to ('2028-01-01')" }],
      },
      {
        given: 'create table events_rest partition of events default',
        files: [{ sql: "create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01')" }],
      },
    ],
    good: [
      "create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01')",
      "create table events_2027 (id bigint not null, kind text, at timestamptz not null); alter table events attach partition events_2027 for values from ('2027-01-01') to ('2028-01-01')",
    ],
  },
  on: ['AlterTableStmt', 'CreateStmt'],
  check(content, scope) {
    const attached = 'cmds' in content ? attachedTo(content.cmds) : undefined
    const creates = 'partbound' in content && content.partbound !== undefined
    if (attached === undefined && !creates) return undefined
    const read = scope.effects.scans.filter((relation) => isUsed(relation, scope))
    if (read.length === 0) return undefined
    const table = attached === undefined ? undefined : findTable(scope.schema, nameOf(attached))
    const own = read.find(({ name }) => name === attached?.relname)
    const partition = tableName(nameOf(attached ?? content.relation))
    return own !== undefined || (table !== undefined && read.includes(table))
      ? { message: `Attaching ${partition} reads every row of it, and nobody uses ${partition} meanwhile.` }
      : {
          message: `The new partition ${partition} has every row of ${read.map(relationName).join(', ')} read, and nobody uses it meanwhile.`,
        }
  },
})

function attachedTo(cmds: Parameters<typeof nodesOf>[0]) {
  const [attach] = nodesOf(cmds, 'AlterTableCmd').filter(({ subtype }) => subtype === 'AT_AttachPartition')
  return attach?.def !== undefined && 'PartitionCmd' in attach.def ? attach.def.PartitionCmd.name : undefined
}
