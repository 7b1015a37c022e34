import { ReleaseError } from '../errors.ts'
import { concludeParts, type PartOutcome } from '../gate/part.ts'
import type { InputValues } from '../inputs.ts'
import { checkPlan } from './check-plan.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { gatePromotion, promotionChecks, promotionInputNames } from './gate-promotion.ts'
import { asksProtection, gateProtection, protectionChecks, protectionInputNames } from './gate-protection.ts'
import { gateSecondPerson, secondPersonChecks, secondPersonInputNames } from './gate-second-person.ts'
import { migrationInputNames } from './migration-state.ts'

/** Something that the gate can be asked. */
interface GatePart {
  /** The checks that it makes, by id: those that were not asked for are shown as not checked. */
  readonly checks: readonly string[]
  /** Those of them that are asked for. */
  readonly asked: readonly string[]
  /** What a person types to ask for it. */
  readonly how: readonly string[]
  run(): Promise<readonly PartOutcome[]>
}

export default defineCommand({
  summary: 'Check before a release goes on: the environment is protected, the plan is the one that was approved, staging was passed.',
  inputs: [
    ...migrationInputNames,
    'phase',
    'approved-digest',
    'approved-plan',
    'quiet-hours',
    'allow-busy-hours',
    'long-migration',
    ...protectionInputNames,
    ...secondPersonInputNames,
    ...promotionInputNames,
  ],
  optional: ['database-url', 'phase', 'store'],
  outputs: {
    digest: 'SHA-256 of the plan of the phase, as it is now.',
  },

  async run(given, context): Promise<Outcome> {
    const inputs = { ...given, 'approved-digest': approvedDigest(given, context) }
    const { 'approved-digest': approved, 'quiet-hours': hours, phase } = inputs
    const parts: readonly GatePart[] = [
      {
        checks: ['approved-plan', 'quiet-hours'],
        // quiet hours stand in shiplock.yml, and say nothing of a gate that is not about a phase
        asked: [approved !== undefined && 'approved-plan', hours !== undefined && phase !== undefined && 'quiet-hours'].filter(
          (one) => one !== false,
        ),
        how: ['--phase pre --approved-digest <digest of the plan>', '--phase pre --quiet-hours "22:00-06:00 Europe/Berlin"'],
        run: () => checkPlan(inputs, context),
      },
      {
        checks: protectionChecks,
        asked: asksProtection(inputs, context) ? protectionChecks : [],
        how: ['--environment production   with GITHUB_TOKEN set'],
        run: async () => [await gateProtection(inputs, context)],
      },
      {
        checks: secondPersonChecks,
        asked: inputs['second-person'] === 'require' ? secondPersonChecks : [],
        how: ['--second-person require --approved-digest <digest of the plan>'],
        run: async () => [await gateSecondPerson(inputs, context)],
      },
      {
        checks: promotionChecks(inputs),
        asked: inputs['promote-from'] === undefined ? [] : promotionChecks(inputs),
        how: ['--promote-from staging'],
        run: async () => [await gatePromotion(inputs, context)],
      },
    ]
    const asked = parts.filter((part) => part.asked.length > 0)
    if (asked.length === 0) throw nothingAsked(parts)
    const outcomes: PartOutcome[] = []
    for (const part of asked) outcomes.push(...(await orRefusal(part)))
    const unasked = parts.flatMap((part) => part.checks.filter((id) => !part.asked.includes(id)))
    const concluded = concludeParts(outcomes)
    const digest = concluded.details.digest
    return {
      ...concluded,
      checks: [...concluded.checks, ...unasked.map((id) => ({ id, status: 'not-checked' as const, message: 'not asked for' }))],
      ...(typeof digest === 'string' ? { outputs: { digest } } : {}),
    }
  },
})

/**
 * Outputs of jobs that did not run are empty, and an empty input is one that was not given: the plan would be compared with
 * nothing. Throws `invalid-input`.
 */
function approvedDigest(
  { 'approved-digest': digest, phase }: Partial<Pick<InputValues, 'approved-digest' | 'phase'>>,
  { inAction, sources }: Context,
): string | undefined {
  const isEmpty = sources.given.get('approved-digest') === '' || (inAction && phase !== undefined)
  if (digest !== undefined || !isEmpty) return digest === 'none' ? undefined : digest
  throw new ReleaseError('invalid-input', 'approved-digest is empty, so that nothing says which plan was approved.', {
    hint: 'An output is empty when its job did not run or did not hand it on. Where nobody approves plans, say approved-digest: none.',
  })
}

/** A part that is refused does not keep the others from being asked. */
async function orRefusal({ asked, run }: GatePart): Promise<readonly PartOutcome[]> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    const status = error.verdict === 'fail' ? ('fail' as const) : ('not-checked' as const)
    return [{ checks: asked.map((id) => ({ id, status, message: error.message })), notes: [], details: {}, error }]
  }
}

function nothingAsked(parts: readonly GatePart[]): ReleaseError {
  return new ReleaseError('invalid-input', 'The gate was asked for nothing.', {
    hint: `It can be asked, together or alone:\n${parts.flatMap(({ how }) => how.map((one) => `  shiplock gate ${one}`)).join('\n')}`,
  })
}
