import type { Constraint, Node } from '@pgsql/types'
import { wordsOf } from '../locks/names.ts'
import type { ReachLock, RelationLock } from '../locks/statement-locks.ts'
import { nodesOf } from '../node.ts'
import type { EffectContext, Heap } from './work.ts'

/**
 * The locks of a statement, as a server of a version takes them. Locks read from the text are those of the newest: until
 * PostgreSQL 17 a new key, foreign key or NO INHERIT check left inheritance children alone, and until 13 a partition could
 * be read while it was detached.
 */
export function locksOfVersion(
  locks: readonly RelationLock[],
  node: Node,
  { major, find }: Pick<EffectContext, 'major' | 'find'>,
): readonly RelationLock[] {
  if (major < 14 && detaches(node)) {
    return locks.map((one, index) => (index === 0 ? one : { ...one, mode: 'ShareUpdateExclusive', reach: [] }))
  }
  const added = major < 18 ? onlyConstraint(node) : undefined
  if (added === undefined) return locks
  const [target] = locks
  const below = belowBefore18(added, target === undefined ? undefined : find(target))
  if (below === 'as since') return locks
  return locks.map((one, index) => (index > 0 ? one : { ...one, reach: one.reach.flatMap((to) => (to.to === 'children' ? below : to)) }))
}

function detaches(node: Node): boolean {
  if (!('AlterTableStmt' in node)) return false
  return nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd').some(({ subtype }) => subtype === 'AT_DetachPartition')
}

/** The constraint that an ALTER TABLE adds, when it does nothing else. */
function onlyConstraint(node: Node): Constraint | undefined {
  if (!('AlterTableStmt' in node)) return undefined
  const [command, ...more] = nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd')
  if (command?.def === undefined || more.length > 0 || !('Constraint' in command.def)) return undefined
  return command.subtype === 'AT_AddConstraint' ? command.def.Constraint : undefined
}

function belowBefore18(constraint: Constraint, target: Heap | undefined): ReachLock[] | 'as since' {
  const { contype, is_no_inherit } = constraint
  switch (contype) {
    case 'CONSTR_CHECK':
      return is_no_inherit === true ? [] : 'as since'
    case 'CONSTR_FOREIGN':
      return [{ to: 'partitions', mode: 'ShareRowExclusive' }]
    case 'CONSTR_PRIMARY':
      // a NOT NULL that its columns do not have yet goes down to the children
      return isNotNull(constraint, target) ? onPartitions : 'as since'
    case 'CONSTR_UNIQUE':
    case 'CONSTR_EXCLUSION':
      return onPartitions
    default:
      return 'as since'
  }
}

const onPartitions: ReachLock[] = [{ to: 'partitions', mode: 'Share' }]

function isNotNull({ keys }: Constraint, target: Heap | undefined): boolean {
  return target?.kind === 'table' && wordsOf(keys).every((name) => target.columns.get(name)?.notNull === true)
}
