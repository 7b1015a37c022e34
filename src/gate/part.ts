import type { ReleaseError } from '../errors.ts'
import { type Check, verdictOf } from '../result.ts'
import { plural } from '../units.ts'
import { gateCheckNames } from './check-names.ts'

/** What one question of the gate was answered with. */
export interface PartOutcome {
  readonly checks: readonly Check[]
  /** What a person should know though it stops nothing. */
  readonly notes: readonly string[]
  readonly details: Readonly<Record<string, unknown>>
  /** Why the gate stays shut, or why nobody can tell; without it the checks decide. */
  readonly error?: ReleaseError
}

/** All answers together: the worst of them counts. */
export function concludeParts(parts: readonly PartOutcome[]) {
  const checks = parts.flatMap((part) => part.checks)
  const errors = parts.flatMap(({ error }) => error ?? [])
  const verdict =
    verdictOf(checks) === 'fail' || errors.some((error) => error.verdict === 'fail') ? 'fail' : errors.length > 0 ? 'inconclusive' : 'pass'
  const [error, ...others] = errors.filter((one) => one.verdict === verdict)
  const unsaid = [...others, ...errors.filter((one) => one.verdict !== verdict)]
  return {
    verdict,
    reason: reasons[verdict](checks),
    checks,
    details: {
      ...Object.assign({}, ...parts.map(({ details }) => details)),
      notes: [...parts.flatMap(({ notes }) => notes), ...unsaid.map(({ message, hint }) => [message, hint].filter(Boolean).join(' '))],
    },
    ...(error === undefined ? {} : { error }),
  } as const
}

const reasons: Readonly<Record<'pass' | 'fail' | 'inconclusive', (checks: readonly Check[]) => string>> = {
  pass: (checks) => `The gate is open: ${plural(checks.filter(({ status }) => status === 'pass').length, 'check')} passed.`,
  fail: (checks) => {
    const failed = checks.filter(({ status }) => status === 'fail').map(({ id }) => gateCheckNames.get(id) ?? id)
    return `The gate stays shut${failed.length === 0 ? '' : `: ${failed.join(', ')}`}.`
  },
  inconclusive: () => 'The gate stays shut: what it asks could not be found out.',
}
