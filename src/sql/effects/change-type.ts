import type { AlterTableCmd } from '@pgsql/types'
import { wordsOf } from '../locks/names.ts'
import { columnType } from '../schema/column-type.ts'
import { type Column, type ColumnType, foreignKeysTo, type Index, type Schema, type Table } from '../schema/schema.ts'
import type { Alteration } from './alter-table.ts'
import { hasValidCheckOn, indexesOnColumn } from './columns-of.ts'
import { validateKey } from './constraint.ts'
import { keepsOrder, needsRewrite } from './type-change.ts'
import type { Heap } from './work.ts'

/** ALTER COLUMN TYPE: the rows, the indexes of the column, the CHECKs that name it, the foreign keys at either end. */
export function changeType(alteration: Alteration, { name = '', def }: AlterTableCmd): void {
  if (def === undefined || !('ColumnDef' in def)) return
  const { typeName, raw_default: using, collClause } = def.ColumnDef
  const { schema } = alteration.context
  const to = columnType(schema, typeName)
  const collation = collClause === undefined ? undefined : wordsOf(collClause.collname).join('.')
  for (const table of alteration.family) {
    const column = table.kind === 'table' ? table.columns.get(name) : undefined
    const plan = alteration.plans.of(table)
    if (column === undefined || needsRewrite(schema, name, column.type, to, using)) plan.rewrites = true
    if (hasValidCheckOn(table, name)) plan.scans = true
    const isSorted = column !== undefined && keepsOrder(schema, column.type, to) && isSameCollation(column.collation, collation)
    // which of them can be kept depends on what the other subcommands do to the table
    alteration.plans.afterwards(() => {
      for (const index of indexesOnColumn(schema, table, name)) {
        if (plan.rewrites || !isSorted || !canBeKept(index)) plan.remade.add(index)
      }
    })
    if (table.kind === 'table' && column !== undefined) remakeKeys(alteration, table, column, to)
  }
}

/** The server does not compare expressions, and so takes them for changed. */
function canBeKept({ predicate, keys, valid }: Index): boolean {
  return valid && predicate === undefined && keys.every(({ expression }) => expression === undefined)
}

function isSameCollation(one: string | undefined, other: string | undefined): boolean {
  return (one ?? 'default') === (other ?? 'default')
}

/** Foreign keys are looked through again when either table is written anew, or the two ends are compared another way. */
function remakeKeys({ context, plans }: Alteration, table: Table, column: Column, to: ColumnType): void {
  const { schema } = context
  const isCompared = !keepsOrder(schema, column.type, to)
  for (const { from, key, referenced } of keysOfColumn(schema, table, column.name)) {
    if (!key.valid) continue
    plans.afterwards(() => {
      if (!isCompared && !plans.isRewritten(table)) return
      validateKey(context, plans, from, referenced)
    })
  }
}

function keysOfColumn(schema: Schema, table: Table, column: string) {
  const own = [...table.constraints.values()].flatMap((key) =>
    key.kind === 'foreign' && key.columns.includes(column)
      ? [{ from: table, key, referenced: schema.relations.get(key.references.id ?? -1) as Heap | undefined }]
      : [],
  )
  const others = foreignKeysTo(schema, table)
    .filter(({ key }) => key.references.columns.includes(column))
    .map(({ table: from, key }) => ({ from, key, referenced: table as Heap | undefined }))
  return [...own, ...others]
}
