import { optionsOf, wordsOf } from '../../sql/locks/names.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'require-search-path-for-security-definer',
  group: 'data',
  severity: 'warning',
  problem: 'Whoever calls the function can make it run a function or read a table of their own with the rights of its owner.',
  remedy: 'Add SET search_path = pg_catalog, pg_temp and the schemas that it needs, or write schemas in front of all names.',
  because:
    'A SECURITY DEFINER function finds the names in its body by the search path of its caller, who may put a schema of theirs in front. A body in SQL (BEGIN ATOMIC) is bound when it is created.',
  examples: {
    bad: ["create function total() returns bigint language sql security definer as 'select count(*) from users'"],
    good: [
      "create function total() returns bigint language sql security definer set search_path = public, pg_temp as 'select count(*) from users'",
      "create function total() returns bigint language sql as 'select count(*) from users'",
      'create function total() returns bigint language sql security definer begin atomic select count(*) from users; end',
    ],
  },
  on: 'CreateFunctionStmt',
  check({ options, funcname, sql_body }) {
    const given = optionsOf(options)
    const definer = given.some(
      ({ defname, arg }) => defname === 'security' && arg !== undefined && 'Boolean' in arg && arg.Boolean.boolval === true,
    )
    const path = given.some(({ arg }) => arg !== undefined && 'VariableSetStmt' in arg && arg.VariableSetStmt.name === 'search_path')
    if (!definer || path || sql_body !== undefined) return undefined
    return { message: `${wordsOf(funcname).join('.')} runs with its owner's rights and its caller's search path.` }
  },
})
