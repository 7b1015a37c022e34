import { nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import { alone, wordsLike, writtenRelation } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'require-concurrent-index-deletion',
  group: 'locks',
  severity: 'warning',
  problem: 'Every query on the table waits behind the drop, which itself waits for every transaction that has touched the table.',
  remedy: 'Use DROP INDEX CONCURRENTLY, one index in a migration of its own that runs outside a transaction.',
  because:
    'DROP INDEX takes ACCESS EXCLUSIVE on the index and on its table. With CONCURRENTLY it takes SHARE UPDATE EXCLUSIVE and waits for old transactions without holding anybody back. It takes one index at a time, no CASCADE, no index of a constraint and none of a partitioned table.',
  examples: {
    bad: [
      'drop index users_name_idx',
      { files: [{ phase: 'post', sql: 'DROP INDEX IF EXISTS public.users_name_idx, orders_user_id_idx' }] },
    ],
    good: [
      { files: [{ phase: 'post', transaction: false, sql: 'drop index concurrently users_name_idx' }] },
      'create table carts (id bigint); create index carts_id_idx on carts (id); drop index carts_id_idx',
      { given: 'create index events_kind_idx on events (kind)', files: [{ phase: 'post', sql: 'drop index events_kind_idx' }] },
      {
        given: 'alter table users add constraint users_name_key unique (name)',
        files: [{ phase: 'post', sql: 'alter table users drop constraint users_name_key' }],
      },
    ],
  },
  on: 'DropStmt',
  check({ removeType, objects, concurrent, missing_ok }, scope) {
    if (removeType !== 'OBJECT_INDEX' || concurrent === true) return undefined
    const old = (objects ?? [])
      .map((object) => nameOfWords(wordsOf(object)))
      .filter((name) => {
        const index = findRelation(scope.schema, name)
        if (index?.kind !== 'index') return index === undefined
        const target = scope.schema.relations.get(index.table)
        const isPartitioned = target?.kind === 'table' && target.form === 'partitioned'
        return !isPartitioned && index.constraint === undefined && !scope.isNew(target)
      })
    if (old.length === 0) return undefined
    const kw = wordsLike(scope)
    return {
      message: `Dropping ${old.map(tableName).join(', ')} locks ${tablesOf(old).join(' and ')} against every reader and writer.`,
      instead: old.map((name) =>
        alone(
          'post',
          missing_ok === true
            ? kw`drop index concurrently if exists ${writtenRelation(name)}`
            : kw`drop index concurrently ${writtenRelation(name)}`,
        ),
      ),
    }
    function tablesOf(names: typeof old): string[] {
      const tables = names.map((name) => {
        const index = findRelation(scope.schema, name)
        return (index?.kind === 'index' ? scope.schema.relations.get(index.table)?.name : undefined) ?? `the table of ${tableName(name)}`
      })
      return [...new Set(tables)]
    }
  },
})
