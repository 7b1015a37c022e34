import { expect, test } from 'vitest'
import { type Asked, addTallies, nothingAsked, Traffic } from '../../src/demo/traffic.ts'

function asked(ms: number, message?: string): Asked {
  return { version: 'version 1', what: 'read an order', ms, ...(message === undefined ? {} : { error: { message, sqlstate: '42703' } }) }
}

test('counts queries and failures, and keeps the slowest and the first that failed', () => {
  const traffic = new Traffic()
  for (const one of [asked(3), asked(9, 'first'), asked(40), asked(5, 'second')]) traffic.record(one)
  expect(traffic.now).toEqual({ queries: 4, failed: 2, slowest: asked(40), firstFailed: asked(9, 'first') })
})

test('a span ends where the next begins: no query is counted twice or lost', () => {
  const traffic = new Traffic()
  traffic.record(asked(3))
  const first = traffic.cut()
  traffic.record(asked(4))
  traffic.record(asked(2, 'gone'))
  const second = traffic.cut()
  expect([first.queries, second.queries, traffic.now]).toEqual([1, 2, nothingAsked])
  expect(addTallies(first, second)).toEqual({ queries: 3, failed: 1, slowest: asked(4), firstFailed: asked(2, 'gone') })
})
