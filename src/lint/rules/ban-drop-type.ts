import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { nameOfObject, partDrop } from '../compatibility/dropped.ts'
import { movedToPost } from '../compatibility/moved.ts'
import { findType } from '../compatibility/old-objects.ts'
import { listed } from '../compatibility/sql-text.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-drop-type',
  group: 'compatibility',
  severity: 'warning',
  phase: 'pre',
  problem: 'Code that still runs and casts to the type, or looks it up when it connects, fails.',
  remedy: 'Ship code that does not use the type, and drop it in a post migration.',
  because:
    'A cast to a dropped type fails with 42704, and so does a prepared statement with a parameter of it; columns of the type keep the server from dropping it.',
  examples: {
    bad: [
      { given: "create type color as enum ('red')", files: [{ sql: 'drop type color' }] },
      { given: 'create domain age as int', files: [{ sql: 'drop domain if exists age' }] },
      { given: 'create type address as (street text, town text)', files: [{ sql: 'alter type address drop attribute town' }] },
    ],
    good: [
      { given: "create type color as enum ('red')", files: [{ phase: 'post', sql: 'drop type color' }] },
      "create type scratch as enum ('a'); drop type scratch",
      'create type pair as (a int, b int); alter type pair drop attribute b',
    ],
  },
  on: ['DropStmt', 'AlterTableStmt'],
  check(statement, scope) {
    if ('cmds' in statement) {
      if (statement.objtype !== 'OBJECT_TYPE' || scope.isNew(findType(scope.schema, nameOf(statement.relation)))) return undefined
      const gone = nodesOf(statement.cmds, 'AlterTableCmd').flatMap(({ subtype, name }) =>
        subtype === 'AT_DropColumn' ? (name ?? []) : [],
      )
      if (gone.length === 0) return undefined
      return {
        message: `Dropping ${listed(gone)} from the type ${tableName(nameOf(statement.relation))} changes what the code that still runs reads and writes.`,
        instead: movedToPost(scope),
      }
    }
    if (!('removeType' in statement) || (statement.removeType !== 'OBJECT_TYPE' && statement.removeType !== 'OBJECT_DOMAIN'))
      return undefined
    const old = (statement.objects ?? []).map(nameOfObject).filter((name) => !scope.isNew(findType(scope.schema, name)))
    if (old.length === 0) return undefined
    const names = listed(old.map(tableName))
    return {
      message: `Dropping the type ${names} breaks code that still runs and casts to it.`,
      instead: movedToPost(scope, partDrop(scope, statement, old), `The code of this release does not use ${names} any more.`),
    }
  },
})
