import { describe, expect, test } from 'vitest'
import { judgeNeed } from '../../src/backup/judge-need.ts'
import { ReleaseError } from '../../src/errors.ts'
import { goose } from '../../src/migration/layouts/goose.ts'
import { plain } from '../../src/migration/layouts/plain.ts'
import { putBackup } from '../fakes/backup.ts'
import { sourceFacts } from '../fakes/source.ts'
import { type MemoryStore, memoryStore, watched } from '../fakes/store.ts'

const scope = { project: 'shop', environment: 'production' }
const now = new Date('2026-11-21T14:00:00Z')
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const live = { database: 'shop', identity: { systemIdentifier: sourceFacts.systemIdentifier, databaseOid: '16384', address: 'a' } }
const stamp = '0b0c9f6e-8f0e-4a53-9d10-1f7d4c1b2a3d'
const harmless = { '0007_add_email': 'alter table users add column email text' }

type Asked = Parameters<typeof judgeNeed>[0]

/** Migrations as the plain layout reads them. */
function read(files: Record<string, string>, layout = plain) {
  const sources = Object.entries(files).map(([id, text]) => ({ path: `db/${id}.sql`, name: `${id}.sql`, bytes: Buffer.from(text) }))
  return layout.read(sources, 'pre', {})
}

function judge(store: MemoryStore, files: Record<string, string> = harmless, more: Partial<Asked> = {}) {
  const asked = { when: 'major', class: 'releases', stamp, level: 'read-back', maxAgeMs: undefined, now, live } as const
  return judgeNeed({ ...asked, store, scope, migrations: read(files), ...more })
}

/** A store with a daily backup of this database. */
function storeWith(...given: Parameters<typeof putBackup>[1][]): MemoryStore {
  const store = memoryStore()
  for (const one of given) putBackup(store, { at: ago(5), class: 'daily', source: { stamp }, ...one })
  return store
}

describe('a release needs no backup of its own', () => {
  test('when no migration can lose data and a fresh daily backup of this very database is there', async () => {
    const need = await judge(storeWith({}))

    expect(need.needed).toBe(false)
    expect(need.reason).toMatch(/^no pending migration can lose data, and the backup 20261121T090000Z-\w{8} of the class daily is 5 h old$/)
  })

  test('when nothing is pending at all', async () => {
    expect(await judge(storeWith({}), {})).toMatchObject({ needed: false, reason: expect.stringMatching(/^no migration is pending, /) })
  })

  test('when an older one makes up for the newest, which does not count', async () => {
    const store = storeWith({}, { at: ago(2), level: 'landed' }, { at: ago(1), checks: [{ id: 'shrink', status: 'fail' }] })
    putBackup(store, { at: ago(0.5), source: { stamp: 'another' }, class: 'daily' })
    putBackup(store, { at: ago(0.2), source: { stamp } })

    expect(await judge(store)).toMatchObject({ needed: false })
  })
})

describe('a release needs its backup', () => {
  test('when a migration may lose data, and each is named with the statement', async () => {
    const files = { ...harmless, '0008_drop_users': 'drop table users', '0009_tidy': 'select 1; delete from log' }

    expect(await judge(storeWith({}), files)).toEqual({ needed: true, reason: '0008_drop_users (DROP TABLE), 0009_tidy (DELETE)' })
  })

  test('when a migration is marked, whatever it says', async () => {
    const files = { '0007_a': '-- shiplock: major\nselect 1' }

    expect(await judge(storeWith({}), files)).toEqual({ needed: true, reason: '0007_a (marked as major)' })
    const marked = read({ '0007_a': '-- shiplock: major\n-- +goose Up\nselect 1;\n' }, goose)
    expect(await judge(storeWith({}), {}, { migrations: marked })).toMatchObject({ reason: '0007_a (marked as major)' })
  })

  test('when the parser does not read a migration', async () => {
    expect(await judge(storeWith({}), { '0007_a': 'alter tabel t' })).toMatchObject({
      needed: true,
      reason: expect.stringMatching(/^0007_a \(the parser does not read it: /),
    })
  })

  test('when the text of a migration depends on what is not known', async () => {
    const broken = Object.defineProperty({ ...read(harmless)[0] }, 'up', {
      get: () => {
        throw new ReleaseError('missing-variable', 'SCHEMA is not set.')
      },
    }) as never

    expect(await judge(storeWith({}), {}, { migrations: [broken] })).toEqual({
      needed: true,
      reason: '0007_add_email (it cannot be read: SCHEMA is not set.)',
    })
  })

  test('when nobody can read the migrations', async () => {
    expect(await judge(storeWith({}), {}, { migrations: undefined })).toEqual({
      needed: true,
      reason: 'the pending migrations could not be read',
    })
  })

  test.each<[string, Parameters<typeof putBackup>[1], string]>([
    ['of its own class', { class: 'releases' }, 'there is no usable backup of another class'],
    ['that failed a check', { checks: [{ id: 'min-tables', status: 'fail' }] }, 'there is no usable backup of another class'],
    ['of another environment', { environment: 'staging' }, 'there is no usable backup of another class'],
    ['of another database', { source: { stamp: 'another' } }, 'is of another database: its stamp differs'],
    ['of a copy that carries the same stamp', { source: { stamp, databaseOid: '2' } }, 'it is of another database of this cluster'],
    ['that only landed', { level: 'landed' }, 'was not read back'],
    ['that is too old', { at: ago(26.01) }, 'of the class daily is 1 d 2 h old, more than 1 d 2 h'],
    ['from the future', { at: ago(-0.1) }, 'lies in the future: the clocks disagree'],
  ])('when the only other backup is one %s', async (_, given, reason) => {
    expect(await judge(storeWith(given))).toEqual({ needed: true, reason: expect.stringContaining(reason) })
  })

  test('when the dump of the only other backup is gone, though its manifest is there', async () => {
    const store = storeWith({})
    const dump = [...store.objects.keys()].find((key) => key.endsWith('.dump')) as string
    store.objects.delete(dump)

    expect(await judge(store)).toEqual({ needed: true, reason: expect.stringContaining('its dump is not in the store any more') })
  })

  test('when the database carries no stamp, even where the backup carries none either', async () => {
    const store = memoryStore()
    putBackup(store, { at: ago(1), class: 'daily' })

    expect(await judge(store, harmless, { stamp: undefined })).toEqual({
      needed: true,
      reason: 'this database carries no stamp yet, so that no backup can be told to be of it',
    })
  })

  test('when that is always so, or the class is not releases: nothing is looked up', async () => {
    const { store, calls } = watched(storeWith({}))

    expect(await judge(store, harmless, { when: 'always' })).toEqual({ needed: true, reason: 'backup-when is always' })
    expect(await judge(store, harmless, { class: 'daily' })).toMatchObject({
      needed: true,
      reason: expect.stringContaining('this one is of daily'),
    })
    expect(await judge(store, { '1_a': 'drop table t' })).toMatchObject({ needed: true })
    expect(calls).toEqual([])
  })
})

describe('the greatest age', () => {
  test.each([
    [4, true],
    [5, false],
  ])('of %d hours makes a backup of 5 hours needed: %s', async (hours, needed) => {
    expect(await judge(storeWith({}), harmless, { maxAgeMs: hours * 3_600_000 })).toMatchObject({ needed })
  })

  test('ends the search: no manifest is read that is older than the first beyond it', async () => {
    const { store, calls } = watched(memoryStore())
    for (let hours = 20; hours < 60; hours++) putBackup(store, { at: ago(hours), source: { stamp } })
    await judge(store)

    expect(calls.filter((call) => call.startsWith('get '))).toHaveLength(8)
  })
})

test('less may be asked of the other backup', async () => {
  expect(await judge(storeWith({ level: 'landed' }), harmless, { level: 'landed' })).toMatchObject({ needed: false })
})
