import { hasOption, nameOf } from '../../sql/locks/names.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import { StatementText } from '../remedy/alter-text.ts'
import { alone, wordsLike } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

const objects: Readonly<Record<string, string>> = {
  REINDEX_OBJECT_SCHEMA: 'the schema',
  REINDEX_OBJECT_DATABASE: 'the database',
}

export default defineRule({
  name: 'require-concurrent-reindex',
  group: 'locks',
  severity: 'error',
  problem: 'Every write to the table, and every query that looks at its indexes, waits until they are built again.',
  remedy: 'Use REINDEX … CONCURRENTLY, in a migration of its own that runs outside a transaction.',
  because:
    'REINDEX holds SHARE on the table and ACCESS EXCLUSIVE on each index that it builds; planning any query opens every index of its tables. CONCURRENTLY, since PostgreSQL 12, takes SHARE UPDATE EXCLUSIVE; the catalogs themselves and indexes of exclusion constraints have no such way.',
  examples: {
    bad: [
      'reindex table orders',
      'REINDEX (VERBOSE) INDEX users_name_idx',
      { files: [{ transaction: false, sql: 'reindex schema public' }] },
    ],
    good: [
      { files: [{ transaction: false, sql: 'reindex table concurrently orders' }] },
      { files: [{ transaction: false, sql: 'reindex (concurrently, verbose) index users_name_idx' }] },
      'create table carts (id bigint primary key); reindex table carts',
    ],
  },
  on: 'ReindexStmt',
  check({ kind = '', relation, params, name }, scope) {
    if (hasOption(params, 'concurrently') || kind === 'REINDEX_OBJECT_SYSTEM') return undefined
    const found = relation === undefined ? undefined : findRelation(scope.schema, nameOf(relation))
    const target = found?.kind === 'index' ? scope.schema.relations.get(found.table) : found
    if (scope.isNew(target) || isExclusion(found, scope)) return undefined
    const what = relation === undefined ? `${objects[kind] ?? ''} ${name ?? ''}`.trim() : tableName(nameOf(relation))
    return {
      message: `Rebuilding the indexes of ${what} holds back every write, and the queries that would use them, until it is done.`,
      instead: [alone(scope.phase, concurrentReindex(scope))],
    }
  },
})

function isExclusion(found: ReturnType<typeof findRelation>, { schema }: StatementScope): boolean {
  if (found?.kind !== 'index' || found.constraint === undefined) return false
  const table = schema.relations.get(found.table)
  return table?.kind === 'table' && table.constraints.get(found.constraint)?.kind === 'exclusion'
}

/** CONCURRENTLY stands behind INDEX, TABLE, SCHEMA or DATABASE, the first word behind REINDEX and its options. */
function concurrentReindex(scope: StatementScope): string {
  const text = new StatementText(scope)
  const close = text.tokens[1]?.text === '(' ? text.tokens.findIndex(({ text: word }) => word === ')') : 0
  const object = text.tokens[close + 1]?.end ?? 0
  const end = text.tokens.at(-1)?.end ?? object
  return `${text.cut(0, object)}${wordsLike(scope)` concurrently`} ${text.cut(object, end)}`
}
