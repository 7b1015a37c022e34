import type { Clock } from '../../src/commands/command.ts'

interface Sleeper {
  readonly atMs: number
  wake(): void
}

/**
 * A clock on which time passes when all that runs waits for it: several may sleep at once, and the one that is due first
 * wakes first. `work` is what the time passes for.
 */
export function virtualClock(startMs: number) {
  let nowMs = startMs
  const sleepers = new Set<Sleeper>()
  const clock: Clock = {
    now: () => new Date(nowMs),
    monotonic: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const wake = () => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { atMs: nowMs + ms, wake }
        signal?.addEventListener('abort', wake, { once: true })
        sleepers.add(sleeper)
      }),
  }
  return {
    clock,
    nowMs: () => nowMs,
    /** Sets it by hand, as a time server does; who sleeps sleeps on for as long. */
    set(ms: number) {
      nowMs = ms
    },
    async pass<Result>(work: Promise<Result>): Promise<Result> {
      let over = false
      const done = () => {
        over = true
      }
      work.then(done, done)
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve))
        if (over) return work
        const [next] = [...sleepers].sort((one, other) => one.atMs - other.atMs)
        if (next === undefined) continue
        nowMs = Math.max(nowMs, next.atMs)
        for (const sleeper of [...sleepers]) if (sleeper.atMs <= nowMs) sleeper.wake()
      }
    },
  }
}
