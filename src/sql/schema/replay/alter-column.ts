import type { Node } from '@pgsql/types'
import { optionsOf, wordsOf } from '../../locks/names.ts'
import { columnType, noteTypeUse } from '../column-type.ts'
import { mentionsOf } from '../expression.ts'
import { ownColumnNames } from '../names.ts'
import { childTables, constraintsBelow, indexUses, removeColumn, removeOwned } from '../remove.ts'
import { type Column, type Index, indexesOf, type Schema, type Sequence, type Table, type TableConstraint } from '../schema.ts'
import type { Alteration, Place } from './alteration.ts'
import { ensurePart, requireValues } from './build-index.ts'
import { defineColumn, identitySequence, noteColumn, passColumnOn, setDefault } from './column.ts'
import { addConstraints } from './constraint.ts'
import { columnName } from './create-index.ts'

export const columnAlterations: Readonly<Record<string, Alteration>> = {
  AT_AddColumn: ({ schema, table, origin, only }, { def }) => {
    if (def === undefined || !('ColumnDef' in def) || table.columns.has(def.ColumnDef.colname ?? '')) return
    const written = defineColumn(schema, table, def.ColumnDef, origin)
    const column = table.columns.get(def.ColumnDef.colname ?? '')
    if (column !== undefined && !only) passColumnOn(schema, table, column)
    addConstraints(schema, table, written, origin, { creating: true, only })
  },
  AT_DropColumn: ({ schema, table, only }, { name = '', behavior }) =>
    removeColumn(schema, table, name, { only, cascade: behavior === 'DROP_CASCADE' }),
  AT_SetNotNull: ({ schema, table, only }, { name = '' }) => {
    if (!only) return requireValues(schema, table, [name])
    const column = table.columns.get(name)
    if (column !== undefined) column.notNull = true
  },
  AT_DropNotNull: (place, { name = '' }) => {
    for (const { table, column } of columnsBelow(place, name)) {
      column.notNull = false
      for (const [key, one] of table.constraints) if (one.kind === 'not-null' && one.column === name) table.constraints.delete(key)
    }
  },
  AT_ColumnDefault: (place, { name = '', def }) => {
    for (const { table, column } of columnsBelow(place, name)) setDefault(place.schema, table, column, def)
  },
  AT_AlterColumnType: (place, { name = '', def }) => {
    if (def === undefined || !('ColumnDef' in def)) return
    const { typeName, collClause } = def.ColumnDef
    const type = columnType(place.schema, typeName)
    for (const { table, column } of columnsBelow(place, name)) {
      column.type = type
      column.collation = collClause === undefined ? undefined : wordsOf(collClause.collname).at(-1)
      noteTypeUse(place.schema, table.id, type)
      for (const sequence of identitySequences(place.schema, table, name)) sequence.type = type.name
      for (const index of indexesOf(place.schema, table)) if (indexUses(index, name)) rebuild(place, table, index)
      passValidityOn(place.schema, table, name)
    }
  },
  AT_AddIdentity: ({ schema, table, origin }, { name = '', def }) => {
    const column = table.columns.get(name)
    if (column === undefined || def === undefined || !('Constraint' in def)) return
    column.identity = def.Constraint.generated_when === 'a' ? 'always' : 'by default'
    identitySequence(schema, table, column, def.Constraint, origin)
  },
  AT_SetIdentity: ({ table }, { name = '', def }) => {
    const column = table.columns.get(name)
    const kind = generatedWhen(def)
    if (column !== undefined && kind !== undefined) column.identity = kind
  },
  AT_DropIdentity: ({ schema, table }, { name = '' }) => {
    const column = table.columns.get(name)
    if (column?.identity === undefined) return
    column.identity = undefined
    removeOwned(schema, table, name, true)
  },
  AT_SetExpression: (place, { name = '', def }) => {
    for (const { table, column } of columnsBelow(place, name)) {
      if (column.generated === undefined) continue
      column.generated = { ...column.generated, expression: def }
      noteColumn(place.schema, table, column)
    }
  },
  AT_DropExpression: (place, { name = '' }) => {
    for (const { column } of columnsBelow(place, name)) column.generated = undefined
  },
}

/** A column in its table and, without ONLY, in those below. */
export function columnsBelow({ schema, table, only }: Pick<Place, 'schema' | 'table' | 'only'>, name: string) {
  const found: { table: Table; column: Column }[] = []
  collect(schema, table, name, only, found)
  return found
}

function collect(schema: Schema, table: Table, name: string, only: boolean, into: { table: Table; column: Column }[]): void {
  const column = table.columns.get(name)
  if (column === undefined) return
  into.push({ table, column })
  if (!only) for (const child of childTables(schema, table)) collect(schema, child, name, only, into)
}

function identitySequences(schema: Schema, table: Table, column: string): Sequence[] {
  return [...table.sequences].flatMap((id) => {
    const found = schema.relations.get(id)
    return found?.kind === 'sequence' && found.identity && found.ownedBy?.column === column ? [found] : []
  })
}

/** An index of a column that gets another type is built as if it were new: with other names of its own, valid, in all partitions. */
function rebuild({ schema, origin }: Place, table: Table, index: Index): void {
  const keys = index.keys.map(({ column, expression }) => columnName({ name: column, expr: expression }))
  index.ownColumns = ownColumnNames([...keys, ...index.include])
  if (index.valid) return
  index.valid = true
  for (const part of table.form === 'partitioned' ? childTables(schema, table) : []) {
    if (!indexesOf(schema, part).some((one) => one.parent === index.id)) ensurePart(schema, index, part, origin)
  }
}

/** So is a check: those below it are as valid as it is. */
function passValidityOn(schema: Schema, table: Table, column: string): void {
  for (const check of table.constraints.values()) {
    if (check.kind !== 'check' || check.inherited > 0 || !mentionsOf(check.expression).columns.has(column)) continue
    setValidityBelow(schema, table, check)
  }
}

function setValidityBelow(schema: Schema, table: Table, check: TableConstraint): void {
  for (const { child, copy } of constraintsBelow(schema, table, check)) {
    copy.valid = check.valid
    setValidityBelow(schema, child, copy)
  }
}

function generatedWhen(def: Node | undefined): Column['identity'] {
  const options = def !== undefined && 'List' in def ? optionsOf(def.List.items) : []
  const [option] = options.filter(({ defname }) => defname === 'generated')
  if (option?.arg === undefined || !('Integer' in option.arg)) return undefined
  return option.arg.Integer.ival === 'a'.charCodeAt(0) ? 'always' : 'by default'
}
