import { nameOf } from '../../sql/locks/names.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'require-table-schema',
  group: 'style',
  severity: 'advice',
  optIn: true,
  problem: 'The search path of whoever runs the migration decides which table it changes.',
  remedy: 'Write the schema before the name of the table.',
  because: 'A name without a schema is looked up along search_path, which roles and databases set each for themselves.',
  examples: {
    bad: ['create table carts (id bigint)', 'alter table users add column phone text', 'create index carts_idx on users (age)'],
    good: [
      'create table public.carts (id bigint)',
      'alter table public.users add column phone text',
      'create temporary table carts (id bigint)',
    ],
  },
  on: ['CreateStmt', 'AlterTableStmt', 'IndexStmt', 'CreateTrigStmt'],
  check({ relation }) {
    const { schema, name } = nameOf(relation)
    if (schema !== undefined || relation?.relpersistence === 't') return undefined
    return { message: `${name} is named without its schema.`, location: relation?.location }
  },
})
