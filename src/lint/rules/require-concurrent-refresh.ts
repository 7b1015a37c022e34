import { nameOf } from '../../sql/locks/names.ts'
import { findRelation, type Schema, type View } from '../../sql/schema/schema.ts'
import { isUsed } from '../held-locks.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'require-concurrent-refresh',
  group: 'locks',
  severity: 'error',
  problem: 'Nobody reads the materialized view until its query has ended.',
  remedy: 'Use REFRESH MATERIALIZED VIEW CONCURRENTLY; the view needs a unique index over whole columns for it.',
  because:
    'A plain REFRESH holds ACCESS EXCLUSIVE while it runs the query and builds the indexes anew; CONCURRENTLY holds EXCLUSIVE, which lets readers go on, and may run inside a transaction. It works on a view that was filled before.',
  examples: {
    bad: [
      'refresh materialized view sales',
      'refresh materialized view sales with no data',
      'do $$ begin refresh materialized view sales; end $$',
    ],
    good: [
      'refresh materialized view concurrently sales',
      'create materialized view totals as select sum(total) as total from orders; refresh materialized view totals',
    ],
  },
  on: 'RefreshMatViewStmt',
  check({ relation, concurrent, skipData }, scope) {
    const view = findRelation(scope.schema, nameOf(relation))
    if (concurrent === true || !isUsed(view ?? { kind: 'unknown', ...nameOf(relation) }, scope)) return undefined
    const name = tableName(nameOf(relation))
    if (skipData === true) return { message: `WITH NO DATA empties ${name}: every query of it fails until it is filled again.` }
    if (view?.kind === 'view' && (!view.populated || view.form === 'view')) return undefined
    const needsIndex = view?.kind === 'view' && !hasWholeKey(scope.schema, view)
    return {
      message: `Refreshing ${name} holds back every query of it until its rows are computed.${needsIndex ? ` CONCURRENTLY needs a unique index on ${name} first.` : ''}`,
      ...(needsIndex ? {} : { replacement: `refresh materialized view concurrently ${name}` }),
    }
  },
})

/** Whether rows can be told from each other by an index over plain columns and all rows. */
function hasWholeKey(schema: Schema, view: View): boolean {
  return [...schema.relations.values()].some(
    (one) =>
      one.kind === 'index' &&
      one.table === view.id &&
      one.unique &&
      one.predicate === undefined &&
      one.keys.every(({ column }) => column !== undefined),
  )
}
