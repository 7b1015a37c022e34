import type { AlterPolicyStmt, CreatePolicyStmt, CreateTrigStmt, Node, RoleSpec, RuleStmt } from '@pgsql/types'
import { nameOf, wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { noteCall, noteCalls } from '../add.ts'
import { canonicalText, mentionsOf } from '../expression.ts'
import { findRelation, findTable, type Schema, type Trigger } from '../schema.ts'
import { passTriggerOn } from './inherit.ts'

export function createTrigger(schema: Schema, statement: CreateTrigStmt): void {
  const relation = findRelation(schema, nameOf(statement.relation))
  const { trigname = '', replace } = statement
  if ((relation?.kind !== 'table' && relation?.kind !== 'view') || (relation.triggers.has(trigname) && replace !== true)) return
  const called = wordsOf(statement.funcname)
  const trigger: Trigger = {
    enabled: true,
    function: called.join('.'),
    columns: new Set([...wordsOf(statement.columns), ...mentionsOf(statement.whenClause).columns]),
    definition: { CreateTrigStmt: withoutNames(statement) },
    constraint: statement.isconstraint === true,
    inherited: false,
  }
  relation.triggers.set(trigname, trigger)
  noteCall(schema, relation, called.at(-1) ?? '')
  if (relation.kind !== 'table' || relation.form !== 'partitioned') return
  passTriggerOn(schema, relation, trigname, trigger)
  relation.triggers.set(trigname, trigger)
}

/** Both may be renamed; the trigger keeps what it does. */
function withoutNames({ trigname: _name, relation: _relation, replace: _replace, ...definition }: CreateTrigStmt): CreateTrigStmt {
  return definition
}

export function createPolicy(schema: Schema, statement: CreatePolicyStmt): void {
  const { table: name, policy_name: policy = '', cmd_name, permissive, roles, qual, with_check } = statement
  const table = findTable(schema, nameOf(name))
  if (table === undefined) return
  table.policies.add(policy)
  table.policyTexts.set(policy, {
    command: cmd_name ?? 'all',
    permissive: permissive === true,
    roles: roleNames(roles),
    using: qual,
    check: with_check,
  })
  noteCalls(schema, table, qual, with_check)
}

export function alterPolicy(schema: Schema, { table: name, policy_name: policy = '', roles, qual, with_check }: AlterPolicyStmt): void {
  const table = findTable(schema, nameOf(name))
  const before = table?.policyTexts.get(policy)
  if (table === undefined || before === undefined) return
  table.policyTexts.set(policy, {
    ...before,
    roles: roles === undefined ? before.roles : roleNames(roles),
    using: qual ?? before.using,
    check: with_check ?? before.check,
  })
  noteCalls(schema, table, qual, with_check)
}

export function createRule(
  schema: Schema,
  { relation: name, rulename = '', event, instead, actions, whereClause, replace }: RuleStmt,
): void {
  const relation = findRelation(schema, nameOf(name))
  if ((relation?.kind !== 'table' && relation?.kind !== 'view') || (relation.rules.has(rulename) && replace !== true)) return
  relation.rules.set(rulename, canonicalText([event, instead, actions, whereClause]))
}

function roleNames(roles: readonly Node[] | undefined): string[] {
  return nodesOf(roles, 'RoleSpec').map(roleName).sort()
}

export function roleName({ roletype, rolename }: RoleSpec): string {
  if (rolename !== undefined) return rolename
  return (roletype ?? '').replace('ROLESPEC_', '').toLowerCase()
}
