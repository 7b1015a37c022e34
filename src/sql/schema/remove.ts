import { countConstraint, unsetConstraint } from './add.ts'
import { mentionsOf } from './expression.ts'
import {
  type Column,
  foreignKeysTo,
  type Index,
  indexesOf,
  nameKey,
  type Relation,
  type Schema,
  type Sequence,
  type Table,
  type TableConstraint,
  tableById,
  type View,
  viewById,
} from './schema.ts'

/**
 * Takes a relation away and what belongs to it: indexes, partitions, owned sequences, foreign keys of others that refer
 * to it. Views that read it go only with `cascade`; without it they stay, and do not read it any more.
 */
export function removeRelation(schema: Schema, relation: Relation, cascade = false): void {
  if (!schema.relations.delete(relation.id)) return
  schema.names.delete(nameKey(relation.schema, relation.name))
  if (relation.kind === 'index') removeIndex(schema, relation)
  if (relation.kind === 'table') removeTable(schema, relation, cascade)
  if (relation.kind === 'view') removeView(schema, relation, cascade)
  if (relation.kind === 'sequence') removeSequence(schema, relation)
}

/** Takes a constraint away, with its index, and from the tables below. */
export function removeConstraint(schema: Schema, table: Table, name: string, only = false): void {
  const constraint = table.constraints.get(name)
  if (constraint === undefined) return
  unsetConstraint(schema, table, name)
  if ('index' in constraint) {
    const index = schema.relations.get(constraint.index)
    if (index !== undefined) removeRelation(schema, index)
  }
  if (constraint.kind === 'foreign') forgetReference(schema, table, constraint.references.id)
  for (const { child, copy } of constraintsBelow(schema, table, constraint)) {
    copy.inherited--
    if (only) copy.local = true
    else if (copy.inherited === 0 && !copy.local) removeConstraint(schema, child, copy.name)
  }
}

/** What the tables just below inherit of a check or a foreign key. */
export function constraintsBelow(
  schema: Schema,
  table: Table,
  { kind, name }: TableConstraint,
): { readonly child: Table; readonly copy: TableConstraint }[] {
  if (kind !== 'check' && kind !== 'foreign') return []
  return childTables(schema, table).flatMap((child) => {
    const copy =
      kind === 'check'
        ? child.constraints.get(name)
        : [...child.constraints.values()].find((one) => one.kind === 'foreign' && one.above === name)
    return copy === undefined || copy.inherited === 0 ? [] : [{ child, copy }]
  })
}

/** Takes a column away with the indexes, constraints and sequences that use it, and from the tables below. */
export function removeColumn(schema: Schema, table: Table, name: string, { cascade = false, only = false } = {}): void {
  if (!table.columns.delete(name)) return
  for (const index of indexesOf(schema, table)) if (indexUses(index, name)) removeRelation(schema, index)
  for (const [key, constraint] of table.constraints) {
    const uses =
      ('columns' in constraint && constraint.columns.includes(name)) ||
      (constraint.kind === 'check' && mentionsOf(constraint.expression).columns.has(name)) ||
      (constraint.kind === 'not-null' && constraint.column === name)
    if (!uses) continue
    if (constraint.kind === 'check') unsetConstraint(schema, table, key)
    else removeConstraint(schema, table, key)
  }
  for (const { table: from, key } of foreignKeysTo(schema, table)) {
    if (key.references.columns.includes(name)) removeConstraint(schema, from, key.name)
  }
  removeOwned(schema, table, name)
  if (cascade) removeUsersOfColumn(schema, table, name)
  for (const child of childTables(schema, table)) leaveToChild(schema, child, name, { cascade, only })
  for (const id of table.readBy) {
    const view = viewById(schema, id)
    const columns = view?.reads.get(table.id)
    if (view === undefined || columns === undefined) continue
    if (columns === 'all' || !columns.has(name)) continue // a whole row has what is left
    if (cascade) removeRelation(schema, view, true)
    else view.reads = new Map([...view.reads, [table.id, new Set([...columns].filter((one) => one !== name))]])
  }
}

export function childTables(schema: Schema, table: Table): Table[] {
  return [...table.children].flatMap((id) => tableById(schema, id) ?? [])
}

/** The sequences that a column owns, gone with it. */
export function removeOwned(schema: Schema, table: Table, column: string, identityOnly = false): void {
  for (const id of table.sequences) {
    const sequence = schema.relations.get(id)
    if (sequence?.kind !== 'sequence' || sequence.ownedBy?.column !== column || (identityOnly && !sequence.identity)) continue
    removeRelation(schema, sequence)
  }
}

export function indexUses(index: Index, column: string): boolean {
  return (
    index.include.includes(column) ||
    mentionsOf(index.predicate).columns.has(column) ||
    index.keys.some((key) => key.column === column || mentionsOf(key.expression).columns.has(column))
  )
}

/** A table that has no foreign key to another any more is not among those that refer to it. */
function forgetReference(schema: Schema, table: Table, to: number | undefined): void {
  const still = [...table.constraints.values()].some((one) => one.kind === 'foreign' && one.references.id === to)
  if (!still) tableById(schema, to)?.referencedBy.delete(table.id)
}

function removeUsersOfColumn(schema: Schema, table: Table, name: string): void {
  for (const column of generatedFrom(table, name)) removeColumn(schema, table, column.name, { cascade: true })
  for (const [key, trigger] of table.triggers) if (trigger.columns.has(name)) table.triggers.delete(key)
  for (const [key, { using, check }] of table.policyTexts) {
    if (!mentionsOf(using).columns.has(name) && !mentionsOf(check).columns.has(name)) continue
    table.policies.delete(key)
    table.policyTexts.delete(key)
  }
}

function generatedFrom(table: Table, name: string): Column[] {
  return [...table.columns.values()].filter(({ generated }) => mentionsOf(generated?.expression).columns.has(name))
}

function leaveToChild(schema: Schema, child: Table, name: string, { cascade, only }: { cascade: boolean; only: boolean }): void {
  const column = child.columns.get(name)
  if (column === undefined || column.inherited === 0) return
  column.inherited--
  if (only) column.local = true
  else if (column.inherited === 0 && !column.local) removeColumn(schema, child, name, { cascade })
}

function removeIndex(schema: Schema, index: Index): void {
  const owner = schema.relations.get(index.table)
  if (owner?.kind === 'view') owner.indexes.delete(index.id)
  if (owner?.kind !== 'table') return
  owner.indexes.delete(index.id)
  if (owner.replicaIdentity.kind === 'index' && owner.replicaIdentity.index === index.id) owner.replicaIdentity = { kind: 'nothing' }
  if (index.constraint !== undefined) unsetConstraint(schema, owner, index.constraint)
  for (const child of owner.form === 'partitioned' ? childTables(schema, owner) : []) {
    for (const part of indexesOf(schema, child)) if (part.parent === index.id) removeRelation(schema, part)
  }
  if (!index.unique) return
  for (const { table, key } of foreignKeysTo(schema, owner))
    if (key.references.index === index.id) removeConstraint(schema, table, key.name)
}

function removeTable(schema: Schema, table: Table, cascade: boolean): void {
  for (const { table: from, key } of foreignKeysTo(schema, table)) if (from !== table) removeConstraint(schema, from, key.name)
  for (const child of childTables(schema, table)) {
    if (child.partitionOf?.parent === table.id || cascade) removeRelation(schema, child, cascade)
    else child.parents.delete(table.id)
  }
  for (const id of [...table.indexes, ...table.sequences]) {
    const part = schema.relations.get(id)
    if (part !== undefined) removeRelation(schema, part)
  }
  for (const constraint of table.constraints.values()) {
    countConstraint(schema, table.schema, constraint.name, -1)
    if (constraint.kind === 'foreign') tableById(schema, constraint.references.id)?.referencedBy.delete(table.id)
  }
  for (const id of table.parents) tableById(schema, id)?.children.delete(table.id)
  tableById(schema, table.partitionOf?.parent)?.children.delete(table.id)
  for (const publication of schema.publications.values()) {
    publication.tables.delete(table.id)
    publication.details.delete(table.id)
  }
  removeReaders(schema, table, cascade)
}

function removeView(schema: Schema, view: View, cascade: boolean): void {
  forgetReads(schema, view)
  for (const index of indexesOf(schema, view)) removeRelation(schema, index)
  removeReaders(schema, view, cascade)
}

/** Takes a view from the lists of those that read what it reads. */
export function forgetReads(schema: Schema, view: View): void {
  for (const id of view.reads.keys()) {
    const read = schema.relations.get(id)
    if (read?.kind === 'table' || read?.kind === 'view') read.readBy.delete(view.id)
  }
}

function removeReaders(schema: Schema, relation: Table | View, cascade: boolean): void {
  for (const id of relation.readBy) {
    const view = viewById(schema, id)
    if (view === undefined) continue
    if (cascade) removeRelation(schema, view, true)
    else view.reads = new Map([...view.reads].filter(([read]) => read !== relation.id))
  }
}

function removeSequence(schema: Schema, sequence: Sequence): void {
  tableById(schema, sequence.ownedBy?.table)?.sequences.delete(sequence.id)
  for (const id of sequence.usedBy) {
    for (const column of tableById(schema, id)?.columns.values() ?? []) {
      if (column.counter !== sequence.id) continue
      column.counter = undefined
      column.default = undefined
    }
  }
}
