import { expect, test } from 'vitest'
import { PhaseTimer } from '../../src/drill/phases.ts'

test('adds up to the recovery time without what only looks at the copy, and keeps a step that failed', async () => {
  let now = 0
  const timer = new PhaseTimer(() => now)
  const step = (name: string, ms: number) =>
    timer.time(name, async () => {
      now += ms
    })
  await step('fetch', 10.4)
  await step('data', 20)
  await step('compare', 400)
  await expect(
    timer.time('smoke', async () => {
      now += 5
      throw new Error('broken')
    }),
  ).rejects.toThrow('broken')
  expect(timer.phases).toEqual([
    { name: 'fetch', ms: 10 },
    { name: 'data', ms: 20 },
    { name: 'compare', ms: 400 },
    { name: 'smoke', ms: 5 },
  ])
  expect(timer.recoveryTimeMs).toBe(35)
})
