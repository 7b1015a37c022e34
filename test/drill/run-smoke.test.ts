import { expect, test } from 'vitest'
import { parseExpectation } from '../../src/drill/expectation.ts'
import { runSmoke, smokeCheck } from '../../src/drill/run-smoke.ts'

const policy = { timeoutMs: 1000, showData: false, signal: new AbortController().signal }
const query = (sql: string, ...comments: string[]) => ({
  file: 'smoke/a.sql',
  line: 7,
  sql,
  expectations: comments.map((comment) => parseExpectation(comment) ?? expect.fail(comment)),
})
const answering = { query: async () => ({ rows: [['1']], rowCount: 1 }) }
const failing = (code: string, message: string) => ({ query: () => Promise.reject(Object.assign(new Error(message), { code })) })

test('passes what runs without an error, and what answers as expected', async () => {
  expect(await runSmoke([query('select 1'), query('select 1', 'expect: value = 1')], answering, policy)).toEqual([
    { file: 'smoke/a.sql', line: 7, status: 'pass' },
    { file: 'smoke/a.sql', line: 7, status: 'pass' },
  ])
})

test('runs the others after one that failed', async () => {
  const results = await runSmoke([query('select 1', 'expect: no rows'), query('select 2')], answering, policy)
  expect(results.map(({ status }) => status)).toEqual(['fail', 'pass'])
  expect(smokeCheck(results)).toEqual({
    id: 'smoke',
    status: 'fail',
    value: '1 of 2 queries',
    message: 'smoke/a.sql:7: expected no rows, found 1 row',
  })
})

test('shows the SQLSTATE of an error, and its message when that cannot hold values', async () => {
  expect(await runSmoke([query('select 1/0')], failing('22012', 'division by zero'), policy)).toMatchObject([
    { status: 'fail', sqlstate: '22012', message: 'division by zero (SQLSTATE 22012)' },
  ])
  expect(await runSmoke([query('select')], failing('42P01', 'relation "x" does not exist'), policy)).toMatchObject([
    { message: 'relation "x" does not exist (SQLSTATE 42P01)' },
  ])
})

test('keeps a message that may quote rows to itself, unless data may be shown', async () => {
  const leaky = failing('22P02', 'invalid input syntax for type integer: "sk_live_123"')
  const [hidden] = await runSmoke([query('select 1')], leaky, policy)
  expect(hidden).toMatchObject({ message: 'it failed (show-data: true prints why) (SQLSTATE 22P02)' })
  const [shown] = await runSmoke([query('select 1')], leaky, { ...policy, showData: true })
  expect(shown?.message).toContain('sk_live_123')
})

test('does not turn a bug into a failed query', async () => {
  await expect(runSmoke([query('select 1')], { query: () => Promise.reject(new TypeError('x is undefined')) }, policy)).rejects.toThrow(
    TypeError,
  )
})

test('is not checked when nobody wrote a query', () => {
  expect(smokeCheck(undefined)).toMatchObject({ status: 'not-checked' })
})
