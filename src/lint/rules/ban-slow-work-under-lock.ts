import type { UnknownRelation } from '../../sql/effects/effects.ts'
import { nodesOf } from '../../sql/node.ts'
import type { Relation } from '../../sql/schema/schema.ts'
import { heldBefore, isUsed, relationName, strongLocks, whoWaits } from '../held-locks.ts'
import type { StatementRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

const rule: StatementRule = {
  name: 'ban-slow-work-under-lock',
  group: 'locks',
  severity: 'error',
  problem: 'Whoever uses the table that was locked before waits for work that needs no such lock.',
  remedy: 'Put the slow statement into a migration of its own, behind the one that takes the lock.',
  because:
    'A lock is held until its transaction ends, so whatever else the transaction reads or builds keeps it: VALIDATE CONSTRAINT alone lets everybody go on, and behind an ALTER TABLE in the same transaction nobody.',
  yieldsTo: ['ban-backfill-with-ddl'],
  examples: {
    bad: [
      {
        given: 'alter table orders add constraint orders_amount_check check (amount > 0) not valid',
        files: [{ sql: 'alter table users add column points int; alter table orders validate constraint orders_amount_check' }],
      },
    ],
    good: [
      {
        given: 'alter table orders add constraint orders_amount_check check (amount > 0) not valid',
        files: [{ sql: 'alter table orders validate constraint orders_amount_check' }],
      },
      {
        given: 'alter table orders add constraint orders_amount_check check (amount > 0) not valid',
        files: [{ sql: 'alter table users add column points int' }, { sql: 'alter table orders validate constraint orders_amount_check' }],
      },
      'alter table users add column points int; alter table users add column level int',
    ],
  },
  on: 'every-statement',
  check(_, scope) {
    const slow = slowWork(scope)
    const held = slow === undefined ? undefined : heldBefore(scope)
    if (
      slow === undefined ||
      held === undefined ||
      scope.earlier.some((one) => slowWork(one) !== undefined && heldBefore(one) !== undefined)
    )
      return undefined
    const locked = relationName(held.relation)
    return {
      message: `This statement goes through all of ${relationName(slow)} while the transaction keeps ${locked} locked.`,
      harm: `Every ${whoWaits(held.mode)} of ${locked} waits until it is done.`,
      instead: scope.nested ? [] : [{ phase: scope.phase, transactional: true, sql: `${scope.sql};` }],
    }
  },
}

export default rule

/**
 * What a statement goes through although it stops nobody by itself: one that does is a finding of its own, and so is
 * the validation of a constraint that the same transaction adds.
 */
function slowWork(scope: StatementScope): Relation | UnknownRelation | undefined {
  if (strongLocks(scope).length > 0 || validatesOwn(scope)) return undefined
  const { scans, rewrites, builds } = scope.effects
  const built = builds.map((one) => (typeof one.table === 'number' ? scope.schema.relations.get(one.table) : one.table))
  return [...scans, ...rewrites, ...built].find((relation) => relation !== undefined && isUsed(relation, scope))
}

function validatesOwn({ statement: { node }, earlier }: StatementScope): boolean {
  if (!('AlterTableStmt' in node)) return false
  const validated = commandsOf(node.AlterTableStmt.cmds).flatMap(({ subtype, name }) => (subtype === 'AT_ValidateConstraint' ? [name] : []))
  const added = earlier.flatMap(({ statement }) => {
    const cmds = 'AlterTableStmt' in statement.node ? commandsOf(statement.node.AlterTableStmt.cmds) : []
    return cmds.flatMap(({ def }) => (def !== undefined && 'Constraint' in def ? [def.Constraint.conname] : []))
  })
  return validated.some((name) => added.includes(name))
}

function commandsOf(cmds: Parameters<typeof nodesOf>[0]) {
  return nodesOf(cmds, 'AlterTableCmd')
}
