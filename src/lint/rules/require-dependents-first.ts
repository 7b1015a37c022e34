import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findTable } from '../../sql/schema/schema.ts'
import { type Dependent, dependentsOfCommand, dependentsOfDrop, objectsText } from '../compatibility/dependents.ts'
import { listed, statementsText } from '../compatibility/sql-text.ts'
import { defineRule, type Problem } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

export default defineRule({
  name: 'require-dependents-first',
  group: 'compatibility',
  severity: 'error',
  problem: 'The migration fails in the middle of the release, since something else still needs what it takes away.',
  remedy: 'Take away what depends on it first, by name, and make again what is still needed.',
  because:
    'Without CASCADE the server refuses to drop what a view, a foreign key or a generated column uses (2BP01), and to change the type of a column that a view uses (0A000).',
  examples: {
    bad: [
      { fails: true, files: [{ phase: 'post', sql: 'alter table users drop column email' }] },
      { fails: true, files: [{ phase: 'post', sql: 'drop table orders' }] },
      { fails: true, files: [{ phase: 'post', sql: 'drop table users' }] },
      { fails: true, files: [{ phase: 'post', sql: 'alter table users alter column email type varchar(200)' }] },
      { fails: true, files: [{ phase: 'post', sql: 'alter table users drop constraint users_pkey' }] },
      { fails: true, files: [{ phase: 'post', sql: 'drop type order_state' }] },
      {
        fails: true,
        given: 'create schema billing; create table billing.bills (id int)',
        files: [{ phase: 'post', sql: 'drop schema billing' }],
      },
    ],
    good: [
      { files: [{ phase: 'post', sql: 'drop view active_users; alter table users drop column age' }] },
      { files: [{ phase: 'post', sql: 'alter table users drop column nickname' }] },
      {
        files: [
          { phase: 'post', sql: 'alter table orders drop constraint orders_user_id_fkey; alter table users drop constraint users_pkey' },
        ],
      },
      { files: [{ phase: 'post', sql: 'drop materialized view sales; drop table orders' }] },
      { files: [{ phase: 'post', sql: 'drop table products' }] },
      'create table a (id int primary key); create table b (a int references a); drop table a, b',
    ],
  },
  on: ['DropStmt', 'AlterTableStmt'],
  check(statement, scope) {
    if ('cmds' in statement) {
      const table = findTable(scope.schema, nameOf(statement.relation))
      if (table === undefined) return undefined
      return nodesOf(statement.cmds, 'AlterTableCmd').flatMap((command) => {
        if (command.behavior === 'DROP_CASCADE') return []
        const found = dependentsOfCommand(scope.schema, table, command)
        const does = command.subtype === 'AT_AlterColumnType' ? 'The type cannot change' : 'The drop fails'
        return found.length === 0
          ? []
          : problem(scope, `${does}: ${listed(found.map(({ what }) => what))} still uses ${command.name} of ${table.name}.`, found)
      })
    }
    if (!('removeType' in statement) || statement.behavior === 'DROP_CASCADE') return undefined
    const found = dependentsOfDrop(scope.schema, statement)
    if (found.length === 0) return undefined
    return problem(
      scope,
      `The drop of ${listed(objectsText(statement.objects))} fails: ${listed(found.map(({ what }) => what))} still depends on it.`,
      found,
    )
  },
})

function problem(scope: StatementScope, message: string, found: readonly Dependent[]): Problem {
  return {
    message,
    instead: [
      {
        phase: scope.phase,
        transactional: scope.file.migration.transactional,
        sql: statementsText([...found.map(({ drop }) => drop), scope.sql]),
        note:
          scope.phase === 'pre'
            ? 'Make again, behind it, what the old code still uses.'
            : 'Make again, behind it, what the new code still uses.',
      },
    ],
  }
}
