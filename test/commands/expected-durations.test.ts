import { expect, test } from 'vitest'
import type { Context } from '../../src/commands/command.ts'
import { expectedDurations } from '../../src/commands/expected-durations.ts'
import type { MigrationDatabase } from '../../src/migration/database.ts'
import type { ObservedDuration } from '../../src/migration/durations.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { fakeContext } from '../fakes/context.ts'
import { memoryStore } from '../fakes/store.ts'

const pending = [{ checksum: 'a' }] as Migration[]
const old: ObservedDuration = { checksum: 'a', durationMs: 1, environment: 'staging', release: 'v1', at: new Date('2026-11-01T00:00:00Z') }

const database = (observed: ObservedDuration[]) => ({ state: { durations: async () => observed } }) as unknown as MigrationDatabase

function storeWithRecord(finishedAt: string) {
  const store = memoryStore()
  const entry = { command: 'migrate', environment: 'test', finishedAt, applied: [{ checksum: 'a', durationMs: 2 }] }
  store.objects.set('shop/records/c/test/20261101T000000Z-migrate-1.1.json', Buffer.from(JSON.stringify(entry)))
  return store
}

const look = (context: Context) => expectedDurations(pending, database([old]), 'file:///srv/store', context)

test.each([
  ['2026-11-02T00:00:00Z', 2],
  ['2026-10-31T00:00:00Z', 1],
])('the newer of history and store counts: a record of %s gives %i ms', async (finishedAt, durationMs) => {
  const { context, lines } = fakeContext({ openStore: async () => storeWithRecord(finishedAt) })
  expect((await look(context)).byChecksum.get('a')).toMatchObject({ durationMs })
  expect(lines).toEqual([])
})

test('a store that never answers is waited for until the limit, with a warning; the history counts all the same', async () => {
  const waits: number[] = []
  const { context, lines } = fakeContext({
    openStore: async () => ({ ...memoryStore(), list: () => new Promise(() => {}) }),
    clock: {
      ...fakeContext().context.clock,
      async sleep(ms) {
        waits.push(ms)
      },
    },
  })
  expect((await look(context)).byChecksum.get('a')).toBe(old)
  expect(waits).toEqual([20_000])
  expect(lines).toEqual(['warning: how long migrations took elsewhere is not fully known: memory did not answer in time'])
})

test('a store that cannot be opened or listed is a warning, whatever it throws', async () => {
  const broken = { ...memoryStore(), list: () => Promise.reject(new TypeError('fetch failed')) }
  for (const openStore of [async () => broken, () => Promise.reject(new Error('no such store'))]) {
    const { context, lines } = fakeContext({ openStore })
    expect((await look(context)).byChecksum.get('a')).toBe(old)
    expect(lines).toHaveLength(1)
  }
})

test('when nothing is pending nothing is asked', async () => {
  const { context } = fakeContext()
  const asked = { state: { durations: () => Promise.reject(new Error('asked')) } } as unknown as MigrationDatabase
  expect(await expectedDurations([], asked, 'file:///srv/store', context)).toEqual({ byChecksum: new Map(), problem: undefined })
})
