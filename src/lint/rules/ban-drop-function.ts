import type { Node } from '@pgsql/types'
import { nameOfWords, type RelationName, wordsOf } from '../../sql/locks/names.ts'
import { findFunctions } from '../compatibility/functions.ts'
import { movedToPost } from '../compatibility/moved.ts'
import { listed } from '../compatibility/sql-text.ts'
import { schemaWhenDone } from '../compatibility/what-follows.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-drop-function',
  group: 'compatibility',
  severity: 'error',
  phase: 'pre',
  problem: 'The code that still runs calls the function, and its queries fail.',
  remedy: 'Ship code that does not call the function, and drop it in a post migration.',
  because: 'A call of a dropped function fails with 42883. Dropped and made again in one transaction, others never miss it.',
  examples: {
    bad: [
      { given: "create function tax(int) returns int language sql as 'select 1'", files: [{ sql: 'drop function tax(int)' }] },
      'drop procedure if exists billing.settle(int)',
    ],
    good: [
      { given: "create function tax(int) returns int language sql as 'select 1'", files: [{ phase: 'post', sql: 'drop function tax' }] },
      {
        given: "create function tax(int) returns int language sql as 'select 1'",
        files: [{ sql: "drop function tax(int); create function tax(net int) returns bigint language sql as 'select 2::bigint'" }],
      },
      "create function helper() returns int language sql as 'select 1'; drop function helper()",
      'drop trigger orders_touch on orders; drop function touch()',
    ],
  },
  on: 'DropStmt',
  check(drop, scope) {
    if (!['OBJECT_FUNCTION', 'OBJECT_PROCEDURE', 'OBJECT_ROUTINE', 'OBJECT_AGGREGATE'].includes(drop.removeType ?? '')) return undefined
    const old = (drop.objects ?? []).map(nameOfRoutine).filter((name) => isUsed(scope, name))
    if (old.length === 0) return undefined
    const names = listed(old.map(tableName))
    return {
      message: `Dropping ${names} breaks the code that still runs and calls it.`,
      harm: `Every query of the old code that calls ${names} fails until the deploy is done.`,
      instead: movedToPost(scope, { moved: [scope.sql] }, `The code of this release does not call ${names} any more.`),
    }
  },
})

function nameOfRoutine(object: Node): RelationName {
  return nameOfWords('ObjectWithArgs' in object ? wordsOf(object.ObjectWithArgs.objname) : wordsOf(object))
}

/** Code cannot call a function that returns a trigger. */
function isUsed(scope: StatementScope, name: RelationName): boolean {
  const found = findFunctions(scope.schema, name)
  if (found.length > 0 && found.every((one) => scope.isNew(one) || one.returns === 'trigger')) return false
  return found.length === 0 || findFunctions(schemaWhenDone(scope), name).length < found.length
}
