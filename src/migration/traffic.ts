import type { Holder } from './holder.ts'

/** What to do now about the locks that a migration needs. */
export type Advice =
  /** Ask, and give up after this time in the queue. */
  | { readonly act: 'ask'; readonly limitMs: number }
  /** As `ask`, after a weaker lock that makes a plain autovacuum give way. */
  | { readonly act: 'displace'; readonly limitMs: number }
  /** Somebody would keep us in the queue, and the application behind us. */
  | { readonly act: 'wait'; readonly pollMs: number }

interface Seen {
  readonly first: number
  age: number
  holder: Holder
}

/** No limit below this: a lock takes a moment even when nobody is in the way. */
export const shortestLimitMs = 100
/** What is learnt about a table counts after it was watched for so long. */
const watchMs = 1000
const memoryMs = 30_000
/** With several relations a wait can become a deadlock, which the server may solve at the application's cost after 1 s. */
const severalMs = 500
const quickPollMs = 50
const slowPollMs = 150
const longWaitMs = 10_000

/**
 * Learns from watching who holds conflicting locks for how long, and says when asking makes sense. A limit shorter
 * than the table's normal transactions never gets the lock, a longer one makes the application wait for nothing: so
 * the limit is 1.5 × the 98th percentile of the lifetimes seen, between 100 ms and the stall budget, and nobody asks
 * while a transaction older than that is in the way.
 */
export class Traffic {
  readonly #seen = new Map<string, Seen>()
  readonly #lifetimes: { at: number; ms: number }[] = []
  readonly #capMs: number
  #since: number | undefined
  #boost = 1
  #notBefore = 0
  #displaceable = true
  #now = 0

  /** `stallBudgetMs`: what the application may wait behind one attempt; `relations`: how many are locked. */
  constructor(stallBudgetMs: number, relations: number) {
    this.#capMs = relations > 1 ? Math.min(severalMs, stallBudgetMs) : stallBudgetMs
  }

  /** Takes in who is in the way now; `now` never runs backwards. */
  sample(holders: readonly Holder[], now: number): void {
    this.#now = now
    if (holders.length > 0) this.#since ??= now
    const present = new Set(holders.map(({ key }) => key))
    for (const [key, { age }] of this.#seen) {
      if (present.has(key)) continue
      this.#seen.delete(key)
      this.#lifetimes.push({ at: now, ms: age })
    }
    while (this.#lifetimes[0] !== undefined && this.#lifetimes[0].at < now - memoryMs) this.#lifetimes.shift()
    for (const holder of holders) {
      const first = this.#seen.get(holder.key)?.first ?? now
      this.#seen.set(holder.key, { first, age: holder.ageMs ?? now - first, holder })
    }
  }

  advise(): Advice {
    const limitMs = this.limitMs
    const old = this.inTheWay
    if (old.length === 0 && this.#now >= this.#notBefore) return { act: 'ask', limitMs }
    const vacuums = old.length > 0 && old.every(({ holder }) => holder.kind === 'autovacuum')
    if (vacuums && this.#displaceable && this.#now >= this.#notBefore) return { act: 'displace', limitMs }
    const oldest = Math.max(0, ...old.map(({ age }) => age))
    return { act: 'wait', pollMs: oldest > longWaitMs ? slowPollMs : quickPollMs }
  }

  /** An attempt ended without the locks. Pauses keep the share of time in which the application waits below a fifth. */
  refused(now: number, limitMs: number): void {
    this.#boost = Math.min(8, this.#boost * 1.5)
    this.#notBefore = now + 4 * limitMs * (0.7 + 0.6 * Math.random())
    this.#since ??= now
  }

  /** A vacuum that does not give way is one to prevent wraparound, also where the role may not see that. */
  notDisplaced(): void {
    this.#displaceable = false
  }

  /** Who is too old to wait for in a queue, and for how long, the oldest first. */
  get inTheWay(): readonly { readonly holder: Holder; readonly age: number }[] {
    const limit = this.limitMs
    return [...this.#seen.values()].filter(({ age }) => age > limit).sort((a, b) => b.age - a.age)
  }

  get limitMs(): number {
    const learnt = this.#since !== undefined && this.#now - this.#since >= watchMs ? 1.5 * this.#normal() * this.#boost : 0
    return Math.round(Math.min(this.#capMs, Math.max(shortestLimitMs, learnt)))
  }

  /** The 98th percentile of lifetimes that an attempt could outlast. */
  #normal(): number {
    const sorted = this.#lifetimes
      .map(({ ms }) => ms)
      .filter((ms) => ms <= this.#capMs)
      .sort((a, b) => a - b)
    return sorted[Math.ceil(sorted.length * 0.98) - 1] ?? 0
  }
}
