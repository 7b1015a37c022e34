import { describe, expect, test } from 'vitest'
import { rehearse, type Scene } from '../../src/demo/rehearsal.ts'
import { type Answer, endedWith, type FakeStage, fakeStage, passing, quickTime, serverError } from '../fakes/stage.ts'

function scene(stage: FakeStage, given: Partial<Scene> = {}) {
  const lines: string[] = []
  const abort = new AbortController()
  const whole: Scene = {
    stage,
    time: quickTime(),
    signal: abort.signal,
    rows: 100,
    dropEarly: false,
    binDir: undefined,
    say: (line) => lines.push(line),
    warn: (line) => lines.push(`! ${line}`),
    ...given,
  }
  return { scene: whole, lines, abort }
}

const equalColumns: Answer = (text) => (text.includes('unequal') ? [{ unequal: 0 }] : [])
const commandsOf = (stage: FakeStage) => stage.log.filter((line) => line.startsWith('shiplock'))

test('takes the release through all of its steps, with traffic during each, and closes every connection', async () => {
  const stage = fakeStage({ answer: equalColumns })
  const { scene: whole, lines } = scene(stage)
  const spans = await rehearse(whole)
  expect(commandsOf(stage)).toEqual([
    'shiplock plan',
    'shiplock backup',
    'shiplock migrate --phase pre',
    'shiplock record deployed',
    'shiplock migrate --phase post',
    'shiplock backup',
    'shiplock restore-drill',
  ])
  expect(spans.map(({ id, state }) => [id, state])).toEqual(
    [
      'before',
      'plan',
      'backup',
      'migrate-pre',
      'deploy',
      'record-deployed',
      'columns-equal',
      'migrate-post',
      'backup-after',
      'restore-drill',
      'after',
    ].map((id) => [id, 'passed']),
  )
  const busy = spans.filter(({ id }) => id !== 'columns-equal')
  expect(busy.every(({ tally }) => tally.queries > 0 && tally.failed === 0)).toBe(true)
  expect(stage.open.size).toBe(0)
  expect(lines).toContain('$ shiplock migrate --phase pre')
})

test('no old code is left when the deploy is recorded', async () => {
  const stage = fakeStage({ answer: equalColumns })
  await rehearse(scene(stage).scene)
  const recorded = stage.log.indexOf('shiplock record deployed')
  const lastOld = stage.log.findLastIndex((line) => line.startsWith('close shop version 1'))
  expect(lastOld).toBeLessThan(recorded)
  expect(stage.log.findIndex((line) => line.startsWith('open shop version 2'))).toBeGreaterThan(
    stage.log.indexOf('shiplock migrate --phase pre'),
  )
})

test('stops at the first command that does not pass, and says what it said', async () => {
  const error = { code: 'migration-failed', message: '0001_add.sql:2:1: no such table (SQLSTATE 42P01).' }
  const stage = fakeStage({
    command: (args) =>
      args[0] === 'migrate' ? endedWith(1, { command: 'migrate', verdict: 'fail', reason: '0 of 4 applied.', error }) : passing(args),
  })
  const spans = await rehearse(scene(stage).scene)
  expect(commandsOf(stage).at(-1)).toBe('shiplock migrate --phase pre')
  expect(spans.at(-1)).toMatchObject({ id: 'migrate-pre', state: 'failed', reason: `0 of 4 applied. ${error.message}` })
  expect(stage.open.size).toBe(0)
})

test.each([
  ['wrote nothing that can be read', { exitCode: 1, result: undefined, said: 'one\nSegmentation fault\n' }, 'Segmentation fault'],
  ['ended without a word', { exitCode: undefined, result: undefined, said: '' }, 'It ended with a signal and said nothing.'],
])('a command that %s has failed', async (_, run, reason) => {
  const stage = fakeStage({ command: () => run })
  const spans = await rehearse(scene(stage).scene)
  expect(spans.at(-1)).toMatchObject({ id: 'plan', state: 'failed', reason })
})

test('a write that one of the columns missed stops the release before the drop', async () => {
  const stage = fakeStage({ answer: (text) => (text.includes('unequal') ? [{ unequal: 3 }] : []) })
  const spans = await rehearse(scene(stage).scene)
  expect(spans.at(-1)).toMatchObject({ id: 'columns-equal', state: 'failed' })
  expect(commandsOf(stage)).not.toContain('shiplock migrate --phase post')
})

test('after a signal the step under way counts as stopped, and no further step begins', async () => {
  const abort = new AbortController()
  const stage = fakeStage({
    command: (args) => {
      if (args[0] === 'backup') abort.abort('SIGINT')
      return passing(args)
    },
  })
  const spans = await rehearse(scene(stage, { signal: abort.signal }).scene)
  expect(spans.at(-1)).toMatchObject({ id: 'backup', state: 'stopped' })
  expect(commandsOf(stage)).toEqual(['shiplock plan', 'shiplock backup'])
  expect(stage.open.size).toBe(0)
})

describe('with the drop in the pre phase', () => {
  let dropped = false
  const stage = fakeStage({
    answer: (text) => {
      if (dropped && /\btotal\b/.test(text)) throw serverError('column "total" does not exist', '42703')
      return []
    },
    command: (args) => {
      if (args[0] === 'migrate') dropped = true
      return passing(args)
    },
  })

  test('version 1 fails until it is gone, version 2 does not, and the release ends there', async () => {
    const time = quickTime()
    const patient = {
      ...time,
      async sleep(ms: number, signal: AbortSignal) {
        if (ms >= 500) await new Promise((resolve) => setTimeout(resolve, 100)) // every kind of query comes round meanwhile
        await time.sleep(ms, signal)
      },
    }
    const { scene: whole, lines } = scene(stage, { dropEarly: true, time: patient })
    const spans = await rehearse(whole)
    expect(stage.files.has('db/migrations/0006_drop_orders_total.sql')).toBe(true)
    expect(spans.map(({ id }) => id)).toEqual(['before', 'plan', 'backup', 'migrate-pre', 'deploy', 'after'])
    const failed = Object.fromEntries(spans.map(({ id, tally }) => [id, tally.failed]))
    expect(failed).toMatchObject({ before: 0, backup: 0, after: 0 })
    expect(failed.deploy).toBeGreaterThan(0)
    expect(lines.find((line) => line.startsWith('!'))).toMatch(
      /^! version 1 fails while it is still live: version 1, .*: column "total" does not exist \(SQLSTATE 42703\)$/,
    )
  })
})
