import { describe, expect, test } from 'vitest'
import { manifestKeyOf } from '../../src/backup/key.ts'
import type { Manifest } from '../../src/backup/manifest.ts'
import { checkRestored, lastDrill } from '../../src/drill/last-drill.ts'
import { type DrillRequirement, drillRequired, searchDrill } from '../../src/drill/required-drill.ts'
import { compactStamp, formatMoment } from '../../src/units.ts'
import { putBackup } from '../fakes/backup.ts'
import { sourceFacts } from '../fakes/source.ts'
import { type MemoryStore, memoryStore, watched } from '../fakes/store.ts'

const scope = { project: 'shop', environment: 'production' }
const asked: DrillRequirement = { level: 'equal', maxAgeMs: 30 * 86_400_000 }
const now = new Date('2026-11-21T14:10:00Z')
const measure = {
  database: 'shop',
  identity: { systemIdentifier: sourceFacts.systemIdentifier, databaseOid: '16384', address: 'a' },
  stampId: 'A',
  now,
}
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)

function put(store: MemoryStore, given: Parameters<typeof putBackup>[1] = {}): Manifest {
  return putBackup(store, { ...given, source: { stamp: 'A', databaseOid: '16384', address: 'a', ...given.source } })
}

/** The record of a drill that passed in everything, but for what is given. */
function drill(store: MemoryStore, { id, object }: Manifest, at: Date, told: Readonly<Record<string, unknown>> = {}): string {
  const key = `${object.key}.drill-${compactStamp(at)}-7.1.json`
  const record = { verdict: 'pass', reason: 'it was looked at', levels: ['restored', 'equal'], finishedAt: at.toISOString() }
  const backup = { key: object.key, id }
  store.objects.set(key, Buffer.from(JSON.stringify({ schema: 'shiplock/drill@1', ...record, backup, ...told })))
  return key
}

const gets = (calls: readonly string[]) => calls.filter((call) => !call.startsWith('list '))

describe('the search', () => {
  test('reads one listing, the newest record and the manifest of its backup, however many there are', async () => {
    const { store, calls } = watched(memoryStore())
    const made = [9, 8, 7].map((days) => put(store, { at: daysAgo(days) }))
    for (const [index, manifest] of made.entries()) for (const days of [6, 5]) drill(store, manifest, daysAgo(days - index / 10))
    const [last] = made.slice(-1) as [Manifest]
    const newest = drill(store, made[1] as Manifest, daysAgo(1))
    const { found, refused } = await searchDrill(store, scope, asked, measure)

    expect([found?.drill.recordKey, found?.drill.backupId, refused]).toEqual([newest, made[1]?.id, []])
    expect(last.id).not.toBe(made[1]?.id)
    expect(calls).toEqual(['list shop/backups/production/', `get ${newest}`, `get ${manifestKeyOf((made[1] as Manifest).object.key)}`])
  })

  test('goes by the end of the drills, not by the age of their backups', async () => {
    const store = memoryStore()
    const [old, young] = [put(store, { at: daysAgo(9) }), put(store, { at: daysAgo(2) })]
    drill(store, young, daysAgo(1.5))
    drill(store, old, daysAgo(1), { verdict: 'fail' })

    const { found, refused } = await searchDrill(store, scope, asked, measure)
    expect([found, refused]).toEqual([
      undefined,
      [{ name: `${compactStamp(daysAgo(1))}-7.1 of the backup ${old.id}`, problem: 'it failed: it was looked at' }],
    ])
  })

  test('reads no manifest for a drill that could not tell, and no record that is too old once one is known', async () => {
    const { store, calls } = watched(memoryStore())
    const manifest = put(store, { at: daysAgo(50) })
    const newest = drill(store, manifest, daysAgo(1), { verdict: 'inconclusive' })
    drill(store, manifest, daysAgo(31))
    drill(store, manifest, daysAgo(40))

    expect((await searchDrill(store, scope, asked, measure)).found).toBeUndefined()
    expect(gets(calls)).toEqual([`get ${newest}`])
  })

  test('passes over an unreadable record of a database with another name', async () => {
    const store = memoryStore()
    const other = put(store, { at: daysAgo(3), source: { database: 'billing', stamp: 'B' } })
    const ours = put(store, { at: daysAgo(4) })
    const counts = drill(store, ours, daysAgo(2))
    drill(store, other, daysAgo(1), { schema: 'shiplock/drill@2' })

    expect((await searchDrill(store, scope, asked, measure)).found?.drill.recordKey).toBe(counts)
  })

  test('is not stopped by a record that was deleted meanwhile, nor misled by one of another backup', async () => {
    const store = memoryStore()
    const manifest = put(store, { at: daysAgo(4) })
    const counts = drill(store, manifest, daysAgo(2))
    const gone = drill(store, manifest, daysAgo(1))
    const listed = await store.list('')
    store.objects.delete(gone)
    expect((await searchDrill({ ...store, list: async () => listed }, scope, asked, measure)).found?.drill.recordKey).toBe(counts)

    drill(store, manifest, daysAgo(1), { backup: { key: 'another.dump' } })
    const misled = await searchDrill(store, scope, asked, measure)
    expect([misled.found, misled.refused[0]?.problem]).toEqual([
      undefined,
      expect.stringContaining('it is of another backup, another.dump'),
    ])
  })

  test.each([
    ['just young enough', 30 * 86_400_000, true],
    ['a moment too old', 30 * 86_400_000 + 1, false],
    ['ahead by less than clocks differ', -5 * 60_000, true],
    ['from the future', -5 * 60_000 - 1, false],
  ])('goes by the clock of the database: %s', async (_, ageMs, counts) => {
    const store = memoryStore()
    drill(store, put(store), new Date(now.getTime() - ageMs))
    expect((await searchDrill(store, scope, asked, measure)).found !== undefined).toBe(counts)
  })

  test('takes what stands in the record: usable is not equal', async () => {
    const store = memoryStore()
    drill(store, put(store), daysAgo(1), { levels: ['restored', 'usable'] })

    expect((await searchDrill(store, scope, { ...asked, level: 'usable' }, measure)).found).toBeDefined()
    expect((await searchDrill(store, scope, asked, measure)).refused[0]?.problem).toBe(
      'it shows no more than restored and usable of its backup, not equal',
    )
  })
})

test('the refusal says what was looked for, what there is, and what to type', async () => {
  const store = memoryStore()
  const { id } = put(store, { at: daysAgo(2) })
  const manifest = put(store, { at: daysAgo(2) })
  drill(store, manifest, daysAgo(1), { verdict: 'fail', reason: 'rows differ\n(public.orders).' })
  const error = drillRequired(asked, await searchDrill(store, scope, asked, measure), scope)

  expect([error.code, error.exitCode]).toEqual(['drill-required', 1])
  expect(error.message).toBe(
    `require-drill asks for a drill of a backup of this very database, at most 30 d old, that shows that it is equal to what was dumped. The newest, 20261120T141000Z-7.1 of the backup ${id}, does not count: it failed: rows differ (public.orders).`,
  )
  expect(error.hint).toBe(
    'Type: shiplock restore-drill --environment production. A backup made with fingerprint: full is sure to show equal. Then run the same command again; nothing was changed. To go on without it this once: --waive drill --reason "…".',
  )
})

describe('the drills of one backup', () => {
  test('are read from the newest to the first that says something, and those of no other backup', async () => {
    const { store, calls } = watched(memoryStore())
    const [manifest, other] = [put(store, { at: daysAgo(9) }), put(store, { at: daysAgo(8) })]
    drill(store, manifest, daysAgo(5), { verdict: 'fail' })
    const deciding = drill(store, manifest, daysAgo(4))
    const newest = drill(store, manifest, daysAgo(3), { verdict: 'inconclusive' })
    drill(store, other, daysAgo(1), { verdict: 'fail' })

    expect(checkRestored(await lastDrill(store, manifest.object.key))).toEqual({
      id: 'restored',
      status: 'pass',
      value: 'restored, equal',
      message: `by its drill of ${formatMoment(daysAgo(4))}`,
    })
    expect(calls).toEqual([`list ${manifest.object.key}.drill-`, `get ${newest}`, `get ${deciding}`])
  })

  test.each<[string, Record<string, unknown> | undefined, string, RegExp]>([
    ['that never was', undefined, 'not-checked', /^never drilled$/],
    ['that could not tell', { verdict: 'inconclusive' }, 'not-checked', /^never restored by a drill; 1 could not tell$/],
    ['that failed', { verdict: 'fail', reason: 'rows differ.' }, 'fail', /^its drill of \S+ \S+ UTC failed: rows differ$/],
    ['that cannot be read', { finishedAt: 'yesterday' }, 'not-checked', /^the record \S+ cannot be read: /],
    ['that does not say what it showed', { levels: [] }, 'not-checked', /does not say what it showed$/],
  ])('one %s', async (_, told, status, message) => {
    const store = memoryStore()
    const manifest = put(store, { at: daysAgo(9) })
    if (told !== undefined) drill(store, manifest, daysAgo(1), told)

    expect(checkRestored(await lastDrill(store, manifest.object.key))).toEqual({
      id: 'restored',
      status,
      message: expect.stringMatching(message),
    })
  })
})
