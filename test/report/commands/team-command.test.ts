import { expect, test } from 'vitest'
import { renderSummary } from '../../../src/report/summary.ts'
import { renderTerminal } from '../../../src/report/terminal.ts'
import { type Entry, resultOf } from '../results.ts'

const migrated = {
  command: 'migrate',
  reason: 'bin/rails db:migrate ended with exit status 0 in phase pre after 3.2 s.',
  checks: [
    { id: 'lock-guard', status: 'pass' as const, value: '2 connections', message: 'no wait for a lock was seen, 0 statements cancelled' },
  ],
  phase: 'pre',
  layout: 'command',
  runs: ['bin/rails', 'db:migrate'],
  database: 'db-1:5432/shop',
  digest: '7be1f4c940c9',
  unfinished: [],
  exitCode: 0,
  durationMs: 3210,
  waits: [],
}

const failed = {
  ...migrated,
  verdict: 'fail' as const,
  reason: 'it failed',
  exitCode: 1,
  unfinished: [{ phase: 'pre', release: 'v1.8', startedAt: '2026-11-20T14:02:10.000Z' }],
  waits: [
    {
      waitsFor: 'AccessExclusiveLock on public.users',
      heldBy: ['server process 41 (user report | psql)'],
      waitedMs: 1010,
      cancelled: true,
    },
  ],
  output: ['== AddEmail: migrating', '##[error]canceling statement'],
  error: { code: 'migration-failed', message: 'it failed', hint: 'Correct it.' },
}

const plan = {
  command: 'plan',
  reason: "The team's own command would run in each phase; which migrations it would apply is not known to Shiplock.",
  database: 'db-1:5432/shop',
  phases: [
    {
      phase: 'pre',
      pending: [],
      runs: ['bin/rails', 'db:migrate'],
      last: { state: 'applied', release: 'v1.8', at: '2026-11-20T14:02:10.000Z' },
    },
    { phase: 'post', pending: [], runs: ['bin/rails', 'db:migrate'], heldBack: true, warning: 'v1.8 is recorded as deployed.' },
  ],
  digests: { pre: '7be1f4c940c9', post: '02aa51c991fe' },
}

const print = (command: Entry) => renderTerminal(resultOf(command), { color: false })

test("a run of the team's own command: what ran, how it ended, and what the guard saw", () => {
  expect(print(migrated)).toMatchInlineSnapshot(`
    "✔ Passed  migrate production, phase pre
    bin/rails db:migrate ended with exit status 0 in phase pre after 3.2 s.

    Checks
      Check                         Result    Evidence
      waits for locks were watched  ✔ passed  2 connections: no wait for a lock was seen, 0 statements cancelled

      Command      bin/rails db:migrate
      Ended        with exit status 0
      Time         3.2 s
      Database     db-1:5432/shop
      Plan digest  7be1f4c940c9

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('one that failed: its last lines, who held the lock, and what an earlier run left open', () => {
  expect(print(failed)).toMatchInlineSnapshot(`
    "✖ Failed  migrate production, phase pre

    Waits for locks
      For                                  Held by                                 Time   Result
      AccessExclusiveLock on public.users  server process 41 (user report | psql)  1.0 s  the statement was cancelled

    Left open by an earlier run; what became of its command is not known
      Phase  Release  Started
      pre    v1.8     2026-11-20 14:02:10 UTC

    Checks
      Check                         Result    Evidence
      waits for locks were watched  ✔ passed  2 connections: no wait for a lock was seen, 0 statements cancelled

      Command      bin/rails db:migrate
      Ended        with exit status 1
      Time         3.2 s
      Database     db-1:5432/shop
      Plan digest  7be1f4c940c9

    The command's last lines
      Output
      == AddEmail: migrating
      ## [error]canceling statement

    ✖ migration-failed  it failed
      Next  Correct it.
      see docs/errors.md#migration-failed

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('its output does nothing in a summary', () => {
  const summary = renderSummary(resultOf(failed))
  expect(summary).toContain("<details><summary>The command's last lines</summary>")
  expect(summary).toContain('`##[error]canceling statement`')
  expect(summary).toContain('server process 41 (user report &#124; psql)')
})

test('a dry run shows what the environment gets and what it does not', () => {
  const dry = {
    ...migrated,
    checks: [],
    dryRun: true,
    environmentAdded: { PGOPTIONS: '-c lock_timeout=1000ms' },
    environmentWithheld: ['GITHUB_OUTPUT'],
  }
  expect(
    print({
      ...dry,
      exitCode: undefined,
      durationMs: undefined,
      reason: 'bin/rails db:migrate would run for phase pre; nothing was changed.',
    }),
  ).toMatchInlineSnapshot(`
    "✔ Dry run  migrate production, phase pre
    bin/rails db:migrate would run for phase pre; nothing was changed.

    The command's environment
      Variable       Value
      PGOPTIONS      -c lock_timeout=1000ms
      GITHUB_OUTPUT  left out

      Command      bin/rails db:migrate
      Database     db-1:5432/shop
      Plan digest  7be1f4c940c9

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('a plan names the command of each phase, its last run, and what bars it', () => {
  expect(print(plan)).toMatchInlineSnapshot(`
    "✔ Passed  plan production
    The team's own command would run in each phase; which migrations it would apply is not known to Shiplock.

    The team's own command
      Phase  Command               Last run                                Note
      pre    bin/rails db:migrate  applied, v1.8, 2026-11-20 14:02:10 UTC
      post   bin/rails db:migrate                                          v1.8 is recorded as deployed.

      Database            db-1:5432/shop
      Digest, phase pre   7be1f4c940c9
      Digest, phase post  02aa51c991fe

    Nothing has been changed.

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})
