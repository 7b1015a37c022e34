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
const failing = (code: string, message: string, position?: string) => ({
  query: () => Promise.reject(Object.assign(new Error(message), { code, position })),
})

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
  expect(await runSmoke([query('select')], failing('42P01', 'relation "x" does not exist', '15'), policy)).toMatchObject([
    { message: 'relation "x" does not exist (SQLSTATE 42P01)' },
  ])
  expect(await runSmoke([query('select')], failing('42501', 'permission denied for table t'), policy)).toMatchObject([
    { message: 'permission denied for table t (SQLSTATE 42501)' },
  ])
})

test('does not take a name that was read from a row for one that stands in the query', async () => {
  const fromRow = failing('42P01', 'relation "ann@example.org" does not exist')
  expect(await runSmoke([query('select email::regclass from users')], fromRow, policy)).toMatchObject([
    { message: 'it failed (show-data: true prints why) (SQLSTATE 42P01)' },
  ])
})

test('gives a query its own time limit', async () => {
  const limits: number[] = []
  const cluster = {
    query: async (_: string, timeoutMs: number) => {
      limits.push(timeoutMs)
      return { rows: [], rowCount: 0 }
    },
  }
  await runSmoke([query('select 1'), { ...query('select 2'), timeoutMs: 5000 }], cluster, policy)
  expect(limits).toEqual([1000, 5000])
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
