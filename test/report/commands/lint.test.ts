import { expect, test } from 'vitest'
import { renderSummary } from '../../../src/report/summary.ts'
import { renderTerminal } from '../../../src/report/terminal.ts'
import { type Entry, linted, resultOf } from '../results.ts'

const terminal = (entry: object) => renderTerminal(resultOf(entry as Entry), { color: false })
const summary = (entry: object) => renderSummary(resultOf(entry as Entry))

test('the terminal shows each finding with its line and a mark below', () => {
  expect(terminal(linted)).toMatchInlineSnapshot(`
    "✖ Failed  lint
    1 error and 1 warning in 2 files; 3 new migrations were checked.

    ✖ error  db/migrations/0132_orders_total_idx.sql:4:3
      4 │   create index orders_total_idx on orders (total);
        │   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ require-concurrent-index-creation
      Building the index orders_total_idx on orders holds back every write to it
      until the index is built.
      Every INSERT, UPDATE and DELETE on orders waits.
      Instead: Use CREATE INDEX CONCURRENTLY, in a migration of its own that runs
      outside a transaction.

    ! warning  db/post_migrations/0133_drop_the_note_of_orders_and_all_that_hangs_on_it.sql:1:120
      1 │  a, a, a, drop column note
        │           ^^^^^^^^^^^^^^^^ drop-column
      x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
      x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x  …
      y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y  …
      Instead: z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z
      z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z  …

    config-changed: until it is merged, the settings of the base count
      Setting       Of the base  Proposed
      lint.fail-on  error        never

    There is no comment: it needs the input github-token.
    212 older files were left alone.

    1 finding accepted in the files
      Where                            Rule        Reason
      db/post_migrations/0134_a.sql:3  drop-table  empty since 1.8

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('a finding takes eight lines at most, of 80 columns but for a long path', () => {
  const blocks = terminal(linted)
    .split('\n\n')
    .filter((block) => /^[✖!·] (?:error|warning|advice)/.test(block))
  expect(blocks).toHaveLength(2)
  for (const block of blocks) {
    const lines = block.split('\n')
    expect(lines.length).toBeLessThanOrEqual(8)
    expect(Math.max(...lines.slice(1).map((line) => [...line].length))).toBeLessThanOrEqual(80)
  }
  expect(blocks[1]).toMatch(/│ .*drop column note\n\s+│ +\^{16} drop-column\n/)
})

test('the summary is a table, and below it what to paste', () => {
  expect(summary(linted)).toMatchInlineSnapshot(`
    "### ✖ Failed: lint

    **1 error and 1 warning in 2 files; 3 new migrations were checked.**

    |  | Where | Rule | Problem | Who waits, or what breaks | Instead |
    | --- | --- | --- | --- | --- | --- |
    | ✖ error | \`db/migrations/0132_orders_total_idx.sql:4:3\` | \`require-concurrent-index-creation\` | Building the index orders_total_idx on orders holds back every write to it until the index is built. | Every INSERT, UPDATE and DELETE on orders waits. | Use CREATE INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction. |
    | ! warning | \`db/post_migrations/0133_drop_the_note_of_orders_and_all_that_hangs_on_it.sql:1:120\` | \`drop-column\` | x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x | y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y | z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z |

    **config-changed: until it is merged, the settings of the base count**

    | Setting | Of the base | Proposed |
    | --- | --- | --- |
    | \`lint.fail-on\` | \`error\` | \`never\` |

    There is no comment: it needs the input github-token.

    212 older files were left alone.

    <details><summary>1 finding accepted in the files</summary>

    | Where | Rule | Reason |
    | --- | --- | --- |
    | \`db/post_migrations/0134_a.sql:3\` | \`drop-table\` | empty since 1.8 |

    </details>

    <details><summary>What to write instead: require-concurrent-index-creation</summary>

    In place of db/migrations/0132_orders_total_idx.sql:4, a pre migration that runs outside a transaction:

    \`\`\`sql
    create index concurrently orders_total_idx on orders (total);
    \`\`\`

    </details>

    <sub>shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC</sub>
    "
  `)
})

test('a clean run is one line everywhere, and so is one without a new migration', () => {
  const clean = { command: 'lint', reason: '3 new migrations, no findings.', checked: 3, older: 212, findings: [] }
  expect(terminal(clean)).toBe('✔ Passed  lint: 3 new migrations, no findings. 212 older files were left alone.\n')
  expect(summary(clean)).toBe('### ✔ Passed: lint: 3 new migrations, no findings. 212 older files were left alone.\n')
  expect(terminal({ ...clean, reason: 'There is no new migration.', checked: 0, older: 0 })).toBe(
    '✔ Nothing to do  lint: There is no new migration.\n',
  )
})

test('a run that failed for another reason says so, with or without findings', () => {
  const error = { code: 'unknown-base', message: 'git does not know main.' }
  expect(terminal({ command: 'lint', verdict: 'fail', reason: error.message, error })).toContain('unknown-base')
})

test('many findings do not scroll the verdict away', () => {
  const [one] = linted.findings
  const text = terminal({ ...linted, findings: Array.from({ length: 300 }, () => one) })
  expect(text).toContain('250 more findings')
})
