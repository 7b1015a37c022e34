import type { Node, PartitionBoundSpec } from '@pgsql/types'
import { type Schema, type Table, tableById } from '../../schema/schema.ts'
import { isNotNull, knownOf } from '../not-null.ts'
import { constantOf } from './constant.ts'
import { type Formula, hashText, negated, type Operator, operandOf, textOf } from './formula.ts'
import { implies } from './implies.ts'

/** Whether the rows of a table surely belong into a partition, so that ATTACH need not look at them. */
export function provesBound(schema: Schema, table: Table, parent: Table, bound: PartitionBoundSpec): boolean {
  const wanted = [boundFormula(schema, parent, bound), ...inheritedBounds(schema, parent)]
  const known = knownOf(table)
  return wanted.every((one) => one !== undefined && implies(known, one))
}

/** Whether the rows of a default partition surely stay there when a partition with the bound comes beside it. */
export function provesElsewhere(schema: Schema, rest: Table, parent: Table, bound: PartitionBoundSpec): boolean {
  const found = boundFormula(schema, parent, bound)
  return found !== undefined && implies(knownOf(rest), negated(found))
}

/** What the parent's own place demands, when it is a partition itself. */
function inheritedBounds(schema: Schema, table: Table): (Formula | undefined)[] {
  const parent = tableById(schema, table.partitionOf?.parent)
  if (parent === undefined) return []
  const bound = specOf(table)
  return [bound === undefined ? undefined : boundFormula(schema, parent, bound), ...inheritedBounds(schema, parent)]
}

function specOf({ partitionOf }: Table): PartitionBoundSpec | undefined {
  const node = partitionOf?.bound.node
  return node !== undefined && 'PartitionBoundSpec' in node ? node.PartitionBoundSpec : undefined
}

/** The condition that every row of the partition meets; `undefined` when the text does not tell. */
function boundFormula(schema: Schema, parent: Table, bound: PartitionBoundSpec): Formula | undefined {
  const key = parent.partitionKey
  if (key === undefined) return undefined
  if (bound.is_default === true) return defaultFormula(schema, parent)
  const keys = key.columns.map((one) => (typeof one === 'string' ? one : operandOf(one)))
  switch (key.strategy) {
    case 'list':
      return listFormula(parent, keys[0] ?? '', bound.listdatums ?? [])
    case 'range':
      return rangeFormula(parent, keys, bound)
    default:
      return { kind: 'other', text: hashText(parent.name, bound.modulus ?? 0, bound.remainder ?? 0, keys) }
  }
}

/** Whatever belongs into none of the others. */
function defaultFormula(schema: Schema, parent: Table): Formula | undefined {
  const others = [...parent.children]
    .flatMap((id) => tableById(schema, id) ?? [])
    .filter(({ partitionOf }) => partitionOf?.bound.isDefault === false)
  const bounds = others.map(specOf).map((one) => (one === undefined ? undefined : boundFormula(schema, parent, one)))
  const known = bounds.filter((one) => one !== undefined)
  return known.length === bounds.length ? negated({ kind: 'or', of: known }) : undefined
}

function listFormula(parent: Table, operand: string, values: readonly Node[]): Formula | undefined {
  const isNull = values.some((one) => 'A_Const' in one && one.A_Const.isnull === true)
  const given = values.filter((one) => !('A_Const' in one && one.A_Const.isnull === true))
  const equal = given.map((one) => compare(parent, operand, '=', one))
  const known = equal.filter((one) => one !== undefined)
  if (known.length < equal.length) return undefined
  const oneOf: Formula = { kind: 'or', of: known }
  if (isNull) return { kind: 'or', of: [{ kind: 'null', operand, isNull: true }, ...known] }
  return { kind: 'and', of: [isNotNull(operand), oneOf] }
}

function rangeFormula(
  parent: Table,
  keys: readonly string[],
  { lowerdatums = [], upperdatums = [] }: PartitionBoundSpec,
): Formula | undefined {
  const shared = keys.findIndex((_, index) => !isSameValue(lowerdatums[index], upperdatums[index]))
  const common = shared === -1 ? keys.length : shared
  const parts = [
    ...keys.map(isNotNull),
    ...keys.slice(0, common).map((key, index) => compare(parent, key, '=', lowerdatums[index])),
    side(parent, keys.slice(common), lowerdatums.slice(common), { strict: '>', last: '>=', open: '>=' }),
    side(parent, keys.slice(common), upperdatums.slice(common), { strict: '<', last: '<', open: '<=' }),
  ]
  const known = parts.filter((one) => one !== undefined)
  return known.length === parts.length ? { kind: 'and', of: known } : undefined
}

/** `(a, b) >= (1, 5)` as the server writes it: `a > 1 or (a = 1 and b >= 5)`. */
function side(
  parent: Table,
  keys: readonly string[],
  values: readonly Node[],
  { strict, last, open }: { readonly strict: Operator; readonly last: Operator; readonly open: Operator },
): Formula | undefined {
  const end = values.findIndex(isUnbounded)
  const bounded = end === -1 ? keys : keys.slice(0, end)
  if (bounded.length === 0) return { kind: 'and', of: [] }
  const arms = bounded.map((key, arm): Formula | undefined => {
    const isLast = arm === bounded.length - 1
    const operator = !isLast ? strict : end === -1 ? last : open
    const conditions = [
      ...bounded.slice(0, arm).map((before, index) => compare(parent, before, '=', values[index])),
      compare(parent, key, operator, values[arm]),
    ]
    const known = conditions.filter((one) => one !== undefined)
    return known.length === conditions.length ? { kind: 'and', of: known } : undefined
  })
  const known = arms.filter((one) => one !== undefined)
  return known.length === arms.length ? { kind: 'or', of: known } : undefined
}

function compare(parent: Table, operand: string, operator: Operator, value: Node | undefined): Formula | undefined {
  const constant = value === undefined ? undefined : constantOf(value, parent.columns.get(operand)?.type)
  return constant === undefined ? undefined : { kind: 'compare', operand, operator, value: constant }
}

/** MINVALUE and MAXVALUE look like columns to the parser. */
function isUnbounded(value: Node): boolean {
  return 'ColumnRef' in value
}

function isSameValue(one: Node | undefined, other: Node | undefined): boolean {
  return one !== undefined && other !== undefined && !isUnbounded(one) && textOf(one) === textOf(other)
}
