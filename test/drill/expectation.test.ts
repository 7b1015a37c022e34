import { describe, expect, test } from 'vitest'
import { judgeAnswer, parseExpectation } from '../../src/drill/expectation.ts'

const rows = (count: number) => ({ rows: Array.from({ length: Math.min(count, 3) }, () => ['x']), rowCount: count })
const value = (text: string | null) => ({ rows: [[text]], rowCount: 1 })

function judge(comment: string, answer: Parameters<typeof judgeAnswer>[1], showData = false): string | undefined {
  const expectation = parseExpectation(comment)
  if (expectation === undefined) throw new Error(`not understood: ${comment}`)
  return judgeAnswer([expectation], answer, showData)
}

describe('an expectation about rows', () => {
  test.each([
    ['expect: rows > 0', 1, 0],
    ['expect: rows >= 2', 2, 1],
    ['expect: rows = 3', 3, 4],
    ['expect: rows != 3', 4, 3],
    ['expect: rows <> 3', 4, 3],
    ['expect: rows < 3', 2, 3],
    ['expect: rows <= 3', 3, 4],
    ['expect: no rows', 0, 1],
  ])('%s holds for %i and not for %i', (comment, good, bad) => {
    expect(judge(comment, rows(good))).toBeUndefined()
    expect(judge(comment, rows(bad))).toMatch(/^expected .* found \d+ rows?$/)
  })

  test('names what was expected and what was found', () => {
    expect(judge('expect: rows > 0', rows(0))).toBe('expected rows > 0, found 0 rows')
    expect(judge('expect: no rows', rows(2))).toBe('expected no rows, found 2 rows')
  })
})

describe('an expectation about a value', () => {
  test.each([
    ['expect: value = 0', '0', '1'],
    ['expect: value = 0', '0.00', '0.01'],
    ['expect: value > -1.5', '-1', '-2'],
    ['expect: value >= 10', '10', '9'],
    ['expect: value < 10', '9.5', '10'],
    ['expect: value != 5', '6', '5.0'],
    ['expect: value = 9007199254740993', '9007199254740993', '9007199254740992'],
    ["expect: value = 'it''s'", "it's", 'its'],
    ['expect: value = true', 't', 'f'],
    ['expect: value != false', 't', 'f'],
  ])('%s holds for %s and not for %s', (comment, good, bad) => {
    expect(judge(comment, value(good))).toBeUndefined()
    expect(judge(comment, value(bad))).toMatch(/^expected value .*, found another value/)
  })

  test('fails for null, for a text instead of a number, and for anything but one row of one column', () => {
    expect(judge('expect: value = 0', value(null))).toBe('expected value = 0, found null')
    expect(judge('expect: value = 0', value('NaN'))).toBe('expected value = 0, found something that is not a number')
    expect(judge('expect: value = 0', rows(0))).toBe('expected value = 0, found 0 rows of 0 columns instead of one value')
    expect(judge('expect: value = 0', rows(2))).toBe('expected value = 0, found 2 rows of 1 column instead of one value')
    expect(judge('expect: value = 0', { rows: [['0', '0']], rowCount: 1 })).toContain('1 row of 2 columns')
  })

  test('keeps the value to itself unless data may be shown', () => {
    expect(judge('expect: value = 0', value('4111'))).not.toContain('4111')
    expect(judge('expect: value = 0', value('4111'), true)).toBe('expected value = 0, found 4111')
  })
})

test.each([
  'expect: rows',
  'expect: rows > -1',
  'expect: rows ~ 5',
  'expect: value = ',
  'expect: value > true',
  "expect: value > 'a'",
  'expect: value = abc',
  'expect: nothing',
  'expect:',
  'expect: rows > 0 please',
])('is not understood: %s', (comment) => {
  expect(parseExpectation(comment)).toBeUndefined()
})
