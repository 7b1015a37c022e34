import { nameOf } from '../../sql/locks/names.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import { createIndex, indexText } from '../remedy/index-text.ts'
import { partitionedIndexFiles } from '../remedy/partitioned-index.ts'
import { alone, writtenRelation } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'require-concurrent-index-creation',
  group: 'locks',
  severity: 'error',
  problem: 'Every write to the table waits until the index is built.',
  remedy: 'Use CREATE INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction.',
  because:
    'CREATE INDEX holds SHARE on its table from its first row to its last; inserts, updates and deletes need ROW EXCLUSIVE. On a partitioned table it holds it on every partition until the last one is done. CREATE INDEX CONCURRENTLY takes SHARE UPDATE EXCLUSIVE, which stops no write.',
  examples: {
    bad: [
      'create index orders_total_idx on orders (total)',
      'create unique index users_nickname_key on users (nickname)',
      'CREATE INDEX IF NOT EXISTS users_age_idx ON users USING btree (age DESC) WHERE age > 17',
      'create index on public.users (lower(email))',
      'create index sales_sold_idx on sales (sold)',
      'create index events_kind_idx on events (kind)',
    ],
    good: [
      { files: [{ transaction: false, sql: 'create index concurrently orders_total_idx on orders (total)' }] },
      'create table carts (id bigint primary key, user_id bigint); create index carts_user_id_idx on carts (user_id)',
      { files: [{ sql: 'create table carts (id bigint)' }, { sql: 'create index carts_id_idx on carts (id)' }] },
      'create index if not exists users_name_idx on users (name)',
      'create index events_kind_idx on only events (kind)',
      'create temporary table picked (id bigint); create index picked_id_idx on picked (id)',
      {
        given: 'create table visits (day date) partition by range (day)',
        files: [{ sql: 'create index visits_day_idx on visits (day)' }],
      },
    ],
  },
  on: 'IndexStmt',
  check(index, scope) {
    if (index.concurrent === true) return undefined
    const named = nameOf(index.relation)
    const target = findRelation(scope.schema, named)
    const isThere = index.if_not_exists === true && findRelation(scope.schema, { schema: target?.schema, name: index.idxname ?? '' })
    if (scope.isNew(target) || isThere || (target?.kind === 'table' && target.persistence === 'temporary')) return undefined
    const name = tableName(named)
    const text = indexText(scope, index.relation?.location ?? 0)
    const on = writtenRelation(named)
    const what = index.idxname ? `the index ${index.idxname}` : 'an index'
    if (target?.kind === 'table' && target.form === 'partitioned') {
      if (index.relation?.inh !== true || (target.children.size === 0 && target.complete)) return undefined
      return {
        message: `Building ${what} on ${name} holds back every write to all of its partitions until the last of them is done.`,
        harm: `Every INSERT, UPDATE and DELETE on ${name} and its partitions waits.`,
        instead: partitionedIndexFiles(text, target, on, scope),
      }
    }
    const instead = [alone(scope.phase, createIndex(text, scope, { on, concurrent: true }))]
    if (target?.kind === 'view') {
      return {
        message: `Building ${what} on the materialized view ${name} holds back every REFRESH of it until the index is built.`,
        harm: `Every REFRESH MATERIALIZED VIEW ${name} waits; queries do not.`,
        severity: 'warning',
        instead,
      }
    }
    return {
      message: `Building ${what} on ${name} holds back every write to it until the index is built.`,
      harm: `Every INSERT, UPDATE and DELETE on ${name} waits.`,
      instead,
    }
  },
})
