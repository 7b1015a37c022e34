import { baselineOf, fewestWindows } from '../canary/baseline.ts'
import { type Check, withDefaults } from '../canary/check.ts'
import { linesOf } from '../canary/lines.ts'
import type { Examination, Probes } from '../canary/probe.ts'
import type { WindowSample } from '../canary/sample.ts'
import { baselineSpans } from '../canary/timeline.ts'
import type { WatchPlan } from '../canary/watch.ts'
import type { Check as ResultCheck } from '../result.ts'
import { plural } from '../units.ts'
import type { Context, Outcome } from './command.ts'

/** Looks whether each check could be judged, and whether a watch could end in promote. */
export async function canaryCheckOnly(plan: WatchPlan, probes: Probes, context: Context): Promise<Outcome> {
  const examined: (Examined & { id: string; query: string })[] = []
  for (const check of plan.checks) {
    const one = await examine(check, plan, probes, context.signal)
    examined.push({ id: check.id, query: probes.for(check).queryOf(check), ...one })
    context.log.info(`${check.id}: ${one.problems.length === 0 ? 'can be judged' : 'cannot be judged'}`)
  }
  const counting = examined.filter((_, index) => plan.checks[index]?.['dry-run'] !== true)
  const open = counting.filter(({ problems }) => problems.length > 0)
  const reason =
    counting.length === 0
      ? 'Every check is a dry run: a watch could never end in promote.'
      : open.length > 0
        ? `${plural(open.length, 'check')} of ${counting.length} cannot be judged: a watch could not end in promote.`
        : `${plural(counting.length, 'check')} can be judged.`
  return {
    verdict: counting.length > 0 && open.length === 0 ? 'pass' : 'inconclusive',
    reason,
    checks: examined.map(({ id, problems }, index): ResultCheck => {
      if (plan.checks[index]?.['dry-run']) return { id, status: 'not-checked', message: 'a dry run' }
      return problems.length === 0 ? { id, status: 'pass' } : { id, status: 'fail', message: problems.join(' ') }
    }),
    outputs: { deciding: open[0]?.id ?? '', windows: examined.reduce((sum, { windows }) => sum + windows, 0) },
    details: { checkOnly: true, examined },
  }
}

interface Examined extends Examination {
  /** Baseline windows with a value. */
  readonly windows: number
}

async function examine(check: Check, plan: WatchPlan, probes: Probes, signal: AbortSignal): Promise<Examined> {
  const probe = probes.for(check)
  const control = check.control !== undefined
  const spans = baselineSpans(check, plan.timeline, control ? { kind: 'before', days: 0 } : plan.baseline)
  const found = await probe.examine(check, spans.at(-1) ?? [], signal)
  const samples: WindowSample[] = []
  for (const span of spans) {
    const answers = await probe.sample(check, span, { control, signal })
    samples.push(...span.map((window, index) => ({ window, sample: answers[index] ?? { state: 'empty' as const } })))
  }
  const windows = samples.filter(({ sample }) => sample.state === 'value').length
  return { ...found, windows, problems: [...found.problems, ...withoutEvidence(check, samples)] }
}

function withoutEvidence(check: Check, samples: readonly WindowSample[]): string[] {
  if (check.baseline === 'none') return []
  const { minRequests } = withDefaults(check)
  const values = samples.flatMap(({ sample }) => (sample.state === 'value' ? [sample] : []))
  if (values.length < fewestWindows)
    return [`The baseline has a value in ${values.length} of ${samples.length} windows; ${fewestWindows} are needed.`]
  if (check.kind === 'logs') return []
  const poor = values.filter(({ requests }) => requests !== undefined && requests < minRequests).length
  if (poor * 2 > values.length)
    return [
      `${poor} of ${values.length} windows of the baseline have fewer than ${minRequests} requests: a watch would have nothing to judge.`,
    ]
  const lines = linesOf(check, baselineOf(samples, check.direction))
  return lines === undefined || Number.isFinite(lines.abort) ? [] : ['No value could ever be beyond its abort line.']
}
