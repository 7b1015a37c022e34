import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'
import { writtenColumns } from '../written-columns.ts'

export default defineRule({
  name: 'prefer-bigint-over-smallint',
  group: 'style',
  severity: 'advice',
  optIn: true,
  problem: 'A smallint runs out at 32,767, and every insert fails from then on.',
  remedy: 'Use bigint.',
  because: 'int2 holds 16 bits, and what it saves is most often lost to alignment; changing the type later writes the whole table anew.',
  examples: {
    bad: ['create table carts (id smallint primary key)', 'alter table users add column rank int2'],
    good: ['create table carts (id bigint primary key)'],
  },
  on: ['CreateStmt', 'AlterTableStmt'],
  check: (statement, scope) =>
    writtenColumns(scope.schema, statement)
      .filter(({ type }) => type.name === 'int2')
      .map(({ table, name, type, location }) => ({
        message: `${tableName(table)}.${name} is a ${type.serial ? 'smallserial' : 'smallint'}, which ends at 32,767.`,
        location,
      })),
})
