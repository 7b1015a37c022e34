import { describe, expect, test } from 'vitest'
import { drillHistory, firstRestored, lastRestore } from '../../src/backup/drill-history.ts'
import { recordDrill } from '../../src/drill/record.ts'
import { putBackup } from '../fakes/backup.ts'
import { memoryStore, watched } from '../fakes/store.ts'

const never = AbortSignal.any([])
const day = (number: number) => new Date(Date.UTC(2026, 10, number, 3))

async function drilled(days: readonly { day: number; verdict?: string; level?: string; more?: object }[]) {
  const store = memoryStore()
  const manifest = putBackup(store, { at: day(1) })
  const keys: string[] = []
  for (const { day: number, verdict = 'pass', level, more } of days) {
    const outcome = { verdict, level, finishedAt: day(number).toISOString(), backup: { key: manifest.object.key }, ...more }
    keys.push(await recordDrill(store, manifest.object.key, { run: { id: '7', attempt: '1' }, at: day(number) }, outcome, never))
  }
  return { store, keys, key: manifest.object.key, history: await drillHistory(store, manifest.object.key) }
}

describe('the drills of a backup', () => {
  test('are told the newest first, and the last that restored it is found', async () => {
    const { history, keys } = await drilled([
      { day: 2, level: 'restored' },
      { day: 4, verdict: 'fail', level: 'restored' },
      { day: 3, level: 'usable', more: { checks: [], tool: 'shiplock/9' } },
    ])

    expect(history.drills.map(({ at, verdict, level }) => [at, verdict, level])).toEqual([
      [day(4), 'fail', 'restored'],
      [day(3), 'pass', 'usable'],
      [day(2), 'pass', 'restored'],
    ])
    expect(lastRestore(history)).toEqual({ recordKey: keys[2], at: day(3), verdict: 'pass', level: 'usable', restored: true })
  })

  test.each([
    ['that failed', { verdict: 'fail', level: 'restored' }],
    ['that came to no end', { verdict: 'inconclusive' }],
    ['that says no level', {}],
    ['of a level that nobody knows', { level: 'looked-at' }],
  ])('%s did not restore it', async (_, one) => {
    const { history } = await drilled([{ day: 2, ...one }])

    expect(history.drills).toHaveLength(1)
    expect(lastRestore(history)).toBeUndefined()
  })

  test('are none where nobody tried, and none of another backup count', async () => {
    const { store } = await drilled([{ day: 2, level: 'usable' }])
    const other = putBackup(store, { at: day(1), release: 'v1.9.dump' })

    expect(await drillHistory(store, other.object.key)).toEqual({ drills: [], unreadable: [] })
  })

  test('whose record cannot be read are reported, and never count as a restore', async () => {
    const { store, key } = await drilled([])
    const good = { schema: 'shiplock/drill@1', verdict: 'pass', level: 'usable', finishedAt: day(2).toISOString(), backup: { key } }
    const bad = {
      a: '{',
      b: JSON.stringify({ ...good, schema: 'shiplock/drill@2' }),
      c: JSON.stringify({ ...good, backup: { key: 'another.dump' } }),
      d: JSON.stringify({ ...good, verdict: 'fine' }),
      e: JSON.stringify({ ...good, finishedAt: 'yesterday' }),
      f: JSON.stringify({ ...good, padding: ' '.repeat(17 * 1024 ** 2) }),
    }
    for (const [name, text] of Object.entries(bad)) store.objects.set(`${key}.drill-20261102T030000Z-${name}.json`, Buffer.from(text))
    const history = await drillHistory(store, key)

    expect(history.drills).toEqual([])
    expect(history.unreadable.map(({ problem }) => problem).sort()).toEqual([
      'it is larger than 16 MiB',
      'it is not JSON',
      expect.stringMatching(/^it is not a record of a drill: .*finishedAt/),
      expect.stringContaining('drill@1'),
      expect.stringContaining('verdict'),
      'it is of another backup, another.dump',
    ])
  })
})

test('of many backups no more are read than are needed to find so many that were restored', async () => {
  const { store, calls } = watched(memoryStore())
  const keys: string[] = []
  for (let number = 9; number >= 1; number--) {
    const manifest = putBackup(store, { at: day(number) })
    keys.push(manifest.object.key)
    const outcome = {
      verdict: number === 8 ? 'fail' : 'pass',
      level: 'usable',
      finishedAt: day(20).toISOString(),
      backup: { key: manifest.object.key },
    }
    await recordDrill(store, manifest.object.key, { run: { id: '7', attempt: '1' }, at: day(20) }, outcome, never)
  }
  const objects = await store.list('')

  expect((await firstRestored(store, keys, objects, 2)).restored).toEqual([keys[0], keys[2]])
  expect(calls.filter((call) => call.startsWith('get '))).toHaveLength(3)
})
