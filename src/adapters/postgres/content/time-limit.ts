import type pg from 'pg'
import { systemCode } from '../../../errors.ts'

/** A time for several statements together, from the first one on. What runs when it is over is cancelled on the server. */
export class TimeLimit {
  readonly #limitMs: number | undefined
  readonly #now: () => number
  #endsAt: number | undefined

  /** `now` in milliseconds that never run backwards. Without a limit nothing is cancelled. */
  constructor(limitMs: number | undefined, now: () => number = () => performance.now()) {
    this.#limitMs = limitMs
    this.#now = now
  }

  /** Whether work of so many milliseconds would end in time: half a scan is worth nothing, and costs the server as much. */
  hasRoomFor(ms: number): boolean {
    return this.#limitMs === undefined || ms <= (this.#endsAt === undefined ? this.#limitMs : this.#endsAt - this.#now())
  }

  /** Works in a transaction that is open, and leaves it usable. `undefined` when the time was over before the work. */
  async run<T>(client: pg.Client, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#limitMs === undefined) return work()
    this.#endsAt ??= this.#now() + this.#limitMs
    const leftMs = Math.floor(this.#endsAt - this.#now())
    if (leftMs < 1) return undefined
    await client.query(`savepoint shiplock_limit; set local statement_timeout = ${Math.min(leftMs, 2_147_483_647)}`)
    try {
      const result = await work()
      await client.query('release savepoint shiplock_limit; set local statement_timeout = 0')
      return result
    } catch (error) {
      // somebody who cancels our statement by hand causes the same code, and must not pass for the limit
      if (systemCode(error) !== '57014' || this.#now() < this.#endsAt) throw error
      await client.query('rollback to savepoint shiplock_limit; set local statement_timeout = 0')
      return undefined
    }
  }
}
