import { describe, expect, test } from 'vitest'
import { parseCondition } from '../../../src/gate/config/condition.ts'
import { decide } from '../../../src/gate/config/formula.ts'

const yes = (text: string) => ({ formula: parseCondition(text), value: true })
const no = (text: string) => ({ formula: parseCondition(text), value: false })

describe('a condition follows from what is known', () => {
  test.each([
    ['a', [], undefined],
    ['a', [yes('a | default(false) | bool')], true],
    ['a == true', [yes('a')], true],
    ['a is not false', [no('a')], false],
    ['a and b', [no('b')], false],
    ['a or b', [yes('b')], true],
    ['a or not a', [], true],
    ['(a or b) and not b', [no('a')], false],
    ['a', [yes('a and b')], true],
    ['b', [yes('a or b'), no('a')], true],
    ["x == 'b'", [yes('x == "a"')], false],
    ["x != 'b'", [yes("x == 'a'")], true],
    ["x in ['a', 'b']", [yes("'b' == x")], true],
    ["x not in ['a', 'b']", [yes("x == 'c'")], true],
    ["x | default('a') == 'b'", [yes("x == 'b'")], true],
    ['x is defined', [yes("x == 'a'")], true],
    ['x', [yes('x is undefined')], false],
    ['x', [yes("x == 'a'")], true],
    ["x == 'a' or y", [yes("x == 'b'")], undefined],
    ['1 == 1 or true', [], true],
    ['hosts | length > 0', [yes('hosts | length > 0')], true],
    ['hosts | length > 0', [yes('hosts')], undefined],
    ["'web' in roles", [no("'web' in roles")], false],
    ['a.b[0] is defined', [yes('a.b[0]')], true],
    ['a if b else c', [yes('a if b else c')], true],
    ["a is match('x') and b", [yes('b')], undefined],
    ["(a | default('')) | length > 0", [yes("(a | default('')) | length > 0")], true],
  ])('%s, with %j: %s', (text, known, expected) => {
    expect(decide(parseCondition(text), known)).toBe(expected)
  })

  test('what is only likely does not count against what is certain', () => {
    expect(decide(parseCondition('a'), [no('a')], [yes('a')])).toBe(false)
    expect(decide(parseCondition("x == 'a'"), [], [yes("x == 'a'"), yes("x == 'b'")])).toBeUndefined()
  })

  test('a condition with too many parts to try through stays open', () => {
    const names = Array.from({ length: 20 }, (_, index) => `flag${index}`)
    expect(decide(parseCondition(names.join(' or ')), [])).toBeUndefined()
  })
})
