import type { Node } from '@pgsql/types'
import { nameOf, type RelationName, wordsOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findTable } from '../../sql/schema/schema.ts'
import { addedConstraint } from '../remedy/alterations.ts'
import { wordsLike, writtenList, writtenRelation } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'prefer-unique-checked-first',
  group: 'data',
  severity: 'advice',
  optIn: true,
  problem: 'The statement fails when the rows hold duplicates, and the release stops at this migration.',
  remedy: 'Look for duplicates on the live database before the release, with the query that the finding shows.',
  because:
    'A unique index is refused with the first two rows that are equal; one that is built with CONCURRENTLY is left behind as invalid, and refuses new duplicates all the same.',
  examples: {
    bad: [
      { files: [{ transaction: false, sql: 'create unique index concurrently users_nickname_key on users (nickname)' }] },
      'alter table orders add constraint orders_key unique (user_id, placed_at)',
    ],
    good: [
      { files: [{ transaction: false, sql: 'create index concurrently users_nickname_idx on users (nickname)' }] },
      'create table carts (id bigint); create unique index on carts (id)',
      { files: [{ transaction: false, sql: 'create unique index concurrently users_id_name_key on users (id, name)' }] },
    ],
  },
  on: ['IndexStmt', 'AlterTableStmt'],
  check(_, scope) {
    const { node } = scope.statement
    const relation = 'IndexStmt' in node ? node.IndexStmt.relation : 'AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined
    return keysOf(node).flatMap((columns) => problemOf(columns, nameOf(relation), scope) ?? [])
  },
})

function keysOf(node: Node): string[][] {
  if ('IndexStmt' in node) {
    const { indexParams, unique, whereClause } = node.IndexStmt
    const keys = nodesOf(indexParams, 'IndexElem').map(({ name }) => name)
    return unique === true && whereClause === undefined && keys.every((key) => key !== undefined) ? [keys as string[]] : []
  }
  return nodesOf('AlterTableStmt' in node ? node.AlterTableStmt.cmds : [], 'AlterTableCmd')
    .flatMap((command) => addedConstraint(command) ?? [])
    .filter(({ contype, indexname }) => ['CONSTR_UNIQUE', 'CONSTR_PRIMARY'].includes(contype ?? '') && indexname === undefined)
    .map(({ keys }) => wordsOf(keys))
}

function problemOf(columns: readonly string[], named: RelationName, scope: StatementScope) {
  const table = findTable(scope.schema, named)
  if (columns.length === 0 || scope.isNew(table) || isUniqueAlready(columns)) return undefined
  const kw = wordsLike(scope)
  const list = writtenList(columns)
  const query = kw`select ${list}, count(*) from ${writtenRelation(named)} group by ${list} having count(*) > 1`
  return {
    message: `The statement fails when two rows of ${tableName(named)} have the same ${columns.join(', ')}; this shows them: ${query}.`,
  }

  /** Columns that are unique by themselves stay so with others beside them. */
  function isUniqueAlready(wanted: readonly string[]): boolean {
    return [...(table?.constraints.values() ?? [])].some(
      (one) => (one.kind === 'primary' || one.kind === 'unique') && one.columns.every((column) => wanted.includes(column)),
    )
  }
}
