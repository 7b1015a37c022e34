import { alteredOldTable } from '../compatibility/altered-table.ts'
import { movedToPost, partAlter } from '../compatibility/moved.ts'
import { isOldColumn } from '../compatibility/old-objects.ts'
import { listed } from '../compatibility/sql-text.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-drop-column',
  group: 'compatibility',
  severity: 'error',
  phase: 'pre',
  problem: 'The code that still runs names the column in its queries, and they fail.',
  remedy: 'Ship code that does not use the column, and drop it in a post migration.',
  because:
    'A query that names a dropped column fails with 42703; a prepared SELECT * fails with "cached plan must not change result type".',
  examples: {
    bad: [
      'alter table users drop column nickname',
      'alter table users drop column if exists nickname, drop column score, add column handle text',
      'alter table somewhere.unknown drop column a',
    ],
    good: [
      { files: [{ phase: 'post', sql: 'alter table users drop column nickname' }] },
      'create table carts (id bigint primary key, note text); alter table carts drop column note',
      'alter table users add column helper text; alter table users drop column helper',
      'alter table users drop column if exists no_such_column',
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const altered = alteredOldTable(scope, alter)
    if (altered === undefined) return undefined
    const { name, table, commands } = altered
    const isViolation = ({ subtype, name: column = '' }: (typeof commands)[number]) =>
      subtype === 'AT_DropColumn' && isOldColumn(scope, table, column)
    const columns = commands.filter(isViolation).map((command) => command.name ?? '')
    if (columns.length === 0) return undefined
    const from = tableName(name)
    return {
      message: `Dropping ${listed(columns)} from ${from} breaks the code that still runs.`,
      harm: `Queries of the old code that name ${listed(columns)}, and prepared SELECT * on ${from}, fail until the deploy is done.`,
      instead: movedToPost(
        scope,
        partAlter(scope, alter, isViolation),
        `The code of this release neither reads nor writes ${listed(columns)} any more; it does not select * either.`,
      ),
    }
  },
})
