import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'
import { writtenColumns } from '../written-columns.ts'

export default defineRule({
  name: 'prefer-timestamp-tz',
  aliases: ['prefer-timestamptz'],
  group: 'style',
  severity: 'advice',
  optIn: true,
  problem: 'The same moment is stored as another one by a client in another time zone.',
  remedy: 'Use timestamptz.',
  because:
    'timestamp keeps the digits and forgets the zone that they were meant in; timestamptz keeps the moment, in the same eight bytes.',
  examples: {
    bad: ['create table carts (made_at timestamp)', 'alter table users add column left_at timestamp without time zone'],
    good: ['create table carts (made_at timestamptz)', 'create table carts (made_at timestamp with time zone)'],
  },
  on: ['CreateStmt', 'AlterTableStmt'],
  check: (statement, scope) =>
    writtenColumns(scope.schema, statement)
      .filter(({ type }) => type.name === 'timestamp')
      .map(({ table, name, type, location }) => ({
        message: `${tableName(table)}.${name} is a ${type.name} without a time zone: it is a wall clock, and no moment.`,
        location,
      })),
})
