import type { PartitionCmd } from '@pgsql/types'
import { everyChild, rebuildsIndexes, type TableFinding } from './constraint.ts'
import { nameOf } from './names.ts'
import { queryLocks } from './query.ts'
import { lock, type ReachLock } from './statement-locks.ts'

/** A new partition gets the foreign keys of its parent, in both directions, and its indexes. */
const joinsFamily: readonly ReachLock[] = [
  { to: 'default', mode: 'AccessExclusive' },
  { to: 'referenced', mode: 'ShareRowExclusive' },
  { to: 'referencing', mode: 'ShareRowExclusive' },
  { to: 'indexes', mode: 'ShareUpdateExclusive' },
]

/** What the parent of `CREATE TABLE … PARTITION OF` feels: rows that the default partition holds are checked. */
export const partitionOf: TableFinding = { mode: 'AccessExclusive', reach: joinsFamily }

/** ATTACH and DETACH PARTITION; `undefined` for what is neither. */
export function alterPartitions(subtype: string, { name, concurrent, bound }: PartitionCmd, isIndex: boolean): TableFinding | undefined {
  const partition = nameOf(name)
  const own = [everyChild, rebuildsIndexes] as const
  switch (subtype) {
    case 'AT_AttachPartition': {
      if (isIndex) return attachIndex(name)
      const { unknown, locks } = queryLocks(bound, 'run')
      const attached = lock(partition, 'AccessExclusive', ...own)
      return { mode: 'ShareUpdateExclusive', reach: joinsFamily, locks: [...locks, attached], unknown, work: 'rows' }
    }
    case 'AT_DetachPartition': {
      // its second step, after everybody who might see the partition has gone, is the one with the strong lock
      const parent = concurrent === true ? 'ShareUpdateExclusive' : 'AccessExclusive'
      const partners: ReachLock[] = [
        { to: 'referenced', mode: 'ShareRowExclusive' },
        { to: 'referencing', mode: 'AccessExclusive' },
        { to: 'default', mode: 'AccessExclusive' },
      ]
      return { mode: parent, reach: partners, locks: [lock(partition, 'AccessExclusive', ...own)] }
    }
    case 'AT_DetachPartitionFinalize':
      return {
        mode: 'ShareUpdateExclusive',
        reach: [{ to: 'referenced', mode: 'ShareRowExclusive' }],
        locks: [lock(partition, 'AccessExclusive', ...own)],
      }
    default:
      return undefined
  }
}

/** ALTER INDEX … ATTACH PARTITION names the two indexes, and their tables are only looked at. */
function attachIndex(name: PartitionCmd['name']): TableFinding {
  const table = { to: 'table', mode: 'AccessShare' } as const
  return { mode: 'ShareUpdateExclusive', reach: [table], locks: [lock(nameOf(name), 'AccessExclusive', table)] }
}
