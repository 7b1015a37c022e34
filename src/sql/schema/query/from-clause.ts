import type { Node, RangeVar } from '@pgsql/types'
import { nameOf, wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { columnType } from '../column-type.ts'
import { type ColumnType, findRelation } from '../schema.ts'
import type { Reading } from './read-query.ts'

/** A column that a query can name. */
export interface ScopeColumn {
  readonly name: string
  readonly type: ColumnType | undefined
  /** The columns of relations that naming it reads. */
  readonly from: readonly { readonly relation: number; readonly column: string }[]
}

/** What stands in FROM under one name. */
export interface RangeItem {
  readonly alias: string | undefined
  /** `undefined` when they cannot be told. */
  readonly columns: readonly ScopeColumn[] | undefined
  /** Tables and views whose whole row it is. */
  readonly relation: number | undefined
}

/** What a part of FROM offers: names for `alias.column`, and the columns that `*` means. */
export interface Range {
  readonly items: readonly RangeItem[]
  readonly star: readonly ScopeColumn[] | undefined
}

/** Reads one element of a FROM clause. */
export function readRange(reading: Reading, node: Node): Range {
  if ('RangeVar' in node) return single(namedRange(reading, node.RangeVar))
  if ('JoinExpr' in node) return joined(reading, node.JoinExpr)
  if ('RangeSubselect' in node) {
    const { subquery, alias } = node.RangeSubselect
    const columns = subquery === undefined ? undefined : reading.nested(subquery)
    return single(aliased(alias?.aliasname, columns?.map(output), wordsOf(alias?.colnames)))
  }
  if ('RangeFunction' in node) return single(functionRange(reading, node.RangeFunction))
  if ('RangeTableSample' in node && node.RangeTableSample.relation !== undefined) return readRange(reading, node.RangeTableSample.relation)
  reading.expression(node)
  return single({ alias: undefined, columns: undefined, relation: undefined })
}

/** A column that a nested query makes: naming it reads nothing more than the query does anyway. */
function output({ name, type }: Pick<ScopeColumn, 'name' | 'type'>): ScopeColumn {
  return { name, type, from: [] }
}

function single(item: RangeItem): Range {
  return { items: [item], star: item.columns }
}

function aliased(
  alias: string | undefined,
  columns: readonly ScopeColumn[] | undefined,
  names: readonly string[],
  relation?: number,
): RangeItem {
  return { alias, columns: columns?.map((column, index) => ({ ...column, name: names[index] ?? column.name })), relation }
}

function namedRange(reading: Reading, range: RangeVar): RangeItem {
  const alias = range.alias?.aliasname ?? range.relname
  const names = wordsOf(range.alias?.colnames)
  if (range.schemaname === undefined) {
    const table = reading.commonTable(range.relname ?? '')
    if (table !== undefined) return aliased(alias, table.columns?.map(output), names)
  }
  const relation = findRelation(reading.schema, nameOf(range))
  if (relation?.kind !== 'table' && relation?.kind !== 'view') {
    return aliased(alias, undefined, names)
  }
  reading.touch(relation.id)
  const known: readonly { name: string; type: ColumnType | undefined }[] | undefined =
    relation.kind === 'table' ? [...relation.columns.values()] : relation.columns?.map((name) => ({ name, type: undefined }))
  const columns = known?.map(({ name, type }) => ({ name, type, from: [{ relation: relation.id, column: name }] }))
  const open = relation.kind === 'table' && !relation.complete
  return { ...aliased(alias, columns, names, relation.id), ...(open && columns?.length === 0 ? { columns: undefined } : {}) }
}

function functionRange(reading: Reading, range: Extract<Node, { RangeFunction: unknown }>['RangeFunction']): RangeItem {
  reading.expression(range.functions)
  const alias = range.alias?.aliasname
  const names = wordsOf(range.alias?.colnames)
  const defined = nodesOf(range.coldeflist, 'ColumnDef')
  if (defined.length > 0) {
    const columns = defined.map(({ colname = '', typeName }) => ({ name: colname, type: columnType(reading.schema, typeName), from: [] }))
    return aliased(alias, columns, names)
  }
  const columns = names.map((name) => ({ name, type: undefined, from: [] }))
  return { alias, columns: names.length > 0 ? columns : undefined, relation: undefined }
}

function joined(reading: Reading, join: Extract<Node, { JoinExpr: unknown }>['JoinExpr']): Range {
  const empty: Range = { items: [], star: [] }
  const left = join.larg === undefined ? empty : readRange(reading, join.larg)
  const right = join.rarg === undefined ? empty : readRange(reading, join.rarg)
  const items = [...left.items, ...right.items]
  const shared = join.isNatural ? common(left.star, right.star) : wordsOf(join.usingClause)
  reading.within({ items, star: undefined }, () => reading.expression(join.quals))
  const star = merged(reading, left.star, right.star, shared)
  if (join.alias?.aliasname === undefined) return { items, star }
  return single(aliased(join.alias.aliasname, star, wordsOf(join.alias.colnames)))
}

function common(left: Range['star'], right: Range['star']): string[] {
  const names = new Set(right?.map(({ name }) => name))
  return (left ?? []).map(({ name }) => name).filter((name) => names.has(name))
}

/** Columns of USING come first and once; both sides of each are read. */
function merged(reading: Reading, left: Range['star'], right: Range['star'], shared: readonly string[]): Range['star'] {
  const both = shared.map((name) => {
    const sides = [left, right].flatMap((side) => side?.find((column) => column.name === name) ?? [])
    const from = sides.flatMap((side) => side.from)
    for (const { relation, column } of from) reading.read(relation, column)
    return { name, type: sides[0]?.type, from }
  })
  if (left === undefined || right === undefined) return undefined
  const rest = (side: readonly ScopeColumn[]) => side.filter(({ name }) => !shared.includes(name))
  return [...both, ...rest(left), ...rest(right)]
}
