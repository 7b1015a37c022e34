import { nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { findFunctions } from '../compatibility/functions.ts'
import { schemaAfter } from '../compatibility/what-follows.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-replace-function-result',
  group: 'compatibility',
  severity: 'error',
  problem: 'The migration fails: a function that is replaced keeps the type of its result.',
  remedy: 'Give the new function another name, and drop the old one in a post migration.',
  because: 'CREATE OR REPLACE FUNCTION with the same arguments and another result is refused with 42P13.',
  examples: {
    bad: [
      {
        fails: true,
        given: "create function tax(int) returns int language sql as 'select 1'",
        files: [{ sql: "create or replace function tax(int) returns text language sql as 'select ''1'''" }],
      },
    ],
    good: [
      {
        given: "create function tax(int) returns int language sql as 'select 1'",
        files: [{ sql: "create or replace function tax(net int) returns int language sql as 'select 2'" }],
      },
      {
        given: "create function tax(int) returns int language sql as 'select 1'",
        files: [{ sql: "create or replace function tax(text) returns text language sql as 'select $1'" }],
      },
    ],
  },
  on: 'CreateFunctionStmt',
  check({ replace, funcname }, scope) {
    const name = nameOfWords(wordsOf(funcname))
    const before = replace === true ? findFunctions(scope.schema, name) : []
    if (before.length === 0) return undefined
    const after = findFunctions(schemaAfter(scope), name)
    const changed = after.find((one) =>
      before.some(
        (old) =>
          old.arguments.join() === one.arguments.join() &&
          old.returns !== undefined &&
          one.returns !== undefined &&
          old.returns !== one.returns,
      ),
    )
    return changed === undefined
      ? undefined
      : { message: `${tableName(name)} cannot be replaced: its result would become ${changed.returns}.` }
  },
})
