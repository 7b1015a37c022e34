import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/lint/finding.ts'
import type { Example, ExampleFile, ExampleRelease } from '../../src/lint/rule.ts'
import { rules } from '../../src/lint/rules/index.ts'
import { parseStatements } from '../../src/sql/parse.ts'
import { lintExample } from './lint-example.ts'
import { plainWords, respell } from './respelled.ts'

/** Comments are what some rules are about. */
const subjects = rules.filter((rule) => !('on' in rule && rule.on === 'comments'))
const cases = subjects.flatMap((rule) =>
  [...rule.examples.bad, ...rule.examples.good].map((example) => ({ rule, release: asRelease(example) })),
)

const choices = fc.array(fc.nat(1000), { minLength: 5, maxLength: 30 })

const blanks = [' ', '\n', '\r\n', '\t ', ' /* a ; comment */ ', ' -- it\'s "one"\n', '\n\n  ', '\r\n-- größer\r\n']
const betweenSigns = ['', '', ' ', '\n', '/**/']

describe('findings stay, each at its place, when only letters change that say nothing', { timeout: 120_000 }, () => {
  test('blanks, ends of lines and comments', () =>
    hold((picked) => ({
      gap: (index, isEmpty) => (isEmpty && index > 0 ? pick(betweenSigns, picked, index) : pick(blanks, picked, index)),
    })))

  test('upper and lower case of keywords', () =>
    hold((picked) => ({
      word: ({ text, keywordKind, isIdentifier }, index) =>
        keywordKind > 0 && !isIdentifier ? pick([text.toUpperCase(), capital(text), text], picked, index) : text,
    })))

  test('quotes around names that need none', () =>
    hold((picked) => ({
      word: ({ text, isIdentifier }, index) =>
        isIdentifier && /^[a-z_][a-z0-9_]*$/.test(text) ? pick([`"${text}"`, text], picked, index) : text,
    })))
})

/** Rules about what one transaction, or one file, does together: nobody sees the state in between. */
const aboutTogether: readonly string[] = [
  'ban-backfill-with-ddl',
  'ban-change-default',
  'ban-constraint-gap',
  'ban-detach-partition',
  'ban-disable-trigger',
  'ban-drop-function',
  'ban-drop-trigger',
  'ban-drop-unique',
  'ban-drop-view',
  'ban-enum-value-in-same-transaction',
  'ban-losing-replica-identity',
  'ban-rename-object',
  'ban-rename-view',
  'ban-revoke',
  'ban-session-setting',
  'ban-set-schema',
  'ban-slow-work-under-lock',
  'ban-validate-in-same-transaction',
  'prefer-one-alter-table',
  'prefer-one-foreign-key-per-transaction',
  'prefer-one-table-per-transaction',
  'prefer-reversible-migration',
  'prefer-robust-stmts',
  'prefer-short-trigger-lock',
  'prefer-single-statement-outside-transaction',
  'renaming-column',
  'renaming-table',
  'require-lock-timeout',
  'require-policy-with-row-security',
  'require-pre-for-additions',
  'require-replacement-index-first',
  'require-statement-timeout',
  'require-table-comment',
]

test('what is found in a file of several statements is found when each has a file of its own', async () => {
  const different = new Set<string>()
  for (const { rule, release } of cases) {
    const files = await Promise.all(release.files.map(apart))
    if (files.every(({ length }) => length === 1)) continue
    const told = async (all: readonly ExampleFile[]) =>
      (await lintExample({ ...release, files: all }, [rule])).map(({ message, severity }) => `${severity}: ${message}`)
    const [before, after] = [await told(release.files), await told(files.flat())]
    if (before.join('\n') !== after.join('\n')) different.add(rule.name)
  }
  expect([...different].sort()).toEqual(aboutTogether)
}, 120_000)

/** A file for each statement, unless the file has numbers or transactions of its own. */
async function apart(file: ExampleFile): Promise<readonly ExampleFile[]> {
  const parsed = await parseStatements(file.sql)
  if ('problem' in parsed || file.version !== undefined || file.down !== undefined) return [file]
  if (parsed.statements.some(({ node }) => 'TransactionStmt' in node) || parsed.statements.length === 0) return [file]
  return parsed.statements.map(({ start, end }) => ({ ...file, sql: file.sql.slice(start, end) }))
}

type Spelling = Parameters<typeof respell>[1]

async function hold(spellingOf: (picked: readonly number[]) => Spelling) {
  let held = 0
  const broken: string[] = []
  for (const one of cases) {
    const { rule, release } = one
    const before = await asWritten(one)
    const law = fc.asyncProperty(choices, async (picked) => {
      const respelled = await Promise.all(release.files.map(({ sql }) => respell(sql, spellingOf(picked))))
      const files = release.files.map((file, index): ExampleFile => ({ ...file, sql: respelled[index]?.sql ?? file.sql }))
      held += respelled.filter(Boolean).length
      const after = await lintExample({ ...release, files }, [rule])
      const spellings = before.map((one) => respelled[fileOf(one, release)])
      const told = before.map((one, index) => seen(one, (offset) => spellings[index]?.movedTo(offset) ?? offset))
      const begins = spellings.map((one) => one?.movedTo(0) ?? 0)
      expect(after.map((one, index) => seen(one, (offset) => offset, begins[index]))).toEqual(told)
    })
    const { failed, counterexample, errorInstance } = await fc.check(law, { numRuns: 1 })
    if (failed) broken.push(`${rule.name} ${JSON.stringify(release.files)} ${counterexample}: ${errorInstance}`)
  }
  expect(broken).toEqual([])
  expect(held).toBeGreaterThan(cases.length / 2)
}

const written = new Map<object, Promise<readonly Finding[]>>()

/** Findings of an example before anything is changed, looked for once. */
function asWritten(one: (typeof cases)[number]): Promise<readonly Finding[]> {
  const found = written.get(one) ?? lintExample(one.release, [one.rule])
  written.set(one, found)
  return found
}

/** What people are told; what is said about a file stands at its beginning, or at the first statement, which `begin` is. */
function seen(finding: Finding, movedTo: (offset: number) => number, begin = 0) {
  const { rule, severity, path, start, message, instead, replacement, statement } = finding
  return {
    rule,
    severity,
    path,
    message: message.toLowerCase().replaceAll('"', ''),
    offset: statement === undefined && start.offset <= begin ? 'begin' : movedTo(start.offset),
    replacement: replacement === undefined ? undefined : plainWords(replacement),
    instead: instead.map(({ phase, transactional, sql }) => ({ phase, transactional, sql: plainWords(sql) })),
  }
}

function fileOf({ path }: Finding, { files }: ExampleRelease): number {
  return files.findIndex(({ version }, index) => !path.includes('.down.') && path.includes(String(version ?? index + 101).padStart(4, '0')))
}

function pick<Value>(values: readonly Value[], picked: readonly number[], index: number): Value {
  return values[(picked[index % picked.length] ?? 0) % values.length] as Value
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()
}

function asRelease(example: Example): ExampleRelease {
  return typeof example === 'string' ? { files: [{ sql: example }] } : example
}
