import { nameOf } from '../../sql/locks/names.ts'
import { findTable } from '../../sql/schema/schema.ts'
import { alteredOldTable } from '../compatibility/altered-table.ts'
import { movedToPost } from '../compatibility/moved.ts'
import { schemaWhenDone } from '../compatibility/what-follows.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-detach-partition',
  group: 'compatibility',
  severity: 'error',
  phase: 'pre',
  problem: 'The rows vanish from the partitioned table while the old code still reads them there, and its writes for them fail.',
  remedy: 'Ship code that does without these rows, and detach the partition in a post migration.',
  because: 'A detached partition is a table of its own; an insert of a row that no partition takes fails with 23514.',
  examples: {
    bad: [
      'alter table events detach partition events_2025',
      { files: [{ transaction: false, sql: 'alter table events detach partition events_2025 concurrently' }] },
    ],
    good: [
      { files: [{ phase: 'post', transaction: false, sql: 'alter table events detach partition events_2025 concurrently' }] },
      "alter table events detach partition events_2025; alter table events attach partition events_2025 for values from ('2024-01-01') to ('2026-01-01')",
      "create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01'); alter table events detach partition events_2027",
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const altered = alteredOldTable(scope, alter)
    const [command] = altered?.commands ?? []
    if (altered === undefined || command?.subtype !== 'AT_DetachPartition') return undefined
    const range = command.def !== undefined && 'PartitionCmd' in command.def ? command.def.PartitionCmd.name : undefined
    const partition = findTable(scope.schema, nameOf(range))
    if (scope.isNew(partition)) return undefined
    const [name, parent] = [tableName(nameOf(range)), tableName(altered.name)]
    // detached and attached with other bounds, in one transaction
    const later = findTable(schemaWhenDone(scope), nameOf(range))
    if (later?.partitionOf !== undefined && later.partitionOf.parent === altered.table?.id) return undefined
    return {
      message: `Detaching ${name} takes its rows out of ${parent} while the old code still reads and writes them there.`,
      instead: movedToPost(scope, undefined, `The code of this release asks ${parent} no longer for the rows of ${name}.`),
    }
  },
})
