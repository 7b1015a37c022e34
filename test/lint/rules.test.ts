import { describe, expect, test } from 'vitest'
import type { Example } from '../../src/lint/rule.ts'
import { rules } from '../../src/lint/rules/index.ts'
import { lintExample } from './lint-example.ts'

const show = (example: Example) => (typeof example === 'string' ? example : JSON.stringify(example))

describe.each(rules)('$name', (rule) => {
  test.each(rule.examples.bad.map((example) => [show(example), example] as const))('flags: %s', async (_, example) => {
    const findings = await lintExample(example, [rule])
    expect(new Set(findings.map((finding) => finding.rule))).toEqual(new Set([rule.name]))
  })

  test.each(rule.examples.good.map((example) => [show(example), example] as const))('allows: %s', async (_, example) => {
    expect(await lintExample(example, [rule])).toEqual([])
  })
})
