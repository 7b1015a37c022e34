import { describe, expect, test } from 'vitest'
import type { Example, Rule } from '../../src/lint/rule.ts'
import { rules } from '../../src/lint/rules/index.ts'
import { lintExample } from './lint-example.ts'

const show = (example: Example) => (typeof example === 'string' ? example : JSON.stringify(example))

/** Comments accept the findings of others: these rules see nothing alone. */
function withSubject(rule: Rule): readonly Rule[] {
  return 'on' in rule && rule.on === 'comments' ? rules : [rule]
}

describe.each(rules)('$name', (rule) => {
  test.each(rule.examples.bad.map((example) => [show(example), example] as const))('flags: %s', async (_, example) => {
    const findings = await lintExample(example, withSubject(rule))
    expect(findings.map((finding) => finding.rule)).toContain(rule.name)
  })

  test.each(rule.examples.good.map((example) => [show(example), example] as const))('allows: %s', async (_, example) => {
    const findings = await lintExample(example, withSubject(rule))
    expect(findings.filter((finding) => finding.rule === rule.name)).toEqual([])
  })
})
