import type { Node, PartitionBoundSpec } from '@pgsql/types'
import { noteCall, noteCalls, setConstraint } from '../add.ts'
import { childTables } from '../remove.ts'
import { type CheckConstraint, indexesOf, type Origin, type Schema, type Table, type Trigger } from '../schema.ts'
import { ensurePart } from './build-index.ts'
import { noteColumn } from './column.ts'
import { addConstraint } from './constraint.ts'
import { passForeignKeyOn } from './foreign-key.ts'

/** Gives a new table the columns of one that it inherits from. */
export function takeColumns(schema: Schema, parent: Table, child: Table, origin: Origin): void {
  for (const column of parent.columns.values()) {
    const own = child.columns.get(column.name)
    if (own !== undefined) {
      own.inherited++
      own.notNull ||= column.notNull
      own.default ??= column.default
      own.counter ??= column.counter
      continue
    }
    const copy = { ...column, identity: undefined, inherited: 1, local: false, origin }
    child.columns.set(column.name, copy)
    noteColumn(schema, child, copy)
  }
}

/** Gives a new table the checks of one that it inherits from. */
export function takeChecks(schema: Schema, parent: Table, child: Table): void {
  for (const check of checksOf(parent)) {
    const own = child.constraints.get(check.name)
    if (own !== undefined) own.inherited++
    else {
      setConstraint(schema, child, { ...check, valid: true, inherited: 1, local: false })
      noteCalls(schema, child, check.expression)
    }
  }
}

export function becomePartition(parent: Table, child: Table, bound: PartitionBoundSpec): void {
  parent.children.add(child.id)
  child.partitionOf = { parent: parent.id, bound: { isDefault: bound.is_default === true, node: { PartitionBoundSpec: bound } } }
}

/** Gives a partition the indexes, foreign keys and triggers that its parent has. */
export function takeParts(schema: Schema, parent: Table, child: Table, origin: Origin): void {
  for (const index of indexesOf(schema, parent)) ensurePart(schema, index, child, origin)
  for (const key of [...parent.constraints.values()]) if (key.kind === 'foreign') passForeignKeyOn(schema, child, key)
  for (const [name, trigger] of parent.triggers) passTriggerOn(schema, child, name, trigger)
}

/** Triggers for each row fire in every partition. */
export function passTriggerOn(schema: Schema, table: Table, name: string, trigger: Trigger): void {
  if (!isForRows(trigger)) return
  table.triggers.set(name, { ...trigger, inherited: true })
  noteCall(schema, table, trigger.function.split('.').at(-1) ?? '')
  if (table.form === 'partitioned') for (const child of childTables(schema, table)) passTriggerOn(schema, child, name, trigger)
}

/** Binds an existing table to one above it. */
export function joinParent(parent: Table, child: Table, isPartition: boolean): void {
  parent.children.add(child.id)
  for (const name of parent.columns.keys()) {
    const own = child.columns.get(name)
    if (own === undefined) continue
    own.inherited++
    if (isPartition) own.local = false
  }
  for (const check of checksOf(parent)) {
    const own = child.constraints.get(check.name)
    if (own === undefined) continue
    own.inherited++
    if (isPartition) own.local = false
  }
}

/** Cuts a table off from one above it. */
export function leaveParent(schema: Schema, parent: Table, child: Table): void {
  parent.children.delete(child.id)
  child.parents.delete(parent.id)
  for (const name of parent.columns.keys()) makeLocal(child.columns.get(name))
  for (const check of checksOf(parent)) makeLocal(child.constraints.get(check.name))
  if (child.partitionOf?.parent !== parent.id) return
  child.partitionOf = undefined
  for (const index of indexesOf(schema, child)) {
    if (index.parent === undefined) continue
    index.parent = undefined
    if (index.constraint !== undefined) makeLocal(child.constraints.get(index.constraint))
  }
  for (const key of child.constraints.values()) {
    if (key.kind !== 'foreign' || key.above === undefined) continue
    makeLocal(key)
    key.above = undefined
  }
  dropInheritedTriggers(schema, child)
}

/** DETACH … CONCURRENTLY leaves a check of what the partition could hold. */
export function keepBoundAsCheck(schema: Schema, parent: Table, child: Table, origin: Origin): void {
  const columns = (parent.partitionKey?.columns ?? []).flatMap((one) => (typeof one === 'string' ? [one] : []))
  const args = columns.map(
    (name): Node => ({
      NullTest: { arg: { ColumnRef: { fields: [{ String: { sval: name } }] } }, nulltesttype: 'IS_NOT_NULL' },
    }),
  )
  if (args.length === 0) return
  addConstraint(
    schema,
    child,
    { constraint: { contype: 'CONSTR_CHECK', raw_expr: { BoolExpr: { boolop: 'AND_EXPR', args } } }, column: undefined },
    origin,
  )
}

function dropInheritedTriggers(schema: Schema, table: Table): void {
  for (const [name, trigger] of table.triggers) if (trigger.inherited) table.triggers.delete(name)
  for (const child of childTables(schema, table)) if (child.partitionOf !== undefined) dropInheritedTriggers(schema, child)
}

function isForRows({ definition }: Trigger): boolean {
  return 'CreateTrigStmt' in definition && definition.CreateTrigStmt.row === true
}

function makeLocal(part: { inherited: number; local: boolean } | undefined): void {
  if (part === undefined || part.inherited === 0) return
  part.inherited--
  if (part.inherited === 0) part.local = true
}

function checksOf(table: Table): CheckConstraint[] {
  return [...table.constraints.values()].filter((one): one is CheckConstraint => one.kind === 'check' && !one.noInherit)
}
