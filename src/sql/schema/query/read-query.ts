import type { FuncCall, Node, SelectStmt } from '@pgsql/types'
import { wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { stringsOf } from '../expression.ts'
import { type ColumnType, type Schema, tableById } from '../schema.ts'
import { expressionType } from './expression-type.ts'
import { figureName } from './figure-name.ts'
import { type Range, type RangeItem, readRange, type ScopeColumn } from './from-clause.ts'

/** What a query gives and reads. */
export interface QueryFacts {
  /** `undefined` when they depend on what is not known. */
  readonly columns: readonly OutputColumn[] | undefined
  readonly reads: ReadonlyMap<number, ReadonlySet<string> | 'all'>
  /** Functions that it calls, without their schemas. */
  readonly calls: ReadonlySet<string>
}

export interface OutputColumn {
  readonly name: string
  readonly type: ColumnType | undefined
}

/** Reads a query as the server does that stores it as a view: `*` means the columns that there are now. */
export function readQuery(schema: Schema, query: Node | undefined): QueryFacts {
  const reading = new Reading(schema)
  const columns = query === undefined ? undefined : reading.nested(query)
  return { columns, reads: reading.reads, calls: reading.calls }
}

interface CommonTable {
  readonly columns: readonly OutputColumn[] | undefined
}

/** A query that is being read: which names mean what at this place, and what was read so far. */
export class Reading {
  readonly schema: Schema
  readonly reads = new Map<number, Set<string> | 'all'>()
  readonly calls = new Set<string>()
  #levels: Range[] = []
  #tables: Map<string, CommonTable>[] = []

  constructor(schema: Schema) {
    this.schema = schema
  }

  touch(relation: number): void {
    if (!this.reads.has(relation)) this.reads.set(relation, new Set())
  }

  read(relation: number, column: string): void {
    this.touch(relation)
    const columns = this.reads.get(relation)
    if (columns !== 'all') columns?.add(column)
  }

  commonTable(name: string): CommonTable | undefined {
    for (const tables of this.#tables.toReversed()) {
      const found = tables.get(name)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Does something where the names of a range can be used. */
  within<Result>(range: Range, work: () => Result): Result {
    this.#levels.push(range)
    const result = work()
    this.#levels.pop()
    return result
  }

  /** Reads a whole query; resolves with its columns. */
  nested(query: Node): readonly OutputColumn[] | undefined {
    if ('SelectStmt' in query) return this.#select(query.SelectStmt)
    this.expression(query)
    return undefined
  }

  /** Reads whatever stands in an expression, and the queries in it. */
  expression(value: unknown): void {
    if (Array.isArray(value)) {
      for (const one of value) this.expression(one)
      return
    }
    if (typeof value !== 'object' || value === null) return
    for (const key in value) {
      const content = (value as Readonly<Record<string, unknown>>)[key]
      if (key === 'FuncCall') this.calls.add(wordsOf((content as FuncCall).funcname).at(-1) ?? '')
      if (key === 'ColumnRef') this.#reference((content as { fields?: readonly Node[] }).fields ?? [])
      else if (key === 'SelectStmt') this.#select(content as SelectStmt)
      else if (typeof content === 'object') this.expression(content)
    }
  }

  /** The column that a reference means, which has been read by it. */
  find(fields: readonly Node[]): ScopeColumn | undefined {
    const words = stringsOf(fields)
    const name = words.at(-1) ?? ''
    const alias = words.at(-2)
    for (const level of this.#levels.toReversed()) {
      const items = alias === undefined ? level.items : level.items.filter((item) => item.alias === alias)
      const merged = alias === undefined ? level.star?.find((column) => column.name === name) : undefined
      const found = merged ?? items.flatMap(({ columns }) => columns?.find((column) => column.name === name) ?? [])[0]
      if (found !== undefined) return found
      if (alias !== undefined && items.length > 0) return undefined
    }
    return undefined
  }

  #select(select: SelectStmt): readonly OutputColumn[] | undefined {
    const tables = new Map<string, CommonTable>()
    this.#tables.push(tables)
    for (const one of nodesOf(select.withClause?.ctes, 'CommonTableExpr')) {
      const names = wordsOf(one.aliascolnames)
      const renamed = (columns: readonly OutputColumn[] | undefined) => ({
        columns: columns?.map((column, index) => ({ ...column, name: names[index] ?? column.name })),
      })
      if (select.withClause?.recursive === true) tables.set(one.ctename ?? '', renamed(this.#firstColumns(one.ctequery)))
      tables.set(one.ctename ?? '', renamed(one.ctequery === undefined ? undefined : this.nested(one.ctequery)))
    }
    const columns = this.#body(select)
    this.#tables.pop()
    return columns
  }

  /** A recursive query has the columns of its first part. */
  #firstColumns(query: Node | undefined): readonly OutputColumn[] | undefined {
    if (query === undefined || !('SelectStmt' in query)) return undefined
    return this.#select(query.SelectStmt.larg ?? query.SelectStmt)
  }

  #body(select: SelectStmt): readonly OutputColumn[] | undefined {
    if (select.larg !== undefined && select.rarg !== undefined) {
      const columns = this.#select(select.larg)
      this.#select(select.rarg)
      return columns
    }
    if (select.valuesLists !== undefined) {
      this.expression(select.valuesLists)
      const [row] = nodesOf(select.valuesLists, 'List')
      return (row?.items ?? []).map((value, index) => ({ name: `column${index + 1}`, type: expressionType(this, value) }))
    }
    const ranges: Range[] = []
    for (const node of select.fromClause ?? []) ranges.push(this.within(together(ranges), () => readRange(this, node)))
    return this.within(together(ranges), () => {
      const outputs = this.#targets(select.targetList ?? [])
      const names = new Set(outputs?.map(({ name }) => name))
      for (const part of [select.whereClause, select.groupClause, select.havingClause, select.windowClause, select.distinctClause]) {
        this.expression(part)
      }
      for (const { node } of nodesOf(select.sortClause, 'SortBy')) {
        const isOutput = node !== undefined && 'ColumnRef' in node && names.has(stringsOf(node.ColumnRef.fields)[0] ?? '')
        if (!isOutput) this.expression(node)
      }
      this.expression([select.limitCount, select.limitOffset])
      return outputs
    })
  }

  #targets(nodes: readonly Node[]): readonly OutputColumn[] | undefined {
    const columns: OutputColumn[] = []
    let known = true
    for (const { name, val } of nodesOf(nodes, 'ResTarget')) {
      if (val === undefined) continue
      const fields = 'ColumnRef' in val ? (val.ColumnRef.fields ?? []) : []
      const isStar = fields.length > 0 && 'A_Star' in (fields.at(-1) as Node)
      if (!isStar) this.expression(val)
      if (isStar) {
        const alias = stringsOf(fields).at(-1)
        this.#readAll(alias)
        const all = this.#starColumns(alias)
        if (all === undefined) known = false
        else columns.push(...all)
      } else columns.push({ name: name ?? figureName(val) ?? '?column?', type: expressionType(this, val) })
    }
    return known ? columns : undefined
  }

  #starColumns(alias: string | undefined): readonly ScopeColumn[] | undefined {
    if (alias === undefined) return this.#levels.at(-1)?.star
    return this.#item(alias)?.columns
  }

  #item(alias: string): RangeItem | undefined {
    for (const level of this.#levels.toReversed()) {
      const found = level.items.find((item) => item.alias === alias)
      if (found !== undefined) return found
    }
    return undefined
  }

  #reference(fields: readonly Node[]): void {
    const words = stringsOf(fields)
    const isRow = fields.length > words.length // `alias.*` inside of an expression
    const found = isRow ? undefined : this.find(fields)
    if (found !== undefined) {
      for (const { relation, column } of found.from) this.read(relation, column)
      return
    }
    const [whole, ...more] = isRow ? words.slice(-1) : words
    const item = more.length === 0 && whole !== undefined ? this.#item(whole) : undefined
    if (item?.relation !== undefined) this.reads.set(item.relation, 'all')
    else if (!isRow) this.#guess(words)
  }

  #readAll(alias: string | undefined): void {
    const level = this.#levels.at(-1)
    const items = alias === undefined ? (level?.items ?? []) : [this.#item(alias)].flatMap((item) => item ?? [])
    for (const { columns, relation } of items) {
      for (const { from } of columns ?? []) for (const one of from) this.read(one.relation, one.column)
      if (relation !== undefined && (columns === undefined || tableById(this.schema, relation)?.complete === false)) {
        this.reads.set(relation, 'all')
      }
    }
  }

  /** A column that nothing known has belongs to what is not known in full. */
  #guess(words: readonly string[]): void {
    const name = words.at(-1) ?? ''
    for (const { items } of this.#levels.toReversed()) {
      const open = items.filter(
        ({ relation, columns, alias }) =>
          relation !== undefined &&
          (words.length === 1 || alias === words.at(-2)) &&
          (columns === undefined || tableById(this.schema, relation)?.complete === false),
      )
      for (const { relation } of open) if (relation !== undefined) this.read(relation, name)
      if (open.length > 0) return
    }
  }
}

function together(ranges: readonly Range[]): Range {
  const star: ScopeColumn[] = []
  let known = true
  for (const range of ranges) {
    if (range.star === undefined) known = false
    else star.push(...range.star)
  }
  return { items: ranges.flatMap(({ items }) => items), star: known ? star : undefined }
}
