import type { LockMode } from '../locks/mode.ts'
import type { RelationName } from '../locks/names.ts'
import { statementLocks } from '../locks.ts'
import type { Statement } from '../parse.ts'
import { findRelation, type Index, type Relation, type Schema, type Table } from '../schema/schema.ts'
import { scannedTables } from './scanned-tables.ts'

/** What carrying out a statement costs others, judged by the schema that it meets. */
export interface Effects {
  readonly locks: readonly HeldLock[]
  /** Tables, materialized views and indexes that are written anew, file for file. */
  readonly rewrites: readonly (Relation | UnknownRelation)[]
  /** Tables that are read from one end to the other. */
  readonly scans: readonly (Relation | UnknownRelation)[]
  /** Indexes that are built: new ones by name are not among the relations yet. */
  readonly builds: readonly (Index | { readonly table: Table | UnknownRelation })[]
  /** Why the text does not tell all of it. */
  readonly unknown: string | undefined
}

/** A relation that the schema does not hold: made by what was not read, or by nobody. */
export interface UnknownRelation {
  readonly kind: 'unknown'
  readonly schema: string | undefined
  readonly name: string
}

export interface HeldLock {
  readonly relation: Relation | UnknownRelation
  /** The strongest. */
  readonly mode: LockMode
  /** Whether the statement names the relation, or reaches it through another. */
  readonly named: boolean
}

export interface EffectOptions {
  /** Major version of the server. */
  readonly major: number
}

/** Judges a statement by the schema as it stands before it. */
export function statementEffects(statement: Pick<Statement, 'node'>, schema: Schema, _options: EffectOptions): Effects {
  const { locks, unknown } = statementLocks(statement)
  return {
    locks: locks.map((one) => ({ relation: known(schema, one), mode: one.mode, named: true })),
    rewrites: [],
    scans: scannedTables(statement, schema),
    builds: [],
    unknown,
  }
}

function known(schema: Schema, { schema: space, name }: RelationName): Relation | UnknownRelation {
  return findRelation(schema, { schema: space, name }) ?? { kind: 'unknown', schema: space, name }
}
