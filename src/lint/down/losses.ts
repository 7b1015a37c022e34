import type { DeleteStmt, InsertStmt, MergeStmt, TruncateStmt, UpdateStmt } from '@pgsql/types'
import { destructivePart } from '../../sql/destructive.ts'
import { nameOf, nameOfWords, type RelationName, wordsOf } from '../../sql/locks/names.ts'
import { nodesOf, openNode } from '../../sql/node.ts'
import type { Statement } from '../../sql/parse.ts'
import { applyStatement } from '../../sql/schema/replay.ts'
import { type Column, type ColumnType, findTable, type Origin, type Schema, type Table } from '../../sql/schema/schema.ts'
import { type Conversion, typeChange } from './type-change.ts'

/** Data that a statement takes away or overwrites, other than what its own migration made. */
export interface DataLoss {
  readonly kind: 'table' | 'column' | 'rows' | 'values' | 'type' | 'unknown'
  /** In words that follow "loses". */
  readonly what: string
  readonly table: string
  /** The table's number in the schema; `undefined` for one that the schema does not know. */
  readonly id: number | undefined
  readonly columns: readonly string[]
  /** Nothing is lost: the statement fails where a value does not fit. */
  readonly fails: boolean
}

/** Carries a statement out on the schema, and tells which data it costs. */
export function carryOut(schema: Schema, statement: Statement, origin: Origin): readonly DataLoss[] {
  const changed = rowChange(schema, statement, origin)
  const tables = new Map([...dataTables(schema)].map((table) => [table.id, contentsOf(table)]))
  const unknown = unknownTarget(schema, statement)
  applyStatement(schema, statement, origin)
  if (changed !== undefined) return changed
  const lost = [...tables].flatMap(([id, contents]) => missing(schema, id, contents, statement, origin, tables))
  return lost.length > 0 ? lost : unknown
}

interface Contents {
  readonly table: Pick<Table, 'id' | 'schema' | 'name' | 'origin'>
  readonly parent: number | undefined
  readonly columns: ReadonlyMap<string, Pick<Column, 'origin' | 'generated'> & { readonly type: ColumnType }>
}

/** Tables whose rows outlive a session. */
function* dataTables(schema: Schema): Generator<Table> {
  for (const relation of schema.relations.values()) {
    if (relation.kind === 'table' && relation.persistence !== 'temporary' && relation.form !== 'foreign') yield relation
  }
}

function contentsOf({ id, schema, name, origin, columns, partitionOf }: Table): Contents {
  const held = [...columns.values()].map((one) => [one.name, { type: one.type, origin: one.origin, generated: one.generated }] as const)
  return { table: { id, schema, name, origin }, parent: partitionOf?.parent, columns: new Map(held) }
}

function missing(
  schema: Schema,
  id: number,
  { table, parent, columns }: Contents,
  statement: Statement,
  origin: Origin,
  before: ReadonlyMap<number, Contents>,
): DataLoss[] {
  if (table.origin.file === origin.file) return []
  const name = shown(table)
  const now = schema.relations.get(id)
  if (now?.kind !== 'table') {
    const goesWithParent = parent !== undefined && before.has(parent) && !schema.relations.has(parent)
    return goesWithParent ? [] : [{ kind: 'table', what: `the rows of ${name}`, table: table.name, id, columns: [], fails: false }]
  }
  // a column of a partition is a column of its parent, which is named
  if ('RenameStmt' in statement.node || (parent !== undefined && before.has(parent))) return []
  return [...columns].flatMap(([column, old]): DataLoss[] => {
    if (old.origin.file === origin.file || old.generated !== undefined) return []
    const place = { table: table.name, id, columns: [column] }
    const kept = now.columns.get(column)
    if (kept === undefined) return [{ kind: 'column', what: `the values of ${name}.${column}`, ...place, fails: false }]
    const change = kept.type === old.type ? 'keeps' : typeChange(old.type, kept.type, conversionOf(statement, column))
    if (change === 'keeps') return []
    const [what, fails] =
      change === 'changes'
        ? [`what ${typeText(kept.type)} does not hold of the values of ${name}.${column}`, false]
        : [`values of ${name}.${column} that ${typeText(kept.type)} does not hold: on them it fails`, true]
    return [{ kind: 'type', what, ...place, fails }]
  })
}

function conversionOf({ node }: Statement, column: string): Conversion {
  if (!('AlterTableStmt' in node)) return 'none'
  const command = nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd').find(
    (one) => one.subtype === 'AT_AlterColumnType' && one.name === column,
  )
  const { def } = command ?? {}
  const using = def !== undefined && 'ColumnDef' in def ? def.ColumnDef.raw_default : undefined
  if (using === undefined) return 'none'
  const cast = 'TypeCast' in using ? using.TypeCast.arg : undefined
  return cast !== undefined && 'ColumnRef' in cast && wordsOf(cast.ColumnRef.fields).at(-1) === column ? 'cast' : 'expression'
}

function typeText({ name, modifiers }: ColumnType): string {
  return modifiers.length === 0 ? name : `${name}(${modifiers.join(',')})`
}

function shown({ schema, name }: Pick<Table, 'schema' | 'name'>): string {
  return schema === 'public' ? name : `${schema}.${name}`
}

/** What UPDATE, DELETE and their kin do to rows; `undefined` for statements of other kinds. */
function rowChange(schema: Schema, statement: Statement, origin: Origin): readonly DataLoss[] | undefined {
  const { kind, content } = openNode(statement.node)
  const change = rowChanges[kind]
  if (change === undefined) return undefined
  return change(content as never).flatMap(({ name, columns, verb }): DataLoss[] => {
    const table = findTable(schema, name)
    if (table?.origin.file === origin.file || table?.persistence === 'temporary') return []
    const old = columns.filter((column) => table?.columns.get(column)?.origin.file !== origin.file)
    if (columns.length > 0 && old.length === 0) return []
    const of = name.schema === undefined ? name.name : `${name.schema}.${name.name}`
    return columns.length === 0
      ? [{ kind: 'rows', what: `the rows that ${verb} takes out of ${of}`, table: name.name, id: table?.id, columns, fails: false }]
      : [
          {
            kind: 'values',
            what: `the values of ${list(of, old)} that ${verb} overwrites`,
            table: name.name,
            id: table?.id,
            columns: old,
            fails: false,
          },
        ]
  })
}

interface RowChange {
  readonly name: RelationName
  /** Empty when whole rows go. */
  readonly columns: readonly string[]
  readonly verb: string
}

const rowChanges: Readonly<Record<string, ((content: never) => RowChange[]) | undefined>> = {
  UpdateStmt: ({ relation, targetList }: UpdateStmt) => [
    { name: nameOf(relation), columns: nodesOf(targetList, 'ResTarget').map(({ name = '' }) => name), verb: 'UPDATE' },
  ],
  DeleteStmt: ({ relation }: DeleteStmt) => [{ name: nameOf(relation), columns: [], verb: 'DELETE' }],
  MergeStmt: ({ relation }: MergeStmt) => [{ name: nameOf(relation), columns: [], verb: 'MERGE' }],
  TruncateStmt: ({ relations }: TruncateStmt) =>
    nodesOf(relations, 'RangeVar').map((relation) => ({ name: nameOf(relation), columns: [], verb: 'TRUNCATE' })),
  InsertStmt: ({ relation, onConflictClause }: InsertStmt) =>
    onConflictClause?.action !== 'ONCONFLICT_UPDATE'
      ? []
      : [
          {
            name: nameOf(relation),
            columns: nodesOf(onConflictClause.targetList, 'ResTarget').map(({ name = '' }) => name),
            verb: 'INSERT … ON CONFLICT DO UPDATE',
          },
        ],
}

function list(table: string, columns: readonly string[]): string {
  return columns.map((column) => `${table}.${column}`).join(', ')
}

/** A table that the schema does not know is old; one that may be missing is taken at its word. */
function unknownTarget(schema: Schema, statement: Statement): DataLoss[] {
  const { node } = statement
  if ('DropStmt' in node) {
    const { removeType, objects, missing_ok } = node.DropStmt
    if (removeType !== 'OBJECT_TABLE' || missing_ok === true) return []
    return (objects ?? [])
      .map((object) => nameOfWords(wordsOf(object)))
      .filter((name) => findTable(schema, name) === undefined)
      .map(({ name }) => ({ kind: 'table', what: `the rows of ${name}`, table: name, id: undefined, columns: [], fails: false }))
  }
  if ('AlterTableStmt' in node) {
    const { relation, cmds } = node.AlterTableStmt
    const { name } = nameOf(relation)
    if (findTable(schema, nameOf(relation)) !== undefined) return []
    return nodesOf(cmds, 'AlterTableCmd')
      .filter(({ subtype, missing_ok }) => subtype === 'AT_DropColumn' && missing_ok !== true)
      .map(({ name: column = '' }) => ({
        kind: 'column',
        what: `the values of ${name}.${column}`,
        table: name,
        id: undefined,
        columns: [column],
        fails: false,
      }))
  }
  const part = opaqueKinds.has(openNode(node).kind) ? destructivePart(statement) : undefined
  return part === undefined
    ? []
    : [{ kind: 'unknown', what: `what ${part} changes, which its text does not show`, table: '', id: undefined, columns: [], fails: false }]
}

const opaqueKinds: ReadonlySet<string> = new Set(['DoStmt', 'CallStmt', 'SelectStmt', 'ExecuteStmt', 'CreateTableAsStmt'])
