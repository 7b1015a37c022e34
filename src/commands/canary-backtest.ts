import { backtest, backtestWindows } from '../canary/backtest.ts'
import type { Probes } from '../canary/probe.ts'
import type { WindowSample } from '../canary/sample.ts'
import type { WatchPlan } from '../canary/watch.ts'
import type { Context, Outcome } from './command.ts'

/** Windows of one request: sources refuse more than 11,000 points. */
const mostWindows = 2000

/** Measures how often a watch would have raised an alarm when nothing was released, at every hour of the earlier days. */
export async function canaryBacktest(plan: WatchPlan, probes: Probes, context: Context): Promise<Outcome> {
  const { warmupMs, durationMs } = plan.timeline
  const rules = { warmupMs, durationMs, baseline: plan.baseline }
  const now = context.clock.now().getTime()
  const rows: ({ readonly id: string } & ReturnType<typeof backtest>)[] = []
  for (const check of plan.checks) {
    const { moments, windows } = backtestWindows(check, now, plan.baseline.days, rules)
    const samples = new Map<number, WindowSample>()
    for (let from = 0; from < windows.length; from += mostWindows) {
      const part = windows.slice(from, from + mostWindows)
      const answers = await probes.for(check).sample(check, part, { control: false, signal: context.signal })
      for (const [index, window] of part.entries()) samples.set(window.startMs, { window, sample: answers[index] ?? { state: 'empty' } })
    }
    const ends = backtest(check, moments, samples, rules)
    rows.push({ id: check.id, ...ends })
    context.log.info(`${check.id}: ${ends.promote} promote, ${ends.hold} hold, ${ends.abort} abort, ${ends.unknown} without data`)
  }
  const judged = rows.reduce((sum, { promote, hold, abort }) => sum + promote + hold + abort, 0)
  const alarms = rows.reduce((sum, { hold, abort }) => sum + hold + abort, 0)
  return {
    verdict: judged === 0 ? 'inconclusive' : 'pass',
    reason:
      judged === 0
        ? 'The sources hold too little history to judge a single watch.'
        : `${alarms} of ${judged} watches would have raised an alarm although nothing was released: ${((100 * alarms) / judged).toFixed(1)} %.`,
    outputs: { deciding: '', windows: judged },
    details: { backtest: rows, days: plan.baseline.days },
  }
}
