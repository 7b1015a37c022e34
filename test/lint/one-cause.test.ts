import { expect, test } from 'vitest'
import type { Finding } from '../../src/lint/finding.ts'
import { rules as everyRule } from '../../src/lint/rules/index.ts'
import { lintExample } from './lint-example.ts'

const rules = everyRule.filter(({ optIn }) => optIn !== true)

/** About the file's way back, whatever its statements do. */
const aboutTheFile = ['require-down', 'prefer-reversible-migration']

/** Pairs that may meet at one statement, because curing one leaves the other: each has a cause of its own. */
const together: Readonly<Record<string, readonly string[]>> = {
  // who waits for the lock now; whose writes are refused, or what is read, after it
  'adding-foreign-key-constraint': ['require-foreign-key-index', 'require-post-for-constraints'],
  'adding-not-nullable-field': ['require-default-on-required-column', 'require-post-for-constraints'],
  'adding-serial-primary-key-field': ['require-post-for-constraints'],
  'ban-exclusion-constraint': ['require-post-for-constraints'],
  'constraint-missing-not-valid': ['require-post-for-constraints'],
  'disallowed-unique-constraint': ['require-post-for-constraints'],
  'require-concurrent-index-creation': ['ban-duplicate-name', 'require-order-of-phases', 'require-post-for-constraints'],
  'ban-detach-partition': ['ban-concurrent-index-creation-in-transaction', 'require-concurrent-partition-detach'],
  'ban-drop-unique': ['require-concurrent-index-deletion'],
  'changing-column-type': ['ban-change-default', 'require-dependents-first'],
  'ban-backfill-with-ddl': ['ban-write-without-where'],
  // a statement that the server refuses here, and what it would do elsewhere
  'ban-concurrent-index-creation-in-transaction': ['ban-password-literal', 'require-concurrent-reindex'],
  'ban-duplicate-name': ['require-post-for-constraints'],
  'ban-enum-value-in-same-transaction': ['ban-change-default'],
  'require-not-null-before-primary-key': ['require-post-for-constraints'],
  // CASCADE takes more than is named, in whichever phase
  'ban-drop-cascade': ['ban-drop-schema', 'require-foreign-key-drop-first'],
  // a file without a transaction that stops half-way, and what others see between its steps
  'prefer-single-statement-outside-transaction': ['ban-constraint-gap', 'ban-drop-view', 'renaming-table'],
  // a foreign key without an index is slow in whichever phase it is added, and with whichever type
  'require-foreign-key-index': ['ban-mismatched-foreign-key-type', 'require-post-for-constraints'],
  'ban-validate-in-same-transaction': ['require-post-for-constraints'],
  // its index is missing from the drop on; its build blocks writes
}

const allowed = new Set(Object.entries(together).flatMap(([one, others]) => others.map((other) => pairOf(one, other))))

test('no two rules that are on say the same about one statement', async () => {
  const met = new Map<string, string>()
  for (const { examples } of rules) {
    for (const example of examples.bad) {
      const findings = (await lintExample(example, rules)).filter(({ rule }) => !aboutTheFile.includes(rule))
      for (const [index, one] of findings.entries()) {
        for (const other of findings.slice(index + 1)) {
          if (one.rule !== other.rule && areAtOnePlace(one, other)) met.set(pairOf(one.rule, other.rule), JSON.stringify(example))
        }
      }
    }
  }
  expect([...met].filter(([pair]) => !allowed.has(pair))).toEqual([])
  expect(
    [...allowed].filter((pair) => !met.has(pair)),
    'pairs that do not meet',
  ).toEqual([])
})

test('what a rule leaves to another one is said by that one', async () => {
  const silent: string[] = []
  for (const { name, yieldsTo = [], examples } of rules) {
    for (const example of examples.bad) {
      const found = (await lintExample(example, rules)).map(({ rule }) => rule)
      if (!found.includes(name) && !found.some((rule) => yieldsTo.includes(rule))) silent.push(`${name}: ${JSON.stringify(example)}`)
    }
  }
  expect(silent).toEqual([])
})

test('a rule yields to rules that exist', () => {
  const names = new Set(everyRule.map(({ name }) => name))
  expect(everyRule.flatMap(({ yieldsTo = [] }) => yieldsTo).filter((name) => !names.has(name))).toEqual([])
})

test('style is off unless it is asked for', () => {
  expect(rules.filter(({ group }) => group === 'style').map(({ name }) => name)).toEqual([])
})

test('what stands in a file of its own is said once, although it stands before the file', async () => {
  const files = [
    { phase: 'post', sql: '-- the carts\ncreate table carts (id bigint primary key)', version: 101 },
    { sql: '-- a note\nselect 1;\nalter table carts add column note text', version: 102 },
  ] as const
  const found = await lintExample({ files }, rules)
  const names = found.map(({ rule }) => rule).filter((rule) => !aboutTheFile.includes(rule))
  expect(names).toEqual(['require-order-of-phases'])
})

function pairOf(one: string, other: string): string {
  return [one, other].sort().join(' and ')
}

function areAtOnePlace(one: Finding, other: Finding): boolean {
  const [a, b] = [one, other].map(rangeOf) as [Range, Range]
  return one.path === other.path && a.from <= b.to && b.from <= a.to
}

interface Range {
  readonly from: number
  readonly to: number
}

function rangeOf({ start, end, statement }: Finding): Range {
  return statement === undefined ? { from: start.offset, to: start.offset } : { from: end.offset - statement.length, to: end.offset }
}
