import type { Constraint } from '@pgsql/types'
import { wordsOf } from '../../sql/locks/names.ts'
import { chooseRelationName, joinedColumns } from '../../sql/schema/names.ts'
import type { RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import type { OldTable } from './alterations.ts'
import { partitionsBelow, writtenPart } from './partitioned-index.ts'
import { alone, nameFrom, transaction, wordsLike, written, writtenList } from './write.ts'

/** The name that a UNIQUE or PRIMARY KEY has, or gets from the server. */
export function nameOfKey(
  { conname, contype, including }: Constraint,
  columns: readonly string[],
  { table, name }: OldTable,
  scope: StatementScope,
): string {
  const isPrimary = contype === 'CONSTR_PRIMARY'
  const words = isPrimary ? [] : [...columns, ...wordsOf(including)]
  const suffix = isPrimary ? 'pkey' : 'key'
  if (conname !== undefined) return conname
  if (table === undefined) return nameFrom(name, ...words, suffix)
  const second = words.length === 0 ? undefined : joinedColumns(words)
  return chooseRelationName(scope.schema, table.schema, [table.name, second, suffix], true)
}

/** Files that build the index of a key beside the writes, and then make it the key's. `undefined` when no such way is known. */
export function keyFiles(
  constraint: Constraint,
  columns: readonly string[],
  old: OldTable,
  scope: StatementScope,
): RemedyFile[] | undefined {
  if (constraint.without_overlaps === true || (constraint.options ?? []).length > 0 || columns.length === 0) return undefined
  const name = nameOfKey(constraint, columns, old, scope)
  if (old.table?.form !== 'partitioned') return keyOfTable(constraint, columns, name, old.sql, scope)
  const parts = partitionsBelow(scope.schema, old.table)
  if (parts.some(({ part }) => part.form === 'partitioned')) return undefined
  const kw = wordsLike(scope)
  const kind = constraint.contype === 'CONSTR_PRIMARY' ? kw`primary key` : kw`unique`
  return [
    transaction(scope.phase, kw`alter table only ${old.sql} add constraint ${written(name)} ${kind} (${writtenList(columns)})`),
    ...parts.flatMap(({ part }) => keyOfTable(constraint, columns, partName(part.name, columns, constraint), writtenPart(part), scope)),
    transaction(
      scope.phase,
      parts.map(({ part }) => kw`alter index ${written(name)} attach partition ${written(partName(part.name, columns, constraint))}`),
    ),
  ]
}

function partName(part: string, columns: readonly string[], { contype }: Constraint): string {
  return contype === 'CONSTR_PRIMARY' ? nameFrom(part, 'pkey') : nameFrom(part, ...columns, 'key')
}

function keyOfTable(constraint: Constraint, columns: readonly string[], name: string, table: string, scope: StatementScope): RemedyFile[] {
  const kw = wordsLike(scope)
  const kind = constraint.contype === 'CONSTR_PRIMARY' ? kw`primary key` : kw`unique`
  const including = wordsOf(constraint.including)
  const index = [
    kw`create unique index concurrently ${written(name)} on ${table} (${writtenList(columns)})`,
    ...(including.length === 0 ? [] : [kw`include (${writtenList(including)})`]),
    ...(constraint.nulls_not_distinct === true ? [kw`nulls not distinct`] : []),
    ...(constraint.indexspace === undefined ? [] : [kw`tablespace ${written(constraint.indexspace)}`]),
  ]
  const deferred = constraint.initdeferred === true ? kw` initially deferred` : constraint.deferrable === true ? kw` deferrable` : ''
  return [
    alone(scope.phase, index.join(' ')),
    transaction(
      scope.phase,
      `${kw`alter table ${table} add constraint ${written(name)} `}${kind}${kw` using index `}${written(name)}${deferred}`,
    ),
  ]
}
