import type {
  AlterDomainStmt,
  AlterEnumStmt,
  CompositeTypeStmt,
  CreateDomainStmt,
  CreateEnumStmt,
  CreateRangeStmt,
  Node,
} from '@pgsql/types'
import { nameOf, nameOfWords, type RelationName, wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { countConstraint } from '../add.ts'
import { columnType } from '../column-type.ts'
import { canonicalText } from '../expression.ts'
import { chooseConstraintName, clipped } from '../names.ts'
import { creationSchema, findType, nameKey, type Origin, type Schema, type UserType } from '../schema.ts'

export function createEnum(schema: Schema, { typeName, vals }: CreateEnumStmt, origin: Origin): void {
  add(schema, nameOfWords(wordsOf(typeName)), { kind: 'enum', values: wordsOf(vals), origin })
}

export function alterEnum(schema: Schema, statement: AlterEnumStmt): void {
  const { typeName, oldVal, newVal = '', newValNeighbor, newValIsAfter } = statement
  const type = findType(schema, nameOfWords(wordsOf(typeName)))
  if (type?.kind !== 'enum') return
  if (oldVal !== undefined && oldVal !== '') {
    type.values = type.values.map((value) => (value === oldVal ? newVal : value))
    return
  }
  if (type.values.includes(newVal)) return
  const neighbor = newValNeighbor === undefined ? -1 : type.values.indexOf(newValNeighbor)
  const at = neighbor < 0 ? type.values.length : neighbor + (newValIsAfter === true ? 1 : 0)
  type.values = type.values.toSpliced(at, 0, newVal)
}

export function createComposite(schema: Schema, { typevar, coldeflist }: CompositeTypeStmt, origin: Origin): void {
  const attributes = nodesOf(coldeflist, 'ColumnDef').map((one) => [one.colname ?? '', columnType(schema, one.typeName)] as const)
  add(schema, nameOf(typevar), { kind: 'composite', attributes: new Map(attributes), origin })
}

export function createRange(schema: Schema, { typeName, params }: CreateRangeStmt, origin: Origin): void {
  add(schema, nameOfWords(wordsOf(typeName)), { kind: 'range', words: canonicalText(params), origin })
}

/** A base type, or a shell that becomes one. */
export function defineType(schema: Schema, name: RelationName, definition: readonly Node[] | undefined, origin: Origin): void {
  const known = findType(schema, name)
  if (known !== undefined && known.kind !== 'other') return
  schema.types.set(nameKey(creationSchema(schema, name), name.name), { kind: 'other', words: canonicalText(definition), origin })
}

export function createDomain(schema: Schema, { domainname, typeName, constraints }: CreateDomainStmt, origin: Origin): void {
  const name = nameOfWords(wordsOf(domainname))
  const domain: Domain = {
    kind: 'domain',
    base: columnType(schema, typeName),
    notNull: false,
    default: undefined,
    checks: new Map(),
    origin,
  }
  if (!add(schema, name, domain)) return
  for (const one of nodesOf(constraints, 'Constraint')) constrain(schema, domain, name, one, true)
}

export function alterDomain(schema: Schema, { subtype, typeName, name = '', def }: AlterDomainStmt): void {
  const words = nameOfWords(wordsOf(typeName))
  const domain = findType(schema, words)
  if (domain?.kind !== 'domain') return
  const check = domain.checks.get(name)
  if (subtype === 'T') domain.default = def
  if (subtype === 'N') domain.notNull = false
  if (subtype === 'O') domain.notNull = true
  if (subtype === 'C' && def !== undefined && 'Constraint' in def) constrain(schema, domain, words, def.Constraint, false)
  if (subtype === 'X' && domain.checks.delete(name)) countConstraint(schema, creationSchema(schema, words), name, -1)
  if (subtype === 'V' && check !== undefined) check.valid = true
}

type Domain = Extract<UserType, { kind: 'domain' }>

function constrain(
  schema: Schema,
  domain: Domain,
  type: RelationName,
  constraint: Extract<Node, { Constraint: unknown }>['Constraint'],
  creating: boolean,
): void {
  const { contype, conname, raw_expr: expression, skip_validation: unchecked } = constraint
  if (contype === 'CONSTR_NOTNULL') domain.notNull = true
  if (contype === 'CONSTR_DEFAULT') domain.default = expression
  if (contype !== 'CONSTR_CHECK' || expression === undefined) return
  const space = creationSchema(schema, type)
  const name = conname === undefined ? chooseConstraintName(schema, space, [type.name, undefined, 'check']) : clipped(conname)
  if (domain.checks.has(name)) return
  domain.checks.set(name, { expression, valid: creating || unchecked !== true })
  countConstraint(schema, space, name, 1)
}

function add(schema: Schema, name: RelationName, type: UserType): boolean {
  const key = nameKey(creationSchema(schema, name), clipped(name.name))
  if (schema.types.has(key)) return false
  schema.types.set(key, type)
  return true
}
