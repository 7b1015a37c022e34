import { expect, test } from 'vitest'
import { conclude } from '../../../src/demo/conclude.ts'
import type { Span } from '../../../src/demo/timeline.ts'
import { renderSummary } from '../../../src/report/summary.ts'
import { renderTerminal } from '../../../src/report/terminal.ts'
import type { Result } from '../../../src/result.ts'

const asked = { version: 'version 1', what: 'read an order' }
const missing = { ...asked, ms: 2, error: { message: 'column "total" does not exist', sqlstate: '42703' } }
const fine = { queries: 812, failed: 0, slowest: { ...asked, ms: 41.2 }, firstFailed: undefined }

const spans: readonly Span[] = [
  { id: 'before', command: 'version 1 alone', startedAt: new Date(0), ms: 1500, state: 'passed', reason: '', tally: fine },
  {
    id: 'migrate-pre',
    command: 'shiplock migrate --phase pre',
    startedAt: new Date(1500),
    ms: 2790,
    state: 'passed',
    reason: '5 migrations applied in phase pre.',
    tally: { queries: 1900, failed: 106, slowest: missing, firstFailed: missing },
  },
  { id: 'after', command: 'version 2 alone', startedAt: new Date(4290), ms: 1500, state: 'passed', reason: '', tally: fine },
]

function resultOf(dropEarly: boolean): Result {
  const {
    details,
    error: _,
    ...outcome
  } = conclude(spans, { serverVersion: '15.18', rows: 100_000, dropEarly, interrupted: false, remains: [] })
  const entry = { tool: 'shiplock/1.0.0', command: 'demo', ...outcome, checks: [], ...details }
  return { schema: 'shiplock/result@1', verdict: outcome.verdict, exitCode: 1, commands: [entry] }
}

test('the break: a timeline with each step, its traffic, the sum, and what happened in plain words', () => {
  expect(renderTerminal(resultOf(true), { color: false })).toMatchInlineSnapshot(`
    "✖ Failed  demo, with the break drop-early
    106 queries of version 1 failed, as they would in production; the first was version 1, read an order: column "total" does not exist (SQLSTATE 42703).

    Timeline, and what the application met meanwhile
      Step                          Took   Queries  Failed  Slowest  Which was
      version 1 alone               1.5 s  812      0       41 ms    version 1, read an order
      shiplock migrate --phase pre  2.8 s  1,900    ✖ 106   2 ms     version 1, read an order
      version 2 alone               1.5 s  812      0       41 ms    version 1, read an order
      together                      5.8 s  3,524    ✖ 106   41 ms    version 1, read an order

      Server                          PostgreSQL 15.18, removed again
      Orders at the start             100,000
      First error of the application  version 1, read an order: column "total" does not exist (SQLSTATE 42703)

    What happened: the column was dropped before the deploy, so that version 1 asked for something that was gone until its last worker had been replaced. A file in db/post_migrations waits until "record deployed" has said that no old code is left: then nobody misses the column. "shiplock demo" shows that.

    shiplock 1.0.0
    "
  `)
})

test('the summary on GitHub shows the same timeline', () => {
  expect(renderSummary(resultOf(true))).toContain(
    '| shiplock migrate --phase pre | 2.8 s | 1,900 | ✖ 106 | 2 ms | version 1, read an order |',
  )
})

test('without the break nothing is explained', () => {
  expect(renderTerminal(resultOf(false), { color: false })).not.toContain('What happened')
})

test('a result without a timeline is still shown', () => {
  const result: Result = {
    schema: 'shiplock/result@1',
    verdict: 'fail',
    exitCode: 2,
    commands: [{ tool: 'shiplock/1', command: 'demo', verdict: 'fail', reason: 'No.', checks: [] }],
  }
  expect(renderTerminal(result, { color: false })).toContain('✖ Failed  demo\nNo.')
})
