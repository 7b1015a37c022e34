import { type LockMode, strongerMode } from '../locks/mode.ts'
import type { RelationLock } from '../locks/statement-locks.ts'
import type { Relation, Schema } from '../schema/schema.ts'
import type { HeldLock, UnknownRelation } from './effects.ts'
import { reachedFrom } from './reach.ts'
import type { FindRelation } from './relation-finder.ts'

/** Locks on everything that is named and reached, each relation once with its strongest mode, the named ones first. */
export function heldLocks(schema: Schema, locks: readonly RelationLock[], find: FindRelation, more: readonly HeldLock[]): HeldLock[] {
  const held = new Map<Relation | UnknownRelation, { mode: LockMode; named: boolean }>()
  const add = (relation: Relation | UnknownRelation, mode: LockMode, named: boolean) => {
    const other = held.get(relation)
    held.set(relation, { mode: strongerMode(mode, other?.mode ?? mode), named: named || other?.named === true })
  }
  const found = locks.map((lock) => ({ ...lock, relation: find(lock) }))
  for (const { relation, mode } of found) add(relation, mode, true)
  for (const { relation, reach } of found) {
    if (relation.kind === 'unknown' || reach.length === 0) continue
    for (const other of reachedFrom(schema, relation, reach)) add(other.relation, other.mode, false)
  }
  for (const one of more) add(one.relation, one.mode, one.named)
  return [...held].map(([relation, lock]) => ({ relation, ...lock }))
}
