import { ReleaseError } from '../errors.ts'
import type { PartOutcome } from '../gate/part.ts'
import { judgePromotion, type PromotionStep } from '../gate/promotion.ts'
import type { InputValues } from '../inputs.ts'
import type { Context } from './command.ts'

export const promotionInputNames = ['promote-from', 'promote-store', 'promote-records', 'promote-age', 'store'] as const

type Given = Pick<InputValues, 'promote-from' | 'promote-store' | 'promote-records' | 'promote-age'> & {
  readonly store?: string | undefined
}

/** Ids of its checks. */
export function promotionChecks(inputs: Pick<Given, 'promote-records'>): readonly string[] {
  return inputs['promote-records'].map((command) => `promoted-${command}`)
}

/** Whether the commit has passed the environment before this one. Throws `records-unread`, and `invalid-input` without a store. */
export async function gatePromotion(inputs: Given, context: Context): Promise<PartOutcome> {
  const { 'promote-from': from, 'promote-records': commands, 'promote-age': maxAgeMs } = inputs
  const url = inputs['promote-store'] ?? inputs.store
  if (from === undefined) return { checks: [], notes: [], details: {} }
  if (url === undefined) {
    throw new ReleaseError('invalid-input', 'promote-from looks for records in the store, and no store was named.', {
      hint: 'Set store to the place that the earlier steps of the release were given too.',
    })
  }
  const { project, clock, run } = context
  if (run.commit === undefined) {
    throw new ReleaseError('records-unread', 'Nobody knows which commit is released, so that its records cannot be found.', {
      hint: 'Check out the commit, or run it in GitHub Actions.',
    })
  }
  const place = { project, commit: run.commit, environment: from }
  const steps = await judgePromotion(await context.openStore(url), { place, commands, maxAgeMs, now: clock.now() })
  const records = steps.map(({ command, check, record }) => ({ command, status: check.status, ...record }))
  const error = errorOf(steps, from, run.commit)
  return {
    checks: steps.map(({ check }) => check),
    notes: [],
    details: { promotion: { from, commit: run.commit, records } },
    ...(error === undefined ? {} : { error }),
  }
}

function errorOf(steps: readonly PromotionStep[], from: string, commit: string): ReleaseError | undefined {
  const failed = steps.filter(({ check }) => check.status === 'fail')
  if (failed.length > 0) {
    const what = failed.map(({ check }) => check.message).join('; ')
    return new ReleaseError('not-promoted', `The commit ${commit.slice(0, 12)} has not passed ${from}: ${what}.`, {
      hint: `Release this very commit to ${from} first, with the same project and store; promote-records says what is asked for.`,
    })
  }
  const unknown = steps.find((step) => step.unknown !== undefined)?.unknown
  if (unknown === undefined) return undefined
  return new ReleaseError('records-unread', `Whether the commit has passed ${from} cannot be told: ${unknown}.`, {
    hint: `Run that step in ${from} again; its new record is the one that counts.`,
  })
}
