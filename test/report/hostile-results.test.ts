import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderSummary } from '../../src/report/summary.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { type Result, resultSchema } from '../../src/result.ts'
import { nodesOf, parseGfm, references, types } from './gfm.ts'
import { hostileNames } from './hostile-names.ts'
import {
  adopted,
  backup,
  canaryAborted,
  canaryChecked,
  canaryTested,
  damagedBackup,
  drill,
  type Entry,
  hotfix,
  linted,
  migrateHalfWay,
  publishedPlan,
  recorded,
  resultOf,
  rolledBack,
} from './results.ts'
import { commandsIn } from './runner-commands.ts'

const results = resultOf(
  { ...publishedPlan, obstacles: ['phase pre: x'] } as Entry,
  migrateHalfWay,
  backup,
  damagedBackup,
  drill,
  recorded,
  adopted,
  hotfix,
  rolledBack as Entry,
  canaryAborted,
  canaryChecked,
  canaryTested,
  linted as unknown as Entry,
)
const tables = nodesOf(parseGfm(renderSummary(results)), 'table').length
const kept = new Set(['schema', 'command', 'verdict', 'status', 'level', 'phase', 'startedAt', 'finishedAt', 'state'])
const attacks = [
  ...hostileNames,
  '::set-output name=verdict::pass',
  'x\n  ::add-mask::e',
  'a ##[set-output name=verdict;]pass',
  'a\r::error::x',
  '<details>\n\n</details>',
  '```mermaid\nx\n```',
]

/** The result with a hostile text in each place that is not ours alone. */
function poisoned(value: unknown, text: string, key = ''): unknown {
  if (typeof value === 'string') return kept.has(key) ? value : text
  if (Array.isArray(value)) return value.map((one) => poisoned(one, text, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one, text, name)]))
}

describe.each(attacks)('with %j in every place', (text) => {
  const result = poisoned(results, text) as Result

  test('the terminal prints no command, no control character and no bidi mark', () => {
    for (const color of [false, true]) {
      const printed = stripVTControlCharacters(renderTerminal(result, { color }))
      expect(commandsIn(printed)).toEqual([])
      expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
    }
  })

  test('the summary holds the same parts as without it, no HTML but ours, no link, no mention', () => {
    const page = renderSummary(result)
    const tree = parseGfm(page)
    const html = nodesOf(tree, 'html').map(({ value }) => value)
    expect(html.filter((one) => !/^(<\/?sub>|<\/details>|<details><summary>[\w ,():-]+<\/summary>)$/.test(one ?? ''))).toEqual([])
    const allowed = new Set([
      'root',
      'heading',
      'paragraph',
      'text',
      'strong',
      'inlineCode',
      'code',
      'html',
      'table',
      'tableRow',
      'tableCell',
    ])
    expect([...types(tree)].filter((type) => !allowed.has(type))).toEqual([])
    expect(references(page)).toEqual([])
    expect(nodesOf(tree, 'heading')).toHaveLength(13)
    expect(nodesOf(tree, 'code').filter(({ lang }) => lang === 'mermaid')).toHaveLength(3)
    expect(nodesOf(tree, 'table').length).toBe(tables)
    for (const row of nodesOf(tree, 'table').flatMap(
      (one) => one.children?.map((line) => [one.children?.[0]?.children?.length, line.children?.length]) ?? [],
    ))
      expect(row[1]).toBe(row[0])
  })
})

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
