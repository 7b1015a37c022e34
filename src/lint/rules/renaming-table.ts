import { nameOf } from '../../sql/locks/names.ts'
import { aliasView, columnsOf, hasAliasView } from '../compatibility/alias-view.ts'
import { oldRelation } from '../compatibility/old-objects.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'renaming-table',
  group: 'compatibility',
  severity: 'error',
  problem: 'From the rename to the end of the deploy, either the old code or the new code asks for a table that is not there.',
  remedy: 'Leave a view under the old name in the same transaction, and drop it in a post migration.',
  because:
    'A query on the old name fails with 42P01 from the moment the rename is committed. A view that selects all columns of one table can be written like the table, ON CONFLICT and RETURNING included.',
  examples: {
    bad: [
      'alter table users rename to people',
      { files: [{ phase: 'post', sql: 'alter table users rename to people' }] },
      { files: [{ transaction: false, sql: 'alter table users rename to people; create view users as select * from people' }] },
      'alter table if exists somewhere.unknown rename to known',
    ],
    good: [
      'alter table users rename to people; create view users as select * from people',
      'create table carts (id bigint); alter table carts rename to baskets',
    ],
  },
  on: 'RenameStmt',
  check({ renameType, relation: range, newname = '' }, scope) {
    if (renameType !== 'OBJECT_TABLE' && renameType !== 'OBJECT_FOREIGN_TABLE') return undefined
    const old = oldRelation(scope, nameOf(range))
    if (old === undefined || old.relation?.kind === 'index' || hasAliasView(scope, old.name, columnsOf(old.relation))) return undefined
    const name = tableName(old.name)
    return {
      message: `Renaming ${name} to ${newname} breaks the old code, or the new code, until the deploy is done.`,
      harm: `Queries on ${name} fail as soon as it is renamed; those on ${newname} fail before.`,
      instead: aliasView(scope, scope.sql, old.name, { schema: old.name.schema, name: newname }, old.relation),
    }
  },
})
