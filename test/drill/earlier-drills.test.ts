import { describe, expect, test } from 'vitest'
import { readEarlierDrills } from '../../src/drill/earlier-drills.ts'
import { ReleaseError } from '../../src/errors.ts'
import { memoryStore } from '../fakes/store.ts'

const scope = { project: 'shop', environment: 'production' }
const folder = 'shop/backups/production/daily/2026/11/20'

const stampOf = (day: number) => `202611${String(day).padStart(2, '0')}T031500Z`
function record(day: number, more: Record<string, unknown> = {}) {
  return Buffer.from(
    JSON.stringify({
      schema: 'shiplock/drill@1',
      finishedAt: `2026-11-${String(day).padStart(2, '0')}T03:15:00.000Z`,
      verdict: 'pass',
      level: 'usable',
      recoveryTimeMs: day * 1000,
      backup: { sizeBytes: 9000 },
      machine: { cpus: 4, memoryBytes: 16_000 },
      reason: 'whatever',
      ...more,
    }),
  )
}
const keyOf = (day: number, name = 'shop-v1') => `${folder}/${name}.dump.drill-${stampOf(day)}-77.1.json`

describe('the drills before this one', () => {
  test('come from the records beside the backups, the oldest first, and no more than the newest 20', async () => {
    const store = memoryStore()
    for (let day = 25; day > 0; day--) store.objects.set(keyOf(day, day % 2 === 0 ? 'a' : 'b'), record(day))
    store.objects.set(`${folder}/a.dump`, Buffer.from('PGDMP'))
    store.objects.set(`${folder}/a.manifest.json`, Buffer.from('{}'))
    const read: string[] = []
    const counting: typeof store = {
      ...store,
      get(key) {
        read.push(key)
        return store.get(key)
      },
    }
    const { drills, problem } = await readEarlierDrills(counting, scope, undefined)
    expect(problem).toBeUndefined()
    expect(read).toHaveLength(20)
    expect(drills.map(({ recoveryTimeMs }) => recoveryTimeMs)).toEqual(Array.from({ length: 20 }, (_, index) => (index + 6) * 1000))
    expect(drills.at(-1)).toEqual({
      at: '2026-11-25T03:15:00.000Z',
      verdict: 'pass',
      level: 'usable',
      recoveryTimeMs: 25_000,
      sizeBytes: 9000,
      machine: { cpus: 4, memoryBytes: 16_000 },
    })
  })

  test('may have broken off, and are told, without what it did not reach', async () => {
    const store = memoryStore()
    store.objects.set(keyOf(3), record(3, { verdict: 'fail', level: undefined, recoveryTimeMs: undefined, machine: undefined }))
    expect((await readEarlierDrills(store, scope, undefined)).drills).toMatchObject([{ verdict: 'fail', recoveryTimeMs: undefined }])
  })

  test('of a foreign dump lie beside its neighbours, and are of this environment alone', async () => {
    const store = memoryStore()
    const beside = (day: number) => `daily/2026/11/20/shop.dump.drill-${stampOf(day)}-77.1.json`
    store.objects.set(beside(4), record(4, { project: 'shop', environment: 'production' }))
    store.objects.set(beside(5), record(5, { project: 'shop', environment: 'staging' }))
    store.objects.set(beside(6), record(6, { project: 'other', environment: 'production' }))
    expect((await readEarlierDrills(store, scope, 'daily/2026/11/21/shop.dump')).drills).toMatchObject([{ recoveryTimeMs: 4000 }])
    expect((await readEarlierDrills(store, scope, undefined)).drills).toEqual([])
  })

  test('that cannot be read are told of, and the rest is read', async () => {
    const store = memoryStore()
    store.objects.set(keyOf(3), record(3))
    store.objects.set(keyOf(4), Buffer.from('{"schema":"other"}'))
    store.objects.set(keyOf(5), Buffer.alloc(5 * 1024 * 1024, ' '))
    const { drills, problem } = await readEarlierDrills(store, scope, undefined)
    expect(drills).toHaveLength(1)
    expect(problem).toMatch(/^2 of 3 records of earlier drills cannot be read: .*: (?:it is no record of a drill|it is too large)$/)
  })

  test('are none, with the reason, where the store cannot be listed', async () => {
    const list = () => Promise.reject(new ReleaseError('invalid-store', 'The key may not list.'))
    expect(await readEarlierDrills({ ...memoryStore(), list }, scope, undefined)).toEqual({
      drills: [],
      problem: 'The records of earlier drills cannot be listed: The key may not list.',
    })
  })
})
