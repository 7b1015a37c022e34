import { describe, expect, test } from 'vitest'
import { type CommentInput, commentMarker, composeComment } from '../../../src/lint/publish/comment.ts'
import type { FindingDetail, LintDetails } from '../../../src/lint/publish/details.ts'
import { nodesOf, parseGfm, references, textOf } from '../../report/gfm.ts'
import { hostileNames } from '../../report/hostile-names.ts'
import { finding } from './finding.ts'

const head = '5c1e0aa5c1e0aa5c1e0aa5c1e0aa5c1e0aa5c1e0'
const links = { repository: 'https://github.com/acme/shop', run: 'https://github.com/acme/shop/actions/runs/1' }

function input(findings: readonly FindingDetail[], more: Partial<LintDetails> = {}): CommentInput {
  return {
    marker: commentMarker('shop', ''),
    verdict: findings.length === 0 ? 'pass' : 'fail',
    reason: '1 error in 1 file; 3 new migrations were checked.',
    details: { head, checked: 3, older: 212, findings: [...findings], suppressed: [], settings: [], notes: [], ...more },
    folder: 'services/shop/',
    links,
    tool: 'shiplock 1.4.0',
  }
}

test('a comment: the verdict first, a row for each finding, and below it what to paste', () => {
  const instead = [{ phase: 'pre' as const, transactional: false, sql: 'create index concurrently i on orders (total);' }]
  expect(composeComment(input([finding({ instead })]))).toMatchInlineSnapshot(`
    "<!-- shiplock:lint:shop: -->
    ### ✖ Migration lint: Failed

    **1 error in 1 file; 3 new migrations were checked.**

    |  | Where | Problem | Who waits, or what breaks | Instead |
    | --- | --- | --- | --- | --- |
    | ✖ error | [\`2_b.sql:1\`](https://github.com/acme/shop/blob/5c1e0aa5c1e0aa5c1e0aa5c1e0aa5c1e0aa5c1e0/services/shop/db/migrations/2_b.sql#L1) | Building the index i on orders holds back every write. | Every write to orders waits. | Use CREATE INDEX CONCURRENTLY. |

    <details><summary>require-concurrent-index-creation (1 finding)</summary>

    Use CREATE INDEX CONCURRENTLY.

    In place of \`db/migrations/2_b.sql:1\`, a pre migration that runs outside a transaction:

    \`\`\`sql
    create index concurrently i on orders (total);
    \`\`\`

    Accept one with a reason, on the line above the statement:

    \`\`\`sql
    -- shiplock-ignore require-concurrent-index-creation: why this is fine here
    \`\`\`

    </details>

    <sub>212 older files were left alone · shiplock 1.4.0 · commit 5c1e0aa · [run](https://github.com/acme/shop/actions/runs/1)</sub>
    "
  `)
})

test('becomes one line when nothing is left to say', () => {
  expect(composeComment(input([])).trim().split('\n')).toEqual([
    '<!-- shiplock:lint:shop: -->',
    '### ✔ Migration lint: Passed · 1 error in 1 file; 3 new migrations were checked. · commit 5c1e0aa',
  ])
})

test('stays below the limit of GitHub by whole rows, and says how many are left out', () => {
  const sql = 'x'.repeat(3000)
  const findings = Array.from({ length: 2000 }, (_, line) =>
    finding({
      start: { offset: 0, line: line + 1, column: 1 },
      message: `é${'m'.repeat(400)}`,
      rule: `rule-${line % 50}`,
      instead: [{ phase: 'pre', transactional: true, sql }],
    }),
  )
  const body = composeComment(input(findings))
  expect(body.length).toBeLessThan(65_536)
  expect(body.length).toBeGreaterThan(40_000)
  expect(body).toMatch(/\*\*[\d,]+ more rows\*\* left out/)
  const [table] = nodesOf(parseGfm(body), 'table')
  expect(table?.children?.every((row) => row.children?.length === 5)).toBe(true)
})

test('names the settings that would change, each with the one that counts', () => {
  const body = composeComment(
    input([], {
      settings: [
        { name: 'lint.fail-on', base: 'error', proposed: 'never' },
        { name: 'lint.rules', proposed: 'a=off' },
      ],
    }),
  )
  const cells = nodesOf(parseGfm(body), 'tableRow').map((row) => row.children?.map(textOf))
  expect(cells.slice(1)).toEqual([
    ['lint.fail-on', 'error', 'never'],
    ['lint.rules', 'not set', 'a=off'],
  ])
})

test('a marker holds nothing that could end the HTML comment that it is', () => {
  for (const name of ['--> <b>x</b>', 'a--b', 'x -->', '../größe']) {
    expect(commentMarker('shop', name)).toMatch(/^<!-- shiplock:lint:shop:(?!.*--.*-->)[\w.%'!*()-]* -->$/)
  }
  expect(commentMarker('a', 'b')).not.toBe(commentMarker('a', 'c'))
})

// a path of git is shorter; of a longer text the comment leaves whole parts out
describe.each(hostileNames.filter((one) => one.length < 5000))('with %j in every place', (text) => {
  const bad = finding({
    path: `db/${text}.sql`,
    message: text,
    harm: text,
    remedy: text,
    instead: [{ phase: 'pre', transactional: true, sql: text, note: text }],
  })
  const body = composeComment(
    input([bad], {
      settings: [{ name: text, base: text, proposed: text }],
      notes: [text],
      suppressed: [{ rule: text, path: text, line: 1, reason: text }],
    }),
  )

  test('the comment has its own parts only: no HTML, no mention, no link but ours', () => {
    const tree = parseGfm(body)
    const html = nodesOf(tree, 'html').map(({ value }) => value ?? '')
    expect(
      html.filter((one) => !/^(<!-- shiplock:lint:shop: -->|<\/?sub>|<\/details>|<details><summary>[\w (),-]+<\/summary>)$/.test(one)),
    ).toEqual([])
    expect(references(body)).toEqual([])
    const links = nodesOf(tree, 'link').map((link) => (link as unknown as { url: string }).url)
    expect(links.filter((url) => !url.startsWith('https://github.com/acme/shop/'))).toEqual([])
    expect(links).toHaveLength(2)
    expect(nodesOf(tree, 'image')).toEqual([])
    expect(nodesOf(tree, 'table')).toHaveLength(2)
    expect(nodesOf(tree, 'heading')).toHaveLength(1)
  })
})
