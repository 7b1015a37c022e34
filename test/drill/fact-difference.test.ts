import { expect, test } from 'vitest'
import { differenceOf } from '../../src/drill/fact-difference.ts'

test('says nothing of what is the same', () => {
  expect(differenceOf('a', 'a')).toBeUndefined()
  expect(differenceOf(['a', 'b'], ['a', 'b'])).toBeUndefined()
  expect(differenceOf(undefined, undefined)).toBeUndefined()
})

test('shows what each side has alone of a list, and all of it where only the order differs', () => {
  expect(differenceOf(['a', 'b'], ['b', 'c'])).toEqual({ expected: 'a', found: 'c' })
  expect(differenceOf(['a'], undefined)).toEqual({ expected: 'a', found: 'nothing' })
  expect(differenceOf(['a', 'b'], ['b', 'a'])).toEqual({ expected: 'a; b', found: 'b; a' })
})

test('calls a claim that is not made false, and another fact that is not there nothing', () => {
  expect(differenceOf(true, undefined)).toEqual({ expected: 'true', found: 'false' })
  expect(differenceOf(undefined, 'always')).toEqual({ expected: 'nothing', found: 'always' })
})

test('shows of a long text the place where it differs, in one line', () => {
  const [one, other] = ['1', '2'].map((digit) => `${'select\n'.repeat(40)}${digit}${' from t'.repeat(40)}`)
  const { expected, found } = differenceOf(one, other) as { expected: string; found: string }
  expect(expected).toMatch(/^…[a-z ]{20}1 from t.*…$/)
  expect(found).toMatch(/^…[a-z ]{20}2 from t.*…$/)
  expect(expected.length).toBeLessThan(110)
})

test('does not hide a difference of blanks', () => {
  expect(differenceOf('a\nb', 'a b')).not.toBeUndefined()
})
