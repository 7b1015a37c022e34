import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/lint/finding.ts'
import type { Example, ExampleFile, ExampleRelease, Rule } from '../../src/lint/rule.ts'
import { rules } from '../../src/lint/rules/index.ts'
import { lintExample } from './lint-example.ts'
import { remediedFiles } from './remedied.ts'

const byDefault = rules.filter(({ optIn }) => optIn !== true)

const cases = rules.flatMap((rule) => rule.examples.bad.map((example) => [rule.name, show(example), rule, example] as const))

describe('what a finding says to write instead is no error to any rule that is on', () => {
  test.each(cases)('%s: %s', async (_, __, rule, example) => {
    const release = asRelease(example)
    for (const finding of await lintExample(release, [rule])) {
      expect(await errorsInRemedy(release, finding, rule)).toEqual([])
    }
  })
})

/** Errors in what takes the place of a finding's statement, beside those that the release has for causes of their own. */
async function errorsInRemedy(release: ExampleRelease, finding: Finding, rule: Rule): Promise<readonly string[]> {
  const on = byDefault.includes(rule) ? byDefault : [...byDefault, rule]
  const known = (await lintExample(release, on)).filter(({ severity }) => severity === 'error').map((one) => one.rule)
  const isLedTo = (one: Finding) => one.rule === finding.rule || !known.includes(one.rule)
  const { instead, replacement, statement } = finding
  if (replacement !== undefined && statement !== undefined) {
    const files = release.files.map((file): ExampleFile => ({ ...file, sql: file.sql.replace(statement, () => replacement) }))
    const found = await lintExample({ ...release, files }, on)
    return messages(found.filter((one) => one.statement === replacement && isLedTo(one)))
  }
  if (instead.length === 0) return []
  const files = await remediedFiles(release, finding, instead)
  const found = await lintExample({ ...release, files }, on)
  const proposed = new Set(instead.map(({ sql }) => sql))
  const paths = files.flatMap(({ sql, version }, index) => (proposed.has(sql) ? [pathOf(version ?? index + 101)] : []))
  return messages(found.filter((one) => paths.includes(one.path) && isLedTo(one)))
}

function messages(found: readonly Finding[]): readonly string[] {
  return found.filter(({ severity }) => severity === 'error').map(({ rule, message, statement }) => `${rule}: ${message} (${statement})`)
}

function pathOf(version: number): string {
  return `db/${String(version).padStart(4, '0')}_example.sql`
}

function show(example: Example): string {
  return typeof example === 'string' ? example : JSON.stringify(example)
}

function asRelease(example: Example): ExampleRelease {
  return typeof example === 'string' ? { files: [{ sql: example }] } : example
}
