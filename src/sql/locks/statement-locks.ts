import { type LockMode, strongerMode } from './mode.ts'
import type { RelationName } from './names.ts'

/**
 * What is locked beside a relation that a statement names. "It" means the relation and, where `children` or
 * `partitions` stands in the same list, those too.
 *
 * - `children`: partitions and inheritance children, at every level
 * - `partitions`: partitions alone, at every level
 * - `parent`: the table of which the named one is a partition, and the default partition beside it
 * - `default`: the default partition of the named one, with everything below
 * - `referenced`: tables to which its foreign keys refer, with their partitions
 * - `referencing`: tables whose foreign keys refer to it, with their partitions
 * - `referencing-chain`: those, the tables that refer to them, and so on: what TRUNCATE CASCADE empties
 * - `table`: the table of an index
 * - `indexes`, `sequences`: its indexes, the sequences that its columns own; those of `referencing-chain` too
 * - `underlying`: what a view reads, at every level, with partitions and children
 * - `source`: what a materialized view reads when it is filled, through views too
 * - `parts`: what goes when it is dropped: indexes, sequences, and the tables on which its foreign keys keep triggers
 * - `dependents`: parts, and everything that CASCADE takes along
 */
export const reaches = [
  'children',
  'partitions',
  'parent',
  'default',
  'referenced',
  'referencing',
  'referencing-chain',
  'table',
  'indexes',
  'sequences',
  'underlying',
  'source',
  'parts',
  'dependents',
] as const

export type Reach = (typeof reaches)[number]

/** What a reach starts from, or goes to, when it is not the whole relation. */
export interface Part {
  readonly kind: 'column' | 'constraint' | 'trigger' | 'rule' | 'policy' | 'index'
  readonly name: string
}

export interface ReachLock {
  readonly to: Reach
  readonly mode: LockMode
  /** Narrows it: only foreign keys of this column, only what goes with this constraint. */
  readonly only?: Part
}

/** A relation that a statement names, and the strongest lock it takes there. */
export interface RelationLock extends RelationName {
  readonly mode: LockMode
  /** What is locked beside it, for the catalog to name: each with its own mode. */
  readonly reach: readonly ReachLock[]
}

export interface StatementLocks {
  readonly locks: readonly RelationLock[]
  /** Relations that it makes: a later statement's lock on them can be in nobody's way. */
  readonly creates: readonly RelationName[]
  /** Relations that it gives another name or schema, by which later statements of the file call them. */
  readonly renames?: readonly { readonly from: RelationName; readonly to: RelationName }[]
  /** Why its locks cannot be told from the text; `undefined` when they can. `locks` then holds what is known all the same. */
  readonly unknown: string | undefined
  /**
   * `catalog`: instant, whatever the size of the table. `rows`: it reads, checks or writes rows, so that no lock may be
   * taken before it that it does not need itself.
   */
  readonly work: 'catalog' | 'rows'
  /** True for plain definitions that can change no session state and run no foreign code: only such files may share a message. */
  readonly definesOnly: boolean
}

/** What one part of a statement says; what it leaves out it does not change. */
export type Finding = Partial<StatementLocks>

/** All parts together. What is unknown is neither instant nor harmless. */
export function combine(...findings: readonly Finding[]): StatementLocks {
  const unknown = findings.find((one) => one.unknown !== undefined)?.unknown
  const renames = findings.flatMap((one) => one.renames ?? [])
  return {
    locks: mergeLocks(findings.flatMap((one) => one.locks ?? [])),
    creates: findings.flatMap((one) => one.creates ?? []),
    ...(renames.length === 0 ? {} : { renames }),
    unknown,
    work: unknown !== undefined || findings.some((one) => one.work === 'rows') ? 'rows' : 'catalog',
    definesOnly: unknown === undefined && findings.every((one) => one.definesOnly !== false),
  }
}

/** A lock, with nothing beside it unless told. */
export function lock(relation: RelationName, mode: LockMode, ...reach: readonly ReachLock[]): RelationLock {
  return { schema: relation.schema, name: relation.name, mode, reach }
}

function mergeLocks(locks: readonly RelationLock[]): RelationLock[] {
  const merged = new Map<string, RelationLock>()
  for (const one of locks) {
    const key = JSON.stringify([one.schema, one.name])
    const other = merged.get(key)
    const mode = other === undefined ? one.mode : strongerMode(one.mode, other.mode)
    merged.set(key, lock(one, mode, ...mergeReach([...(other?.reach ?? []), ...one.reach])))
  }
  return [...merged.values()]
}

function mergeReach(reach: readonly ReachLock[]): readonly ReachLock[] {
  if (reach.length < 2) return reach
  const merged = new Map<string, ReachLock>()
  for (const one of reach) {
    const key = JSON.stringify([one.to, one.only?.kind, one.only?.name])
    merged.set(key, { ...one, mode: strongerMode(one.mode, merged.get(key)?.mode ?? one.mode) })
  }
  return [...merged.values()]
}
