import type { LockMode } from '../locks/mode.ts'
import { statementLocks } from '../locks.ts'
import type { Statement } from '../parse.ts'
import type { Index, Relation, Schema } from '../schema/schema.ts'
import { heldLocks } from './held-locks.ts'
import { relationFinder } from './relation-finder.ts'
import { locksOfVersion } from './version-locks.ts'
import { Work } from './work.ts'
import { statementWork } from './work-of-statement.ts'

/** What carrying out a statement costs others, judged by the schema that it meets. */
export interface Effects {
  readonly locks: readonly HeldLock[]
  /**
   * Tables, materialized views and indexes that get a new file: written row by row, or emptied by TRUNCATE. Partitioned
   * tables have no file and are never among them, their partitions are.
   */
  readonly rewrites: readonly (Relation | UnknownRelation)[]
  /** Tables and materialized views that are read from one end to the other, and are not written anew as well. */
  readonly scans: readonly (Relation | UnknownRelation)[]
  /**
   * Indexes that are made: new ones, which are not among the relations yet, by their table; those that exist where the
   * statement drops them and makes them again, as a change of type does with those of its column.
   */
  readonly builds: readonly (Index | { readonly table: Relation | UnknownRelation })[]
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
export function statementEffects(statement: Pick<Statement, 'node'>, schema: Schema, { major }: EffectOptions): Effects {
  const { locks, unknown } = statementLocks(statement)
  const find = relationFinder(schema)
  const work = new Work()
  statementWork({ schema, major, find, work }, statement.node)
  return { locks: heldLocks(schema, locksOfVersion(locks, statement.node, { major, find }), find, work.locks), ...work.done(), unknown }
}
