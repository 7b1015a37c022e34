import type { Check } from '../../src/canary/check.ts'
import type { Probe } from '../../src/canary/probe.ts'
import type { Sample, Window } from '../../src/canary/sample.ts'
import type { CheckVerdict } from '../../src/canary/verdict.ts'
import { type WatchEnd, watch } from '../../src/canary/watch.ts'
import { virtualClock } from '../fakes/clock.ts'

export const deployedMs = Date.parse('2026-11-21T14:00:00Z')
export const minute = 60_000

interface Question {
  readonly check: string
  readonly control: boolean
  readonly windows: readonly Window[]
  readonly atMs: number
}

type Answer = Sample | undefined

interface Given {
  readonly checks: readonly Check[]
  /** What the source says of a window; meanwhile it may throw, stop the watch, or set the clock. `undefined` leaves it out. */
  answer(window: Window, asked: Question, act: { stop(): void; setClock(ms: number): void }): Answer | Promise<Answer>
  readonly startMs?: number
  readonly durationMs?: number
  /** Whether a signal came before it began. */
  readonly stopped?: boolean
}

/** A watch on a clock whose time passes at once, with everything that was asked and shown. */
export async function watched({ checks, answer, startMs = deployedMs, durationMs = 30 * minute, stopped = false }: Given) {
  const time = virtualClock(startMs)
  const controller = new AbortController()
  if (stopped) controller.abort('SIGTERM')
  const asked: Question[] = []
  const seen: { readonly atMs: number; readonly verdict: CheckVerdict }[] = []
  const act = { stop: () => controller.abort('SIGTERM'), setClock: time.set }
  const probe: Probe = {
    async sample(check, windows, { control }) {
      const question = { check: check.id, control, windows, atMs: time.nowMs() }
      asked.push(question)
      const samples: Sample[] = []
      for (const window of windows) {
        const sample = await answer(window, question, act)
        if (sample !== undefined) samples.push(sample)
      }
      return samples
    },
    examine: async () => ({ problems: [], notes: [], series: [] }),
    queryOf: () => '',
  }
  const end: WatchEnd = await time.pass(
    watch(
      {
        checks,
        timeline: { deployedMs, warmupMs: 5 * minute, durationMs },
        baseline: { kind: 'days-and-before', days: 7 },
        settleMs: minute,
      },
      {
        probes: { for: () => probe, async [Symbol.asyncDispose]() {} },
        clock: time.clock,
        signal: controller.signal,
        seen: (verdict) => seen.push({ atMs: time.nowMs(), verdict }),
      },
    ),
  )
  return { end, asked, seen, time }
}

/** Calm before the deploy; after it, what is said. */
export function since(sample: Sample, before: Sample): (window: Window) => Sample {
  return ({ startMs }) => (startMs >= deployedMs ? sample : before)
}
