/** What is asked of an environment's protection, and of the run that passes through it. */
export const protectionRules = ['reviewers', 'self-review', 'admins', 'branches', 'secrets', 'approval', 're-run'] as const
type ProtectionRule = (typeof protectionRules)[number]

/** `require` fails the gate, `warn` shows, `off` does not look. */
export const protectionLevels = ['require', 'warn', 'off'] as const
export type ProtectionLevel = (typeof protectionLevels)[number]

export type Levels = Readonly<Record<ProtectionRule, ProtectionLevel>>

const defaults: Levels = {
  reviewers: 'require',
  'self-review': 'require',
  admins: 'warn',
  branches: 'require',
  secrets: 'require',
  approval: 'warn',
  're-run': 'warn',
}

/** A second person takes the place of the reviewers that a plan of GitHub does not have. */
const besideSecondPerson: Partial<Levels> = { reviewers: 'off', 'self-review': 'off', approval: 'off' }

/** The level of each rule; `all` stands for those that are not named. Beside a second person branches and re-runs always count. */
export function levelsOf(given: ReadonlyMap<string, ProtectionLevel>, secondPerson: boolean): Levels {
  const other = given.get('all')
  const chosen = protectionRules.map((rule): [ProtectionRule, ProtectionLevel] => {
    const usual = (secondPerson ? besideSecondPerson[rule] : undefined) ?? defaults[rule]
    return [rule, given.get(rule) ?? other ?? usual]
  })
  const always: Partial<Levels> = secondPerson ? { branches: 'require', 're-run': 'require' } : {}
  return { ...(Object.fromEntries(chosen) as Levels), ...always }
}

export function asksNothing(levels: Levels): boolean {
  return Object.values(levels).every((level) => level === 'off')
}
