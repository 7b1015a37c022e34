import { skewMs } from '../canary/before-deploy.ts'
import { type Check, withDefaults } from '../canary/check.ts'
import { inEnvironment } from '../canary/in-environment.ts'
import { atDeploy } from '../canary/templates.ts'
import { type Timeline, windowsOf } from '../canary/timeline.ts'
import type { WatchPlan } from '../canary/watch.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { formatDuration } from '../units.ts'
import type { Context } from './command.ts'

type Given = Pick<InputValues, 'duration' | 'warmup' | 'settle' | 'baseline' | 'baseline-days' | 'deployed-at' | 'since'>

/** What is watched, and when. Throws `invalid-input` for what could never be a watch. */
export function canaryPlan(checks: readonly Check[], inputs: Given, { clock, environment }: Context): WatchPlan {
  const now = clock.now().getTime()
  const { since, 'deployed-at': deployedAt } = inputs
  if (since !== undefined && deployedAt !== undefined) {
    throw new ReleaseError('invalid-input', 'since and deployed-at both say when the watch begins.', { hint: 'Give one of them.' })
  }
  const deployedMs = momentMs(since ?? deployedAt, now)
  if (deployedAt !== undefined && deployedMs > now + skewMs) {
    throw new ReleaseError('invalid-input', `deployed-at lies ${formatDuration(deployedMs - now)} in the future.`, {
      hint: 'Give the time at which the deploy ended, with its time zone, such as 2026-11-21T14:00:00Z; start the canary after the deploy.',
    })
  }
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
      hint: `Its windows have ${formatDuration(withDefaults(check).windowMs)}: raise duration, or lower window.`,
    })
  }
  return {
    checks: checks.map((check) => inEnvironment(atDeploy(check, deployedMs), environment)),
    timeline,
    baseline: { kind: inputs.baseline, days: inputs['baseline-days'] },
    settleMs: inputs.settle,
  }
}

function momentMs(moment: InputValues['since'], now: number): number {
  if (moment === undefined) return now
  return 'at' in moment ? moment.at : now - moment.agoMs
}

/** Throws `invalid-input` when there is no check, or two have one name. */
export function namedChecks(checks: readonly Check[] | undefined): readonly Check[] {
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
