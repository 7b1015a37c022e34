import { nameOf } from '../../sql/locks/names.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import { sameNode } from '../compatibility/same-node.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'prefer-new-view',
  group: 'compatibility',
  severity: 'advice',
  optIn: true,
  phase: 'pre',
  problem: 'The code that still runs reads other rows or values from the view than it counts on.',
  remedy: 'Make a view with a new name for the new code, and drop the old one in a post migration.',
  because: 'Queries meet the new text of a view as soon as it is committed, prepared ones too.',
  examples: {
    bad: ['create or replace view active_users as select id, email from users where age > 17'],
    good: [
      'create or replace view active_users as select id, email from users where age > 0',
      'create view grown_users as select id, email from users where age > 17',
      { files: [{ phase: 'post', sql: 'create or replace view active_users as select id, email from users' }] },
    ],
  },
  on: 'ViewStmt',
  check({ replace, view: range, query }, scope) {
    const view = findRelation(scope.schema, nameOf(range))
    if (replace !== true || view?.kind !== 'view' || scope.isNew(view) || sameNode(view.query, query)) return undefined
    return { message: `${tableName(nameOf(range))} gets another query while the old code still reads it.` }
  },
})
