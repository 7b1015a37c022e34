import { ReleaseError } from '../errors.ts'
import { didYouMean } from '../nearest.ts'
import type { LintInput } from './engine.ts'
import type { Rule, Severity } from './rule.ts'

/** What somebody wants a rule's findings to count for. */
export type Setting = Severity | 'off'

/**
 * The rules that apply, and what their findings count for. Throws `invalid-input` for a name that no rule has.
 * Squawk's names mean the rule that makes the same check.
 */
export function activeRules(all: readonly Rule[], settings: ReadonlyMap<string, Setting>): LintInput['rules'] {
  const byName = new Map(all.flatMap((rule) => [rule.name, ...(rule.aliases ?? [])].map((name) => [name, rule.name] as const)))
  const wanted = new Map<string, Setting>()
  for (const [name, setting] of settings) {
    const known = byName.get(name)
    if (known === undefined) {
      throw new ReleaseError('invalid-input', `There is no rule ${JSON.stringify(name)}.${didYouMean(name, byName.keys())}`, {
        hint: 'docs/rules/README.md lists every rule; lint.rules in shiplock.yml and the input lint-rules name them.',
      })
    }
    wanted.set(known, setting)
  }
  return all.flatMap((rule) => {
    const setting = wanted.get(rule.name) ?? (rule.optIn ? 'off' : rule.severity)
    return setting === 'off' ? [] : [{ rule, severity: setting }]
  })
}
