import type { Node, RangeVar } from '@pgsql/types'
import type { Statement } from './parse.ts'

/** A relation that a statement names: a table, a view, an index, a sequence. */
export interface TouchedObject {
  /** `undefined` when the text leaves it to the search path. */
  readonly schema: string | undefined
  /** `undefined` for a whole schema that goes away. */
  readonly relation: string | undefined
  /** The columns that it is about; `undefined` when it is about all of the relation, or does not say. */
  readonly columns: ReadonlySet<string> | undefined
  /** Whether the relation itself goes away, or gets another name or schema. */
  readonly removes: boolean
}

/** What a statement names, as far as its text shows: the bodies of functions and DO blocks are texts to the parser. */
export function touchedObjects({ node }: Statement): readonly TouchedObject[] {
  if ('DropStmt' in node) return dropped(node.DropStmt.removeType ?? '', node.DropStmt.objects ?? [])
  if ('RenameStmt' in node) return renamed(node)
  if ('AlterObjectSchemaStmt' in node) return objectsOf(node, undefined, true)
  if ('AlterTableStmt' in node) return [...objectsOf(withoutReferences(node), alteredColumns(node)), ...referenced(node)]
  if ('CreateStmt' in node) return [...objectsOf(withoutReferences(node), undefined), ...referenced(node)]
  return objectsOf(node, namedColumns(node))
}

/**
 * Whether two statements are about the same thing: the same relation, and the same column when both name columns.
 * A name without a schema may be that of any schema.
 */
export function touchSame(one: TouchedObject, other: TouchedObject): boolean {
  if (one.relation === undefined || other.relation === undefined) return one.schema === other.schema
  if (one.relation !== other.relation) return false
  if (one.schema !== undefined && other.schema !== undefined && one.schema !== other.schema) return false
  if (one.removes || other.removes || one.columns === undefined || other.columns === undefined) return true
  return [...one.columns].some((column) => other.columns?.has(column))
}

const relationTypes = ['TABLE', 'VIEW', 'MATVIEW', 'INDEX', 'SEQUENCE', 'FOREIGN_TABLE'].map((type) => `OBJECT_${type}`)
const partsOfTables = ['TRIGGER', 'POLICY', 'RULE'].map((type) => `OBJECT_${type}`)

function dropped(type: string, objects: readonly Node[]): TouchedObject[] {
  const names = objects.map((object) => ('List' in object ? textsOf(object.List.items) : textsOf([object])))
  if (type === 'OBJECT_SCHEMA') return names.map(([schema]) => ({ schema, relation: undefined, columns: undefined, removes: true }))
  const removes = relationTypes.includes(type)
  if (!removes && !partsOfTables.includes(type)) return []
  return names.map((parts) => {
    const path = removes ? parts : parts.slice(0, -1)
    return { schema: path.at(-2), relation: path.at(-1), columns: undefined, removes }
  })
}

function renamed(node: Extract<Node, { RenameStmt: unknown }>): TouchedObject[] {
  const { renameType = '', relation, subname, newname } = node.RenameStmt
  if (relation === undefined) return []
  const { schemaname: schema, relname } = relation
  if (renameType === 'OBJECT_COLUMN' || renameType === 'OBJECT_ATTRIBUTE')
    return [{ schema, relation: relname, columns: new Set([subname, newname].filter((name) => name !== undefined)), removes: false }]
  if (!relationTypes.includes(renameType)) return [{ schema, relation: relname, columns: undefined, removes: false }]
  return [relname, newname].map((name) => ({ schema, relation: name, columns: undefined, removes: true }))
}

/** Commands of ALTER TABLE whose name is that of a column; in the others it is a constraint, an owner, a trigger. */
const columnCommands = [
  'ColumnDefault',
  'DropNotNull',
  'SetNotNull',
  'SetExpression',
  'DropExpression',
  'SetStatistics',
  'SetOptions',
  'ResetOptions',
  'SetStorage',
  'SetCompression',
  'DropColumn',
  'AlterColumnType',
  'AddIdentity',
  'SetIdentity',
  'DropIdentity',
].map((name) => `AT_${name}`)

/** The columns of every command; `undefined` as soon as one is about the whole table. */
function alteredColumns(node: Extract<Node, { AlterTableStmt: unknown }>): ReadonlySet<string> | undefined {
  const columns = new Set<string>()
  for (const item of node.AlterTableStmt.cmds ?? []) {
    if (!('AlterTableCmd' in item)) return undefined
    const { subtype = '', name, def } = item.AlterTableCmd
    const found = new Set(columnCommands.includes(subtype) && name !== undefined ? [name] : [])
    if (def !== undefined && 'ColumnDef' in def && def.ColumnDef.colname !== undefined) found.add(def.ColumnDef.colname)
    if (def !== undefined && 'Constraint' in def) {
      const { keys, fk_attrs, including } = def.Constraint
      for (const column of [...textsOf(keys), ...textsOf(fk_attrs), ...textsOf(including)]) found.add(column)
    }
    for (const column of namedColumns(withoutReferences(item)) ?? []) found.add(column)
    if (found.size === 0) return undefined
    for (const column of found) columns.add(column)
  }
  return columns
}

/** Tables that a foreign key points to, with the columns that it names: none of them is its primary key. */
function referenced(node: Node): TouchedObject[] {
  const found: TouchedObject[] = []
  walk(node, (key, value) => {
    if (key !== 'Constraint') return
    const { pktable, pk_attrs } = value as { pktable?: RangeVar; pk_attrs?: Node[] }
    if (pktable !== undefined)
      found.push({ schema: pktable.schemaname, relation: pktable.relname, columns: new Set(textsOf(pk_attrs)), removes: false })
  })
  return found
}

function withoutReferences<T extends Node>(node: T): T {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'pktable' || key === 'pk_attrs' ? undefined : value))) as T
}

/** Every relation in the text but names of WITH, all with the same columns: which belongs to which only a catalog tells. */
function objectsOf(node: Node, columns: ReadonlySet<string> | undefined, removes = false): TouchedObject[] {
  const local = new Set<string>()
  const relations = new Map<string, RangeVar>()
  walk(node, (key, value) => {
    if (key === 'CommonTableExpr') local.add((value as { ctename?: string }).ctename ?? '')
    const range = value as RangeVar
    if (typeof range.relname === 'string') relations.set(JSON.stringify([range.schemaname, range.relname]), range)
  })
  return [...relations.values()]
    .filter(({ schemaname, relname }) => schemaname !== undefined || !local.has(relname ?? ''))
    .map(({ schemaname, relname }) => ({ schema: schemaname, relation: relname, columns, removes }))
}

/** The columns that an expression, a list or a SET names; `undefined` when there is none, or a whole row. */
function namedColumns(node: Node): ReadonlySet<string> | undefined {
  const columns = new Set<string>()
  const rows = new Set<string>()
  let whole = false
  walk(node, (key, value) => {
    const { fields, name, targetList, cols, attlist, columns: listed, relname, alias } = value as Fields
    if (key === 'ColumnRef') {
      if (fields?.some((field) => 'A_Star' in field)) whole = true
      const column = textsOf(fields).at(-1)
      if (column !== undefined) columns.add(column)
    }
    if (key === 'IndexElem' && name !== undefined) columns.add(name)
    if (key === 'InsertStmt' && cols === undefined) whole = true
    const targets = [...(key === 'UpdateStmt' || key === 'OnConflictClause' ? (targetList ?? []) : []), ...(cols ?? [])]
    for (const target of targets) if ('ResTarget' in target && target.ResTarget.name) columns.add(target.ResTarget.name)
    for (const column of [...textsOf(attlist), ...(key === 'CreateTrigStmt' ? textsOf(listed) : [])]) columns.add(column)
    for (const row of [relname, alias?.aliasname]) if (row !== undefined) rows.add(row)
  })
  return whole || columns.size === 0 || [...columns].some((column) => rows.has(column)) ? undefined : columns
}

interface Fields {
  readonly fields?: readonly Node[]
  readonly name?: string
  readonly targetList?: readonly Node[]
  readonly cols?: readonly Node[]
  readonly attlist?: readonly Node[]
  readonly columns?: readonly Node[]
  readonly relname?: string
  readonly alias?: { readonly aliasname?: string }
}

function textsOf(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node && node.String.sval !== undefined ? [node.String.sval] : []))
}

/** Calls back with each object of the tree and the key that it stands under. */
function walk(value: unknown, visit: (key: string, value: object) => void, key = ''): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit, key)
  else if (typeof value === 'object' && value !== null) {
    visit(key, value)
    for (const [name, inner] of Object.entries(value)) walk(inner, visit, name)
  }
}
