import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Answers, fillWorkflow } from '../../src/init/fill.ts'
import type { Job, Template } from '../workflows/templates.ts'
import { templateOf, templates } from '../workflows/templates.ts'

const action = 'acme/shiplock@0123456789abcdef0123456789abcdef01234567 # v1.2.3'
const plain: Answers = { action, deploy: './deploy.sh {environment}', deployCheck: undefined, tier: undefined }
const jobsOf = (text: string) => (parse(text) as Template['workflow']).jobs
const runs = (job: Job | undefined) => job?.steps.flatMap(({ run }) => run ?? [])

describe.each(templates)('$name', ({ text, workflow }) => {
  test('keeps its jobs, and every step but those of the deploy', () => {
    const filled = jobsOf(fillWorkflow(text, plain))
    expect(Object.keys(filled)).toEqual(Object.keys(workflow.jobs))
    for (const [id, job] of Object.entries(filled)) {
      const kept = workflow.jobs[id]?.steps.filter(({ run = '' }) => !run.startsWith('make ')) ?? []
      const names = job.steps.filter(({ run = '' }) => !run.startsWith('./deploy.sh')).map(({ name }) => name)
      expect(names).toEqual(kept.map(({ name }) => name))
    }
  })

  test('names the action that was given, everywhere', () => {
    expect(fillWorkflow(text, plain)).not.toMatch(/OWNER|0{40}/)
    expect(fillWorkflow(text, { ...plain, action: undefined })).toContain('OWNER/shiplock@')
  })
})

describe('the deploy command', () => {
  test('stands for each environment in its job', () => {
    const jobs = jobsOf(fillWorkflow(templateOf('release').text, plain))
    expect([runs(jobs.staging), runs(jobs.ship)]).toEqual([['./deploy.sh staging'], ['./deploy.sh production']])
  })

  test('of a rollback takes the environment from a variable, never from an expression', () => {
    const { rollback } = jobsOf(fillWorkflow(templateOf('rollback').text, plain))
    expect(runs(rollback)).toEqual(['./deploy.sh "$ENVIRONMENT"'])
  })

  test.each([
    'kubectl --context={environment} set image deploy/shop shop=shop:"$GITHUB_REF_NAME"',
    "ssh deploy@{environment} 'cd /srv/shop && ./redeploy' # with a comment",
    'flyctl deploy --app "shop: {environment}" \\ --now',
    '{environment}/deploy',
    '- dash first',
    '$& $1 {environment}',
  ])('%s is text for the shell, whatever YAML makes of it', (deploy) => {
    const { ship } = jobsOf(fillWorkflow(templateOf('release').text, { ...plain, deploy }))
    expect(runs(ship)).toEqual([deploy.replaceAll('{environment}', 'production')])
  })

  test('is checked first where there is a way to, in staging', () => {
    const { staging } = jobsOf(fillWorkflow(templateOf('release').text, { ...plain, deployCheck: './check {environment}' }))
    expect(runs(staging)).toEqual(['./check staging', './deploy.sh staging'])
  })

  test('for a part of production comes first, in the job that was approved, and is watched', () => {
    const { ship, staging } = jobsOf(fillWorkflow(templateOf('release').text, { ...plain, tier: './deploy.sh {environment} --limit one' }))
    const steps = ship?.steps.map(({ run, with: given }) => run ?? given?.command?.trim()) ?? []
    expect(steps.slice(2)).toEqual(['./deploy.sh production --limit one', 'canary', './deploy.sh production', 'record deployed'])
    expect(runs(staging)).toEqual(['./deploy.sh staging'])
    expect(ship?.steps.every(({ uses }) => uses === undefined || !uses.startsWith('OWNER'))).toBe(true)
  })
})

test('the gems of a Rails application are installed in every job that lets it migrate, and in no other', () => {
  const jobs = templates.flatMap(({ name, text }) =>
    Object.entries(jobsOf(fillWorkflow(text, { ...plain, program: 'ruby' }))).map(([id, job]) => [`${name} ${id}`, job] as const),
  )
  const place = (job: Job) => job.steps.findIndex(({ name }) => name === 'Install the gems of the application')
  const withGems = jobs.filter(([, job]) => place(job) === 1 && job.steps[0]?.uses?.startsWith('actions/checkout@'))
  expect(withGems.map(([name]) => name).sort()).toEqual([
    ...['post-deploy post', 'promote ship', 'release post', 'release ship', 'release staging', 'rollback rollback'],
  ])
  expect(jobs.filter(([, job]) => place(job) !== -1)).toHaveLength(withGems.length)
})
