import { formatDuration, wholeSeconds } from '../../units.ts'
import { interrupted } from '../execution-errors.ts'
import { describeHolder, type Holder } from '../holder.ts'
import type { AttemptTools, Budget } from '../lock-attempts.ts'

/** Somebody in the way, and for how long, by our own clock where the server does not tell. */
export interface Blocker {
  readonly holder: Holder
  readonly age: number
}

export interface WaitTools extends Pick<AttemptTools, 'signal' | 'now' | 'sleep' | 'live'> {
  /** Of the migration, for people. */
  readonly id: string
  readonly budget: Budget
}

interface Wait {
  /** Such as `waits to build accounts_email_idx`. */
  readonly text: string
  inTheWay(): Promise<readonly Blocker[]>
  /** Whether it may end when everybody has gone who was there at first, although others have come. */
  readonly mayMeetOthers: boolean
}

/** What takes no longer is not worth a line. */
export const quietMs = 1000

/**
 * Waits, asking for nothing, until nobody is in the way; returns who still is when the budget has ended.
 *
 * A database that always has long queries never has a moment without one. What waits by design waits only for those
 * who were there when it began, so it may begin when the first ones have gone, as long as that took no more than half
 * of the budget: the other half will do for those who have come since.
 */
export async function waitOut({ text, inTheWay, mayMeetOthers }: Wait, tools: WaitTools): Promise<readonly Blocker[]> {
  const { id, budget, signal, now, sleep, live } = tools
  const from = now()
  const givenMs = budget.leftMs
  let first: ReadonlySet<string> | undefined
  try {
    for (;;) {
      const blockers = [...(await inTheWay())].sort((a, b) => b.age - a.age)
      const waitedMs = now() - from
      if (signal.aborted) throw interrupted('The run was stopped by a signal while it waited for others; nothing was started.')
      if (blockers.length === 0) return []
      first ??= new Set(blockers.map(({ holder }) => holder.key))
      const renewed = !blockers.some(({ holder }) => first?.has(holder.key))
      if (mayMeetOthers && renewed && waitedMs <= givenMs / 2) return []
      if (waitedMs >= givenMs) return blockers
      if (waitedMs > quietMs) live({ text: `${id}: ${text} ${waitingFor(blockers, waitedMs, givenMs)}` })
      await sleep(Math.min(waitedMs < 10_000 ? 250 : 1000, Math.max(1, givenMs - waitedMs)), signal)
    }
  } finally {
    budget.leftMs -= now() - from
  }
}

/** Who is waited for, and how much of the budget that has taken. */
export function waitingFor([oldest, ...others]: readonly Blocker[], waitedMs: number, givenMs: number): string {
  const who = oldest === undefined ? 'for others' : `for ${describeHolder(oldest.holder, oldest.age)}`
  const more = others.length > 0 ? `, and ${others.length} more` : ''
  return `${who}${more} (${formatDuration(wholeSeconds(waitedMs))} of at most ${formatDuration(wholeSeconds(givenMs))})`
}

/** Gives an age to those whose own is hidden from this role. */
export class Ages {
  readonly #seen = new Map<string, number>()

  of(holders: readonly Holder[], now: number): readonly Blocker[] {
    return holders.map((holder) => {
      const first = this.#seen.get(holder.key) ?? now
      this.#seen.set(holder.key, first)
      return { holder, age: holder.ageMs ?? now - first }
    })
  }
}
