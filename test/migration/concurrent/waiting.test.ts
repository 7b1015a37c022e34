import { describe, expect, test } from 'vitest'
import { Ages, type Blocker, type WaitTools, waitOut } from '../../../src/migration/concurrent/waiting.ts'
import type { Holder } from '../../../src/migration/holder.ts'

function blocker(key: string): Blocker {
  const holder: Holder = {
    key,
    pid: Number(key),
    relation: 'public.t',
    ageMs: 60_000,
    kind: 'client',
    user: 'app',
    application: undefined,
    state: 'active',
    prepared: undefined,
  }
  return { holder, age: 60_000 }
}

/** Waits while time passes at once; `inTheWay` says who is there at a moment. */
async function wait(inTheWay: (ms: number) => readonly string[], options: { budgetMs?: number; mayMeetOthers?: boolean } = {}) {
  let clock = 0
  const lines: string[] = []
  const tools: WaitTools = {
    id: '1_x',
    budget: { leftMs: options.budgetMs ?? 60_000 },
    signal: new AbortController().signal,
    now: () => clock,
    sleep: async (ms) => {
      clock += ms
    },
    live: ({ text }) => lines.push(text),
  }
  const left = await waitOut(
    { text: 'building i waits', inTheWay: async () => inTheWay(clock).map(blocker), mayMeetOthers: options.mayMeetOthers ?? true },
    tools,
  )
  return { waited: clock, left: left.map(({ holder }) => holder.key), budget: tools.budget.leftMs, lines }
}

describe('waiting until nobody is in the way', () => {
  test('ends at once when nobody is', async () => {
    expect(await wait(() => [])).toEqual({ waited: 0, left: [], budget: 60_000, lines: [] })
  })

  test('ends with the last of them, and takes as much from the budget', async () => {
    const { waited, left, budget } = await wait((ms) => (ms < 5000 ? ['1', '2'] : ms < 7000 ? ['2'] : []))
    expect([waited, left, budget]).toEqual([7000, [], 53_000])
  })

  test('ends with the budget when the same one stays, and returns it', async () => {
    const { waited, left, budget } = await wait(() => ['1'])
    expect([waited, left, budget]).toEqual([60_000, ['1'], 0])
  })

  test('ends when those have gone who were there first, although others have come: a busy database always has some', async () => {
    const { waited, left } = await wait((ms) => [`${1 + Math.floor(ms / 20_000)}`])
    expect([waited, left]).toEqual([20_000, []])
  })

  test('goes on when that took more than half of the budget: what is left would not do for the others', async () => {
    const { waited, left } = await wait((ms) => [`${1 + Math.floor(ms / 35_000)}`])
    expect([waited, left]).toEqual([60_000, ['2']])
  })

  test('goes on for those who have come since, where they would all be waited for', async () => {
    const { waited } = await wait((ms) => (ms < 40_000 ? [`${1 + Math.floor(ms / 20_000)}`] : []), { mayMeetOthers: false })
    expect(waited).toBe(40_000)
  })

  test('says so after a second, with who is the oldest, and how much of the budget is gone', async () => {
    const { lines } = await wait((ms) => (ms < 3000 ? ['7', '8'] : []))
    expect(lines[0]).toBe('1_x: building i waits for process 7 (user app) on public.t, 1 min, and 1 more (1.0 s of at most 1 min)')
  })
})

test('one whose age is hidden has been there since it was first seen', () => {
  const ages = new Ages()
  const { holder } = blocker('1')
  const hidden = { ...holder, ageMs: undefined }
  expect(ages.of([hidden], 1000).map(({ age }) => age)).toEqual([0])
  expect(ages.of([hidden, holder], 5000).map(({ age }) => age)).toEqual([4000, 60_000])
})
