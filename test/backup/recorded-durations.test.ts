import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { recordedDurations } from '../../src/backup/recorded-durations.ts'
import { memoryStore } from '../fakes/store.ts'

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)]
const never = new AbortController().signal

interface Given {
  readonly day: string
  readonly commit?: string
  readonly environment?: string
  readonly name?: string
  readonly applied?: unknown
  readonly release?: string
}

/** A store with records as `migrate` leaves them. */
function storeWith(...records: Given[]) {
  const store = memoryStore()
  for (const [index, { day, commit = 'c0ffee', environment = 'staging', name = 'migrate', applied, release }] of records.entries()) {
    const key = `shop/records/${commit}/${environment}/202611${day}T120000Z-${name}-${index}.1.json`
    const entry = { tool: 'shiplock/1', command: name, verdict: 'pass', environment, release, finishedAt: `2026-11-${day}T12:00:00.000Z` }
    store.objects.set(key, Buffer.from(JSON.stringify({ ...entry, applied })))
  }
  return store
}

const ran = (checksum: string | undefined, durationMs: number) => ({ id: '0001_a', version: '1', phase: 'pre', durationMs, checksum })

describe('the records of a store', () => {
  test('say how long a file took, with environment, release and time', async () => {
    const store = storeWith({ day: '01', release: 'v1.4.0', applied: [ran(b, 5), ran(a, 12_000)] })
    expect(await recordedDurations(store, 'shop', new Set([a]), never)).toEqual({
      observed: [{ checksum: a, durationMs: 12_000, environment: 'staging', release: 'v1.4.0', at: new Date('2026-11-01T12:00:00Z') }],
      problem: undefined,
    })
  })

  test('are read from the newest on, by their stamps and not by their commits, until every file was found', async () => {
    const old = Array.from({ length: 20 }, () => ({ day: '01', commit: 'zzz', applied: [ran(a, 1)] }))
    const store = storeWith(...old, { day: '09', commit: 'aaa', environment: 'production', applied: [ran(a, 9)] })
    const read: string[] = []
    const get = store.get.bind(store)
    store.get = (key) => {
      read.push(key)
      return get(key)
    }
    const { observed } = await recordedDurations(store, 'shop', new Set([a]), never)
    expect(observed.filter(({ durationMs }) => durationMs === 9)).toMatchObject([{ environment: 'production' }])
    expect(read[0]).toContain('/aaa/production/20261109T120000Z')
    expect(read).toHaveLength(8)
  })

  test('of two hundred runs are enough', async () => {
    const store = storeWith(...Array.from({ length: 230 }, () => ({ day: '09', applied: [] })), { day: '01', applied: [ran(a, 1)] })
    let reads = 0
    const get = store.get.bind(store)
    store.get = (key) => {
      reads++
      return get(key)
    }
    expect(await recordedDurations(store, 'shop', new Set([a]), never)).toEqual({ observed: [], problem: undefined })
    expect(reads).toBe(200)
  })

  test('of other commands and other projects are not looked at', async () => {
    const store = storeWith({ day: '01', name: 'plan', applied: [ran(a, 1)] })
    store.objects.set('shop-2/records/c/staging/20261101T120000Z-migrate-1.1.json', Buffer.from('not JSON'))
    expect(await recordedDurations(store, 'shop', new Set([a]), never)).toEqual({ observed: [], problem: undefined })
  })

  test('without checksums, or of a run that was refused, say nothing', async () => {
    const store = storeWith({ day: '01', applied: [ran(undefined, 1)] }, { day: '02' })
    expect(await recordedDurations(store, 'shop', new Set([a]), never)).toEqual({ observed: [], problem: undefined })
  })

  test('that cannot be read are counted, and the others are read', async () => {
    const store = storeWith({ day: '01', applied: [ran(a, 1)] }, { day: '02', applied: [ran(a, -1)] }, { day: '03', applied: 'nonsense' })
    const [readable] = [...store.objects.values()].map(String)
    store.objects.set('shop/records/c/staging/20261104T120000Z-migrate-1.1.json', Buffer.from('{'))
    store.objects.set('shop/records/c/staging/20261105T120000Z-migrate-1.1.json', Buffer.from(readable + ' '.repeat(5 * 1024 * 1024)))
    const { observed, problem } = await recordedDurations(store, 'shop', new Set([a]), never)
    expect(observed).toMatchObject([{ checksum: a, durationMs: 1 }])
    expect(problem).toBe('memory holds 4 records that cannot be read')
  })

  test('that are deleted meanwhile are passed over', async () => {
    const store = storeWith({ day: '01', applied: [ran(a, 1)] }, { day: '02', applied: [ran(a, 2)] })
    const list = store.list.bind(store)
    store.list = async (prefix) => {
      const found = await list(prefix)
      store.objects.delete(found.at(-1)?.key ?? '')
      return found
    }
    expect(await recordedDurations(store, 'shop', new Set([a]), never)).toMatchObject({ observed: [{ durationMs: 1 }], problem: undefined })
  })

  test('that do not come in time are not waited for; what was read by then counts', async () => {
    const late = new AbortController()
    const store = storeWith({ day: '01', applied: [ran(b, 1)] }, ...Array.from({ length: 8 }, () => ({ day: '02', applied: [ran(a, 2)] })))
    const get = store.get.bind(store)
    store.get = async (key) => {
      if (!key.includes('20261101')) return get(key)
      setTimeout(() => late.abort(), 20)
      return new Readable({ read() {} })
    }
    const { observed, problem } = await recordedDurations(store, 'shop', new Set([a, b]), late.signal)
    expect(observed.every(({ checksum }) => checksum === a)).toBe(true)
    expect(observed).toHaveLength(8)
    expect(problem).toBe('memory did not answer in time')
  })

  test('cannot be listed: that is for the caller', async () => {
    const store = storeWith()
    store.list = () => Promise.reject(new Error('no such bucket'))
    await expect(recordedDurations(store, 'shop', new Set([a]), never)).rejects.toThrow('no such bucket')
  })
})
