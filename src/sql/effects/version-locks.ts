import type { Constraint, Node } from '@pgsql/types'
import type { ReachLock, RelationLock } from '../locks/statement-locks.ts'
import { nodesOf } from '../node.ts'

/**
 * The locks of a statement, as a server of a version takes them. Locks read from the text are those of the newest: until
 * PostgreSQL 17 a new key, foreign key or NO INHERIT check left inheritance children alone.
 */
export function locksOfVersion(locks: readonly RelationLock[], node: Node, major: number): readonly RelationLock[] {
  const added = major < 18 ? onlyConstraint(node) : undefined
  if (added === undefined) return locks
  const below = belowBefore18(added)
  if (below === 'as since') return locks
  return locks.map((one, index) => (index > 0 ? one : { ...one, reach: one.reach.flatMap((to) => (to.to === 'children' ? below : to)) }))
}

/** The constraint that an ALTER TABLE adds, when it does nothing else. */
function onlyConstraint(node: Node): Constraint | undefined {
  if (!('AlterTableStmt' in node)) return undefined
  const [command, ...more] = nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd')
  if (command?.def === undefined || more.length > 0 || !('Constraint' in command.def)) return undefined
  return command.subtype === 'AT_AddConstraint' ? command.def.Constraint : undefined
}

function belowBefore18({ contype, is_no_inherit }: Constraint): ReachLock[] | 'as since' {
  switch (contype) {
    case 'CONSTR_CHECK':
      return is_no_inherit === true ? [] : 'as since'
    case 'CONSTR_FOREIGN':
      return [{ to: 'partitions', mode: 'ShareRowExclusive' }]
    case 'CONSTR_PRIMARY':
      return 'as since' // its NOT NULL goes down to the children
    case 'CONSTR_UNIQUE':
    case 'CONSTR_EXCLUSION':
      return [{ to: 'partitions', mode: 'Share' }]
    default:
      return 'as since'
  }
}
