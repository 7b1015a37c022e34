import type { RelationName } from '../../sql/locks/names.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import { droppedOld, partDrop } from '../compatibility/dropped.ts'
import { movedToPost } from '../compatibility/moved.ts'
import { listed } from '../compatibility/sql-text.ts'
import { followingInTransaction, schemaWhenDone } from '../compatibility/what-follows.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-drop-view',
  group: 'compatibility',
  severity: 'error',
  phase: 'pre',
  problem: 'The code that still runs reads the view, and its queries fail.',
  remedy: 'Ship code that does not read the view, and drop it in a post migration.',
  because:
    'A query on a dropped view fails with 42P01. Dropped and made again in one transaction, with all its columns, others never miss it.',
  examples: {
    bad: [
      'drop view active_users',
      'drop materialized view sales',
      { files: [{ transaction: false, sql: 'drop view active_users; create view active_users as select id, email from users' }] },
      'drop view active_users; create view active_users as select id from users',
    ],
    good: [
      { files: [{ phase: 'post', sql: 'drop view active_users' }] },
      'drop view active_users; create view active_users as select id, email from users where age > 1',
      'create view names as select name from users; drop view names',
    ],
  },
  on: 'DropStmt',
  check(drop, scope) {
    if (drop.removeType !== 'OBJECT_VIEW' && drop.removeType !== 'OBJECT_MATVIEW') return undefined
    const old = droppedOld(scope, drop)
    if (old.length === 0) return undefined
    const after = schemaWhenDone(scope)
    const lost = old.flatMap(({ name, relation }): { name: RelationName; columns: readonly string[] | undefined }[] => {
      const again = findRelation(after, name)
      if (again === undefined) return [{ name, columns: undefined }]
      if (again.kind !== 'view' || relation?.kind !== 'view') return []
      const columns = relation.columns?.filter((column) => again.columns !== undefined && !again.columns.includes(column)) ?? []
      return columns.length > 0 ? [{ name, columns }] : []
    })
    const [first] = lost
    if (first === undefined) return undefined
    if (first.columns !== undefined) {
      const view = tableName(first.name)
      return {
        message: `${view} is made again without ${listed(first.columns)}, which the code that still runs may read.`,
        harm: `Queries of the old code that read ${listed(first.columns)} of ${view} fail.`,
        instead: movedToPost(
          scope,
          { moved: [scope.sql, ...followingInTransaction(scope).map((one) => scope.text.text.slice(one.start, one.end))] },
          `The code of this release does not read ${listed(first.columns)} of ${view} any more.`,
        ),
      }
    }
    const names = listed(lost.map(({ name }) => tableName(name)))
    return {
      message: `Dropping ${names} breaks the code that still runs.`,
      harm: `Every query of the old code on ${names} fails until the deploy is done.`,
      instead: movedToPost(
        scope,
        partDrop(
          scope,
          drop,
          lost.map(({ name }) => name),
        ),
        `The code of this release does not read ${names} any more.`,
      ),
    }
  },
})
