import type { Node } from '@pgsql/types'
import type { RelationName } from '../../sql/locks/names.ts'
import { findRelation, type Relation } from '../../sql/schema/schema.ts'
import { writtenRelation } from '../remedy/write.ts'
import type { RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { schemaWhenDone } from './what-follows.ts'

/** A table or a view under a new name, with a view under its old one until no old code is left. */
export function aliasView(scope: StatementScope, moves: string, old: RelationName, fresh: RelationName, relation?: Relation): RemedyFile[] {
  const secured = relation?.kind === 'table' && relation.rowSecurity && scope.postgres >= 15
  return [
    {
      phase: 'pre',
      transactional: true,
      sql: `${moves};\ncreate view ${writtenRelation(old)}${secured ? ' with (security_invoker = true)' : ''} as select * from ${writtenRelation(fresh)};`,
      note: `Both in one transaction: the old code goes on with the view, also when it writes. Grant on ${writtenRelation(old)} what its role may do on ${writtenRelation(fresh)}.`,
    },
    {
      phase: 'post',
      transactional: true,
      sql: `drop view ${writtenRelation(old)};`,
      note: `The code of this release uses ${writtenRelation(fresh)} only.`,
    },
  ]
}

/** Whether the same transaction leaves a new view under a name, with every row and these columns as far as they are known. */
export function hasAliasView(scope: StatementScope, name: RelationName, columns: readonly string[] = []): boolean {
  const view = findRelation(schemaWhenDone(scope), name)
  if (view?.kind !== 'view' || !scope.isNew(view) || !keepsRows(view.query)) return false
  return view.columns === undefined || columns.every((column) => view.columns?.includes(column))
}

/** The columns that code may ask of a relation. */
export function columnsOf(relation: Relation | undefined): readonly string[] {
  if (relation?.kind === 'table') return [...relation.columns.keys()]
  return relation?.kind === 'view' ? (relation.columns ?? []) : []
}

/** A query of one table, in which nothing leaves rows out or puts them together. */
function keepsRows(query: Node | undefined): boolean {
  if (query === undefined || !('SelectStmt' in query)) return false
  const { op, fromClause, whereClause, groupClause, havingClause, distinctClause, limitCount, limitOffset } = query.SelectStmt
  const cuts = [whereClause, groupClause, havingClause, distinctClause, limitCount, limitOffset]
  return op === 'SETOP_NONE' && fromClause?.length === 1 && cuts.every((clause) => clause === undefined)
}
