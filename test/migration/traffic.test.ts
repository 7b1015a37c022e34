import { describe, expect, test } from 'vitest'
import type { Holder } from '../../src/migration/holder.ts'
import { Traffic } from '../../src/migration/traffic.ts'

const stallBudgetMs = 1000

function holder(key: string, ageMs: number | undefined, given: Partial<Holder> = {}): Holder {
  return {
    key,
    pid: 1,
    relation: 'public.t',
    ageMs,
    kind: 'client',
    user: 'app',
    application: 'web',
    state: 'active',
    prepared: undefined,
    ...given,
  }
}

/** Transactions of one length, one after the other, looked at every 50 ms. */
function watched(traffic: Traffic, lengthMs: number, forMs: number): number {
  let now = 0
  for (; now <= forMs; now += 50) {
    const age = now % lengthMs
    traffic.sample([holder(`tx-${Math.floor(now / lengthMs)}`, age)], now)
  }
  return now
}

describe('a table that nobody uses', () => {
  test('is asked for at once, with the shortest limit', () => {
    const traffic = new Traffic(stallBudgetMs, 1)
    traffic.sample([], 0)
    expect(traffic.advise()).toEqual({ act: 'ask', limitMs: 100 })
  })
})

describe('a table with short queries only', () => {
  test('is asked for at once: nobody is older than the shortest limit', () => {
    const traffic = new Traffic(stallBudgetMs, 1)
    traffic.sample([holder('a', 3), holder('b', 90)], 0)
    expect(traffic.advise()).toEqual({ act: 'ask', limitMs: 100 })
  })
})

describe('a report', () => {
  test('is waited for without asking, however long it takes', () => {
    const traffic = new Traffic(stallBudgetMs, 1)
    for (let now = 0; now < 60_000; now += 50) {
      traffic.sample([holder('report', now + 1000)], now)
      expect(traffic.advise().act).toBe('wait')
    }
    traffic.sample([], 60_000)
    expect(traffic.advise()).toEqual({ act: 'ask', limitMs: 100 })
  })

  test('that has taken more than ten seconds is looked at less often', () => {
    const traffic = new Traffic(stallBudgetMs, 1)
    traffic.sample([holder('report', 9000)], 0)
    expect(traffic.advise()).toEqual({ act: 'wait', pollMs: 50 })
    traffic.sample([holder('report', 11_000)], 2000)
    expect(traffic.advise()).toEqual({ act: 'wait', pollMs: 150 })
  })

  test('whose age the role may not see is aged from the first time it was seen', () => {
    const traffic = new Traffic(stallBudgetMs, 1)
    traffic.sample([holder('report', undefined)], 0)
    expect(traffic.advise().act).toBe('ask')
    traffic.sample([holder('report', undefined)], 150)
    expect(traffic.advise().act).toBe('wait')
    expect(traffic.inTheWay).toMatchObject([{ age: 150 }])
  })
})

describe('a table without a quiet moment', () => {
  test('is asked for with 1.5 × the lifetimes seen, once it was watched for a second', () => {
    const traffic = new Traffic(stallBudgetMs, 1)
    watched(traffic, 400, 900)
    expect(traffic.limitMs).toBe(100)
    const now = watched(traffic, 400, 2000)
    traffic.sample([holder('next', 10)], now)
    expect(traffic.advise()).toEqual({ act: 'ask', limitMs: 525 }) // the newest seen age of each was 350
  })

  test('is never asked for longer than the stall budget', () => {
    const traffic = new Traffic(stallBudgetMs, 1)
    const now = watched(traffic, 900, 5000)
    traffic.sample([holder('next', 10)], now)
    expect(traffic.advise()).toEqual({ act: 'ask', limitMs: 1000 })
  })

  test('is asked for half a second at most when several relations are locked, since a wait may be a deadlock', () => {
    const traffic = new Traffic(stallBudgetMs, 2)
    const now = watched(traffic, 450, 5000)
    traffic.sample([holder('next', 10)], now)
    expect(traffic.advise()).toEqual({ act: 'ask', limitMs: 500 })
  })

  test('lifetimes longer than the stall budget are no part of what is normal', () => {
    const traffic = new Traffic(stallBudgetMs, 1)
    const now = watched(traffic, 20_000, 19_950)
    traffic.sample([], now)
    expect(traffic.advise()).toEqual({ act: 'ask', limitMs: 100 })
  })
})

describe('a refused attempt', () => {
  test('is followed by a pause of about four times its limit, and a longer limit', () => {
    const traffic = new Traffic(stallBudgetMs, 1)
    const now = watched(traffic, 200, 2000)
    traffic.sample([], now)
    const before = traffic.limitMs
    traffic.refused(now, before)
    traffic.sample([], now + 2 * before)
    expect(traffic.advise().act).toBe('wait')
    traffic.sample([], now + 6 * before)
    expect(traffic.advise().act).toBe('ask')
    expect(traffic.limitMs).toBeGreaterThan(before)
  })
})

describe('an autovacuum', () => {
  const vacuum = holder('vacuum', 5000, { kind: 'autovacuum', user: undefined })

  test('is displaced when nobody else is in the way', () => {
    const traffic = new Traffic(stallBudgetMs, 1)
    traffic.sample([vacuum, holder('query', 20)], 0)
    expect(traffic.advise()).toEqual({ act: 'displace', limitMs: 100 })
  })

  test('is not displaced while a report is in the way too', () => {
    const traffic = new Traffic(stallBudgetMs, 1)
    traffic.sample([vacuum, holder('report', 5000)], 0)
    expect(traffic.advise().act).toBe('wait')
  })

  test('that did not give way is waited for', () => {
    const traffic = new Traffic(stallBudgetMs, 1)
    traffic.sample([vacuum], 0)
    traffic.notDisplaced()
    expect(traffic.advise().act).toBe('wait')
  })

  test('to prevent wraparound is always waited for', () => {
    const traffic = new Traffic(stallBudgetMs, 1)
    traffic.sample([{ ...vacuum, kind: 'wraparound' }], 0)
    expect(traffic.advise().act).toBe('wait')
  })
})
