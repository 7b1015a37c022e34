import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'
import { writtenColumns } from '../written-columns.ts'

export default defineRule({
  name: 'prefer-jsonb',
  group: 'style',
  severity: 'advice',
  optIn: true,
  problem: 'SELECT DISTINCT, GROUP BY and UNION fail on the column, and every access reads the text anew.',
  remedy: 'Use jsonb.',
  because: 'json has no equality operator and no index of its own; it keeps the text as it came, with spaces and double keys.',
  examples: {
    bad: ['create table carts (items json)', 'alter table users add column settings json'],
    good: ['create table carts (items jsonb)'],
  },
  on: ['CreateStmt', 'AlterTableStmt'],
  check: (statement, scope) =>
    writtenColumns(scope.schema, statement)
      .filter(({ type }) => type.name === 'json' && type.schema === undefined)
      .map(({ table, name, type, location }) => ({
        message: `${tableName(table)}.${name} is ${type.name}, which has no equality and no index.`,
        location,
      })),
})
