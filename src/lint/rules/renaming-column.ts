import { nameOf } from '../../sql/locks/names.ts'
import { hasAliasView } from '../compatibility/alias-view.ts'
import { isOldColumn, oldRelation } from '../compatibility/old-objects.ts'
import { secondColumn } from '../compatibility/second-column.ts'
import { typeText } from '../compatibility/type-text.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'renaming-column',
  group: 'compatibility',
  severity: 'error',
  problem: 'From the rename to the end of the deploy, either the old code or the new code asks for a column that is not there.',
  remedy: 'Add a second column, keep both equal with a trigger, change the code over, and drop the old column in a later release.',
  because:
    'A query that names the old column fails with 42703 from the moment the rename is committed; there is no moment at which both names work.',
  examples: {
    bad: [
      'alter table users rename column nickname to handle',
      { files: [{ phase: 'post', sql: 'alter table users rename nickname to handle' }] },
      'alter table somewhere.unknown rename column a to b',
      'alter view active_users rename column email to address',
    ],
    good: [
      'create table carts (id bigint, note text); alter table carts rename note to remark',
      'alter table users add column helper text; alter table users rename helper to hint',
      `alter table users rename to people;
alter table people rename nickname to handle;
create view users as select id, email, handle as nickname from people`,
    ],
  },
  on: 'RenameStmt',
  check({ renameType, relation: range, subname: column = '', newname: fresh = '' }, scope) {
    const old = renameType === 'OBJECT_COLUMN' ? oldRelation(scope, nameOf(range)) : undefined
    if (old === undefined) return undefined
    const { relation } = old
    const table = relation?.kind === 'table' ? relation : undefined
    if (table !== undefined && !isOldColumn(scope, table, column)) return undefined
    const released = relation === undefined ? undefined : scope.release.before.relations.get(relation.id)
    if (hasAliasView(scope, released === undefined ? old.name : { schema: released.schema, name: released.name }, [column]))
      return undefined
    const known = table?.columns.get(column)
    const name = tableName(old.name)
    return {
      message: `Renaming ${column} of ${name} to ${fresh} breaks the old code, or the new code, until the deploy is done.`,
      harm: `Queries that name ${column} fail as soon as it is renamed; those that name ${fresh} fail before.`,
      ...(known === undefined ? {} : { instead: secondColumn({ table: old.name, column, fresh, type: typeText(known.type) }) }),
    }
  },
})
