import { expect, test } from 'vitest'
import type { Window } from '../../../src/canary/sample.ts'
import { renderSummary } from '../../../src/report/summary.ts'
import { renderTerminal } from '../../../src/report/terminal.ts'
import type { Result } from '../../../src/result.ts'
import { bad, calm, canaryInputs, connection, from, historyOf, minute, nowMs, runCanary } from '../../commands/canary-given.ts'
import { resultOf } from '../results.ts'

const checks = [
  { id: 'p95', kind: 'latency', prometheus: 'histogram_quantile(0.95, x)', requests: 'sum(increase(y[$window]))' },
  { id: 'errors', kind: 'logs', loki: '{app="shop"} |= "ERROR"' },
  { id: 'queue', kind: 'gauge', sql: 'select count(*) from jobs', baseline: 'none', max: 5000, 'dry-run': true },
]

const deploys = ['v1.8', 'v1.9'].map((release, index) => ({
  event: 'deployed' as const,
  release,
  commit: undefined,
  at: new Date(nowMs - minute + index),
  migrations: [],
}))

/** What the command really leaves in the result, read back from JSON as a later step would. */
async function resultFor(given: Parameters<typeof runCanary>[0]): Promise<Result> {
  const { outcome } = await runCanary(given)
  const { details, verdict, reason } = outcome
  const entry = { command: 'canary', verdict, reason, checks: [...(outcome.checks ?? [])], ...details }
  return JSON.parse(JSON.stringify(resultOf(entry))) as Result
}

const aborted = () =>
  resultFor({
    inputs: canaryInputs({ checks, 'database-url': connection }),
    database: historyOf(deploys).database,
    answer(window, { kind }) {
      if (kind === 'gauge') return { state: 'value', value: 12 }
      if (kind === 'latency') return { ...calm, value: window.startMs === nowMs + 5 * minute ? 104.25 : 100 }
      return { state: 'value', value: window.startMs < nowMs ? 0 : 2 }
    },
    lines: async () => ['12:00 ERROR no such column "name" for jane@example.org ##[error]x | y', '::error::planted'],
  })

const heldFor = (inputs: object, answer: (window: Window) => typeof calm) => resultFor({ inputs: canaryInputs(inputs as never), answer })

test('an abort: the one reason first, then the figures, what would change it, and what can be typed', async () => {
  const result = await aborted()
  expect(renderTerminal(result, { color: false })).toMatchInlineSnapshot(`
    "✖ Abort  canary production: v1.9 was watched for 10 min of 30 min
    errors: 4 lines of a kind that the baseline has never seen.

    Beside what was normal before
      Check   Decision             Baseline         Canary   Ratio    Hold line  Abort line  Windows
      errors  abort                0 lines, n = 48  4 lines                                  2 of 6: 2 suspicious
      p95     not over             100 ± 0, n = 48  102.1    1.021 ×  > 130      > 200       2 of 6: 2 good
      queue   not over, a dry run  none             12                > 5000     > 5000      2 of 6: 2 good

    What would change this decision
      Check   It would take
      errors  At most 2 such lines; none promotes.

    Lines that errors counted, shortened and without what may be private
      Line
      12:00 ERROR no such column "name" for ***@*** ## [error]x | y
      : :error::planted

    What can follow
      To                                                                        Type
      See whether the code of v1.8 works on this schema; changes nothing        shiplock rollback --environment production --to v1.8 --dry-run
      Go back: deploy v1.8 with your own command, then from its checkout        shiplock record deployed --environment production --release v1.8
      Let it stay all the same, which opens the post phase; the reason is kept  shiplock record promoted --environment production --reason "…"

    Checks
      Check   Result       Evidence
      p95     not checked  The watch is not over: 2 of 6 windows.
      errors  ✖ failed
      queue   not checked  The watch is not over: 2 of 6 windows.

      Deployed             2026-11-21 14:00:00 UTC
      Warm-up, not judged  5 min
      Deciding check       errors
      Live                 v1.9, recorded as deployed 2026-11-21 13:59:00 UTC; nothing was rolled back
      Post phase           shut, until a person or a new deploy opens it
      History              the verdict is noted

    Every window
      Check   Window, UTC     Value  Requests  Judged
      errors  14:05 to 14:10  2                suspicious
      errors  14:10 to 14:15  2                suspicious
      p95     14:05 to 14:10  104.3  5000      good
      p95     14:10 to 14:15  100    5000      good
      queue   14:05 to 14:10  12               good
      queue   14:10 to 14:15  12               good

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
  expect(renderSummary(result)).toMatchInlineSnapshot(`
    "### ✖ Abort: canary production: v1.9 was watched for 10 min of 30 min

    **errors: 4 lines of a kind that the baseline has never seen.**

    **Beside what was normal before**

    | Check | Decision | Baseline | Canary | Ratio | Hold line | Abort line | Windows |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | \`errors\` | abort | 0 lines, n = 48 | 4 lines |  |  |  | 2 of 6: 2 suspicious |
    | \`p95\` | not over | 100 ± 0, n = 48 | 102.1 | 1.021 × | &gt; 130 | &gt; 200 | 2 of 6: 2 good |
    | \`queue\` | not over, a dry run | none | 12 |  | &gt; 5000 | &gt; 5000 | 2 of 6: 2 good |

    **What would change this decision**

    | Check | It would take |
    | --- | --- |
    | \`errors\` | At most 2 such lines; none promotes. |

    **Lines that errors counted, shortened and without what may be private**

    | Line |
    | --- |
    | 12:00 ERROR no such column "name" for \\*\\*\\*@&#8203;\\*\\*\\* ##\\[error\\]x &#124; y |
    | \`::error::planted\` |

    **What can follow**

    | To | Type |
    | --- | --- |
    | See whether the code of v1.8 works on this schema; changes nothing | \`shiplock rollback --environment production --to v1.8 --dry-run\` |
    | Go back: deploy v1.8 with your own command, then from its checkout | \`shiplock record deployed --environment production --release v1.8\` |
    | Let it stay all the same, which opens the post phase; the reason is kept | \`shiplock record promoted --environment production --reason "…"\` |

    **Checks**

    | Check | Result | Evidence |
    | --- | --- | --- |
    | \`p95\` | not checked | The watch is not over: 2 of 6 windows. |
    | \`errors\` | ✖ failed |  |
    | \`queue\` | not checked | The watch is not over: 2 of 6 windows. |

    |  |  |
    | --- | --- |
    | Deployed | 2026-11-21 14:00:00 UTC |
    | Warm-up, not judged | 5 min |
    | Deciding check | \`errors\` |
    | Live | v1.9, recorded as deployed 2026-11-21 13:59:00 UTC; nothing was rolled back |
    | Post phase | shut, until a person or a new deploy opens it |
    | History | the verdict is noted |

    <details><summary>Every window</summary>

    | Check | Window, UTC | Value | Requests | Judged |
    | --- | --- | --- | --- | --- |
    | \`errors\` | 14:05 to 14:10 | 2 |  | suspicious |
    | \`errors\` | 14:10 to 14:15 | 2 |  | suspicious |
    | \`p95\` | 14:05 to 14:10 | 104.3 | 5000 | good |
    | \`p95\` | 14:10 to 14:15 | 100 | 5000 | good |
    | \`queue\` | 14:05 to 14:10 | 12 |  | good |
    | \`queue\` | 14:10 to 14:15 | 12 |  | good |

    </details>

    <details><summary>Queries as sent</summary>

    errors

    \`\`\`text
    {app="shop"} |= "ERROR"
    \`\`\`

    p95

    \`\`\`text
    histogram_quantile(0.95, x)
    \`\`\`

    queue

    \`\`\`text
    select count(*) from jobs
    \`\`\`

    </details>

    <details><summary>Windows of each check that mattered</summary>

    \`\`\`mermaid
    xychart-beta
      title "errors"
      x-axis ["14h05", "14h10"]
      y-axis "lines" 0 --> 2.1
      bar [2, 2]
    \`\`\`

    </details>

    <sub>shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC</sub>
    "
  `)
})

test('a hold for lack of data, without a database: why, and that nothing is barred', async () => {
  const result = await heldFor({}, from(nowMs + 20 * minute, { state: 'stale', ageMs: 240_000 }) as never)
  expect(renderTerminal(result, { color: false })).toMatchInlineSnapshot(`
    "? Hold  canary production: v1.9 was watched for 30 min
    p95: 3 of 6 windows can be judged, 5 are needed: 3 × old data.

    Beside what was normal before
      Check  Decision  Baseline         Canary  Ratio  Hold line  Abort line  Windows
      p95    hold      100 ± 0, n = 48  100     1 ×    > 130      > 200       6 of 6: 3 good, 3 unusable

    What would change this decision
      Check  It would take
      p95    At least 5 windows with a value, the last among them.

    What can follow
      To                                                                                                            Type
      Do not run the post phase: nothing bars it, since the history does not know of this verdict
      Have the verdict noted, which bars it: give database-url (as DATABASE_URL), and judge the same windows again  shiplock canary --environment production --deployed-at 2026-11-21T14:00:00.000Z
      Go back: deploy the release before with your own command

    Checks
      Check  Result
      p95    ✖ failed

      Deployed                2026-11-21 14:00:00 UTC
      Warm-up, not judged     5 min
      Deciding check          p95
      Live                    v1.9, as this run was told; nothing was rolled back
      Compared with a deploy  no: no database was given
      Post phase              not barred by this verdict: do not run it
      History                 the verdict is not noted: no database was given

    Every window
      Check  Window, UTC     Value            Requests  Judged
      p95    14:05 to 14:10  100              5000      good
      p95    14:10 to 14:15  100              5000      good
      p95    14:15 to 14:20  100              5000      good
      p95    14:20 to 14:25  old data, 4 min            unusable
      p95    14:25 to 14:30  old data, 4 min            unusable
      p95    14:30 to 14:35  old data, 4 min            unusable

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
  expect(renderSummary(result)).toContain('bar [100, 100, 100, 0, 0, 0]')
  expect(renderSummary(result)).toContain('"14h20 none"')
})

test.each(['abort', 'hold'])('%s without a database: the post phase is not to be run, and how the verdict is noted', async (verdict) => {
  const result = await heldFor({}, from(nowMs, verdict === 'abort' ? bad : ({ state: 'empty' } as never)) as never)
  const printed = renderTerminal(result, { color: false })
  expect(printed).toContain('Do not run the post phase: nothing bars it')
  expect(printed).toMatch(/Have the verdict noted.*DATABASE_URL.*shiplock canary --environment production --deployed-at 2026-11-21T14:00/)
  const noted = await resultFor({
    inputs: canaryInputs({ 'database-url': connection }),
    database: historyOf(deploys).database,
    answer: from(nowMs, bad),
  })
  expect(renderTerminal(noted, { color: false })).not.toContain('Do not run the post phase')
})

test('a watch on windows from before the deploy: from when on to watch', async () => {
  const result = await resultFor({
    inputs: canaryInputs({ 'database-url': connection, since: { agoMs: 120 * minute } } as never),
    database: historyOf(deploys).database,
  })
  const printed = renderTerminal(result, { color: false })
  expect(printed).toContain('before v1.9 was recorded as deployed on 2026-11-21 13:59:00 UTC: it shows the code of before.')
  expect(printed).toMatch(/Watch the release from when it .* shiplock canary --environment production --deployed-at 2026-11-21T13:59/)
  expect(printed).not.toContain('Judge the same windows again')
})

test('a start that watched nothing says nothing of a deploy', () => {
  const result = resultOf({ command: 'canary', verdict: 'fail', reason: 'There is nothing to watch.', checks: [] })
  expect(renderTerminal(result, { color: false })).not.toContain('Compared with a deploy')
})

test('a promote is short, and draws nothing', async () => {
  const result = await heldFor({}, () => calm)
  expect(renderTerminal(result, { color: false })).toMatchInlineSnapshot(`
    "✔ Promote  canary production: v1.9 was watched for 30 min
    1 check, and none of them holds or aborts.

    Beside what was normal before
      Check  Decision  Baseline         Canary  Ratio  Hold line  Abort line  Windows
      p95    promote   100 ± 0, n = 48  100     1 ×    > 130      > 200       6 of 6: 6 good

    Checks
      Check  Result    Evidence
      p95    ✔ passed  6 of 6 windows were judged, 0 of them beyond 130.

      Deployed                2026-11-21 14:00:00 UTC
      Warm-up, not judged     5 min
      Compared with a deploy  no: no database was given
      History                 the verdict is not noted: no database was given

    Every window
      Check  Window, UTC     Value  Requests  Judged
      p95    14:05 to 14:10  100    5000      good
      p95    14:10 to 14:15  100    5000      good
      p95    14:15 to 14:20  100    5000      good
      p95    14:20 to 14:25  100    5000      good
      p95    14:25 to 14:30  100    5000      good
      p95    14:30 to 14:35  100    5000      good

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
  expect(renderSummary(result)).not.toContain('mermaid')
})

test('bad windows are drawn beside the lines that they are beyond', async () => {
  const summary = renderSummary(await heldFor({}, from(nowMs + 10 * minute, bad) as never))
  expect(summary.slice(summary.indexOf('```mermaid'), summary.lastIndexOf('```'))).toMatchInlineSnapshot(`
    "\`\`\`mermaid
    xychart-beta
      title "p95 / hold 130 / abort 200"
      x-axis ["14h05", "14h10", "14h15"]
      y-axis "value" 0 --> 525
      bar [100, 500, 500]
      line [130, 130, 130]
      line [200, 200, 200]
    "
  `)
})

test('a look before the deploy: what cannot be judged, and what is good to know', async () => {
  const result = await resultFor({
    inputs: canaryInputs({ checks: checks.slice(0, 2), 'check-only': true }),
    answer: (_, { kind }) => (kind === 'logs' ? { state: 'empty' } : calm),
    examination: { problems: [], notes: ['The scrape interval is 30 s.'], series: ['{route="/"}'] },
  })
  expect(renderTerminal(result, { color: false })).toMatchInlineSnapshot(`
    "? Could not tell  canary production, checks only: nothing was watched
    1 check of 2 cannot be judged: a watch could not end in promote.

    Good to know
      Check   Note
      p95     The scrape interval is 30 s.
      errors  The scrape interval is 30 s.

    Checks
      Check   Result    Evidence
      p95     ✔ passed
      errors  ✖ failed  The baseline has a value in 0 of 48 windows; 5 are needed.

    What was found in the baseline
      Check   Windows with a value  Series
      p95     48                    {route="/"}
      errors  0                     {route="/"}

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('a backtest: how many watches would have been false alarms', async () => {
  const result = await resultFor({ inputs: canaryInputs({ backtest: true }) })
  expect(renderTerminal(result, { color: false })).toMatchInlineSnapshot(`
    "✔ Passed  canary production, backtest, every hour of 7 days: nothing was watched
    0 of 168 watches would have raised an alarm although nothing was released: 0.0 %.

    How watches would have ended when nothing was released
      Check  Promote  Hold  Abort  False alarms  Without data
      p95    168      0     0      0.0 %         0

    A release on that day may be among them: look at the hours before you widen a line. A check with many false alarms wants a longer window, a floor, or dry-run.

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('text of a log, of a source and of labels does nothing in a summary or a log', async () => {
  const result = await aborted()
  const printed = renderTerminal(result, { color: false })
  expect(printed).not.toMatch(/^\s*::/m)
  expect(printed).not.toContain('##[')
  expect(renderSummary(result)).not.toContain('jane@')
})
