import { stripVTControlCharacters } from 'node:util'
import * as core from '@actions/core'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { foreign, harmless } from '../../src/report/foreign.ts'
import { renderSummary } from '../../src/report/summary.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { type CommandResult, type Result, resultSchema } from '../../src/result.ts'
import { everyResult } from './every-result.ts'
import { type Node, nodesOf, parseGfm, references, types } from './gfm.ts'
import { hostileNames } from './hostile-names.ts'
import { resultOf } from './results.ts'
import { commandsIn } from './runner-commands.ts'

const results = resultOf(...everyResult.map(([, entry]) => entry))
const kept = new Set(['schema', 'command', 'verdict', 'status', 'level', 'phase', 'startedAt', 'finishedAt', 'state', 'asked', 'action'])
const attacks = [
  ...hostileNames,
  '::set-output name=verdict::pass',
  'x\n  ::add-mask::e',
  'a ##[set-output name=verdict;]pass',
  'a\r::error::x',
  '<details>\n\n</details>',
  '```mermaid\nx\n```',
  '"end"; %% subgraph x\n  click a "https://evil.example"',
  'xychart-beta\n  bar [1]',
  '| x '.repeat(2500),
  '`'.repeat(10_000),
]

/** The result with the text in each place that is not ours alone. */
function poisoned(value: unknown, textAt: () => string, key = ''): unknown {
  if (typeof value === 'string') return kept.has(key) ? value : textAt()
  if (Array.isArray(value)) return value.map((one) => poisoned(one, textAt, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one, textAt, name)]))
}

/** The blocks of a page, one in another, without their words: what a text in them must not change. */
function frameOf(node: Node): string {
  const inside = (node.children ?? []).filter(({ type }) => !['tableRow', 'text', 'inlineCode', 'strong'].includes(type))
  const tag = node.type === 'html' ? (node.value ?? '').replace(/<summary>.*/s, '') : (node.lang ?? '')
  return `${node.type}${tag === '' ? '' : `:${tag}`}${inside.length === 0 ? '' : `(${inside.map(frameOf).join(' ')})`}`
}

/** A message of several lines stands in a block. */
function withoutErrorLines(frame: string): string {
  return frame.replace(/^(root\(heading(?: paragraph)+) code:text/, '$1')
}

/** Each row has as many cells as its table's head. */
function brokenRows(tree: Node): Node[] {
  return nodesOf(tree, 'table').flatMap((table) => {
    const [head, ...rows] = table.children ?? []
    return rows.filter((row) => row.children?.length !== head?.children?.length)
  })
}

function expectWholeTerminal(result: Result): void {
  for (const color of [false, true]) {
    const printed = stripVTControlCharacters(renderTerminal(result, { color }))
    expect(commandsIn(printed)).toEqual([])
    expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
  }
}

function expectWholePage(page: string): Node {
  const tree = parseGfm(page)
  const html = nodesOf(tree, 'html').map(({ value }) => value)
  expect(html.filter((one) => !/^(<\/?sub>|<\/details>|<details><summary>[^<>]+<\/summary>)$/.test(one ?? ''))).toEqual([])
  const allowed = ['root', 'heading', 'paragraph', 'text', 'strong', 'inlineCode', 'code', 'html', 'table', 'tableRow', 'tableCell']
  expect([...types(tree)].filter((type) => !allowed.includes(type))).toEqual([])
  expect(references(tree)).toEqual([])
  expect(brokenRows(tree)).toEqual([])
  return tree
}

/** Two reports for each text, so that every text meets some and every report meets some. */
describe.each(attacks.map((text, index) => [text, index] as const))('with %.60j in every place', (text, index) => {
  const some = [index, index + 11].map((at) => results.commands[at % results.commands.length] as CommandResult)
  const result = poisoned({ ...results, commands: some }, () => text) as Result

  test('the terminal prints no command, no control character and no bidi mark', () => expectWholeTerminal(result))

  test('the summary holds no HTML but ours, no link, no mention, and whole tables', () => {
    expectWholePage(renderSummary(result))
  })
})

test('a summary with hostile text has the frame of one with harmless text, and so has each chart', () => {
  const words = attacks.filter((text) => text.trim() !== '' && text.length < 1000)
  for (const entry of results.commands) {
    for (const shift of [0, 40]) {
      const fill = (pick: (index: number) => string) => {
        let index = shift
        return renderSummary({ ...results, commands: [poisoned(entry, () => pick(index++)) as CommandResult] })
      }
      const harmless = expectWholePage(fill((index) => `plain ${index % words.length}`))
      const hostile = expectWholePage(fill((index) => words[(index * 7) % words.length] as string))
      expect(withoutErrorLines(frameOf(hostile))).toBe(frameOf(harmless))
      for (const { value } of nodesOf(hostile, 'code').filter(({ lang }) => lang === 'mermaid')) {
        expect(value).toMatch(chart)
      }
    }
  }
})

test.each(attacks)('no label of a chart ends early with %.60j', (text) => {
  const charted = results.commands.filter(({ command, watched, phases }) =>
    command === 'canary' ? watched !== undefined : command === 'restore-drill' && phases !== undefined,
  )
  for (const one of charted) {
    const tree = parseGfm(renderSummary(poisoned({ ...results, commands: [one] }, () => text) as Result))
    const charts = nodesOf(tree, 'code').filter(({ lang }) => lang === 'mermaid')
    expect(charts.length).toBeGreaterThan(0)
    expect(charts.map(({ value }) => value).filter((value) => !chart.test(value ?? ''))).toEqual([])
  }
})

/** What Mermaid reads here; a label holds neither quotes nor line ends. */
const chart =
  /^xychart-beta\n {2}title "[\w ./+-]+"\n {2}x-axis \[("[\w ./+-]+"(, )?)+\]\n {2}y-axis "[\w ./+-]+" [-\d.]+ --> [-\d.]+\n {2}bar \[[-\d., ]+\](\n {2}line \[[-\d., ]+\])*$/

test('annotations and log lines of any text are one command at most, and it is ours', () => {
  const part = fc.constantFrom(...attacks, 'a', ' ', '\n', '\r', '::', '##[', ']', '%0A', '\u2028', '\u202e', '\u001b[2J')
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const text = parts.join('')
      expect(commandsIn(harmless(text))).toEqual([])
      expect(commandsIn(foreign(text))).toEqual([])
      expect(`${harmless(text)}${foreign(text)}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      expect(commandsIn(annotationLine(text)).map(({ name }) => name)).toEqual(['error'])
    }),
    { numRuns: 200 },
  )
})

/** An annotation as the action gives it to GitHub's own library, which escapes. */
function annotationLine(text: string): string {
  const written: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
  try {
    core.error(harmless(text), { title: `t${harmless(text)}`, file: `f${harmless(text)}`, startLine: 1 })
  } finally {
    write.mockRestore()
  }
  return written.join('')
}

test('a result that is not whole is printed as far as it goes', () => {
  const names = [
    'plan',
    'migrate',
    'backup',
    'verify-backup',
    'restore-drill',
    'canary',
    'record',
    'ledger',
    'new',
    'doctor',
    '__proto__',
    'constructor',
  ]
  const keys = [
    'phases',
    'drift',
    'debts',
    'digests',
    'applied',
    'failed',
    'notRun',
    'heldBack',
    'closed',
    'manifest',
    'machine',
    'mismatches',
    'smoke',
    'notRestored',
    'backup',
    'recoveryTimeMs',
    'durationMs',
    'phase',
    'dryRun',
    'fact',
    'stamp',
    'found',
    'why',
    'obstacles',
    'notes',
    'migrations',
    'watched',
    'record',
    'examined',
    'backtest',
    'checkOnly',
    'deciding',
  ]
  const inner = fc.oneof(
    fc.anything(),
    fc.array(
      fc.dictionary(
        fc.constantFrom(
          'id',
          'pending',
          'phase',
          'ms',
          'name',
          'rows',
          'durationMs',
          'state',
          'windows',
          'lines',
          'baseline',
          'counted',
          'sampleLines',
          'sample',
          'series',
        ),
        fc.anything(),
      ),
    ),
  )
  const entry = fc.tuple(
    fc.constantFrom(...names),
    fc.constantFrom('pass' as const, 'fail' as const),
    fc.dictionary(fc.constantFrom(...keys), inner),
  )
  fc.assert(
    fc.property(entry, ([command, verdict, details]) => {
      const result = {
        schema: 'shiplock/result@1' as const,
        verdict,
        exitCode: 1,
        commands: [{ tool: 'shiplock 1.4.0', reason: 'r', checks: [], ...details, command, verdict }],
      }
      expect(renderTerminal(result, { color: false })).toContain('shiplock 1.4.0')
      expect(renderSummary(result)).toContain('shiplock 1.4.0')
    }),
    { numRuns: 1000 },
  )
})

test('the realistic results are results, and no report says "verified" or "OK"', () => {
  expect(resultSchema.safeParse(results).error).toBeUndefined()
  const printed = renderTerminal(results, { color: false }) + renderSummary(results)
  expect(printed).not.toMatch(/\bverified\b|\bOK\b/i)
  expect(printed).not.toMatch(/✔ not/)
})
