import type { Node } from '@pgsql/types'
import { withRenamedColumn } from '../expression.ts'
import { childTables } from '../remove.ts'
import { foreignKeysTo, indexesOf, type Schema, type Table, type View, viewById } from '../schema.ts'

/** Renames a column of a table or a view, and wherever else the server knows it by number. */
export function renameColumn(schema: Schema, relation: Table | View, from: string, to: string): void {
  if (relation.kind === 'view') relation.columns = relation.columns?.map((name) => (name === from ? to : name))
  else renameTableColumn(schema, relation, from, to)
  for (const index of indexesOf(schema, relation)) {
    index.keys = index.keys.map((key) => ({
      ...key,
      column: key.column === from ? to : key.column,
      expression: renamed(key.expression, from, to),
    }))
    index.include = index.include.map((name) => (name === from ? to : name))
    index.predicate = renamed(index.predicate, from, to)
  }
  for (const id of relation.readBy) {
    const view = viewById(schema, id)
    const columns = view?.reads.get(relation.id)
    if (view === undefined || columns === undefined || columns === 'all' || !columns.has(from)) continue
    const changed = new Set([...columns].map((name) => (name === from ? to : name)))
    view.reads = new Map([...view.reads, [relation.id, changed]])
  }
}

function renameTableColumn(schema: Schema, table: Table, from: string, to: string): void {
  if (!table.columns.has(from)) return
  const columns = [...table.columns.values()]
  table.columns.clear()
  for (const column of columns) {
    if (column.name === from) column.name = to
    if (column.generated !== undefined)
      column.generated = { ...column.generated, expression: renamed(column.generated.expression, from, to) }
    table.columns.set(column.name, column)
  }
  for (const constraint of table.constraints.values()) {
    if ('columns' in constraint) constraint.columns = constraint.columns.map((one) => (one === from ? to : one))
    if (constraint.kind === 'check') constraint.expression = withRenamedColumn(constraint.expression, from, to)
    if (constraint.kind === 'not-null' && constraint.column === from) constraint.column = to
  }
  for (const { key } of foreignKeysTo(schema, table)) {
    key.references = { ...key.references, columns: key.references.columns.map((one) => (one === from ? to : one)) }
  }
  for (const id of table.sequences) {
    const sequence = schema.relations.get(id)
    if (sequence?.kind === 'sequence' && sequence.ownedBy?.column === from) sequence.ownedBy = { table: table.id, column: to }
  }
  for (const [name, policy] of table.policyTexts) {
    table.policyTexts.set(name, { ...policy, using: renamed(policy.using, from, to), check: renamed(policy.check, from, to) })
  }
  for (const [name, trigger] of table.triggers) {
    if (!trigger.columns.has(from)) continue
    table.triggers.set(name, { ...trigger, columns: new Set([...trigger.columns].map((one) => (one === from ? to : one))) })
  }
  if (table.partitionKey !== undefined) {
    const changed = table.partitionKey.columns.map((one) =>
      typeof one !== 'string' ? withRenamedColumn(one, from, to) : one === from ? to : one,
    )
    table.partitionKey = { ...table.partitionKey, columns: changed }
  }
  for (const child of childTables(schema, table)) renameColumn(schema, child, from, to)
}

function renamed(node: Node | undefined, from: string, to: string): Node | undefined {
  return node === undefined ? undefined : withRenamedColumn(node, from, to)
}
