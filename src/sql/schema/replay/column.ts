import type { ColumnDef, Constraint, Node } from '@pgsql/types'
import { nameInText, nameOfWords, optionsOf, wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { addRelation, noteCalls } from '../add.ts'
import { columnType, noteTypeUse } from '../column-type.ts'
import { mentionsOf } from '../expression.ts'
import { chooseRelationName } from '../names.ts'
import { childTables } from '../remove.ts'
import { type Column, type ColumnType, findRelation, type Origin, type Schema, type Sequence, type Table } from '../schema.ts'

/** A constraint and the column that it is written at. */
export interface WrittenConstraint {
  readonly constraint: Constraint
  readonly column: string | undefined
}

/** Adds a column to a table, and says which constraints are written at it. One that was inherited becomes the table's own. */
export function defineColumn(schema: Schema, table: Table, definition: ColumnDef, origin: Origin): WrittenConstraint[] {
  const name = definition.colname ?? ''
  const constraints = withAttributes(nodesOf(definition.constraints, 'Constraint'))
  const of = (kind: string) => constraints.find(({ contype }) => contype === kind)
  const identity = of('CONSTR_IDENTITY')
  const generated = of('CONSTR_GENERATED')
  const notNull = ['CONSTR_NOTNULL', 'CONSTR_PRIMARY', 'CONSTR_IDENTITY'].some((kind) => of(kind) !== undefined)
  const before = table.columns.get(name)
  const type = definition.typeName === undefined ? before?.type : columnType(schema, definition.typeName)
  const written = withoutNull(of('CONSTR_DEFAULT')?.raw_expr, type)
  const column: Column = {
    name,
    type: type ?? columnType(schema, undefined),
    notNull: notNull || before?.notNull === true || type?.serial === true,
    default: written ?? before?.default,
    generated:
      generated === undefined
        ? before?.generated
        : { kind: generated.generated_kind === 'v' ? 'virtual' : 'stored', expression: generated.raw_expr },
    identity: identity === undefined ? before?.identity : identity.generated_when === 'a' ? 'always' : 'by default',
    collation: definition.collClause === undefined ? before?.collation : wordsOf(definition.collClause.collname).at(-1),
    origin,
    inherited: before?.inherited ?? 0,
    local: definition.typeName !== undefined || before === undefined || before.local,
    counter: written === undefined ? before?.counter : undefined,
  }
  table.columns.set(name, column)
  if (type?.serial === true && definition.typeName !== undefined) {
    const sequence = ownSequence(schema, table, column, origin)
    column.default = nextValue(sequence)
  }
  if (identity !== undefined) identitySequence(schema, table, column, identity, origin)
  noteColumn(schema, table, column)
  return constraints.map((constraint) => ({ constraint, column: name }))
}

/** Gives the tables below a column that their parent got. */
export function passColumnOn(schema: Schema, table: Table, column: Column): void {
  for (const child of childTables(schema, table)) {
    const own = child.columns.get(column.name)
    if (own !== undefined) {
      own.inherited++
      continue
    }
    const copy: Column = { ...column, identity: undefined, inherited: 1, local: false }
    child.columns.set(column.name, copy)
    noteColumn(schema, child, copy)
    passColumnOn(schema, child, copy)
  }
}

/** Makes the sequence of an identity column, under the name that its options give. */
export function identitySequence(schema: Schema, table: Table, column: Column, { options }: Constraint, origin: Origin): void {
  const given = optionsOf(options).find(({ defname }) => defname === 'sequence_name')
  const sequence = ownSequence(schema, table, column, origin, given === undefined ? undefined : wordsOf(given.arg))
  if (sequence !== undefined) sequence.identity = true
}

/** Sets a default, and remembers what it calls. */
export function setDefault(schema: Schema, table: Table, column: Column, expression: Node | undefined): void {
  column.default = withoutNull(expression, column.type)
  column.counter = undefined
  noteColumn(schema, table, column)
}

export function noteColumn(schema: Schema, table: Table, column: Column): void {
  noteTypeUse(schema, table.id, column.type)
  noteCalls(schema, table, column.default, column.generated?.expression)
  const [constant] = mentionsOf(column.default).sequences
  const name = constant === undefined ? undefined : nameInText(constant)
  const sequence = name === undefined ? undefined : findRelation(schema, name)
  if (column.counter === undefined && sequence?.kind === 'sequence') column.counter = sequence.id
  const counter = column.counter === undefined ? undefined : schema.relations.get(column.counter)
  if (counter?.kind === 'sequence') counter.usedBy.add(table.id)
}

/** `default null` is none, unless the null has to be fitted into a length. */
function withoutNull(expression: Node | undefined, type: ColumnType | undefined): Node | undefined {
  const value = expression !== undefined && 'TypeCast' in expression ? expression.TypeCast.arg : expression
  const isNull = value !== undefined && 'A_Const' in value && value.A_Const.isnull === true
  return isNull && type?.modifiers.length === 0 ? undefined : expression
}

/** `deferrable` and the like stand behind the constraint of a column as if they were constraints themselves. */
function withAttributes(constraints: readonly Constraint[]): Constraint[] {
  const whole: Constraint[] = []
  for (const one of constraints) {
    const last = whole.at(-1)
    if (!one.contype?.startsWith('CONSTR_ATTR_')) whole.push(one)
    else if (last !== undefined) whole[whole.length - 1] = { ...last, ...attributes[one.contype] }
  }
  return whole
}

const attributes: Readonly<Record<string, Partial<Constraint>>> = {
  CONSTR_ATTR_DEFERRABLE: { deferrable: true },
  CONSTR_ATTR_NOT_DEFERRABLE: { deferrable: false },
  CONSTR_ATTR_DEFERRED: { deferrable: true, initdeferred: true },
  CONSTR_ATTR_IMMEDIATE: { initdeferred: false },
}

function ownSequence(
  schema: Schema,
  table: Table,
  { name, type }: Column,
  origin: Origin,
  given?: readonly string[],
): Sequence | undefined {
  const chosen =
    given === undefined
      ? { schema: table.schema, name: chooseRelationName(schema, table.schema, [table.name, name, 'seq']) }
      : { schema: table.schema, ...definedName(given) }
  const sequence = addRelation<Sequence>(schema, chosen, origin, {
    kind: 'sequence',
    ownedBy: { table: table.id, column: name },
    type: type.name,
    identity: false,
    usedBy: new Set(),
  })
  if (sequence !== undefined) table.sequences.add(sequence.id)
  return sequence
}

function definedName(words: readonly string[]): { name: string; schema?: string } {
  const { schema, name } = nameOfWords(words)
  return schema === undefined ? { name } : { schema, name }
}

function nextValue(sequence: Sequence | undefined): Node | undefined {
  if (sequence === undefined) return undefined
  const quoted = [sequence.schema, sequence.name].map((word) => `"${word.replaceAll('"', '""')}"`).join('.')
  return { FuncCall: { funcname: [{ String: { sval: 'nextval' } }], args: [{ A_Const: { sval: { sval: quoted } } }] } }
}
