import { expect, test } from 'vitest'
import { rules } from '../../src/lint/rules/index.ts'
import { activeRules } from '../../src/lint/settings.ts'
import { readSquawkConfig } from '../../src/lint/squawk-config.ts'

const read = (text: string) => readSquawkConfig(text, '.squawk.toml', rules)

test('rules that squawk was told to leave out are off, and those that it lacks are named', () => {
  const settings = read('excluded_rules = ["require-concurrent-index-creation", "rule-of-squawk-alone"]\npg_version = "14.2"\n')
  expect([...settings.rules]).toEqual([['require-concurrent-index-creation', 'off']])
  expect(settings.unknown).toEqual(['rule-of-squawk-alone'])
  expect(settings.postgres).toBe(14)
  expect(activeRules(rules, settings.rules).map(({ rule }) => rule.name)).not.toContain('require-concurrent-index-creation')
})

test('paths are excluded by pattern, and none when the file says nothing', () => {
  const settings = read('excluded_paths = ["db/old/*.sql", "**/legacy/**"]')
  expect(['db/old/1.sql', 'a/legacy/b/2.sql', 'db/new/1.sql'].map(settings.excludes)).toEqual([true, true, false])
  expect(read('').excludes('db/old/1.sql')).toBe(false)
})

test('a file that is no TOML, or holds something else, is refused with its place', () => {
  expect(() => read('excluded_rules = [')).toThrow(/^\.squawk\.toml:1:\d+: /)
  expect(() => read('excluded_rules = "all"')).toThrow(/^\.squawk\.toml: excluded_rules: /)
})

test('a setting for a rule that does not exist is refused with the nearest name', () => {
  expect(() => activeRules(rules, new Map([['require-concurrent-index-creatoin', 'off']]))).toThrow(
    /There is no rule .*require-concurrent-index-creation/,
  )
})
