import { expect, test } from 'vitest'
import { version1, version2 } from '../../src/demo/application.ts'
import { Traffic } from '../../src/demo/traffic.ts'
import { replaceWorkers, startWorker, type Workplace } from '../../src/demo/workers.ts'
import { type Answer, fakeStage, quickTime, serverError } from '../fakes/stage.ts'

function workplace(answer: Answer = () => []) {
  const stage = fakeStage({ answer })
  const abort = new AbortController()
  const place: Workplace = { stage, time: quickTime(), traffic: new Traffic(), signal: abort.signal, rows: 100 }
  return { stage, abort, place, traffic: place.traffic }
}

const turns = (count = 60) => new Promise((resolve) => setTimeout(resolve, count))

test('version 1 knows only the old column and version 2 only the new one', () => {
  const texts = ({ operations }: typeof version1) => operations.flatMap(({ statements }) => statements.map(({ text }) => text)).join('\n')
  expect(texts(version1)).not.toContain('total_cents')
  expect(texts(version2)).not.toMatch(/\btotal\b/)
})

test('every statement names its columns: a new column changes no result', () => {
  for (const { statements } of [...version1.operations, ...version2.operations]) {
    for (const { text } of statements) expect(text.replaceAll('count(*)', '')).not.toContain('*')
  }
})

test('a worker asks again and again until it is stopped, and then closes its connection', async () => {
  const { stage, place, traffic } = workplace()
  const worker = await startWorker(version1, false, place)
  await turns()
  await worker.stop()
  const { queries, failed } = traffic.now
  expect(queries).toBeGreaterThan(10)
  expect(failed).toBe(0)
  expect(stage.open.size).toBe(0)
  await turns(20)
  expect(traffic.now.queries).toBe(queries)
})

test('only workers that prepare do so', async () => {
  const { stage, place } = workplace()
  const workers = [await startWorker(version1, true, place), await startWorker(version1, false, place)]
  await turns()
  for (const worker of workers) await worker.stop()
  expect([...stage.prepared]).toEqual(['shop version 1 #1'])
})

test('a query that the server refuses is counted with its code, and the worker goes on', async () => {
  const { place, traffic } = workplace((text) => {
    if (text.includes('total')) throw serverError('column "total" does not exist', '42703')
    return []
  })
  const worker = await startWorker(version1, false, place)
  await turns()
  await worker.stop()
  expect(traffic.now.failed).toBeGreaterThan(5)
  expect(traffic.now.queries).toBeGreaterThan(traffic.now.failed)
  expect(traffic.now.firstFailed).toMatchObject({
    version: 'version 1',
    error: { message: 'column "total" does not exist', sqlstate: '42703' },
  })
})

test('a transaction of which one statement failed is rolled back', async () => {
  const texts: string[] = []
  const { place } = workplace((text) => {
    texts.push(text)
    if (text.startsWith('insert')) throw serverError('column "total" does not exist', '42703')
    return []
  })
  const worker = await startWorker(version1, false, place)
  await turns()
  await worker.stop()
  const failed = texts.findIndex((text) => text.startsWith('insert'))
  expect(texts.slice(failed - 1, failed + 2)).toEqual(['begin', expect.stringMatching(/^insert/), 'rollback'])
})

test.each([['EPIPE'], ['ECONNRESET'], ['57P01']])('a worker whose connection is gone (%s) counts that once and ends', async (code) => {
  const { place, traffic } = workplace(() => {
    throw serverError('terminating connection', code)
  })
  const worker = await startWorker(version1, false, place)
  await turns()
  expect(traffic.now).toMatchObject({ queries: 1, failed: 1 })
  await worker.stop()
})

test('what breaks because the run was stopped by a signal is no failure of the application', async () => {
  const { place, traffic, abort } = workplace(() => {
    if (abort.signal.aborted) throw new Error('Connection terminated')
    return []
  })
  const worker = await startWorker(version1, false, place)
  await turns(20)
  abort.abort('SIGINT')
  await worker.stop()
  expect(traffic.now.failed).toBe(0)
})

test('in a rolling deploy each new worker is there before the old one goes', async () => {
  const { stage, place } = workplace()
  const old = [await startWorker(version1, true, place), await startWorker(version1, false, place)]
  const fresh = await replaceWorkers(old, version2, 10, place)
  expect(stage.log.slice(2)).toEqual([
    'open shop version 2 #3',
    'close shop version 1 #1',
    'open shop version 2 #4',
    'close shop version 1 #2',
  ])
  expect(fresh.map(({ prepared }) => prepared)).toEqual([true, false])
  for (const worker of fresh) await worker.stop()
})
