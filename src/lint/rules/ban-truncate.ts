import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { movedToPost } from '../compatibility/moved.ts'
import { oldRelation } from '../compatibility/old-objects.ts'
import { listed } from '../compatibility/sql-text.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-truncate',
  group: 'compatibility',
  severity: 'error',
  phase: 'pre',
  problem: 'The code that still runs finds the table empty.',
  remedy: 'Ship code that does without the rows, and empty the table in a post migration.',
  because: 'TRUNCATE takes every row at once, and for readers with an older snapshot too: it is not safe for MVCC.',
  yieldsTo: ['ban-truncate-cascade'],
  examples: {
    bad: ['truncate orders', 'truncate table products, somewhere.unknown'],
    good: [
      { files: [{ phase: 'post', sql: 'truncate orders' }] },
      'create table carts (id bigint); truncate carts',
      'create temporary table todo (id bigint); truncate todo',
    ],
  },
  on: 'TruncateStmt',
  check({ relations }, scope) {
    const old = nodesOf(relations, 'RangeVar').flatMap((range) => oldRelation(scope, nameOf(range)) ?? [])
    if (old.length === 0) return undefined
    const names = listed(old.map(({ name }) => tableName(name)))
    return {
      message: `Truncating ${names} takes the rows away from the code that still runs.`,
      instead: movedToPost(scope, undefined, `The code of this release does without the rows of ${names}.`),
    }
  },
})
