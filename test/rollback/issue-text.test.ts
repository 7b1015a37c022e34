import { expect, test } from 'vitest'
import { issueAgain, issueBody, issueLink, issueMarker, issueTitle, type Story } from '../../src/rollback/issue-text.ts'
import { nodesOf, parseGfm, references } from '../report/gfm.ts'
import { hostileNames } from '../report/hostile-names.ts'

const story: Story = {
  kind: 'rollback',
  project: 'shop',
  environment: 'production',
  from: { name: 'v2', commit: 'b'.repeat(40) },
  to: { name: 'v1', commit: 'a'.repeat(40) },
  shape: 'code-only',
  who: 'octocat',
  why: 'orders fail',
  sentence: 'The code of v1 may be deployed on the schema as it is (by rules); 1 migration stays behind.',
  deciding: undefined,
  tests: undefined,
  leftBehind: ['2_phone'],
  checklist: ['Turn the flags of the new features off, where there are any.', 'Say in the issue what went wrong.'],
  links: { repository: 'https://github.com/acme/shop', run: 'https://github.com/acme/shop/actions/runs/77' },
  tool: 'shiplock 0.1.0',
}

test('tells who went back, from where to where, why, what stays behind, and what is left to do', () => {
  expect(issueTitle(story)).toBe('Rollback of production: v2 → v1')
  expect(issueBody(story)).toMatchInlineSnapshot(`
    "<!-- shiplock:rollback:shop:production:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa -->
    **The code of v1 may be deployed on the schema as it is (by rules); 1 migration stays behind.**

    |  |  |
    | --- | --- |
    | Environment | \`production\` |
    | Project | \`shop\` |
    | From | \`v2\` ([bbbbbbbbbbbb](https://github.com/acme/shop/commit/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb)) |
    | To | \`v1\` ([aaaaaaaaaaaa](https://github.com/acme/shop/commit/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)) |
    | Shape | \`code-only\` |
    | Who | \`octocat\` |
    | Why | orders fail |

    ### To do

    - [ ] Turn the flags of the new features off, where there are any.
    - [ ] Say in the issue what went wrong.

    ### What stays behind in the schema

    - \`2_phone\`

    <sub>shiplock 0.1.0 · [run](https://github.com/acme/shop/actions/runs/77)</sub>
    "
  `)
})

test('a hotfix names the line that decides', () => {
  const deciding = { place: 'db/migrations/2_drop.sql:1', statement: 'alter table users\n  drop column nickname' }
  const body = issueBody({ ...story, kind: 'hotfix', shape: 'hotfix', deciding })
  expect(body).toContain('`db/migrations/2_drop.sql:1`: `alter table users drop column nickname`')
  expect(issueTitle({ ...story, kind: 'hotfix' })).toBe('Hotfix needed: production, in place of v2 → v1')
})

const hostile = [
  ...hostileNames,
  'fixes #12, closes acme/shop#3, resolves https://github.com/acme/shop/issues/5 and GH-4 of @acme/everyone',
  '--> <img src=x> <!-- shiplock:rollback:other -->',
  'lines\r\n- [x] done\n# big',
]

test.each(hostile)('text of people, branches and files does nothing but show itself: %j', (text) => {
  const release = { name: text, commit: undefined }
  const body = issueBody({
    ...story,
    project: text,
    environment: text,
    from: release,
    to: { name: text, commit: story.to.commit },
    who: text,
    why: text,
    sentence: text,
    deciding: { place: text, statement: text },
    tests: text,
    leftBehind: [text],
    checklist: [text],
  })
  for (const page of [body, issueAgain({ ...story, why: text, who: text, sentence: text })]) {
    expect(references(page)).toEqual([])
    const tree = parseGfm(page)
    for (const { url } of nodesOf(tree, 'link', 'image', 'definition'))
      expect(url).toMatch(/^https:\/\/github\.com\/acme\/shop\/(?:actions|commit)\//)
    for (const { value } of nodesOf(tree, 'html')) expect(value).toMatch(/^(?:<!-- shiplock:[\w%.:~-]+ -->|<\/?sub>|<sub>.*<\/sub>)$/)
    expect(nodesOf(tree, 'heading').length).toBe(page === body ? 2 : 0)
    expect(nodesOf(tree, 'listItem').length).toBe(page === body ? 2 : 0)
  }
})

test('the marker tells one rollback from another, and holds nothing that ends it', () => {
  const markers = [
    story,
    { ...story, kind: 'hotfix' as const },
    { ...story, environment: 'staging' },
    { ...story, project: 'a--b:c' },
    { ...story, from: undefined },
    { ...story, to: { name: 'v1', commit: 'c'.repeat(40) } },
  ].map(issueMarker)
  expect(new Set(markers).size).toBe(markers.length)
  for (const marker of markers) expect(marker.slice(4, -3)).not.toMatch(/--|>/)
})

test('stays below the limits of GitHub and of addresses, however much there is to say', () => {
  const long = {
    ...story,
    why: 'x'.repeat(5000),
    leftBehind: Array.from({ length: 5000 }, (_, index) => `${index}_a_migration_with_a_name`),
  }
  expect(issueBody(long).length).toBeLessThan(65_536)
  expect(issueBody(long)).toContain('Say in the issue what went wrong.')
  for (const one of [story, long, { ...long, why: 'ü'.repeat(5000) }]) {
    expect(issueLink(one).length).toBeLessThanOrEqual(4000)
    expect(issueLink(one)).toMatch(/^https:\/\/github\.com\/acme\/shop\/issues\/new\?title=Rollback%20of%20production/)
  }
  expect(issueTitle({ ...story, environment: 'e'.repeat(400) }).length).toBeLessThanOrEqual(256)
})
