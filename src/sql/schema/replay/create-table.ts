import type { ColumnDef, CreateStmt } from '@pgsql/types'
import { constraintsOf } from '../../locks/constraint.ts'
import { nameOf, wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { addRelation } from '../add.ts'
import { type Column, findTable, type Origin, type Schema, type Table } from '../schema.ts'
import { columnType } from './column-type.ts'
import { addConstraint } from './constraint.ts'

const persistences = { p: 'permanent', u: 'unlogged', t: 'temporary' } as const
const strategies = { PARTITION_STRATEGY_LIST: 'list', PARTITION_STRATEGY_RANGE: 'range', PARTITION_STRATEGY_HASH: 'hash' } as const

export function createTable(schema: Schema, create: CreateStmt, origin: Origin): void {
  const { relation, tableElts, inhRelations, partspec, partbound } = create
  const table = addRelation<Table>(schema, nameOf(relation), origin, {
    kind: 'table',
    form: partspec === undefined ? 'ordinary' : 'partitioned',
    persistence: persistences[(relation?.relpersistence ?? 'p') as keyof typeof persistences] ?? 'permanent',
    columns: new Map(),
    constraints: new Map(),
    indexes: new Set(),
    parents: new Set(),
    children: new Set(),
    referencedBy: new Set(),
    partitionOf: undefined,
    partitionKey:
      partspec === undefined
        ? undefined
        : {
            strategy: strategies[partspec.strategy ?? 'PARTITION_STRATEGY_RANGE'],
            columns: nodesOf(partspec.partParams, 'PartitionElem').map(({ name, expr }) => name ?? expr ?? ''),
          },
    triggers: new Map(),
    rowSecurity: false,
    policies: new Set(),
    replicaIdentity: { kind: 'default' },
    options: [],
    complete: true,
  })
  if (table === undefined) return
  const [parentName] = nodesOf(inhRelations, 'RangeVar')
  const parent = parentName === undefined ? undefined : findTable(schema, nameOf(parentName))
  if (parentName !== undefined && parent === undefined) table.complete = false
  if (parent !== undefined) {
    parent.children.add(table.id)
    for (const column of parent.columns.values()) table.columns.set(column.name, { ...column, origin })
    if (partbound === undefined) table.parents.add(parent.id)
    else
      table.partitionOf = {
        parent: parent.id,
        bound: { isDefault: partbound.is_default === true, node: { PartitionBoundSpec: partbound } },
      }
  }
  for (const column of nodesOf(tableElts, 'ColumnDef')) addColumn(schema, table, column, origin)
  for (const constraint of nodesOf(tableElts, 'Constraint')) addConstraint(schema, table, constraint, origin)
  if (nodesOf(tableElts, 'TableLikeClause').length > 0) table.complete = false
}

/** A column with the constraints that are written at it. */
export function addColumn(schema: Schema, table: Table, definition: ColumnDef, origin: Origin): void {
  const name = definition.colname ?? ''
  if (table.columns.has(name)) return
  const type = columnType(definition.typeName)
  const constraints = constraintsOf(definition.constraints)
  const of = (kind: string) => constraints.find(({ contype }) => contype === kind)
  const generated = of('CONSTR_GENERATED')
  const identity = of('CONSTR_IDENTITY')
  const column: Column = {
    name,
    type,
    notNull: type.serial || of('CONSTR_NOTNULL') !== undefined || of('CONSTR_PRIMARY') !== undefined || identity !== undefined,
    default: of('CONSTR_DEFAULT')?.raw_expr,
    generated:
      generated === undefined
        ? undefined
        : { kind: generated.generated_kind === 'v' ? 'virtual' : 'stored', expression: generated.raw_expr },
    identity: identity === undefined ? undefined : identity.generated_when === 'a' ? 'always' : 'by default',
    collation: definition.collClause === undefined ? undefined : wordsOf(definition.collClause.collname).join('.'),
    origin,
  }
  table.columns.set(name, column)
  for (const constraint of constraints) addConstraint(schema, table, constraint, origin, name)
}
