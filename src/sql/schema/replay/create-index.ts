import type { IndexStmt } from '@pgsql/types'
import { nameOf, wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { addRelation, chooseName } from '../add.ts'
import { findRelation, type Index, type IndexKey, type Origin, type Schema } from '../schema.ts'

export function createIndex(schema: Schema, statement: IndexStmt, origin: Origin): void {
  const relation = findRelation(schema, nameOf(statement.relation))
  if (relation === undefined || (relation.kind !== 'table' && relation.kind !== 'view')) return
  const keys = nodesOf(statement.indexParams, 'IndexElem').map(
    (one): IndexKey => ({
      column: one.name,
      expression: one.expr,
      descending: one.ordering === 'SORTBY_DESC',
      opclass: wordsOf(one.opclass).at(-1),
      collation: wordsOf(one.collation).at(-1),
    }),
  )
  const columns = keys.map(({ column }) => column ?? 'expr')
  const table = relation.kind === 'table' ? relation : undefined
  const name =
    statement.idxname ?? (table === undefined ? `${relation.name}_${columns.join('_')}_idx` : chooseName(schema, table, columns, 'idx'))
  const index = addRelation<Index>(schema, { schema: relation.schema, name }, origin, {
    kind: 'index',
    table: relation.id,
    keys,
    include: nodesOf(statement.indexIncludingParams, 'IndexElem').flatMap((one) => one.name ?? []),
    unique: statement.unique === true,
    predicate: statement.whereClause,
    method: statement.accessMethod ?? 'btree',
    valid: !(table?.form === 'partitioned' && statement.relation?.inh !== true),
    constraint: undefined,
    parent: undefined,
  })
  if (index !== undefined) table?.indexes.add(index.id)
}
