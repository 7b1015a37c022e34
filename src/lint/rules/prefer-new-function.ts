import { nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { findFunctions } from '../compatibility/functions.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'prefer-new-function',
  group: 'compatibility',
  severity: 'advice',
  optIn: true,
  phase: 'pre',
  problem: 'The code that still runs calls the function, directly or through a trigger, and now gets what the new text does.',
  remedy: 'Make a function with a new name for the new code, and drop the old one in a post migration.',
  because: 'Every call after the commit runs the new text.',
  examples: {
    bad: ["create or replace function touch() returns trigger language plpgsql as 'begin new.placed_at := now(); return new; end'"],
    good: [
      "create function mark() returns trigger language plpgsql as 'begin return new; end'",
      {
        files: [{ phase: 'post', sql: "create or replace function touch() returns trigger language plpgsql as 'begin return null; end'" }],
      },
    ],
  },
  on: 'CreateFunctionStmt',
  check({ replace, funcname }, scope) {
    const name = nameOfWords(wordsOf(funcname))
    const found = replace === true ? findFunctions(scope.release.before, name) : []
    return found.length === 0 ? undefined : { message: `${tableName(name)} is replaced while the old code still runs it.` }
  },
})
