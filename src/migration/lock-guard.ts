import { messageOf } from '../errors.ts'
import { formatDuration } from '../units.ts'
import type { CommandObserver, LockWait } from './command-observer.ts'

export interface GuardPolicy {
  readonly stallBudgetMs: number
  readonly lockBudgetMs: number
  readonly now: () => number
  /** Ends early when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly progress: (line: string) => void
  readonly warn: (line: string) => void
}

/** A wait that somebody may have queued behind. */
interface SeenWait {
  readonly waitsFor: string
  readonly heldBy: readonly string[]
  readonly waitedMs: number
  readonly cancelled: boolean
}

/** What the guard saw and did. */
export interface GuardReport {
  /** Server processes of the command that were seen. */
  readonly guarded: number
  /** Other databases of the server that some of them were connected to. */
  readonly elsewhere: readonly string[]
  /** Whether that was so of all of them. */
  readonly onlyElsewhere: boolean
  readonly cancelled: number
  /** Time in which the command waited for locks. */
  readonly waitedMs: number
  /** The last waits of more than half the stall budget. */
  readonly waits: readonly SeenWait[]
  /** Whether the guard could not look at some time. */
  readonly wasBlind: boolean
}

interface Episode {
  readonly since: number
  last: LockWait
  state: 'waiting' | 'cancelled' | 'refused'
}

const pollMs = 100
const blindPollMs = 1000
const keptWaits = 20

/** Watches the queue for locks while a command runs whose statements nobody but itself knows. */
export class LockGuard {
  readonly #observer: CommandObserver
  readonly #policy: GuardPolicy
  readonly #pids = new Set<number>()
  readonly #elsewhere = new Map<number, string>()
  readonly #episodes = new Map<string, Episode>()
  readonly #waits: SeenWait[] = []
  #cancelled = 0
  #waitedMs = 0
  /** Set while the command waited at the last look. */
  #waitingAt: number | undefined
  #isBlind = false
  #wasBlind = false
  #toldRights = false

  constructor(observer: CommandObserver, policy: GuardPolicy) {
    this.#observer = observer
    this.#policy = policy
  }

  /** Looks again and again until the command has ended. Once `stop` has fired, everything of the command is cancelled. */
  async watch(ended: Promise<unknown>, stop: AbortController): Promise<void> {
    const over = new AbortController()
    const end = ended.catch(() => {}).then(() => over.abort())
    let looking = Promise.resolve()
    while (!over.signal.aborted) {
      looking = this.look(stop)
      await Promise.race([looking, end])
      await this.#policy.sleep(this.#isBlind ? blindPollMs : pollMs, over.signal)
    }
    const answered = new AbortController()
    void looking.then(() => answered.abort())
    await this.#policy.sleep(blindPollMs, answered.signal) // a cancel under way may be what ended the command
    if (stop.signal.aborted) await this.look(stop) // what is left of it on the server
    for (const episode of this.#episodes.values()) this.#note(episode)
    this.#episodes.clear()
  }

  /** One look; fires `stop` when the budget for all locks is used up. */
  async look(stop: AbortController): Promise<void> {
    try {
      const { pids, elsewhere, waits } = await this.#observer.look()
      for (const pid of pids) this.#pids.add(pid)
      for (const [pid, database] of elsewhere) this.#elsewhere.set(pid, database)
      if (stop.signal.aborted) await this.#observer.cancel(pids)
      else await this.#cancel(this.#overdue(waits))
      this.#isBlind = false
    } catch (error) {
      if (!this.#isBlind) this.#policy.warn(`the queue for locks cannot be watched at the moment: ${messageOf(error)}`)
      this.#isBlind = true
      this.#wasBlind = true
      this.#waitingAt = undefined
    }
    if (this.#waitedMs > this.#policy.lockBudgetMs) stop.abort()
  }

  get report(): GuardReport {
    return {
      guarded: this.#pids.size,
      elsewhere: [...new Set(this.#elsewhere.values())].sort(),
      onlyElsewhere: this.#pids.size > 0 && this.#elsewhere.size === this.#pids.size,
      cancelled: this.#cancelled,
      waitedMs: Math.round(this.#waitedMs),
      waits: this.#waits,
      wasBlind: this.#wasBlind,
    }
  }

  /** Takes the waits into the books; returns those behind which others have queued for long enough. */
  #overdue(waits: readonly LockWait[]): Episode[] {
    const now = this.#policy.now()
    const counted = waits.filter(({ kind }) => kind !== 'by-design')
    if (counted.length > 0 && this.#waitingAt !== undefined) this.#waitedMs += now - this.#waitingAt
    this.#waitingAt = counted.length > 0 ? now : undefined
    for (const [key, episode] of this.#episodes) {
      if (counted.some((wait) => wait.key === key)) continue
      this.#note(episode)
      this.#episodes.delete(key)
    }
    for (const wait of counted) {
      const episode = this.#episodes.get(wait.key) ?? { since: now, last: wait, state: 'waiting' }
      this.#episodes.set(wait.key, episode)
      episode.last = wait
    }
    return [...this.#episodes.values()].filter(
      ({ since, last, state }) => last.kind === 'queue' && state === 'waiting' && now - since >= this.#policy.stallBudgetMs,
    )
  }

  async #cancel(overdue: readonly Episode[]): Promise<void> {
    if (overdue.length === 0) return
    const refused = await this.#observer.cancel(overdue.map(({ last }) => last.pid))
    for (const episode of overdue) episode.state = refused.includes(episode.last.pid) ? 'refused' : 'cancelled'
    this.#cancelled += overdue.length - refused.length
    if (refused.length === 0 || this.#toldRights) return
    this.#toldRights = true
    this.#policy.warn(
      "the role of this run may not cancel the command's statements: make it a member of the command's role, or of pg_signal_backend",
    )
  }

  /** One line for each wait that is over and was long: who waited, for what, and who held it. */
  #note({ since, last, state }: Episode): void {
    const waitedMs = Math.round(this.#policy.now() - since)
    const cancelled = state === 'cancelled'
    if (!cancelled && waitedMs < this.#policy.stallBudgetMs / 2) return
    const { pid, waitsFor, heldBy } = last
    const held = heldBy.length === 0 ? '' : `, held by ${heldBy.join(' and ')}`
    this.#policy.progress(
      `server process ${pid} of the command waited ${formatDuration(waitedMs)} for ${waitsFor}${held}${cancelled ? '; its statement was cancelled' : ''}`,
    )
    this.#waits.push({ waitsFor, heldBy, waitedMs, cancelled })
    if (this.#waits.length > keptWaits) this.#waits.shift()
  }
}
