import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'
import { writtenColumns } from '../written-columns.ts'

export default defineRule({
  name: 'prefer-bigint-over-int',
  aliases: ['prefer-big-int'],
  group: 'style',
  severity: 'advice',
  optIn: true,
  problem: 'An int runs out at 2,147,483,647, and every insert fails from then on.',
  remedy: 'Use bigint.',
  because: 'int4 holds 32 bits; changing the type later writes the whole table anew under ACCESS EXCLUSIVE.',
  examples: {
    bad: [
      'create table carts (id int primary key)',
      'alter table users add column visits integer',
      'create table carts (id serial primary key)',
    ],
    good: [
      'create table carts (id bigint primary key)',
      'alter table users add column visits bigint',
      'create table carts (id bigserial primary key)',
    ],
  },
  on: ['CreateStmt', 'AlterTableStmt'],
  check: (statement, scope) =>
    writtenColumns(scope.schema, statement)
      .filter(({ type }) => type.name === 'int4')
      .map(({ table, name, type, location }) => ({
        message: `${tableName(table)}.${name} is ${type.serial ? 'a serial' : 'an int'}, which ends at 2,147,483,647.`,
        location,
      })),
})
