import type { Check } from '../canary/check.ts'
import { withDefaults } from '../canary/check.ts'
import type { Probes } from '../canary/probe.ts'
import { atDeploy } from '../canary/templates.ts'
import { type Timeline, windowsOf } from '../canary/timeline.ts'
import { round } from '../canary/verdict.ts'
import { type WatchEnd, type WatchPlan, watch } from '../canary/watch.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { canaryBacktest } from './canary-backtest.ts'
import { canaryCheckOnly } from './canary-check-only.ts'
import { recordCanary } from './canary-record.ts'
import { sourceInputNames, sourcesFor } from './canary-sources.ts'
import { withTraffic } from './canary-traffic.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { databaseInputNames, databaseInputs, lockInputNames } from './database-inputs.ts'

export default defineCommand({
  summary: 'Watch a release on metrics, logs and SQL beside what was normal before: promote, hold or abort.',
  inputs: [
    ...databaseInputNames,
    ...lockInputNames,
    'canary-checks',
    ...sourceInputNames,
    'duration',
    'warmup',
    'settle',
    'baseline',
    'baseline-days',
    'deployed-at',
    'since',
    'check-only',
    'backtest',
    'traffic',
    'on-hold',
  ],
  optional: ['database-url'],
  outputs: {
    deciding: 'The check that decided; empty when all of them promote.',
    windows: 'How many windows were judged, of all checks together.',
  },

  async run(inputs, context): Promise<Outcome> {
    const checks = namedChecks(inputs['canary-checks'])
    const url = inputs['database-url']
    await using database = url === undefined ? undefined : await databaseInputs({ ...inputs, 'database-url': url }, context)
    await using probes = await context.openProbes(await sourcesFor(checks, inputs, database, context))
    const plan = planOf(checks, inputs, context)
    if (inputs['check-only']) return canaryCheckOnly(plan, probes, context)
    if (inputs.backtest) return canaryBacktest(plan, probes, context)
    const end = await withTraffic(inputs.traffic, context, () => watch(plan, toolsOf(probes, context)))
    const recorded = await recordCanary(end, database, inputs, context)
    return outcomeOf(end, recorded, plan, probes, inputs['on-hold'], context)
  },
})

/** Throws `invalid-input` when there is no check, or two have one name. */
function namedChecks(checks: readonly Check[] | undefined): readonly Check[] {
  if (checks === undefined) {
    throw new ReleaseError('invalid-input', 'There is nothing to watch: no check was given.', {
      hint: 'Write canary.checks in shiplock.yml; docs/canary.md has one of each kind to start from.',
    })
  }
  const twice = checks.find(({ id }, index) => checks.findIndex((one) => one.id === id) !== index)
  if (twice === undefined) return checks
  throw new ReleaseError('invalid-input', `Two checks have the name ${twice.id}.`, {
    hint: 'Give each check of canary.checks a name of its own.',
  })
}

type Moment = InputValues['since']

function planOf(
  checks: readonly Check[],
  inputs: Pick<InputValues, 'duration' | 'warmup' | 'settle' | 'baseline' | 'baseline-days' | 'deployed-at' | 'since'>,
  { clock }: Context,
): WatchPlan {
  const now = clock.now().getTime()
  const { since, 'deployed-at': deployedAt } = inputs
  if (since !== undefined && deployedAt !== undefined) {
    throw new ReleaseError('invalid-input', 'since and deployed-at both say when the watch begins.', { hint: 'Give one of them.' })
  }
  const deployedMs = momentMs(since ?? deployedAt, now)
  const timeline: Timeline = { deployedMs, warmupMs: inputs.warmup, durationMs: inputs.duration }
  const endMs = deployedMs + inputs.warmup + inputs.duration + inputs.settle
  if (since !== undefined && endMs > now) {
    throw new ReleaseError('invalid-input', 'The watch that since names is not over yet.', {
      hint: 'Name a time at least duration, warmup and settle ago; or use deployed-at, which waits for the rest.',
    })
  }
  for (const check of checks) {
    if (windowsOf(check, timeline).length >= 2) continue
    throw new ReleaseError('invalid-input', `The duration has no room for two windows of the check ${check.id}.`, {
      hint: `Its windows have ${withDefaults(check).windowMs / 1000} s: raise duration, or lower window.`,
    })
  }
  const fixed = checks.map((check) => atDeploy(check, deployedMs))
  return { checks: fixed, timeline, baseline: { kind: inputs.baseline, days: inputs['baseline-days'] }, settleMs: inputs.settle }
}

function momentMs(moment: Moment, now: number): number {
  if (moment === undefined) return now
  return 'at' in moment ? moment.at : now - moment.agoMs
}

function toolsOf(probes: Probes, { clock, signal, log }: Context) {
  const told = new Map<string, number>()
  return {
    probes,
    clock,
    signal,
    seen(verdicts: WatchEnd['verdicts']) {
      for (const { id, windows, lines, expected } of verdicts) {
        for (const [index, { window, sample, mark }] of windows.entries()) {
          if (index < (told.get(id) ?? 0)) continue
          const value = sample.state === 'value' ? round(sample.value) : sample.state
          const line = lines === undefined ? '' : `, hold above ${round(lines.hold)}, abort above ${round(lines.abort)}`
          const at = new Date(window.endMs).toISOString().slice(11, 16)
          log.info(`${at} ${id} ${index + 1}/${expected}: ${value}, ${mark}${line}`)
        }
        told.set(id, windows.length)
      }
    },
  }
}

function outcomeOf(end: WatchEnd, recorded: string, plan: WatchPlan, probes: Probes, onHold: 'fail' | 'warn', context: Context): Outcome {
  const { decision, deciding, verdicts, complete } = end
  const reason =
    deciding !== undefined
      ? `${deciding.id}: ${deciding.reason}`
      : decision === 'promote'
        ? `${verdicts.length} checks, and none of them holds or aborts.`
        : 'No check counts for the verdict: all of them are dry runs.'
  return {
    verdict: decision,
    reason: context.signal.aborted ? `The watch was stopped by a signal. ${reason}` : reason,
    ...(decision === 'hold' && onHold === 'warn' ? { exitCode: 0 as const } : {}),
    checks: verdicts.map((one, index) => ({
      id: one.id,
      status: plan.checks[index]?.['dry-run'] ? 'not-checked' : one.decision === 'promote' ? 'pass' : 'fail',
      message: one.reason,
    })),
    outputs: { deciding: deciding?.id ?? '', windows: verdicts.reduce((sum, { usable }) => sum + usable, 0) },
    details: {
      complete,
      recorded,
      deployedAt: new Date(plan.timeline.deployedMs).toISOString(),
      watched: verdicts.map((one, index) => {
        const check = plan.checks[index] as Check
        return { ...one, kind: check.kind, dryRun: check['dry-run'], direction: check.direction, query: probes.for(check).queryOf(check) }
      }),
    },
  }
}
