import type { IndexElem, IndexStmt, Node } from '@pgsql/types'
import { nameOf, wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { clipped, ownColumnNames } from '../names.ts'
import { figureName } from '../query/figure-name.ts'
import { findRelation, type IndexKey, nameKey, type Origin, type Schema } from '../schema.ts'
import { buildIndex } from './build-index.ts'

export function createIndex(schema: Schema, statement: IndexStmt, origin: Origin): void {
  const owner = findRelation(schema, nameOf(statement.relation))
  if (owner?.kind !== 'table' && owner?.kind !== 'view') return
  const elements = nodesOf(statement.indexParams, 'IndexElem')
  const included = nodesOf(statement.indexIncludingParams, 'IndexElem')
  const name = statement.idxname === undefined || statement.idxname === '' ? undefined : clipped(statement.idxname)
  if (name !== undefined && schema.names.has(nameKey(owner.schema, name))) return
  const plan = {
    name,
    keys: elements.map(indexKey),
    include: included.flatMap((one) => one.name ?? []),
    unique: statement.unique === true,
    nullsNotDistinct: statement.nulls_not_distinct === true,
    predicate: statement.whereClause,
    method: statement.accessMethod ?? 'btree',
    exclusions: [],
    ownColumns: ownColumnNames([...elements, ...included].map(columnName)),
    constraint: undefined,
  }
  buildIndex(schema, owner, plan, origin, { only: statement.relation?.inh !== true })
}

export function indexKey({ name, expr, ordering, opclass, collation }: IndexElem): IndexKey {
  return {
    column: name,
    expression: expr,
    descending: ordering === 'SORTBY_DESC',
    opclass: wordsOf(opclass).at(-1),
    collation: wordsOf(collation).at(-1),
  }
}

/** What the server calls a column of an index; parts of names are made of it. */
export function columnName({ name, expr }: { readonly name?: string | undefined; readonly expr?: Node | undefined }): string {
  return name ?? (expr === undefined ? undefined : figureName(expr)) ?? 'expr'
}
