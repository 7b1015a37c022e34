import type { IndexStmt } from '@pgsql/types'
import { nameOf } from '../../sql/locks/names.ts'
import { createIndex, indexText } from '../remedy/index-text.ts'
import { alone, wordsLike, written, writtenRelation } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-concurrent-index-if-not-exists',
  group: 'robustness',
  severity: 'warning',
  problem: 'After a build that failed, the next run takes the invalid index for the wanted one, and queries go on without it.',
  remedy: 'Leave IF NOT EXISTS out, and drop what a failed build left with DROP INDEX CONCURRENTLY IF EXISTS before it.',
  because:
    'A CREATE INDEX CONCURRENTLY that fails or is cancelled leaves an index that pg_index marks as not valid: writes keep it up, no query uses it, a unique one may refuse rows. IF NOT EXISTS looks at the name alone. Shiplock finds such an index and builds it again; other tools do not.',
  yieldsTo: ['ban-concurrent-index-on-partitioned-table'],
  examples: {
    bad: [
      { files: [{ transaction: false, sql: 'create index concurrently if not exists orders_total_idx on orders (total)' }] },
      {
        files: [
          { transaction: false, sql: 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "Orders Key" ON public.orders (id) WHERE total > 0' },
        ],
      },
    ],
    good: [
      { files: [{ transaction: false, sql: 'create index concurrently orders_total_idx on orders (total)' }] },
      {
        files: [
          {
            transaction: false,
            sql: 'drop index concurrently if exists orders_total_idx; create index concurrently if not exists orders_total_idx on orders (total)',
          },
        ],
      },
      'create table carts (id bigint); create index if not exists carts_id_idx on carts (id)',
    ],
  },
  on: 'IndexStmt',
  check(index, scope) {
    if (index.concurrent !== true || index.if_not_exists !== true || index.idxname === undefined) return undefined
    if (isDroppedFirst(index, scope)) return undefined
    const named = nameOf(index.relation)
    const kw = wordsLike(scope)
    const name = writtenRelation({ schema: named.schema, name: index.idxname })
    const text = indexText(scope, index.relation?.location ?? 0)
    return {
      message: `When a build of ${index.idxname} on ${tableName(named)} fails, IF NOT EXISTS takes the invalid index that it leaves for the finished one.`,
      instead: [
        alone(scope.phase, kw`drop index concurrently if exists ${name}`),
        alone(scope.phase, createIndex({ ...text, name: written(index.idxname) }, scope, { on: writtenRelation(named), concurrent: true })),
      ],
    }
  },
})

/** Whether a statement before it in the release took away what a failed build may have left. */
function isDroppedFirst({ idxname }: IndexStmt, { release, file, index }: StatementScope): boolean {
  return release.files
    .filter(({ order }) => order <= file.order)
    .some(({ up, order }) =>
      up.statements
        .slice(0, order === file.order ? index : undefined)
        .some(
          ({ node }) =>
            'DropStmt' in node &&
            node.DropStmt.removeType === 'OBJECT_INDEX' &&
            (node.DropStmt.objects ?? []).some((object) => 'List' in object && lastWord(object.List.items) === idxname),
        ),
    )
}

function lastWord(items: readonly unknown[] | undefined): string | undefined {
  const last = items?.at(-1) as { String?: { sval?: string } } | undefined
  return last?.String?.sval
}
