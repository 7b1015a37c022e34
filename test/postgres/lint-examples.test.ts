import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Example } from '../../src/lint/rule.ts'
import { rules } from '../../src/lint/rules/index.ts'
import { type ExampleServer, exampleServer } from './example-run.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
let examples: ExampleServer
beforeAll(async () => {
  server = await startServer({ settings: { autovacuum: 'off', synchronous_commit: 'off', full_page_writes: 'off' } })
  examples = await exampleServer(server)
})
afterAll(async () => {
  await examples?.[Symbol.asyncDispose]()
  await server?.stop()
})

const show = (example: Example) => (typeof example === 'string' ? example : JSON.stringify(example))
const isRunnable = (example: Example) => typeof example === 'string' || (example.postgres ?? 0) <= server.major

describe.each(rules)('what the examples of $name are said to lock, rewrite and scan, a server locks, rewrites and scans', (rule) => {
  const all = [...rule.examples.bad, ...rule.examples.good]
  test.each(all.map((example) => [show(example), example] as const))('%s', async (_, example) => {
    if (!isRunnable(example)) return
    const { refused, differences } = await examples.run(example)
    expect(differences).toEqual([])
    if (typeof example !== 'string' && example.fails === true) expect(refused).toBeDefined()
    else expect(refused).toBeUndefined()
  })

  test('it accepts the good ones', () => {
    expect(rule.examples.good.filter((example) => typeof example !== 'string' && example.fails)).toEqual([])
  })
})
