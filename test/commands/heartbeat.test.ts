import { expect, test } from 'vitest'
import { withHeartbeat } from '../../src/commands/heartbeat.ts'
import { fakeContext } from '../fakes/context.ts'

/** A clock whose sleeps end when the test says so. */
function steppedClock() {
  const sleeps: { ms: number; end: () => void }[] = []
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((end) => {
      sleeps.push({ ms, end })
      signal?.addEventListener('abort', () => end())
    })
  const tick = async () => {
    sleeps.at(-1)?.end()
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return { clock: { now: () => new Date(0), monotonic: () => 0, sleep }, sleeps, tick }
}

test('says every ten seconds how far the work is, and nothing after its end', async () => {
  const { clock, sleeps, tick } = steppedClock()
  const { context, lines } = fakeContext({ clock })
  let done = 0
  let finish = (_: string) => {}
  const work = withHeartbeat(
    context,
    () => `done: ${done}`,
    () =>
      new Promise<string>((resolve) => {
        finish = resolve
      }),
  )
  done = 1
  await tick()
  done = 2
  await tick()
  finish('all')

  expect(await work).toBe('all')
  expect(lines).toEqual(['done: 1', 'done: 2'])
  expect(new Set(sleeps.map(({ ms }) => ms))).toEqual(new Set([10_000]))
})

test('says nothing of work that is short, and does not wait for its own clock', async () => {
  const { context, lines } = fakeContext()
  const before = performance.now()
  await withHeartbeat(
    context,
    () => 'never',
    async () => {},
  )

  expect(lines).toEqual([])
  expect(performance.now() - before).toBeLessThan(1000)
})

test('lets a failure through, and stops', async () => {
  const { context } = fakeContext()

  await expect(
    withHeartbeat(
      context,
      () => 'never',
      async () => Promise.reject(new Error('broke')),
    ),
  ).rejects.toThrow('broke')
})
