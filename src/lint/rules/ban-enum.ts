import { wordsOf } from '../../sql/locks/names.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'ban-enum',
  group: 'style',
  severity: 'advice',
  optIn: true,
  problem: 'A value that is no longer wanted stays in the type for good, and no way back takes a new one out.',
  remedy: 'Use text with a CHECK, or a small table that a foreign key refers to.',
  because: 'ALTER TYPE can add and rename values of an enum, and has no statement that removes or reorders them.',
  examples: {
    bad: ["create type cart_state as enum ('open', 'closed')"],
    good: ["create table carts (state text check (state in ('open', 'closed')))", 'create type place as (x int, y int)'],
  },
  on: 'CreateEnumStmt',
  check: ({ typeName }) => ({ message: `${wordsOf(typeName).join('.')} is an enum: no value ever leaves it.` }),
})
