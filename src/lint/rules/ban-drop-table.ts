import { tableById } from '../../sql/schema/schema.ts'
import { droppedOld, partDrop } from '../compatibility/dropped.ts'
import { movedToPost } from '../compatibility/moved.ts'
import { listed } from '../compatibility/sql-text.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-drop-table',
  group: 'compatibility',
  severity: 'error',
  phase: 'pre',
  problem: 'The code that still runs uses the table, and every query on it fails.',
  remedy: 'Ship code that does not use the table, and drop it in a post migration.',
  because: 'A query on a dropped table fails with 42P01; the rows of a dropped partition vanish from its parent.',
  examples: {
    bad: [
      'drop table products',
      'drop table if exists somewhere.unknown',
      'drop table events_2025',
      'create table carts (id int); drop table carts, products',
    ],
    good: [
      { files: [{ phase: 'post', sql: 'drop table products' }] },
      'create table carts (id bigint); drop table carts',
      'create temporary table todo as select id from users; drop table todo',
    ],
  },
  on: 'DropStmt',
  check(drop, scope) {
    if (drop.removeType !== 'OBJECT_TABLE' && drop.removeType !== 'OBJECT_FOREIGN_TABLE') return undefined
    const old = droppedOld(scope, drop)
    if (old.length === 0) return undefined
    const names = listed(old.map(({ name }) => tableName(name)))
    const parents = old.map(({ relation }) =>
      relation?.kind === 'table' ? tableById(scope.schema, relation.partitionOf?.parent) : undefined,
    )
    const [parent] = parents
    const arePartitions = parent !== undefined && parents.every((one) => one === parent)
    return {
      message: arePartitions
        ? `Dropping ${names} takes its rows out of ${parent.name} while the old code still reads them.`
        : `Dropping ${names} breaks the code that still runs.`,
      harm: arePartitions
        ? `The old code misses the rows, and its writes for that part of ${parent.name} fail.`
        : `Every query of the old code on ${names} fails until the deploy is done.`,
      instead: movedToPost(
        scope,
        partDrop(
          scope,
          drop,
          old.map(({ name }) => name),
        ),
        `The code of this release does not use ${names} any more.`,
      ),
    }
  },
})
