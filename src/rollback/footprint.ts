import type { Node } from '@pgsql/types'
import { nameOf, wordsOf } from '../sql/locks/names.ts'
import { nodesOf } from '../sql/node.ts'
import { foreignKeysTo, nameOfKey, type Relation, type Schema, type Table } from '../sql/schema/schema.ts'
import type { WriteKind } from './concern.ts'

export interface QueryWrite {
  readonly relation: string
  readonly kind: WriteKind
  /** Those that the query names; `all` when it does not say. */
  readonly columns: ReadonlySet<string> | 'all'
  /** What it writes, row by row, by the columns that it names; `undefined` where the text does not show it. */
  readonly rows?: readonly ReadonlyMap<string, Node>[]
}

/** What a query uses by name, also through views, triggers and routines. Names stand without their schemas: two of one name count as one. */
export interface Footprint {
  readonly names: ReadonlySet<string>
  readonly columns: ReadonlySet<string>
  /** Whether it may use columns that it does not name. */
  readonly everyColumn: boolean
  readonly writes: readonly QueryWrite[]
  /** Words in the texts of routines that it runs: the server looks at them only then. */
  readonly routineWords: ReadonlySet<string>
  /** Columns that its text names without a table. */
  readonly bare: ReadonlySet<string>
  /** Relations that its own text names. */
  readonly inScope: ReadonlySet<string>
  /** Whether a NATURAL JOIN takes every name that both sides have. */
  readonly joinsByName: boolean
}

export function footprintOf(node: unknown, schema: Schema): Footprint {
  const found = new Found()
  walk(node, found)
  for (const name of found.names) found.inScope.add(name)
  close(found, schema)
  return found
}

class Found implements Footprint {
  readonly names = new Set<string>()
  readonly columns = new Set<string>()
  readonly aliases = new Set<string>()
  readonly routineWords = new Set<string>()
  readonly bare = new Set<string>()
  readonly inScope = new Set<string>()
  joinsByName = false
  readonly writes: QueryWrite[] = []
  everyColumn = false
}

type Plain = Readonly<Record<string, unknown>>

function walk(value: unknown, found: Found): void {
  if (Array.isArray(value)) {
    for (const one of value) walk(one, found)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value as Plain)) {
    note(key, inner, found)
    walk(inner, found)
  }
}

function note(key: string, inner: unknown, found: Found): void {
  const content = inner as Parameters<typeof nameOf>[0] & Parameters<typeof wordsOf>[0] & Plain
  switch (key) {
    case 'RangeVar':
    case 'relation':
      if (typeof content?.relname === 'string') found.names.add(content.relname)
      break
    case 'Alias':
    case 'alias':
      if (typeof content?.aliasname === 'string') found.aliases.add(content.aliasname)
      break
    case 'ColumnRef':
      noteColumn(content.fields as never, found)
      break
    case 'JoinExpr':
      if (content.isNatural === true) found.joinsByName = true
      break
    case 'FuncCall':
    case 'funccall':
      found.names.add(wordsOf(content.funcname as never).at(-1) ?? '')
      break
    case 'TypeName':
    case 'typeName':
      found.names.add(wordsOf((content as { names?: never }).names).at(-1) ?? '')
      break
    case 'InsertStmt':
      noteWrite(content, 'insert', found)
      break
    case 'UpdateStmt':
      noteWrite(content, 'update', found)
      break
    case 'DeleteStmt':
      noteWrite(content, 'delete', found)
      break
    case 'MergeStmt':
      for (const kind of ['insert', 'update', 'delete'] as const) found.writes.push({ relation: relationOf(content), kind, columns: 'all' })
      break
    case 'CopyStmt':
      if (content.is_from === true) found.writes.push({ relation: relationOf(content), kind: 'insert', columns: 'all' })
      found.everyColumn = true
      break
    case 'TruncateStmt':
      for (const one of nodesOf(content.relations as never, 'RangeVar'))
        found.writes.push({ relation: nameOf(one).name, kind: 'truncate', columns: 'all' })
      break
  }
}

function noteColumn(fields: readonly object[] | undefined, found: Found): void {
  const all = fields ?? []
  if (all.some((field) => 'A_Star' in field)) found.everyColumn = true
  const [only] = all.length === 1 ? wordsOf(all as never) : []
  if (only !== undefined) found.bare.add(only)
  for (const word of wordsOf(all as never)) if (word !== '') found.columns.add(word)
}

function noteWrite(content: Plain, kind: 'insert' | 'update' | 'delete', found: Found): void {
  const listed = (kind === 'insert' ? content.cols : content.targetList) as never
  const names = nodesOf(listed, 'ResTarget').flatMap(({ name }) => name ?? [])
  const columns = kind === 'delete' || (kind === 'insert' && names.length === 0) ? 'all' : new Set(names)
  for (const name of names) found.columns.add(name)
  if (kind === 'insert' && columns === 'all') found.everyColumn = true
  const rows = kind === 'update' ? [assigned(listed)] : kind === 'insert' ? insertedRows(content, names) : undefined
  found.writes.push({ relation: relationOf(content), kind, columns, ...(rows === undefined ? {} : { rows }) })
  const update = content.onConflictClause as { action?: string; targetList?: never } | undefined
  if (update?.action !== 'ONCONFLICT_UPDATE') return
  const set = nodesOf(update.targetList, 'ResTarget').flatMap(({ name }) => name ?? [])
  found.writes.push({ relation: relationOf(content), kind: 'update', columns: new Set(set), rows: [assigned(update.targetList)] })
}

function assigned(targets: readonly Node[] | undefined): ReadonlyMap<string, Node> {
  return new Map(nodesOf(targets, 'ResTarget').flatMap(({ name, val }) => (name === undefined || val === undefined ? [] : [[name, val]])))
}

/** The rows of VALUES, when the columns are named. */
function insertedRows({ selectStmt }: Plain, names: readonly string[]): ReadonlyMap<string, Node>[] | undefined {
  if (selectStmt === undefined) return [new Map()] // DEFAULT VALUES
  const { valuesLists } = (selectStmt as { SelectStmt?: { valuesLists?: readonly Node[] } }).SelectStmt ?? {}
  if (valuesLists === undefined || names.length === 0) return undefined
  return valuesLists.map((list) => {
    const items = 'List' in list ? (list.List.items ?? []) : []
    return new Map(items.flatMap((item, at) => (names[at] === undefined ? [] : [[names[at], item] as const])))
  })
}

function relationOf({ relation }: Plain): string {
  return nameOf(relation as never).name
}

/** Follows views to what they read, writes to triggers and to rows that go along, and routines to the names in their texts. */
function close(found: Found, schema: Schema): void {
  const relations = [...schema.relations.values()]
  // a row as a whole is named like its table
  if ([...found.columns].some((one) => found.aliases.has(one) || found.names.has(one))) found.everyColumn = true
  const done = new Set<string>()
  for (;;) {
    const next = [...found.names].filter((name) => !done.has(name))
    const written = found.writes.length
    for (const name of next) {
      done.add(name)
      for (const relation of relations)
        if (relation.name === name && relation.kind === 'view') throughView(relation.reads.keys(), found, schema, name)
      for (const [key, all] of schema.functions)
        if (nameOfKey(key).name === name) for (const { body } of all) throughBody(body, found, schema, relations)
    }
    for (const write of [...found.writes]) throughWrite(write, found, schema, relations)
    if (next.length === 0 && found.writes.length === written) return
  }
}

function throughView(reads: Iterable<number>, found: Found, schema: Schema, view: string): void {
  const writes = found.writes.filter(({ relation }) => relation === view)
  for (const id of reads) {
    const name = schema.relations.get(id)?.name
    if (name === undefined) continue
    found.names.add(name)
    found.everyColumn = true
    for (const { kind } of writes) add(found, { relation: name, kind, columns: 'all' })
  }
}

function throughBody(body: string | undefined, found: Found, schema: Schema, relations: readonly Relation[]): void {
  const words = new Set((body ?? '').toLowerCase().match(/[\w$]+/g))
  for (const word of words) found.routineWords.add(word)
  const mayWrite = ['insert', 'update', 'delete', 'merge', 'truncate', 'execute', 'copy'].some((word) => words.has(word))
  found.everyColumn = true
  for (const { name, kind } of relations) {
    if (!words.has(name.toLowerCase())) continue
    found.names.add(name)
    if (mayWrite && kind !== 'index')
      for (const one of ['insert', 'update', 'delete', 'truncate'] as const) add(found, { relation: name, kind: one, columns: 'all' })
  }
  for (const key of schema.functions.keys()) if (words.has(nameOfKey(key).name.toLowerCase())) found.names.add(nameOfKey(key).name)
}

function throughWrite({ relation, kind }: QueryWrite, found: Found, schema: Schema, relations: readonly Relation[]): void {
  found.names.add(relation)
  const tables = relations.filter((one): one is Table => one.name === relation && one.kind === 'table')
  for (const table of tables) {
    for (const trigger of table.triggers.values()) found.names.add(trigger.function.split('.').at(-1) as string)
    if (kind !== 'delete' && kind !== 'update') continue
    for (const { table: child, key } of foreignKeysTo(schema, table)) {
      const action = kind === 'delete' ? key.onDelete : key.onUpdate
      if (action === 'cascade' && kind === 'delete') add(found, { relation: child.name, kind: 'delete', columns: 'all' })
      else if (action !== 'no action' && action !== 'restrict')
        add(found, { relation: child.name, kind: 'update', columns: new Set(key.columns) })
    }
  }
}

function add(found: Found, write: QueryWrite): void {
  const has = found.writes.some(
    ({ relation, kind, columns }) => relation === write.relation && kind === write.kind && (columns === 'all' || columns === write.columns),
  )
  const same =
    has ||
    found.writes.some(
      (one) =>
        one.relation === write.relation &&
        one.kind === write.kind &&
        one.columns !== 'all' &&
        write.columns !== 'all' &&
        [...write.columns].every((column) => (one.columns as ReadonlySet<string>).has(column)),
    )
  if (!same) found.writes.push(write)
}
