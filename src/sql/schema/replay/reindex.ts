import type { ReindexStmt } from '@pgsql/types'
import { nameOf } from '../../locks/names.ts'
import { findRelation, type Index, indexesOf, type Schema, tableById } from '../schema.ts'

/** An index that is built again is valid afterwards. */
export function reindex(schema: Schema, { relation }: ReindexStmt): void {
  const found = relation === undefined ? undefined : findRelation(schema, nameOf(relation))
  if (found?.kind === 'index') mend(schema, found)
  if (found?.kind === 'table' || found?.kind === 'view') for (const index of indexesOf(schema, found)) mend(schema, index)
}

/** That of a partitioned table has nothing to build. */
function mend(schema: Schema, index: Index): void {
  if (tableById(schema, index.table)?.form !== 'partitioned') index.valid = true
}
