import { nameOf, wordsOf } from '../../sql/locks/names.ts'
import { nodesOf, openNode } from '../../sql/node.ts'
import type { Statement } from '../../sql/parse.ts'
import { describeSchema, differences } from '../../sql/schema/describe.ts'
import { copyPart } from '../../sql/schema/part.ts'
import type { Schema } from '../../sql/schema/schema.ts'
import { carryOut, type DataLoss } from './losses.ts'
import { onlyAdds } from './only-adds.ts'

/** What going back costs once a migration has run, and data has been written since. */
export type WayBack =
  | { readonly kind: 'lossless' }
  | { readonly kind: 'lossy'; readonly loses: readonly Loss[] }
  /** No way back brings back what the way there took; `by` is the statement that took it. */
  | { readonly kind: 'impossible'; readonly because: string; readonly by: Statement }
  | { readonly kind: 'missing' }

interface Loss {
  /** In words that follow "loses", such as `the values of users.phone`. */
  readonly what: string
  readonly by: Statement
  /** The statement fails where a value does not fit, and loses nothing. */
  readonly fails: boolean
}

/** An object that is not as it was once a migration was taken back: left over, missing, or another. */
export interface Remainder {
  /** As `describeSchema` names it. */
  readonly object: string
  readonly state: 'left over' | 'missing' | 'different'
}

export interface Judgement {
  readonly wayBack: WayBack
  /** `undefined` when a text hides what it does, or there is no way back to compare. */
  readonly remainders: readonly Remainder[] | undefined
}

/** Both texts of a migration, as statements; those inside DO blocks in place of their block, where they could be read. */
export interface BothWays {
  readonly up: readonly Statement[]
  /** `undefined` when there is none. */
  readonly down: readonly Statement[] | undefined
}

/** Carries a migration out and takes it back on a copy of the schema that it meets, which is asked for only where that can tell more. */
export function judgeWayBack({ up, down = [] }: BothWays, before: () => Schema): Judgement {
  // without a way back, what only adds has not to be tried out
  if (down.length === 0 && up.every(onlyAdds)) return { wayBack: { kind: 'missing' }, remainders: undefined }
  const schema = copyPart(before(), [...up, ...down])
  countAsChecked(schema)
  const original = down.length === 0 ? undefined : describeSchema(schema)
  const enums = enumValues(schema)
  const taken = up.flatMap((by, statement) => carryOut(schema, by, { file: way.up, statement }).map((loss) => ({ ...loss, by })))
  const given = down.flatMap((by, statement) => carryOut(schema, by, { file: way.down, statement }).map((loss) => ({ ...loss, by })))
  const added = up.find((by) => 'AlterEnumStmt' in by.node && enumGrew(enums, enumValues(schema)))
  const wayBack = conclude(taken, given, added, down)
  countAsChecked(schema)
  const hidden = [...up, ...down].some(({ node }) => ['DoStmt', 'CallStmt'].includes(openNode(node).kind)) || taken.some(isHidden)
  if (hidden || original === undefined) return { wayBack, remainders: undefined }
  const incomplete = [...schema.relations.values()].flatMap((one) =>
    one.kind === 'table' && !one.complete ? `${one.schema}.${one.name}` : [],
  )
  const remainders = differences(original, describeSchema(schema))
    .filter(({ object }) => !object.startsWith('extension ') && !(added !== undefined && object.startsWith('type ')))
    .filter(({ object }) => !incomplete.some((name) => object.includes(name)))
    .map(({ object, one, other }): Remainder => {
      return { object, state: one === undefined ? 'left over' : other === undefined ? 'missing' : 'different' }
    })
  return { wayBack, remainders: withoutParts(remainders) }
}

/** Numbers that no file has. */
const way = { up: -1, down: -2 } as const

type Taken = DataLoss & { readonly by: Statement }

function conclude(taken: readonly Taken[], given: readonly Taken[], added: Statement | undefined, down: readonly Statement[]): WayBack {
  const lost = taken.filter((loss) => !loss.fails)
  const forGood = lost.find((loss) => gone.has(loss.kind) && !isRestored(loss, down))
  if (forGood !== undefined) return { kind: 'impossible', because: `${forGood.what} are gone`, by: forGood.by }
  if (added !== undefined) return { kind: 'impossible', because: enumReason(added), by: added }
  if (down.length === 0) return { kind: 'missing' }
  const loses = [...lost, ...given].map(({ what, by, fails }) => ({ what, by, fails }))
  return loses.length === 0 ? { kind: 'lossless' } : { kind: 'lossy', loses }
}

function enumReason({ node }: Statement): string {
  const { typeName, newVal = '' } = 'AlterEnumStmt' in node ? node.AlterEnumStmt : {}
  return `PostgreSQL cannot take '${newVal}' out of the enum type ${wordsOf(typeName).join('.')}`
}

/** Nothing of it is left, unlike values that were overwritten from others or made to fit. */
const gone: ReadonlySet<DataLoss['kind']> = new Set(['table', 'column', 'rows'])

/** Whether the way back writes something where the data stood: how much of it comes back, its text does not show. */
function isRestored({ table, columns, kind }: DataLoss, down: readonly Statement[]): boolean {
  return down.some(({ node }) => {
    if ('DoStmt' in node || 'CallStmt' in node) return true
    if ('InsertStmt' in node) return nameOf(node.InsertStmt.relation).name === table
    if ('CreateTableAsStmt' in node) return nameOf(node.CreateTableAsStmt.into?.rel).name === table
    if (!('UpdateStmt' in node) || kind !== 'column') return false
    const written = nodesOf(node.UpdateStmt.targetList, 'ResTarget').map(({ name }) => name)
    return nameOf(node.UpdateStmt.relation).name === table && columns.some((column) => written.includes(column))
  })
}

function isHidden({ kind }: DataLoss): boolean {
  return kind === 'unknown'
}

/** VALIDATE needs no way back: that old rows were looked at stays true. */
function countAsChecked(schema: Schema): void {
  for (const relation of schema.relations.values()) {
    if (relation.kind === 'index') relation.valid = true
    if (relation.kind === 'table') for (const constraint of relation.constraints.values()) constraint.valid = true
  }
}

function enumValues(schema: Schema): ReadonlyMap<string, readonly string[]> {
  return new Map([...schema.types].flatMap(([key, type]) => (type.kind === 'enum' ? [[key, type.values] as const] : [])))
}

/** Whether a type that was there has as many values more: a way back that makes the type anew has taken them out. */
function enumGrew(before: ReadonlyMap<string, readonly string[]>, after: ReadonlyMap<string, readonly string[]>): boolean {
  return [...before].some(([key, values]) => (after.get(key)?.length ?? 0) > values.length)
}

/** A table that is left over or missing speaks for its columns and indexes. */
function withoutParts(remainders: readonly Remainder[]): readonly Remainder[] {
  const tables = remainders.flatMap(({ object, state }) => (object.startsWith('table ') && state !== 'different' ? object.slice(6) : []))
  return remainders.filter(({ object }) => !tables.some((table) => object !== `table ${table}` && belongsTo(object, table)))
}

function belongsTo(object: string, table: string): boolean {
  return (
    object.includes(` ${table}.`) ||
    object.endsWith(` of ${table}`) ||
    (/^(?:index|sequence) /.test(object) && object.includes(` ${table}_`))
  )
}
