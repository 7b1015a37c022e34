import type { LockMode } from '../../sql/locks.ts'
import type { FoundRelation } from '../catalog.ts'
import type { Executor } from '../executor.ts'
import type { Holder } from '../holder.ts'
import type { LockTarget } from '../lock-target.ts'
import { Ages, type Blocker } from './waiting.ts'

/** Whom a statement has to wait for once it has begun. */
export interface InTheWay {
  /** Others that hold or await a lock that conflicts with one of these modes. */
  readonly targets: readonly LockTarget[]
  /** Whether it waits for older snapshots, wherever in the database they are used. */
  readonly snapshots: boolean
}

/** A transaction of this age is not likely to end soon by itself. */
const oldMs = 10_000

export function targetsOf(relations: readonly FoundRelation[], ...modes: readonly LockMode[]): readonly LockTarget[] {
  return relations.flatMap(({ oid, name }) => modes.map((mode) => ({ oid, name, mode, lockable: false })))
}

/**
 * Looks for transactions that would hold a statement up for long. One whose age is hidden is taken for an old one when
 * it was there at the first look. A plain autovacuum is none of them: it gives way to whoever waits for it.
 */
export function oldOnes({ targets, snapshots }: InTheWay, executor: Executor, budgetMs: number, now: () => number) {
  const ages = new Ages()
  let first: ReadonlySet<string> | undefined
  return async (): Promise<readonly Blocker[]> => {
    const all = await everyone(targets, snapshots, executor)
    first ??= new Set(all.map(({ key }) => key))
    const present = ages.of(all, now())
    return present.filter(({ holder, age }) => (holder.ageMs === undefined && first?.has(holder.key)) || age > Math.min(oldMs, budgetMs))
  }
}

async function everyone(targets: readonly LockTarget[], snapshots: boolean, executor: Executor): Promise<readonly Holder[]> {
  const holders = new Map((snapshots ? await executor.watch.snapshots() : []).map((holder) => [holder.key, holder]))
  for (const holder of await executor.holders(targets)) holders.set(holder.key, holder)
  return [...holders.values()].filter(({ kind }) => kind !== 'autovacuum')
}
