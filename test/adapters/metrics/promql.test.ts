import { expect, test } from 'vitest'
import { hasFilter, isScalar, saturatedForm, selectorsOf } from '../../../src/adapters/metrics/promql.ts'

const texts = (query: string) => selectorsOf(query).map(({ text }) => text)

test.each([
  ['up', ['up']],
  ['sum by (job) (rate(http_requests_total{code=~"5.."}[5m]))', ['http_requests_total{code=~"5.."}']],
  ['sum without (pod, le) (a) / on (job) group_left (version) b', ['a', 'b']],
  ['topk(5, sum(x{a="}"}) by (sum))', ['x{a="}"}']],
  ['{__name__=~"a|b", c=\'d\'}', ['{__name__=~"a|b", c=\'d\'}']],
  ['max_over_time(rate(a:b:c[1m])[1h:1m]) # not_this_one', ['a:b:c']],
  ['a and b or c unless d > bool 5', ['a', 'b', 'c', 'd']],
  ['label_replace(a, "x", "$1", "y", "(.*)")', ['a']],
  ['1 + Inf', []],
])('the series of %s', (query, expected) => {
  expect(texts(query)).toEqual(expected)
})

test('a series read at another time is marked, and a range is kept', () => {
  expect(selectorsOf('rate(a[5m] offset 1d) + b @ 17 + rate(c{d="e"}[$x])')).toMatchObject([
    { text: 'a', range: '5m', shifted: true },
    { text: 'b', range: undefined, shifted: true },
    { text: 'c{d="e"}', shifted: false },
  ])
})

test.each(['5', '1e3 * 2', 'scalar(up)', 'time() - 3', '(1 > bool 2)'])('%s is a number', (query) => {
  expect(isScalar(query)).toBe(true)
})

test.each(['up', 'vector(1)', 'scalar(up) * up', '{a="b"}', 'sum(up)'])('%s is a series', (query) => {
  expect(isScalar(query)).toBe(false)
})

test('a comparison that leaves series out is found, and no other', () => {
  expect(['a > 5', 'a == 1', 'a != 1', 'a <= 2'].map(hasFilter)).toEqual([true, true, true, true])
  expect(['a > bool 5', 'a{b!="c"}', 'a{b="c", d=~"e"}', 'a + b', 'a >= bool 2'].map(hasFilter)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
})

test('every quantile of a histogram is replaced, and what has none is left alone', () => {
  expect(saturatedForm('rate(a[5m])')).toBeUndefined()
  const form = saturatedForm('histogram_quantile(0.9, sum by (le) (a)) / histogram_quantile(0.5, b) + c') ?? ''
  expect(form.match(/1e300/g)).toHaveLength(2)
  expect(form.endsWith(' + c')).toBe(true)
})
