import { expect, test } from 'vitest'
import { chanceOfAtLeast, median, slope, spread } from '../../src/canary/robust.ts'

test('median and spread are those of a textbook', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(median([])).toBeNaN()
  expect(spread([1, 1, 2, 2, 4, 6, 9])).toBeCloseTo(1.4826, 4)
})

test('the slope of a line is its own, and one outlier does not move it', () => {
  expect(slope([1, 3, 5, 7])).toBe(2)
  expect(slope([1, 2, 3, 400, 5, 6, 7])).toBe(1)
})

test('the chance of counts is that of the binomial distribution', () => {
  expect(chanceOfAtLeast(5, 5, 0.5)).toBeCloseTo(1 / 32, 12)
  expect(chanceOfAtLeast(7, 7, 0.5)).toBeCloseTo(1 / 128, 12)
  expect(chanceOfAtLeast(0, 10, 0.5)).toBe(1)
  expect(chanceOfAtLeast(500, 1000, 0.5)).toBeCloseTo(0.5126, 3)
  expect(chanceOfAtLeast(3, 3, 1 / 49)).toBeCloseTo((1 / 49) ** 3, 12)
})
