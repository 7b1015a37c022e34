import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partPlan } from '../../../../src/adapters/storage/s3/part-plan.ts'

const mib = 1024 ** 2
const gib = 1024 ** 3
const tib = 1024 ** 4

test.each([
  [undefined, 8, 5],
  [58 * gib, 8, 5],
  [100 * gib, 14, 5],
  [234 * gib, 32, 3],
  [351 * gib, 48, 2],
  [468 * gib, 64, 1],
  [900 * gib, 123, 1],
  [5 * tib, 700, 1],
])('%s bytes go in parts of %s MiB, %s of them in memory at once', (bytes, partMiB, blockCount) => {
  expect(partPlan(bytes)).toEqual({ partSizeBytes: partMiB * mib, blockCount })
})

test('there is always room for a fifth more in 9,000 parts, which S3 takes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 * tib }), (bytes) => {
      const { partSizeBytes, blockCount } = partPlan(bytes)
      expect(bytes * 1.2).toBeLessThanOrEqual(partSizeBytes * 9000)
      expect(partSizeBytes % mib).toBe(0)
      expect(partSizeBytes).toBeLessThanOrEqual(5 * gib)
      expect(blockCount).toBeGreaterThanOrEqual(1)
    }),
  )
})

test('what cannot fit is refused', () => {
  expect(() => partPlan(5 * tib + 1)).toThrow(expect.objectContaining({ code: 'backup-failed' }))
})
