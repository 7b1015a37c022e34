import type { CreateTableAsStmt, IntoClause, Node, RefreshMatViewStmt, SelectStmt, ViewStmt } from '@pgsql/types'
import { nameOf, type RelationName, wordsOf } from '../../locks/names.ts'
import { addRelation, noteCall } from '../add.ts'
import { plainType } from '../column-type.ts'
import { readQuery } from '../query/read-query.ts'
import { forgetReads } from '../remove.ts'
import { creationSchema, findRelation, nameKey, type Origin, type Schema, type View, viewById } from '../schema.ts'
import { noteColumn } from './column.ts'
import { emptyColumn, newTable } from './create-table.ts'
import { optionTexts } from './storage-options.ts'

export function createView(schema: Schema, { view, query, aliases, replace }: ViewStmt, origin: Origin): void {
  const name = view?.relpersistence === 't' ? { schema: 'pg_temp', name: view.relname ?? '' } : nameOf(view)
  const before = viewById(schema, schema.names.get(nameKey(creationSchema(schema, name), name.name)))
  if (before !== undefined && replace === true) {
    forgetReads(schema, before)
    before.query = query
    setReads(schema, before, wordsOf(aliases))
    return
  }
  const made = newView(schema, name, 'view', query, origin)
  if (made !== undefined) setReads(schema, made, wordsOf(aliases))
}

/** CREATE TABLE AS, and CREATE MATERIALIZED VIEW. */
export function createTableAs(schema: Schema, { into, query, objtype }: CreateTableAsStmt, origin: Origin): void {
  if (objtype !== 'OBJECT_MATVIEW') {
    fillTable(schema, into, query, origin)
    return
  }
  const made = newView(schema, nameOf(into?.rel), 'materialized', query, origin)
  if (made === undefined) return
  made.populated = into?.skipData !== true
  setReads(schema, made, wordsOf(into?.colNames))
}

/** SELECT … INTO makes a table too. */
export function selectInto(schema: Schema, select: SelectStmt, origin: Origin): void {
  if (select.intoClause !== undefined) fillTable(schema, select.intoClause, { SelectStmt: select }, origin)
}

export function refreshView(schema: Schema, { relation, skipData }: RefreshMatViewStmt): void {
  const view = findRelation(schema, nameOf(relation))
  if (view?.kind === 'view') view.populated = skipData !== true
}

function fillTable(schema: Schema, into: IntoClause | undefined, query: Node | undefined, origin: Origin): void {
  const { columns } = readQuery(schema, query)
  const table = newTable(schema, into?.rel, origin, 'ordinary')
  if (table === undefined) return
  table.options = optionTexts([], into?.options)
  table.complete = columns !== undefined
  const names = wordsOf(into?.colNames)
  for (const [index, { name, type }] of (columns ?? []).entries()) {
    const column = { ...emptyColumn(names[index] ?? name, origin), type: type ?? plainType('') }
    if (type === undefined) table.complete = false
    table.columns.set(column.name, column)
    noteColumn(schema, table, column)
  }
}

function newView(schema: Schema, name: RelationName, form: View['form'], query: Node | undefined, origin: Origin): View | undefined {
  return addRelation<View>(schema, name, origin, {
    kind: 'view',
    form,
    columns: undefined,
    reads: new Map(),
    query,
    populated: true,
    indexes: new Set(),
    triggers: new Map(),
    rules: new Map(),
    readBy: new Set(),
  })
}

function setReads(schema: Schema, view: View, names: readonly string[]): void {
  const { columns, reads, calls } = readQuery(schema, view.query)
  view.columns = columns?.map(({ name }, index) => names[index] ?? name)
  view.reads = reads
  for (const name of calls) noteCall(schema, view, name)
  for (const id of reads.keys()) {
    const read = schema.relations.get(id)
    if (read?.kind === 'table' || read?.kind === 'view') read.readBy.add(view.id)
  }
}
