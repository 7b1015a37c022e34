import { nameOf } from '../../sql/locks/names.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-rule',
  group: 'compatibility',
  severity: 'error',
  problem: 'The queries of running code are rewritten without a word: writes may vanish, or run twice.',
  remedy: 'Use a trigger where something is to happen beside a write, and a view with INSTEAD OF triggers where a name is to stay.',
  because:
    'A rule replaces the query before it is planned: DO INSTEAD NOTHING makes an INSERT succeed that stores no row, and expressions such as nextval are evaluated again.',
  examples: {
    bad: [
      'create rule quiet as on insert to users do instead nothing',
      { files: [{ phase: 'post', sql: 'create rule twice as on insert to orders do also select 1' }] },
    ],
    good: ['create table carts (id bigint); create rule quiet as on insert to carts do instead nothing'],
  },
  on: 'RuleStmt',
  check({ rulename = '', relation, instead }, scope) {
    const named = nameOf(relation)
    if (scope.isNew(findRelation(scope.schema, named))) return undefined
    const how = instead === true ? 'takes the place of' : 'runs beside'
    return { message: `The rule ${rulename} ${how} what code writes to or reads from ${tableName(named)}.` }
  },
})
