import { describe, expect, test } from 'vitest'
import { conclude } from '../../src/demo/conclude.ts'
import { type Span, stepIds } from '../../src/demo/timeline.ts'
import { nothingAsked } from '../../src/demo/traffic.ts'

const facts = { serverVersion: '15.18', rows: 1000, dropEarly: false, interrupted: false, remains: [] }
const asked = { version: 'version 1', what: 'read an order' }
const missing = { ...asked, ms: 2, error: { message: 'column "total" does not exist', sqlstate: '42703' } }

function span(id: Span['id'], given: Partial<Span> = {}): Span {
  const tally = { queries: 100, failed: 0, slowest: { ...asked, ms: 12.34 }, firstFailed: undefined }
  return { id, command: `shiplock ${id}`, startedAt: new Date(0), ms: 1000, state: 'passed', reason: `${id} was done.`, tally, ...given }
}

const whole = [span('before'), ...stepIds.map((id) => span(id)), span('after')]
const failing = { queries: 50, failed: 7, slowest: missing, firstFailed: missing }

test('a release without a failed query passes, with a check for each step', () => {
  const { verdict, reason, checks, details, error } = conclude(whole, facts)
  expect([verdict, error]).toEqual(['pass', undefined])
  expect(reason).toMatchInlineSnapshot(
    `"The shop went from version 1 to version 2 in 11.0 s while it was open: 1,100 queries ran, 0 failed, and the slowest took 12 ms."`,
  )
  expect(checks.map(({ id, status }) => `${id}: ${status}`)).toEqual(
    [...stepIds, 'application-errors', 'nothing-left-behind'].map((id) => `${id}: pass`),
  )
  expect(checks.find(({ id }) => id === 'application-errors')).toMatchObject({ value: 0, limit: 0 })
  expect(checks[0]).toMatchObject({ id: 'plan', value: '1.0 s', message: 'plan was done.' })
  expect(details).toMatchObject({ application: { queries: 1100, failed: 0, slowestMs: 12.3, slowest: 'version 1, read an order' } })
})

test('one failed query fails it, with the text of the first error', () => {
  const { verdict, error, checks } = conclude([...whole, span('after', { tally: failing })], facts)
  expect(verdict).toBe('fail')
  expect(error).toMatchObject({ code: 'demo-failed', exitCode: 1 })
  expect(checks.find(({ id }) => id === 'application-errors')).toEqual({
    id: 'application-errors',
    status: 'fail',
    value: 7,
    limit: 0,
    message: 'version 1, read an order: column "total" does not exist (SQLSTATE 42703)',
  })
})

test('a step that failed fails it; those that did not run are not checked', () => {
  const { error, checks } = conclude([span('before'), span('plan', { state: 'failed', reason: 'No.' })], facts)
  expect(error?.message).toBe('shiplock plan did not pass: No.')
  expect(checks.slice(0, 2).map(({ status }) => status)).toEqual(['fail', 'not-checked'])
})

test('no traffic is no success', () => {
  const silent = whole.map((one) => ({ ...one, tally: nothingAsked }))
  const { verdict, checks } = conclude(silent, facts)
  expect(verdict).toBe('fail')
  expect(checks.find(({ id }) => id === 'application-errors')?.status).toBe('not-checked')
})

test('what is left behind fails it, by name', () => {
  const { verdict, checks, error } = conclude(whole, { ...facts, remains: ['/tmp/shiplock-abcdef'] })
  expect(verdict).toBe('fail')
  expect(error?.message).toContain('/tmp/shiplock-abcdef')
  expect(checks.at(-1)).toEqual({ id: 'nothing-left-behind', status: 'fail', message: '/tmp/shiplock-abcdef' })
})

test('after a signal it is inconclusive, and the stopped step proves nothing', () => {
  const spans = [span('before'), span('plan', { state: 'stopped', reason: 'Stopped by a signal.' })]
  const { verdict, reason, error, checks } = conclude(spans, { ...facts, interrupted: true })
  expect([verdict, error?.code, reason]).toEqual(['inconclusive', 'interrupted', 'Stopped by a signal during shiplock plan.'])
  expect(checks[0]).toMatchObject({ id: 'plan', status: 'not-checked' })
})

describe('with the break', () => {
  const steps = [
    span('before'),
    span('plan'),
    span('backup'),
    span('migrate-pre', { tally: failing }),
    span('deploy', { tally: failing }),
    span('after'),
  ]
  const broken = { ...facts, dropEarly: true }

  test('what was shown is a failed release, not an error of the demonstration', () => {
    const { verdict, reason, error, details } = conclude(steps, broken)
    expect([verdict, error]).toEqual(['fail', undefined])
    expect(reason).toMatchInlineSnapshot(
      `"14 queries of version 1 failed, as they would in production; the first was version 1, read an order: column "total" does not exist (SQLSTATE 42703)."`,
    )
    expect(details).toMatchObject({ break: 'drop-early' })
  })

  test('it has failed itself when nothing broke, or when version 2 failed as well', () => {
    expect(conclude([span('before'), span('after')], broken).error?.code).toBe('demo-failed')
    expect(conclude([...steps.slice(0, -1), span('after', { tally: failing })], broken).error?.code).toBe('demo-failed')
  })
})
