import { nameOf } from '../../sql/locks/names.ts'
import { copySchema } from '../../sql/schema/copy.ts'
import { applyStatement } from '../../sql/schema/replay.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import { listed } from '../compatibility/sql-text.ts'
import { writtenRelation } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-replace-view-columns',
  group: 'compatibility',
  severity: 'error',
  problem: 'The migration fails: a view that is replaced keeps its columns, in their order.',
  remedy: 'Add new columns at the end, or drop the view and create it again in the same transaction.',
  because:
    'CREATE OR REPLACE VIEW may only add columns behind those that are there; a name that changes, moves or is left out is refused with 42P16.',
  examples: {
    bad: [
      { fails: true, files: [{ sql: 'create or replace view active_users as select id from users' }] },
      { fails: true, files: [{ sql: 'create or replace view active_users as select email, id from users' }] },
      { fails: true, files: [{ phase: 'post', sql: 'create or replace view active_users as select id, name, email from users' }] },
    ],
    good: [
      'create or replace view active_users as select id, email, name from users',
      'create or replace view names as select name from users',
      'drop view active_users; create or replace view active_users as select id from users',
    ],
  },
  on: 'ViewStmt',
  check({ replace, view: range }, scope) {
    const name = nameOf(range)
    const view = findRelation(scope.schema, name)
    if (replace !== true || view?.kind !== 'view' || view.columns === undefined) return undefined
    const origin = { file: scope.file.order, statement: scope.index }
    const after = copySchema(scope.schema)
    const items = [view.schema, view.name].map((sval) => ({ String: { sval } }))
    applyStatement(
      after,
      { node: { DropStmt: { removeType: 'OBJECT_VIEW', behavior: 'DROP_CASCADE', objects: [{ List: { items } }] } } },
      origin,
    )
    applyStatement(after, scope.statement, origin)
    const next = findRelation(after, name)
    const columns = next?.kind === 'view' ? next.columns : undefined
    if (columns === undefined) return undefined
    const wrong = view.columns.filter((column, index) => columns[index] !== column)
    if (wrong.length === 0) return undefined
    const loses = !scope.isNew(view) && view.columns.some((column) => !columns.includes(column))
    return {
      message: `${tableName(name)} cannot be replaced: ${listed(wrong)} would go, move or get another name.`,
      instead: [
        {
          phase: loses ? 'post' : scope.phase,
          transactional: true,
          sql: `drop view ${writtenRelation(name)};\n${scope.sql};`,
          note: `${loses ? 'The code of this release does not read the columns that go. ' : ''}In one transaction, so that nobody misses the view; grant again what was granted on it.`,
        },
      ],
    }
  },
})
