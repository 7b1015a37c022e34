import { nameOf } from '../../sql/locks/names.ts'
import { aliasView, columnsOf, hasAliasView } from '../compatibility/alias-view.ts'
import { oldRelation } from '../compatibility/old-objects.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-rename-view',
  group: 'compatibility',
  severity: 'error',
  problem: 'From the rename to the end of the deploy, either the old code or the new code asks for a view that is not there.',
  remedy: 'Leave a view under the old name in the same transaction, and drop it in a post migration.',
  because: 'A query on the old name fails with 42P01 from the moment the rename is committed.',
  examples: {
    bad: [
      'alter view active_users rename to grown_users',
      { files: [{ phase: 'post', sql: 'alter materialized view sales rename to sold' }] },
    ],
    good: [
      'alter view active_users rename to grown_users; create view active_users as select * from grown_users',
      'create view names as select name from users; alter view names rename to user_names',
    ],
  },
  on: 'RenameStmt',
  check({ renameType, relation, newname = '' }, scope) {
    if (renameType !== 'OBJECT_VIEW' && renameType !== 'OBJECT_MATVIEW') return undefined
    const old = oldRelation(scope, nameOf(relation))
    if (old === undefined || hasAliasView(scope, old.name, columnsOf(old.relation))) return undefined
    const name = tableName(old.name)
    return {
      message: `Renaming the view ${name} to ${newname} breaks the old code, or the new code, until the deploy is done.`,
      harm: `Queries on ${name} fail as soon as it is renamed; those on ${newname} fail before.`,
      instead: aliasView(scope, scope.sql, old.name, { schema: old.name.schema, name: newname }),
    }
  },
})
