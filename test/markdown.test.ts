import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { code, codeBlock, folded, label, md, summaryBudget, table, withinBudget } from '../src/markdown.ts'
import { nodesOf, parseGfm, references, textOf, types } from './report/gfm.ts'
import { hostileNames } from './report/hostile-names.ts'

/** The text that a reader should see: one line, with marks for what would hide. */
function shown(name: string): string {
  return name
    .replace(/[\s\u0085]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\uFFFD')
    .trim()
}

function readable(text: string): string {
  return text.replaceAll('\u200b', '')
}

describe('hostile names in a table', () => {
  test('are at least thirty', () => {
    expect(hostileNames.length).toBeGreaterThanOrEqual(30)
  })

  test('do something when they are not escaped, so that these tests can fail', () => {
    const found = hostileNames.flatMap((name) => [...types(parseGfm(name))])
    expect(found).toEqual(
      expect.arrayContaining([
        'html',
        'link',
        'image',
        'strong',
        'emphasis',
        'delete',
        'heading',
        'list',
        'blockquote',
        'code',
        'thematicBreak',
        'definition',
      ]),
    )
    expect(hostileNames.flatMap(references)).toEqual(expect.arrayContaining(['@mona', '#42', 'acme/shop#7', ':tada:']))
  })

  test.each([
    ['text', md],
    ['code', code],
  ] as const)('as %s: one table, every cell in its place, and nothing else', (_, escaped) => {
    const markdown = table(
      ['Name', 'Again', 'Third'],
      hostileNames.map((name) => [escaped(name), md('middle'), escaped(name)]),
    )
    const tree = parseGfm(markdown)
    expect(tree.children?.map(({ type }) => type)).toEqual(['table'])
    expect([...types(tree)].sort()).toEqual(
      escaped === md
        ? ['root', 'table', 'tableCell', 'tableRow', 'text']
        : ['inlineCode', 'root', 'table', 'tableCell', 'tableRow', 'text'],
    )
    const rows = nodesOf(tree, 'tableRow').slice(1)
    expect(rows.map((row) => row.children?.map((cell) => readable(textOf(cell))))).toEqual(
      hostileNames.map((name) => [shown(name), 'middle', shown(name)]),
    )
    expect(references(markdown)).toEqual([])
  })

  test.each(hostileNames)('say what they say in a paragraph, a heading and a list: %j', (name) => {
    const markdown = `### ${md(name)} ${code(name)}\n\n${md(name)}\n\n- ${md(name)}\n- ${code(name)}\n\n**${md(name)}**`
    const tree = parseGfm(markdown)
    const allowed = ['root', 'heading', 'paragraph', 'list', 'listItem', 'text', 'inlineCode', 'strong']
    if (shown(name) === '') return // an empty name is nothing at all, between two pairs of stars a rule
    expect([...types(tree)].filter((type) => !allowed.includes(type))).toEqual([])
    expect(readable(textOf(tree.children?.[1] ?? { type: 'none' }))).toBe(shown(name))
    expect(references(markdown)).toEqual([])
  })

  test('a random mix of signs stays one table of text', () => {
    const sign = fc.constantFrom(
      ...'\\|`*_~[]()<>!#@:/.$&;-+=wW \n\ra1'.split(''),
      'www.',
      'https://',
      '##[',
      '&#124;',
      '\u202e',
      'GH-1',
      '```',
    )
    const name = fc.array(sign, { maxLength: 12 }).map((signs) => signs.join(''))
    fc.assert(
      fc.property(name, name, (one, two) => {
        const markdown = table(
          ['a', 'b'],
          [
            [md(one), code(two)],
            [code(one), md(two)],
          ],
        )
        const tree = parseGfm(markdown)
        expect([...types(tree)].filter((type) => !['root', 'table', 'tableRow', 'tableCell', 'text', 'inlineCode'].includes(type))).toEqual(
          [],
        )
        const rows = nodesOf(tree, 'tableRow').slice(1)
        expect(rows.map((row) => row.children?.map((cell) => readable(textOf(cell))))).toEqual([
          [shown(one), shown(two)],
          [shown(one), shown(two)],
        ])
        expect(references(markdown)).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })
})

describe('text', () => {
  test('that needs no care is left as it is', () => {
    const plain = 'db/migrations/0131_orders_state.sql:4:1, 12 ms (14:02:11), shop on db-1:5432, 2,140 rows; a::text'
    expect(md(plain)).toBe(plain)
  })

  test('is escaped where it must be', () => {
    expect(md('a|b <i> @mona #12 `x` __y__ $z$')).toMatchInlineSnapshot(
      `"a&#124;b &lt;i&gt; @&#8203;mona #&#8203;12 \\\`x\\\` \\_\\_y\\_\\_ &#36;z&#36;"`,
    )
  })
})

describe('a block of code', () => {
  test.each(['```\nout <b>\n```', '````', 'a\n~~~\n@mona', '\0\u202e', '', '   ', '```js'])('holds its text to the end: %j', (text) => {
    const tree = parseGfm(`${codeBlock(text, 'sql')}\n\nafter`)
    expect(tree.children?.map(({ type, lang }) => [type, lang])).toEqual([
      ['code', 'sql'],
      ['paragraph', undefined],
    ])
    expect(tree.children?.[0]?.value).toBe(text.replace(/[\0\u202e]/g, '\uFFFD'))
  })

  test('takes no language that could end its first line', () => {
    expect(codeBlock('x', 'sql\n```\n<b>')).toBe('```\nx\n```')
  })
})

describe('a label', () => {
  test('is quoted, short and made of few signs', () => {
    expect(label('restore')).toBe('"restore"')
    expect(label('a"]; click x "http://e" %%{init}%% #quot; größe')).toBe('"a___ click x _http_//e_ ___init___ _q..."')
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => /^"[A-Za-z0-9 ._/+-]{1,40}"$/.test(label(text))))
  })
})

describe('a folded part', () => {
  test('holds Markdown, and its title is text', () => {
    const markdown = withinBudget([folded('Tables <b>', { before: table(['a'], []), rows: ['| 1 |'] }), { before: 'after' }])
    expect(markdown).toMatchInlineSnapshot(`
      "<details><summary>Tables &lt;b&gt;</summary>

      | a |
      | --- |
      | 1 |

      </details>

      after"
    `)
    expect(parseGfm(markdown).children?.map(({ type }) => type)).toEqual(['html', 'table', 'html', 'paragraph'])
  })
})

describe('the budget', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, index) => `| ${index} | ${'ä'.repeat(40)} |`)

  test('leaves a page alone that fits', () => {
    expect(withinBudget([{ before: 'one' }, { before: 'two', rows: ['a', 'b'], after: 'end' }])).toBe('one\n\ntwo\na\nb\n\nend')
  })

  test('cuts whole rows, says how many, and keeps what follows', () => {
    const page = withinBudget([{ before: 'head', rows: rows(20_000), after: 'tail' }, { before: 'last' }])
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(summaryBudget)
    expect(Buffer.byteLength(page)).toBeGreaterThan(summaryBudget - 500)
    const kept = page.split('\n').filter((line) => line.startsWith('|')).length
    expect(
      page.endsWith(
        `**${(20_000 - kept).toLocaleString('en-US')} more rows** left out here; the JSON result holds all of them.\n\ntail\n\nlast`,
      ),
    ).toBe(true)
  })

  test('holds for every page and every size that has room for the last line', () => {
    const section = fc.record({
      before: fc.string(),
      rows: fc.array(fc.string(), { maxLength: 20 }),
      after: fc.option(fc.string(), { nil: undefined }),
    })
    const sections = fc
      .array(section, { maxLength: 6 })
      .map((all) => all.map(({ after, ...rest }) => (after === undefined ? rest : { ...rest, after })))
    fc.assert(
      fc.property(sections, fc.integer({ min: 100, max: 600 }), (all, bytes) => Buffer.byteLength(withinBudget(all, bytes)) <= bytes),
      { numRuns: 2000 },
    )
  })

  test('leaves out whole sections when even their fixed parts are too long', () => {
    expect(withinBudget([{ before: 'one' }, { before: 'x'.repeat(500) }, { before: 'three' }], 200)).toBe(
      'one\n\n**2 more sections** left out here; the JSON result holds all of them.',
    )
  })
})
