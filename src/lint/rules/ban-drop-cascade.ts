import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { tokensOf } from '../../sql/parse.ts'
import { findTable } from '../../sql/schema/schema.ts'
import { alterParts } from '../compatibility/alter-parts.ts'
import { dependentsOfCommand, dependentsOfDrop, objectsText } from '../compatibility/dependents.ts'
import { droppedOld } from '../compatibility/dropped.ts'
import { oldTable } from '../compatibility/old-objects.ts'
import { listed, statementsText } from '../compatibility/sql-text.ts'
import { defineRule, type Problem } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

export default defineRule({
  name: 'ban-drop-cascade',
  group: 'compatibility',
  severity: 'warning',
  problem: 'CASCADE takes away everything that depends on it, also what nobody has in mind.',
  remedy: 'Drop what depends on it by name, in statements of its own, and leave CASCADE out.',
  because:
    'CASCADE follows dependencies to their end: views, foreign keys, defaults, generated columns and triggers go without being named.',
  examples: {
    bad: [
      { files: [{ phase: 'post', sql: 'drop table orders cascade' }] },
      { files: [{ phase: 'post', sql: 'alter table users drop column email cascade' }] },
      { files: [{ phase: 'post', sql: 'drop type order_state cascade' }] },
      { files: [{ phase: 'post', sql: 'drop table if exists somewhere.unknown cascade' }] },
    ],
    good: [
      { files: [{ phase: 'post', sql: 'drop table products' }] },
      'create table carts (id int); drop table carts cascade',
      { files: [{ phase: 'post', sql: 'alter table users drop column nickname restrict' }] },
    ],
  },
  on: ['DropStmt', 'AlterTableStmt'],
  check(statement, scope) {
    if ('cmds' in statement) {
      const table = findTable(scope.schema, nameOf(statement.relation))
      const commands = nodesOf(statement.cmds, 'AlterTableCmd')
      const cascading = commands.filter(({ behavior }) => behavior === 'DROP_CASCADE')
      if (cascading.length === 0) return undefined
      const found = table === undefined ? [] : cascading.flatMap((command) => dependentsOfCommand(scope.schema, table, command))
      if (found.length === 0 && oldTable(scope, statement.relation) === undefined) return undefined
      return problem(scope, found, listed(cascading.map(({ name = '' }) => name)), alterParts(scope.sql, commands.length))
    }
    if (!('removeType' in statement) || statement.behavior !== 'DROP_CASCADE') return undefined
    const found = dependentsOfDrop(scope.schema, statement)
    if (found.length === 0 && isRelation(statement.removeType) && droppedOld(scope, statement).length === 0) return undefined
    return problem(scope, found, listed(objectsText(statement.objects)))
  },
})

function isRelation(type: string | undefined): boolean {
  return ['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_SEQUENCE', 'OBJECT_INDEX', 'OBJECT_FOREIGN_TABLE'].includes(type ?? '')
}

function problem(
  scope: StatementScope,
  found: ReturnType<typeof dependentsOfDrop>,
  what: string,
  parts?: ReturnType<typeof alterParts>,
): Problem {
  const without = parts === undefined ? withoutCascade(scope.sql) : `${parts.head} ${parts.commands.map(withoutCascade).join(', ')}`
  if (found.length === 0)
    return {
      message: `CASCADE takes away what depends on ${what}; the migrations show nothing that does, and the database may have more.`,
      replacement: without,
    }
  return {
    message: `CASCADE also takes away ${listed(found.map((one) => one.what))}.`,
    severity: 'error',
    instead: [
      {
        phase: scope.phase,
        transactional: scope.file.migration.transactional,
        sql: statementsText([...found.map(({ drop }) => drop), without]),
        note: 'Make again, behind it, what is still used.',
      },
    ],
  }
}

/** CASCADE is the last word of a command. */
function withoutCascade(sql: string): string {
  const [before, last] = tokensOf(sql).slice(-2)
  const isLast = last?.text.toLowerCase() === 'cascade'
  return isLast ? Buffer.from(sql).toString('utf8', 0, before?.end) : sql
}
