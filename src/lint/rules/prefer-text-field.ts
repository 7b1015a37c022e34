import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'
import { writtenColumns } from '../written-columns.ts'

export default defineRule({
  name: 'prefer-text-field',
  group: 'style',
  severity: 'advice',
  optIn: true,
  problem: 'A longer text than somebody once thought of is refused, and the insert fails.',
  remedy: 'Use text, with a CHECK where a limit is meant.',
  because: 'varchar(n) and text are stored alike; a CHECK can be changed without a lock on readers, by NOT VALID and VALIDATE.',
  examples: {
    bad: [
      'create table carts (note varchar(80))',
      'alter table users add column phone varchar(20)',
      'alter table users alter column name type varchar(200)',
    ],
    good: ['create table carts (note text)', 'create table carts (note varchar)'],
  },
  on: ['CreateStmt', 'AlterTableStmt'],
  check: (statement, scope) =>
    writtenColumns(scope.schema, statement)
      .filter(({ type }) => type.name === 'varchar' && type.modifiers.length > 0)
      .map(({ table, name, type, location }) => ({
        message: `${tableName(table)}.${name} is a varchar(${type.modifiers.join()}): longer texts are refused.`,
        location,
      })),
})
