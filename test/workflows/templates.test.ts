import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { nameCommands } from '../../src/name-commands.ts'
import { outputNames } from './outputs.ts'
import { isOurs, type Job, jobs, ownJobs, ownWorkflows, type Step, templateOf, templates } from './templates.ts'

const secretsIn = (value: unknown) => [...JSON.stringify(value).matchAll(/secrets\.([\w-]+)/g)].map(([, name]) => name as string)
const expression = (text: string) => `$\{{ ${text} }}`
const needsOf = ({ needs = [] }: Job) => (typeof needs === 'string' ? [needs] : needs)

describe.each([...templates, ...ownWorkflows])("$name, by GitHub's own parser,", ({ name, text }) => {
  test('has no mistake', async () => {
    const { context, value } = parseWorkflow({ name, content: text }, new NoOperationTraceWriter())
    expect(context.errors.getErrors().map(({ message }) => message)).toEqual([])
    expect((await convertWorkflowTemplate(context, value as NonNullable<typeof value>)).errors ?? []).toEqual([])
  })
})

describe.each([...templates, ...ownWorkflows])('$name', ({ workflow, text }) => {
  test('grants nothing that a job does not ask for, and says what each right is for', () => {
    expect(workflow.permissions).toEqual({})
    for (const line of text.split('\n')) if (/^ {6}[a-z-]+: (?:read|write)\b/.test(line)) expect(line).toMatch(/ # \w/)
  })

  test('has no group of its own, which an approval would hold', () => {
    expect(workflow.concurrency).toBeUndefined()
  })

  test('never runs code of a fork with rights of the repository', () => {
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target')
    expect(Object.keys(workflow.on)).not.toContain('workflow_run')
    expect(text).not.toContain('secrets: inherit')
    expect(text).not.toContain('toJSON(secrets)')
  })

  test('pins every action to a commit, with its version beside it', () => {
    for (const line of text.split('\n')) if (/\buses:/.test(line)) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })
})

describe.each([...jobs, ...ownJobs])('the job $at', ({ job }) => {
  test('has a name, a limit of its time and a machine of a known version', () => {
    expect(job.name).toBeDefined()
    expect(job['timeout-minutes']).toBeLessThan(360)
    expect(job['runs-on']).toBe('ubuntu-24.04')
    expect(job.permissions).toBeDefined()
    for (const step of job.steps) expect(step.name).toBeDefined()
  })

  test('puts no expression into the text of a shell', () => {
    for (const { run = '' } of job.steps) expect(run).not.toContain('${{')
  })

  test('has secrets of an environment only, and no action of a third party beside them', () => {
    if (secretsIn(job).length > 0) {
      expect(job.environment).toBeDefined()
      for (const { uses = 'actions/checkout@' } of job.steps) expect(uses).toMatch(/^(?:actions\/checkout|OWNER\/shiplock)@/)
    }
    for (const step of job.steps) if (step.uses?.startsWith('actions/checkout@')) expect(step.with?.['persist-credentials']).toBe(false)
  })
})

describe.each(jobs)('the job $at', ({ template, job }) => {
  test('never cuts a run off that changes a database, and loses none that waits', () => {
    const writes = job.steps.some(
      (step) => isOurs(step) && /^(?:migrate|rollback|record)/m.test(step.with?.command ?? '') && step.with?.['dry-run'] === undefined,
    )
    if (!writes) return
    expect(job.concurrency).toMatchObject({ 'cancel-in-progress': false, queue: 'max' })
    expect(job.concurrency?.group).toMatch(template === 'rollback' ? /^rollback-/ : /^database-/)
  })

  test('calls commands that exist, with inputs that they use', async () => {
    for (const step of job.steps.filter(isOurs)) {
      const given = new Map(Object.entries(step.with ?? {}).filter(([name]) => name !== 'command'))
      const commands = (step.with?.command ?? '').trim().split('\n')
      await expect(nameCommands({ edge: 'action', commands, usageProblem: undefined, given })).resolves.toHaveLength(commands.length)
    }
  })

  test('asks for outputs that exist', () => {
    const known = new Set(
      job.steps.flatMap((step) => (isOurs(step) ? outputNames(step.with?.command ?? '').map((name) => `${step.id}.${name}`) : [])),
    )
    for (const [, id, name] of JSON.stringify(job).matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) expect(known).toContain(`${id}.${name}`)
    const all = templateOf(template).workflow.jobs
    for (const [, id, name] of JSON.stringify(job).matchAll(/needs\.([\w-]+)\.outputs\.([\w-]+)/g)) {
      expect(needsOf(job)).toContain(id)
      expect(Object.keys(all[id as string]?.outputs ?? {})).toContain(name)
    }
  })
})

describe.each(jobs.filter(({ job }) => job.environment?.includes('-read') === true))(
  'the job $at, whose keys may only read,',
  ({ job }) => {
    test('calls nothing that changes a database, deploys nothing, and waits in no queue', () => {
      const called = job.steps.flatMap((step) => (isOurs(step) ? (step.with?.command ?? '').trim().split('\n') : []))
      for (const command of called) expect(['gate', 'config-check', 'plan', 'canary', 'ledger show', 'verify-backup']).toContain(command)
      expect(job.steps.filter(({ run }) => run !== undefined)).toEqual([])
      expect(job.concurrency).toBeUndefined()
    })
  },
)

test('nothing changes production but behind its reviewers, or in the two environments for bad nights and sleeping people', () => {
  const changing = jobs.filter(({ job }) =>
    job.steps.some(
      (step) =>
        step.run?.startsWith('make deploy ') || (isOurs(step) && /^(?:migrate|record|backup|rollback)/m.test(step.with?.command ?? '')),
    ),
  )
  expect(changing.map(({ at, job }) => `${at}: ${job.environment}`)).toEqual([
    'backup/backup: production-backup',
    'post-deploy/post: production',
    'promote/ship: production',
    'release/staging: staging',
    'release/ship: production',
    'release/post: production',
    'restore-drill/way-back: production-rollback',
    `rollback/rollback: ${expression("inputs.shape == 'down-one' && inputs.environment || format('{0}-rollback', inputs.environment)")}`,
  ])
})

test('a job whose gate asks GitHub may ask it, and says so with its own token', () => {
  const gates = jobs.flatMap(({ job }) =>
    job.steps.filter((step) => /^gate$/m.test(step.with?.command ?? '')).map((step) => ({ job, step })),
  )
  expect(gates).toHaveLength(5)
  for (const { job, step } of gates) {
    expect(job.permissions).toMatchObject({ actions: 'read' })
    expect(step.with?.['github-token']).toBe(expression('github.token'))
  }
})

describe('a release', () => {
  const { jobs: all } = templateOf('release').workflow
  const allBefore = (id: string): string[] => needsOf(all[id] as Job).flatMap((one) => [one, ...allBefore(one)])

  test('goes from the plan over staging and canary to production, and then to the post migrations', () => {
    expect(new Set(allBefore('post'))).toEqual(new Set(['plan', 'staging', 'canary', 'ship', 'watch']))
    expect(allBefore('ship')).toEqual(expect.arrayContaining(['plan', 'staging', 'canary']))
    expect(allBefore('watch')).toContain('ship')
  })

  test('asks for approval once before production is touched, and once more before the post migrations', () => {
    const protectedJobs = Object.entries(all).filter(([, { environment }]) => environment === 'production')
    expect(protectedJobs.map(([id]) => id)).toEqual(['ship', 'post'])
  })

  test('watches with keys that may only read, outside the group of production, so that nothing waits for half an hour', () => {
    expect(all.watch).toMatchObject({ environment: 'production-read' })
    expect(all.watch?.concurrency).toBeUndefined()
  })

  test.each([
    ['release', 'canary', 'staging'],
    ['release', 'watch', 'ship'],
    ['promote', 'watch', 'ship'],
    ['rollback', 'watch', 'rollback'],
  ])('of %s is watched by %s from the moment at which %s noted it as live, and not from its own start', (template, watch, deploy) => {
    const own = templateOf(template).workflow.jobs
    expect(own[deploy]?.outputs?.['deployed-at']).toBe(expression('steps.record.outputs.record-at'))
    expect(own[deploy]?.steps.find(({ id }) => id === 'record')?.with?.command).toMatch(/^record deployed/)
    const [canary] = own[watch]?.steps.filter(isOurs) ?? []
    expect(canary?.with?.['deployed-at']).toBe(expression(`needs.${deploy}.outputs.deployed-at`))
  })

  test('leaves production to promote where a team says so, and asks the same of the protection otherwise', () => {
    expect(all.ship?.if).toBe("vars.PROMOTE != 'by-hand'")
    const gates = jobs.flatMap(({ at, job }) =>
      job.steps.filter((step) => isOurs(step) && /^gate$/m.test(step.with?.command ?? '')).map((step) => [at, step]),
    )
    for (const [at, step] of gates as [string, Step][]) {
      const lines = (step.with?.protection ?? '').split('\n').filter((line) => line !== '')
      const lowered = ['reviewers', 'self-review'].map((rule) => expression(`vars.PROMOTE == 'by-hand' && '${rule}=warn' || ''`))
      expect([at, lines]).toEqual([at, ['release/ship', 'promote/ship'].includes(at) ? [] : lowered])
    }
  })

  test('ships only the plan that was approved, after staging', () => {
    const [gate] = all.ship?.steps.filter(isOurs) ?? []
    expect(gate?.with?.command?.split('\n')[0]).toBe('gate')
    expect(gate?.with).toMatchObject({
      phase: 'pre',
      'approved-digest': expression('needs.plan.outputs.digest-pre'),
      'promote-from': 'staging',
    })
  })

  test('records the deploy in the step after it, and goes on to nothing when the deploy failed', () => {
    for (const id of ['staging', 'ship']) {
      const names = (all[id] as Job).steps.map((step) => step.with?.command?.split('\n')[0] ?? step.run ?? step.uses)
      const deploy = names.findIndex((name) => name?.startsWith('make deploy '))
      expect(names[deploy + 1]).toBe('record deployed')
      for (const step of (all[id] as Job).steps) expect(step.if).toBeUndefined()
    }
  })
})

describe('a rollback', () => {
  const { jobs: all } = templateOf('rollback').workflow

  test('never waits in the group of a release', () => {
    const groups = new Set(jobs.filter(({ template }) => template !== 'rollback').map(({ job }) => job.concurrency?.group))
    for (const job of Object.values(all)) if (job.concurrency !== undefined) expect(groups).not.toContain(job.concurrency.group)
  })

  test('asks for approval for one down alone', () => {
    expect(all.rollback?.environment).toBe(
      expression("inputs.shape == 'down-one' && inputs.environment || format('{0}-rollback', inputs.environment)"),
    )
  })

  test('has no input for a number of steps', () => {
    const { inputs } = templateOf('rollback').workflow.on.workflow_dispatch as { inputs: object }
    expect(Object.keys(inputs)).toEqual(['to', 'environment', 'shape', 'reason', 'migration', 'confirm'])
  })
})

test('the post migrations run from the release that is live, and never from the default branch', () => {
  const { post } = templateOf('post-deploy').workflow.jobs
  expect(post?.steps[0]?.with).toMatchObject({ ref: expression('needs.find.outputs.commit') })
  expect(post?.if).toContain("needs.find.outputs.commit != ''")
})

test('a second person ships with a digest, and nobody twice', () => {
  const steps = Object.values(templateOf('promote').workflow.jobs).flatMap((job) => job.steps.filter(isOurs))
  expect(steps[0]?.with).toMatchObject({ 'second-person': 'require', 'approved-digest': expression('inputs.digest') })
})

test('lint uses no secret, so that it works for forks', () => {
  expect(templateOf('lint').text).not.toContain('secrets.')
  expect(parse(templateOf('lint').text).on).toEqual({ pull_request: null, merge_group: null })
})
