import { wordsOf } from '../../sql/locks/names.ts'
import { movedToPost } from '../compatibility/moved.ts'
import { listed } from '../compatibility/sql-text.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'ban-drop-schema',
  group: 'compatibility',
  severity: 'error',
  phase: 'pre',
  problem: 'The code that still runs uses what is in the schema, and its queries fail.',
  remedy: 'Ship code that does not use the schema, and drop it in a post migration.',
  because:
    'Without CASCADE the server drops a schema only when it is empty; a query that names a schema which is gone fails with 3F000 or 42P01.',
  examples: {
    bad: [
      { given: 'create schema billing', files: [{ sql: 'drop schema billing' }] },
      { given: 'create schema billing; create table billing.invoices (id int)', files: [{ sql: 'drop schema if exists billing cascade' }] },
    ],
    good: [
      { given: 'create schema billing', files: [{ phase: 'post', sql: 'drop schema billing' }] },
      'create schema scratch; drop schema scratch',
    ],
  },
  on: 'DropStmt',
  check(drop, scope) {
    if (drop.removeType !== 'OBJECT_SCHEMA') return undefined
    const old = (drop.objects ?? [])
      .map((object) => wordsOf(object)[0] ?? '')
      .filter((schema) => scope.release.before.schemas.has(schema) || !scope.schema.schemas.has(schema))
    if (old.length === 0) return undefined
    return {
      message: `Dropping the schema ${listed(old)} breaks the code that still runs.`,
      instead: movedToPost(scope, { moved: [scope.sql] }, `The code of this release uses nothing of ${listed(old)} any more.`),
    }
  },
})
