import { childrenOf, type Index, indexesOf, type Relation, type Schema, type Table, tableById } from '../schema/schema.ts'
import type { Effects, HeldLock, UnknownRelation } from './effects.ts'
import type { FindRelation } from './relation-finder.ts'

/** What the judges of statements share. */
export interface EffectContext {
  readonly schema: Schema
  readonly major: number
  readonly find: FindRelation
  readonly work: Work
}

/** A relation that rows are kept in, known or not. */
export type Heap = Relation | UnknownRelation

/** Collects what a statement reads and writes from end to end. */
export class Work {
  readonly #rewrites = new Set<Heap>()
  readonly #scans = new Set<Heap>()
  readonly #builds = new Set<Index>()
  /** Locks that its text alone does not tell. */
  readonly locks: HeldLock[] = []
  readonly #newIndexes: { readonly table: Heap }[] = []

  /** A new file. */
  rewrite(relation: Heap): void {
    if (hasFile(relation)) this.#rewrites.add(relation)
  }

  scan(relation: Heap): void {
    if (hasFile(relation)) this.#scans.add(relation)
  }

  /** An index that is not there yet; `reads` when it is built over rows. */
  build(table: Heap): void {
    this.#newIndexes.push({ table })
    this.scan(table)
  }

  /** An index that is dropped and made again. */
  rebuild(index: Index, table: Heap): void {
    this.#builds.add(index)
    this.scan(table)
  }

  done(): Pick<Effects, 'rewrites' | 'scans' | 'builds'> {
    return {
      rewrites: [...this.#rewrites].filter((one) => one.kind !== 'index' || !this.#builds.has(one)),
      scans: [...this.#scans].filter((one) => !this.#rewrites.has(one)),
      builds: [...this.#builds, ...this.#newIndexes],
    }
  }
}

function hasFile(relation: Heap): boolean {
  if (relation.kind === 'table') return relation.form === 'ordinary'
  return relation.kind !== 'view' || relation.form === 'materialized'
}

/** The table and all below it. */
export function familyOf(schema: Schema, relation: Heap): Heap[] {
  return relation.kind === 'table' ? [relation, ...childrenOf(schema, relation)] : [relation]
}

/** The table, and its partitions at every level; its inheritance children are left out. */
export function partitionsOf(schema: Schema, relation: Heap): Heap[] {
  if (relation.kind !== 'table' || relation.form !== 'partitioned') return [relation]
  const parts = [...relation.children].flatMap((id) => tableById(schema, id) ?? [])
  return [relation, ...parts.flatMap((part: Table) => partitionsOf(schema, part))]
}

/** The indexes of a table or a materialized view. */
export function indexesOn(schema: Schema, relation: Heap): Index[] {
  return relation.kind === 'table' || relation.kind === 'view' ? indexesOf(schema, relation) : []
}

/** Writes a relation anew with all of its indexes. */
export function rewriteWhole({ schema, work }: EffectContext, relation: Heap): void {
  work.rewrite(relation)
  if (!hasFile(relation)) return
  for (const index of indexesOn(schema, relation)) work.rewrite(index)
}
