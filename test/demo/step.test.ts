import { expect, test } from 'vitest'
import { takeStep } from '../../src/demo/step.ts'
import { Traffic } from '../../src/demo/traffic.ts'
import { quickTime } from '../fakes/stage.ts'

test('a long step says every three seconds how the application fares, and stops saying so when it ends', async () => {
  const traffic = new Traffic()
  const lines: string[] = []
  const surroundings = { time: quickTime(), signal: new AbortController().signal, say: (line: string) => lines.push(line) }
  const run = async () => {
    for (let query = 0; query < 30; query++) traffic.record({ version: 'version 1', what: 'read an order', ms: 4 })
    while (lines.length < 4) await new Promise((resolve) => setImmediate(resolve))
    return { passed: true, reason: 'Two migrations applied.' }
  }
  const span = await takeStep({ id: 'migrate-post', command: 'shiplock migrate --phase post', run }, traffic, surroundings)
  expect(lines.slice(0, 4)).toEqual([
    '',
    '$ shiplock migrate --phase post',
    '  … 3 s: 10 queries a second, 0 failed',
    '  … 6 s: 0 queries a second, 0 failed',
  ])
  expect(lines.slice(-2)).toEqual([
    expect.stringMatching(/^ {2}✔ [\d.]+ m?s: Two migrations applied\.$/),
    '    30 queries of the application meanwhile, 0 failed; the slowest took 4 ms (version 1, read an order)',
  ])
  expect(span).toMatchObject({ state: 'passed', tally: { queries: 30, failed: 0 } })
})
