import { standsAlone } from '../../sql/classify.ts'
import { nameOf } from '../../sql/locks/names.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import type { StatementRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

const rule: StatementRule = {
  name: 'ban-concurrent-index-creation-in-transaction',
  group: 'robustness',
  severity: 'error',
  problem: 'The server refuses the statement, and the release stops there.',
  remedy:
    'Put the statement into a migration of its own, with the mark of your layout that lets it run outside a transaction; the finding names it.',
  because:
    'Statements that commit as they go (everything CONCURRENTLY but REFRESH, VACUUM, REINDEX of a schema or of a partitioned table) or that no rollback can undo (CREATE DATABASE, ALTER SYSTEM) check that no transaction block, function or DO block is around them.',
  examples: {
    bad: [
      { fails: true, files: [{ sql: 'create index concurrently orders_total_idx on orders (total)' }] },
      { fails: true, files: [{ sql: 'drop index concurrently users_name_idx' }] },
      { fails: true, files: [{ sql: 'reindex table concurrently users' }] },
      { fails: true, files: [{ sql: 'alter table events detach partition events_2025 concurrently' }] },
      { fails: true, files: [{ sql: 'vacuum analyze users' }] },
      { fails: true, files: [{ sql: "alter system set work_mem = '64MB'" }] },
      { fails: true, files: [{ sql: 'reindex table events' }] },
      { fails: true, files: [{ transaction: false, sql: 'begin; create index concurrently orders_total_idx on orders (total); commit' }] },
      {
        fails: true,
        files: [{ transaction: false, sql: 'do $$ begin create index concurrently orders_total_idx on orders (total); end $$' }],
      },
    ],
    good: [
      { files: [{ transaction: false, sql: 'create index concurrently orders_total_idx on orders (total)' }] },
      { files: [{ transaction: false, sql: 'begin; select 1; commit; vacuum users' }] },
      'refresh materialized view concurrently sales',
      'analyze users',
      'reindex table users',
    ],
  },
  on: 'every-statement',
  check(_, scope) {
    const what = standsAlone(scope.statement) ?? partitionedReindex(scope)
    if (what === undefined || !scope.inTransaction) return undefined
    if (scope.nested) return { message: `${what} fails inside a DO block, which is always part of a transaction.` }
    const around = scope.file.migration.transactional
      ? `the file runs in a transaction; mark it with ${scope.release.layout.outsideTransaction}.`
      : 'it stands between BEGIN and COMMIT.'
    return {
      message: `${what} fails here: ${around}`,
      instead: [{ phase: scope.phase, transactional: false, sql: `${scope.sql};` }],
    }
  },
}

export default rule

/** From version 14 on it goes partition by partition, each in a transaction of its own; before that it fails anyway. */
function partitionedReindex({ statement: { node }, schema }: StatementScope): string | undefined {
  if (!('ReindexStmt' in node)) return undefined
  const relation = findRelation(schema, nameOf(node.ReindexStmt.relation))
  const table = relation?.kind === 'index' ? schema.relations.get(relation.table) : relation
  return table?.kind === 'table' && table.form === 'partitioned' ? 'REINDEX of a partitioned table' : undefined
}
