import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'
import { writtenColumns } from '../written-columns.ts'

export default defineRule({
  name: 'ban-char-field',
  group: 'style',
  severity: 'advice',
  optIn: true,
  problem: 'Values come back padded with spaces, and comparisons ignore spaces that were meant.',
  remedy: 'Use text.',
  because: 'char(n) is stored with its padding, takes no less room than text and is no faster.',
  examples: {
    bad: ['create table carts (code char(10))', 'alter table users add column country character(2)'],
    good: ['create table carts (code text)', 'create table carts (code varchar(10))', 'create table carts (mark "char")'],
  },
  on: ['CreateStmt', 'AlterTableStmt'],
  check: (statement, scope) =>
    writtenColumns(scope.schema, statement)
      .filter(({ type }) => type.name === 'bpchar')
      .map(({ table, name, type, location }) => ({
        message: `${tableName(table)}.${name} is a char${type.modifiers.length === 0 ? '' : `(${type.modifiers.join()})`}, padded with spaces.`,
        location,
      })),
})
