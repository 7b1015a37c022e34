import type { Node } from '@pgsql/types'
import type { RelationName } from '../../sql/locks/names.ts'
import { findRelation, type Origin, type Relation, type Schema, type Table } from '../../sql/schema/schema.ts'
import type { Concern, Settling } from '../concern.ts'

/** What a statement meets: the schema just before it, and that of the target. */
export interface Meets {
  readonly schema: Schema
  /** As the target's own migrations leave it. */
  readonly target: Schema
  /** As everything that ran since leaves it. */
  readonly now: Schema
  /** The number of the first text that ran since. */
  readonly firstNew: number
  /** Relations that rights were granted on by the target's migrations, and by those since; `*` for all of a schema. */
  readonly granted: { readonly target: ReadonlySet<string>; readonly since: ReadonlySet<string> }
  /** Views that the target's migrations give options to. */
  readonly viewsWithOptions: ReadonlySet<string>
}

export function isNew({ firstNew }: Meets, what: { readonly origin: Origin } | undefined): boolean {
  return what !== undefined && what.origin.file >= firstNew
}

/** A relation that the target's code may use: old, or not known. */
export function oldRelation(meets: Meets, name: RelationName): { readonly relation: Relation | undefined } | undefined {
  const relation = findRelation(meets.schema, name)
  return isNew(meets, relation) ? undefined : { relation }
}

export function oldTable(meets: Meets, name: RelationName): { readonly table: Table | undefined } | undefined {
  const old = oldRelation(meets, name)
  if (old === undefined) return undefined
  return { table: old.relation?.kind === 'table' ? old.relation : undefined }
}

/** Whether the target knows a table with a column of that name, whatever the table is called now. */
export function wasColumn({ target }: Meets, relation: Relation | undefined, column: string): boolean {
  const before = relation === undefined ? undefined : target.relations.get(relation.id)
  return before?.kind === 'table' && before.columns.has(column)
}

export function concern(
  effect: Concern['effect'],
  because: string,
  settling: Settling = { by: 'nothing' },
  subjects: readonly string[] = [],
): Concern {
  return { effect, because, settling, subjects }
}

/** A relation that was made anew has none of the rights that were granted on the one before. */
export function rightsConcern({ granted }: Meets, name: string): readonly Concern[] {
  if (granted.since.has(name) || granted.since.has('*') || granted.target.has('always')) return []
  if (!granted.target.has(name) && !granted.target.has('*')) return []
  const because = `${name} was made anew, and nobody was given rights on it: the older code's role may be refused.`
  return [concern('breaks-reads', because, { by: 'use', of: name }, [])]
}

/** Functions that an expression calls; PostgreSQL's own that cannot fail and change nothing are left out. */
export function foreignCalls(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const { FuncCall: call } = value as { FuncCall?: { funcname?: readonly Node[] } }
  const last = call?.funcname?.at(-1)
  const name = last !== undefined && 'String' in last ? (last.String.sval ?? '') : undefined
  const own = name === undefined || harmless.has(name) ? [] : [name]
  return [...own, ...Object.values(value).flatMap(foreignCalls)]
}

const harmless: ReadonlySet<string> = new Set([
  'now',
  'clock_timestamp',
  'transaction_timestamp',
  'statement_timestamp',
  'timezone',
  'gen_random_uuid',
  'uuid_generate_v4',
  'random',
  'nextval',
  'lower',
  'upper',
  'coalesce',
  'length',
  'count',
  'sum',
  'min',
  'max',
  'avg',
  'set_config',
  'pg_sleep',
  'pg_notify',
])
