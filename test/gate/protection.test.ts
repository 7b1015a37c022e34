import { describe, expect, test } from 'vitest'
import type { Approval, Person, ProtectedEnvironment, SecretNames, WorkflowRun } from '../../src/gate/protection/environment.ts'
import type { Graded } from '../../src/gate/protection/finding.ts'
import { judgeEnvironment, judgeSecrets } from '../../src/gate/protection/judge-environment.ts'
import { judgeApprovals, judgeAttempt } from '../../src/gate/protection/judge-run.ts'
import { asksNothing, levelsOf, type ProtectionLevel } from '../../src/gate/protection/levels.ts'
import { personOf } from '../../src/gate/protection/person.ts'
import { judgeSecondPerson } from '../../src/gate/protection/second-person.ts'

const strict = levelsOf(new Map([['all', 'require']]), false)
const guarded: ProtectedEnvironment = {
  name: 'production',
  reviewers: ['mona', 'team releasers'],
  preventsSelfReview: true,
  adminsBypass: false,
  waitMinutes: 0,
  branches: { kind: 'patterns', patterns: [{ name: 'v*', type: 'tag' }] },
  customRules: [],
}
const shown = ({ check, unknown }: Graded) => [check.id, unknown === undefined ? check.status : 'unknown']
const notPassed = (all: readonly Graded[]) => all.map(shown).filter(([, status]) => status !== 'pass')

describe('an environment', () => {
  test('with everything that is asked passes', () => {
    expect(judgeEnvironment(guarded, strict).map(({ check }) => [check.id, check.status, check.value])).toEqual([
      ['environment-reviewers', 'pass', 'mona, team releasers'],
      ['environment-self-review', 'pass', 'prevented'],
      ['environment-admins', 'pass', 'may not bypass'],
      ['environment-branches', 'pass', 'tag v*'],
    ])
  })

  const branches = (name: string, type: 'branch' | 'tag' = 'branch', ...more: string[]) => ({
    branches: { kind: 'patterns' as const, patterns: [name, ...more].map((one) => ({ name: one, type })) },
  })
  test.each<[string, Partial<ProtectedEnvironment>, [string, string][]]>([
    [
      'no reviewers',
      { reviewers: [] },
      [
        ['environment-reviewers', 'fail'],
        ['environment-self-review', 'fail'],
      ],
    ],
    ['self-review', { preventsSelfReview: false }, [['environment-self-review', 'fail']]],
    ['administrators who pass', { adminsBypass: true }, [['environment-admins', 'fail']]],
    ['an unknown right of administrators', { adminsBypass: undefined }, [['environment-admins', 'unknown']]],
    ['any branch', { branches: { kind: 'any' } }, [['environment-branches', 'fail']]],
    ['protected branches of which there are none', { branches: { kind: 'protected', exists: false } }, [['environment-branches', 'fail']]],
    [
      'protected branches that were not read',
      { branches: { kind: 'protected', exists: { unread: '403' } } },
      [['environment-branches', 'unknown']],
    ],
    ['protected branches', { branches: { kind: 'protected', exists: true } }, []],
    ['patterns that were not read', { branches: { kind: 'patterns', patterns: { unread: '403' } } }, [['environment-branches', 'unknown']]],
    ['an empty list of patterns', { branches: { kind: 'patterns', patterns: [] } }, [['environment-branches', 'fail']]],
    ['the pattern *', branches('*'), [['environment-branches', 'fail']]],
    ['the pattern * beside another', branches('main', 'branch', '*'), [['environment-branches', 'fail']]],
    ['the pattern **/*', branches('**/*'), [['environment-branches', 'fail']]],
    ['the pattern * for tags', branches('*', 'tag'), [['environment-branches', 'fail']]],
    ...['?*', '[!v]*', '[a-zA-Z]*', '**'].map((one): [string, Partial<ProtectedEnvironment>, [string, string][]] => [
      `the pattern ${one}`,
      branches(one),
      [['environment-branches', 'fail']],
    ]),
    ['a pattern with a star in it', branches('release/*'), []],
    ['a pattern of numbers', branches('[0-9]*', 'tag'), []],
  ])('with %s', (_, change, expected) => {
    expect(notPassed(judgeEnvironment({ ...guarded, ...change }, strict))).toEqual(expected)
  })

  test('is only shown at the level warn, and not looked at when it is off', () => {
    const [warned] = judgeEnvironment({ ...guarded, reviewers: [] }, { ...strict, reviewers: 'warn' })
    expect(warned).toMatchObject({ check: { status: 'not-checked' }, warning: expect.stringContaining('no required reviewers') })
    const [off] = judgeEnvironment({ ...guarded, reviewers: [] }, { ...strict, reviewers: 'off' })
    expect(off).toEqual({ check: { id: 'environment-reviewers', status: 'not-checked', message: 'switched off' } })
  })
})

describe('levels', () => {
  test('are strict but for administrators, approvals and re-runs', () => {
    expect(levelsOf(new Map(), false)).toEqual({
      reviewers: 'require',
      'self-review': 'require',
      admins: 'warn',
      branches: 'require',
      secrets: 'require',
      approval: 'warn',
      're-run': 'warn',
    })
  })

  test('follow all where they are not named', () => {
    const levels = levelsOf(
      new Map<string, ProtectionLevel>([
        ['all', 'off'],
        ['branches', 'warn'],
      ]),
      false,
    )
    expect(levels).toMatchObject({ reviewers: 'off', branches: 'warn' })
    expect(asksNothing(levelsOf(new Map([['all', 'off']]), false))).toBe(true)
  })

  test('beside a second person ask for no reviewers, and always for branches and a first attempt', () => {
    expect(levelsOf(new Map(), true)).toMatchObject({ reviewers: 'off', 'self-review': 'off', branches: 'require', 're-run': 'require' })
    const given = new Map<string, ProtectionLevel>([
      ['all', 'off'],
      ['reviewers', 'require'],
    ])
    expect(levelsOf(given, true)).toMatchObject({ reviewers: 'require', branches: 'require', 're-run': 'require' })
  })
})

describe('secrets', () => {
  const names: SecretNames = { environment: ['DATABASE_URL', 'KEY'], repository: ['OTHER'], organization: ['THIRD'] }
  const unread = { unread: 'HTTP 403' }
  test.each<[string, Partial<SecretNames>, string, string]>([
    ['of other names', {}, 'pass', 'none of them elsewhere'],
    ['of the repository', { repository: ['database_url'] }, 'fail', 'DATABASE_URL of the repository'],
    ['of the organization', { organization: ['KEY', 'DATABASE_URL'] }, 'fail', 'DATABASE_URL of the organization, KEY of the organization'],
    ['that may not be listed', { environment: unread }, 'not-checked', 'HTTP 403'],
    ['of a repository that may not be listed', { repository: unread }, 'not-checked', 'HTTP 403'],
    ['of an organization that may not be listed', { organization: unread }, 'pass', 'HTTP 403'],
    ['found although others may not be listed', { repository: unread, organization: ['KEY'] }, 'fail', 'KEY of the organization'],
  ])('%s', (_, change, status, text) => {
    const { check, unknown } = judgeSecrets('production', { ...names, ...change }, strict)
    expect(check.status).toBe(status)
    expect(`${check.value} ${check.message}`).toContain(text)
    expect(unknown).toBeUndefined()
  })
})

const someone = (login: string, id?: number): Person => personOf(login, id) as Person
const [mona, hubot, robot] = [someone('mona', 1), someone('hubot', 2), someone('deploy[bot]', 3)]

describe('approvals', () => {
  const approval = (by: Person, state: Approval['state'] = 'approved', environment = 'production'): Approval => ({
    by,
    state,
    environments: [environment],
  })
  test.each<[string, readonly Approval[], string]>([
    ['by another person', [approval(hubot)], 'pass'],
    ['by the one who started the run', [approval(mona)], 'fail'],
    ['by both', [approval(hubot), approval(mona)], 'fail'],
    ['by the same person under a new name', [approval(someone('mona-lisa', 1))], 'fail'],
    ['by somebody of the same name whose id nobody knows', [approval(someone('MONA'))], 'fail'],
    ['of none', [], 'fail'],
    ['for another environment', [approval(hubot, 'approved', 'staging')], 'fail'],
    ['that were refused', [approval(hubot, 'rejected')], 'fail'],
    ['for the environment in other letters', [approval(hubot, 'approved', 'Production')], 'pass'],
  ])('%s', (_, approvals, status) => {
    expect(judgeApprovals('production', { people: [mona] }, approvals, strict).check.status).toBe(status)
  })

  test('that are missing only warn, since a gate may stand before the job that waits', () => {
    expect(judgeApprovals('production', { people: [mona] }, [], levelsOf(new Map(), false))).toMatchObject({
      check: { status: 'not-checked' },
      warning: expect.stringContaining('nobody has approved'),
    })
  })

  test('by oneself stop a run at the usual levels', () => {
    expect(judgeApprovals('production', { people: [mona] }, [approval(mona)], levelsOf(new Map(), false)).check.status).toBe('fail')
  })

  test('of a second attempt are not told from those of the first', () => {
    expect(judgeAttempt(1, strict).check.status).toBe('pass')
    expect(judgeAttempt(2, strict).check).toMatchObject({ status: 'fail', message: expect.stringContaining('attempt 2') })
  })
})

describe('a second person', () => {
  const run = (...people: Person[]): WorkflowRun => ({ id: '5', attempt: 1, event: 'push', commit: undefined, people })
  test.each<[string, readonly WorkflowRun[], WorkflowRun | undefined, string]>([
    ['is another one than the planner', [run(mona)], run(hubot), 'pass'],
    ['is not the planner', [run(mona)], run(mona), 'fail'],
    ['is not the planner under a new name', [run(mona)], run(someone('lisa', 1)), 'fail'],
    ['has nothing to do with the plan: who ran it again planned too', [run(mona, hubot)], run(hubot), 'fail'],
    ['may have planned as well, after the first', [run(mona), run(hubot)], run(hubot), 'pass'],
    ['is no bot', [run(mona)], run(robot), 'fail'],
    ['is not second to a bot', [run(robot)], run(mona), 'fail'],
    ['is unknown outside of a workflow', [run(mona)], undefined, 'not-checked'],
    ['is unknown where nobody knows the planner', [], run(mona), 'not-checked'],
    ['is unknown where the record names nobody', [run()], run(mona), 'not-checked'],
  ])('%s', (_, planned, now, status) => {
    const { checks, unknown } = judgeSecondPerson({ planned, now, refProtected: true })
    expect(checks[0]?.status).toBe(status)
    expect(unknown !== undefined).toBe(status === 'not-checked')
  })

  test.each([
    [true, 'pass'],
    [false, 'fail'],
    [undefined, 'not-checked'],
  ])('needs a branch or tag that one person cannot change: protected is %s', (refProtected, status) => {
    const { checks, unknown } = judgeSecondPerson({ planned: [run(mona)], now: run(hubot), refProtected })
    expect(checks[1]?.status).toBe(status)
    expect(unknown !== undefined).toBe(status === 'not-checked')
  })
})
