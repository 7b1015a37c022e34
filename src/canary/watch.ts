import { setMaxListeners } from 'node:events'
import { type Ask, asker } from './ask.ts'
import type { Check } from './check.ts'
import { judgeCheck } from './judge.ts'
import type { Probes } from './probe.ts'
import type { Window, WindowSample } from './sample.ts'
import { type BaselinePlan, baselineSpans, type Timeline, windowsOf } from './timeline.ts'
import type { CheckVerdict, Decision } from './verdict.ts'

export interface WatchPlan {
  readonly checks: readonly Check[]
  readonly timeline: Timeline
  readonly baseline: BaselinePlan
  /** How long a window's data takes to arrive. */
  readonly settleMs: number
}

export interface WatchTools {
  readonly probes: Probes
  readonly clock: { now(): Date; sleep(ms: number, signal?: AbortSignal): Promise<void> }
  readonly signal: AbortSignal
  /** Told after each answer, with what the check comes to so far. */
  seen(verdict: CheckVerdict): void
}

export interface WatchEnd {
  readonly decision: Decision
  /** The check that decided; `undefined` when all of them promote. */
  readonly deciding: CheckVerdict | undefined
  readonly verdicts: readonly CheckVerdict[]
  /** False when it ended before its time, by an abort or a signal. */
  readonly complete: boolean
  readonly stopped: boolean
}

/**
 * Watches a release window by window. Ends early with an abort, never with a promote; a signal ends it as a hold. Windows
 * that have passed already are asked for at once. Each check goes its own way, so that one whose source is slow delays none.
 */
export async function watch(plan: WatchPlan, tools: WatchTools): Promise<WatchEnd> {
  const { checks } = plan
  const over = new AbortController()
  setMaxListeners(0, over.signal) // one for each check that waits
  const stop = () => over.abort()
  if (tools.signal.aborted) stop()
  tools.signal.addEventListener('abort', stop, { once: true })
  const ask = asker(tools.probes, over.signal)
  const runs = checks.map((check) => new Run(check, plan))
  try {
    await Promise.all(runs.map((run) => follow(run, plan.settleMs, ask, over, tools)))
  } finally {
    tools.signal.removeEventListener('abort', stop)
  }
  const verdicts = runs.map((run) => run.verdict())
  const { decision, deciding } = conclude(checks, verdicts)
  const stopped = tools.signal.aborted
  return {
    decision: stopped && decision === 'promote' ? 'hold' : decision,
    deciding,
    verdicts,
    complete: runs.every((run) => run.isOver()),
    stopped,
  }
}

async function follow(run: Run, settleMs: number, ask: Ask, over: AbortController, { clock, seen }: WatchTools): Promise<void> {
  await run.compare(ask)
  while (!run.isOver() && !over.signal.aborted) {
    await clock.sleep(Math.max(0, run.nextEndMs() + settleMs - clock.now().getTime()), over.signal)
    if (over.signal.aborted) return
    // none is due when the clock was set back meanwhile
    if (!(await run.ask(clock.now().getTime() - settleMs, ask))) continue
    const verdict = run.verdict()
    seen(verdict)
    if (verdict.decision === 'abort' && !run.check['dry-run']) over.abort()
  }
}

/** Abort before hold before what is not over yet before promote; a dry run counts for nothing. */
function conclude(checks: readonly Check[], verdicts: readonly CheckVerdict[]): Pick<WatchEnd, 'decision' | 'deciding'> {
  const counting = verdicts.filter((_, index) => checks[index]?.['dry-run'] !== true)
  const rank = ({ decision, pending }: CheckVerdict) => (decision === 'abort' ? 0 : pending ? 2 : 1)
  const [deciding] = counting.filter(({ decision }) => decision !== 'promote').sort((one, other) => rank(one) - rank(other))
  // without a check that counts there is no evidence
  return { decision: deciding?.decision ?? (counting.length === 0 ? 'hold' : 'promote'), deciding }
}

/** One check on its way through the watch. */
class Run {
  readonly check: Check
  readonly #windows: readonly Window[]
  readonly #spans: readonly (readonly Window[])[]
  readonly #control: boolean
  readonly #baseline: WindowSample[] = []
  readonly #seen: WindowSample[] = []

  constructor(check: Check, { timeline, baseline }: WatchPlan) {
    this.check = check
    this.#windows = windowsOf(check, timeline)
    this.#control = check.control !== undefined
    this.#spans = check.baseline === 'none' ? [] : baselineSpans(check, timeline, this.#control ? { kind: 'before', days: 0 } : baseline)
  }

  isOver(): boolean {
    return this.#seen.length >= this.#windows.length
  }

  /** When the next window is over. */
  nextEndMs(): number {
    return this.#windows[this.#seen.length]?.endMs ?? Number.POSITIVE_INFINITY
  }

  /** Asks for the baseline, a request a span. */
  async compare(ask: Ask): Promise<void> {
    for (const span of this.#spans) this.#baseline.push(...(await ask(this.check, span, this.#control)))
  }

  /**
   * Asks for every window that was over by then, in one request, and one more for the old version beside it. False when
   * there was none.
   */
  async ask(untilMs: number, ask: Ask): Promise<boolean> {
    const due = this.#windows.slice(this.#seen.length).filter(({ endMs }) => endMs <= untilMs)
    if (due.length === 0) return false
    if (this.#control) this.#baseline.push(...(await ask(this.check, due, true)))
    this.#seen.push(...(await ask(this.check, due, false)))
    return true
  }

  verdict(): CheckVerdict {
    return judgeCheck({ check: this.check, baseline: this.#baseline, windows: this.#seen, expected: this.#windows.length })
  }
}
