import { expect, test } from 'vitest'
import { turns } from '../../src/canary/turns.ts'

test('so many work at once and no more, in the order in which they came, also after one that failed', async () => {
  const take = turns(2)
  const begun: number[] = []
  let [now, most] = [0, 0]
  const work = (one: number) =>
    take(async () => {
      begun.push(one)
      most = Math.max(most, ++now)
      await new Promise((resolve) => setImmediate(resolve))
      now--
      if (one === 1) throw new Error('failed')
      return one
    }).catch(() => 'failed')
  expect(await Promise.all([0, 1, 2, 3, 4].map(work))).toEqual([0, 'failed', 2, 3, 4])
  expect([begun, most, now]).toEqual([[0, 1, 2, 3, 4], 2, 0])
})
