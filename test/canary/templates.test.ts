import { describe, expect, test } from 'vitest'
import { checkSchema } from '../../src/canary/check.ts'
import { atDeploy } from '../../src/canary/templates.ts'

const parse = (given: Record<string, unknown>) => checkSchema.parse({ id: 'one', ...given })
const problems = (given: Record<string, unknown>) =>
  checkSchema.safeParse({ id: 'one', ...given }).error?.issues.map(({ message }) => message)

describe('a template', () => {
  test('for the latency of the busiest routes fixes them at the time of the deploy', () => {
    const check = parse({ template: 'p95-top-routes', with: { histogram: 'http_seconds', matchers: 'job="shop"' } })
    expect(check).toMatchObject({ kind: 'latency', series: 'worst' })
    const fixed = atDeploy(check, Date.parse('2026-11-21T14:00:00Z'))
    expect(fixed.prometheus).toBe(
      'histogram_quantile(0.95, sum by (le, route) (rate(http_seconds_bucket{job="shop"}[$window])) and on (route) topk(5, sum by (route) (increase(http_seconds_count{job="shop"}[1d] @ 1795269600))))',
    )
    expect(fixed.requests).not.toContain('$deployed')
  })

  test('for named routes takes their names as they are', () => {
    const check = parse({ template: 'p95-top-routes', with: { histogram: 'h', routes: ['/a.b', '/c"d'] } })
    expect(check.prometheus).toBe('histogram_quantile(0.95, sum by (le, route) (rate(h_bucket{route=~"/a\\\\.b|/c\\"d"}[$window])))')
    expect(check.requests).toMatch(/ == bool 2\)$/)
  })

  test('for database calls counts them per request', () => {
    expect(parse({ template: 'db-calls-per-request', with: { calls: 'db_total', requests: 'http_total' } })).toMatchObject({
      kind: 'per-request',
      prometheus: 'sum(increase(db_total[$window])) / sum(increase(http_total[$window]))',
      requests: 'sum(increase(http_total[$window]))',
    })
  })

  test('for a queue takes the mean of the window', () => {
    const check = parse({ template: 'queue-depth', with: { metric: 'jobs', matchers: 'queue="mail"' }, max: 5000 })
    expect(check).toMatchObject({ kind: 'gauge', prometheus: 'sum(avg_over_time(jobs{queue="mail"}[$window]))', max: 5000 })
  })

  test('for errors in logs filters the lines', () => {
    expect(parse({ template: 'error-logs', with: { selector: '{app="shop"}' }, exclude: 'health' })).toMatchObject({
      kind: 'logs',
      loki: '{app="shop"} |~ "panic|FATAL|ERROR"',
      exclude: 'health',
    })
  })

  test('gives way to what the check says itself', () => {
    expect(parse({ template: 'queue-depth', with: { metric: 'jobs' }, prometheus: 'max(jobs)' }).prometheus).toBe('max(jobs)')
  })

  test('that does not exist, or whose parameters are wrong, is told by name', () => {
    expect(problems({ template: 'p99' })).toEqual(['template must be one of p95-top-routes, db-calls-per-request, queue-depth, error-logs'])
    expect(problems({ template: 'toString' })).toHaveLength(1)
    expect(problems({ template: 'queue-depth', with: { metric: 'a b' } })).toEqual(['with.metric: must be the name of a metric'])
    expect(problems({ template: 'error-logs' })?.[0]).toMatch(/^with\.selector: /)
    expect(problems({ with: {}, kind: 'gauge', prometheus: 'a' })?.[0]).toMatch(/with/)
  })
})
