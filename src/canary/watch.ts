import type { Check } from './check.ts'
import { judgeCheck } from './judge.ts'
import type { Probes } from './probe.ts'
import type { Sample, Window, WindowSample } from './sample.ts'
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
  /** Told after each round, with the verdicts so far. */
  seen(verdicts: readonly CheckVerdict[]): void
}

export interface WatchEnd {
  readonly decision: Decision
  /** The check that decided; `undefined` when all of them promote. */
  readonly deciding: CheckVerdict | undefined
  readonly verdicts: readonly CheckVerdict[]
  /** False when it ended before its time, by an abort or a signal. */
  readonly complete: boolean
}

/**
 * Watches a release window by window. Ends early with an abort, never with a promote; a signal ends it as a hold. Windows
 * that have passed already are asked for at once.
 */
export async function watch(plan: WatchPlan, tools: WatchTools): Promise<WatchEnd> {
  const { clock, signal } = tools
  const runs = await Promise.all(plan.checks.map((check) => startRun(check, plan, tools)))
  for (;;) {
    const now = clock.now().getTime()
    const due = runs.filter((run) => run.dueMs(plan.settleMs) <= now)
    await Promise.all(due.map((run) => run.ask(now - plan.settleMs, tools)))
    const verdicts = runs.map((run) => run.verdict())
    if (due.length > 0) tools.seen(verdicts)
    const complete = runs.every((run) => run.isOver())
    if (complete || signal.aborted || conclude(plan.checks, verdicts).decision === 'abort') {
      return { ...conclude(plan.checks, verdicts), verdicts, complete }
    }
    const next = Math.min(...runs.filter((run) => !run.isOver()).map((run) => run.dueMs(plan.settleMs)))
    await clock.sleep(Math.max(0, next - clock.now().getTime()), signal)
  }
}

/** Abort before hold before promote; a dry run counts for nothing. */
export function conclude(checks: readonly Check[], verdicts: readonly CheckVerdict[]): Pick<WatchEnd, 'decision' | 'deciding'> {
  const counting = verdicts.filter((_, index) => checks[index]?.['dry-run'] !== true)
  const deciding = (['abort', 'hold'] as const).flatMap((decision) => counting.filter((one) => one.decision === decision))[0]
  // without a check that counts there is no evidence
  return { decision: deciding?.decision ?? (counting.length === 0 ? 'hold' : 'promote'), deciding }
}

async function startRun(check: Check, plan: WatchPlan, { probes, signal }: WatchTools): Promise<Run> {
  const control = check.control !== undefined
  const spans = check.baseline === 'none' ? [] : baselineSpans(check, plan.timeline, control ? { kind: 'before', days: 0 } : plan.baseline)
  const baseline: WindowSample[] = []
  for (const span of spans) baseline.push(...(await askFor(check, span, control, probes, signal)))
  return new Run(check, windowsOf(check, plan.timeline), baseline, control)
}

class Run {
  readonly #check: Check
  readonly #windows: readonly Window[]
  readonly #baseline: WindowSample[]
  readonly #control: boolean
  readonly #seen: WindowSample[] = []

  constructor(check: Check, windows: readonly Window[], baseline: readonly WindowSample[], control: boolean) {
    this.#check = check
    this.#windows = windows
    this.#baseline = [...baseline]
    this.#control = control
  }

  isOver(): boolean {
    return this.#seen.length >= this.#windows.length
  }

  /** When the next window can be asked for. */
  dueMs(settleMs: number): number {
    return (this.#windows[this.#seen.length]?.endMs ?? Number.POSITIVE_INFINITY) + settleMs
  }

  /** Asks for every window that was over by then, in one request, and one more for the old version beside it. */
  async ask(untilMs: number, { probes, signal }: WatchTools): Promise<void> {
    const due = this.#windows.slice(this.#seen.length).filter(({ endMs }) => endMs <= untilMs)
    if (this.#control) this.#baseline.push(...(await askFor(this.#check, due, true, probes, signal)))
    this.#seen.push(...(await askFor(this.#check, due, false, probes, signal)))
  }

  verdict(): CheckVerdict {
    return judgeCheck({ check: this.#check, baseline: this.#baseline, windows: this.#seen, expected: this.#windows.length })
  }
}

async function askFor(
  check: Check,
  windows: readonly Window[],
  control: boolean,
  probes: Probes,
  signal: AbortSignal,
): Promise<readonly WindowSample[]> {
  if (windows.length === 0) return []
  const samples = await probes.for(check).sample(check, windows, { control, signal })
  return windows.map((window, index) => ({ window, sample: samples[index] ?? missing }))
}

const missing: Sample = { state: 'error', message: 'the source left this window out' }
