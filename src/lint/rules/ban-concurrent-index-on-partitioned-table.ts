import type { DropStmt, IndexStmt } from '@pgsql/types'
import { nameOf, nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { findRelation, findTable, tableById } from '../../sql/schema/schema.ts'
import { createIndex, indexText } from '../remedy/index-text.ts'
import { partitionedIndexFiles } from '../remedy/partitioned-index.ts'
import { wordsLike, writtenRelation } from '../remedy/write.ts'
import { defineRule, type Found } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-concurrent-index-on-partitioned-table',
  group: 'robustness',
  severity: 'error',
  problem: 'The server refuses the statement, and the release stops at this migration.',
  remedy: 'Make the index ON ONLY the partitioned table, build one on each partition with CONCURRENTLY, and attach them.',
  because:
    'PostgreSQL up to 18 has no CONCURRENTLY for the indexes of a partitioned table itself, neither to create nor to drop one; it has it for each partition.',
  examples: {
    bad: [
      { fails: true, files: [{ transaction: false, sql: 'create index concurrently events_kind_idx on events (kind)' }] },
      {
        fails: true,
        files: [{ transaction: false, sql: 'create index concurrently if not exists events_at_idx on events using brin (at)' }],
      },
      {
        fails: true,
        given: 'create index events_kind_idx on events (kind)',
        files: [{ transaction: false, phase: 'post', sql: 'drop index concurrently events_kind_idx' }],
      },
      {
        fails: true,
        given:
          "create table logs (id bigint, region text, at date) partition by list (region); create table logs_eu partition of logs for values in ('eu') partition by range (at); create table logs_eu_old partition of logs_eu for values from (minvalue) to ('2026-01-01'); create table logs_us partition of logs for values in ('us')",
        files: [{ transaction: false, sql: 'create index concurrently logs_id_idx on logs (id)' }],
      },
    ],
    good: [
      { files: [{ transaction: false, sql: 'create index concurrently events_2025_kind_idx on events_2025 (kind)' }] },
      'create index events_kind_idx on only events (kind)',
      { files: [{ transaction: false, phase: 'post', sql: 'drop index concurrently users_name_idx' }] },
    ],
  },
  on: ['IndexStmt', 'DropStmt'],
  check(_, scope): Found {
    const { node } = scope.statement
    if ('IndexStmt' in node) return created(node.IndexStmt, scope)
    return 'DropStmt' in node ? dropped(node.DropStmt, scope) : undefined
  },
})

function created(index: IndexStmt, scope: StatementScope): Found {
  const named = nameOf(index.relation)
  const table = findTable(scope.schema, named)
  if (index.concurrent !== true || table?.form !== 'partitioned') return undefined
  const text = indexText(scope, index.relation?.location ?? 0)
  const on = writtenRelation(named)
  const message = `${tableName(named)} is partitioned, and CREATE INDEX CONCURRENTLY cannot build an index on it.`
  return scope.isNew(table) || table.children.size === 0
    ? { message, replacement: createIndex(text, scope, { on, concurrent: false }) }
    : { message, instead: partitionedIndexFiles(text, table, on, scope) }
}

function dropped({ removeType, objects, concurrent }: DropStmt, scope: StatementScope): Found {
  if (removeType !== 'OBJECT_INDEX' || concurrent !== true) return undefined
  const named = nameOfWords(wordsOf(objects?.[0]))
  const index = findRelation(scope.schema, named)
  const table = index?.kind === 'index' ? tableById(scope.schema, index.table) : undefined
  if (table?.form !== 'partitioned') return undefined
  const kw = wordsLike(scope)
  return {
    message: `${tableName(named)} is an index of the partitioned table ${table.name}, and DROP INDEX CONCURRENTLY cannot drop it.`,
    replacement: kw`drop index ${writtenRelation(named)}`,
  }
}
