import { describe, expect, test } from 'vitest'
import { backupsNewestFirst } from '../../src/backup/list-backups.ts'
import { type BackupRequirement, backupRequired, type Measure, searchBackup } from '../../src/backup/required-backup.ts'
import { otherDatabase } from '../../src/backup/same-database.ts'
import { putBackup } from '../fakes/backup.ts'
import { sourceFacts } from '../fakes/source.ts'
import { type MemoryStore, memoryStore } from '../fakes/store.ts'

const hour = 3_600_000
const asked: BackupRequirement = { level: 'read-back', maxAgeMs: 24 * hour }
const scope = { project: 'shop', environment: 'production' }
const identity = { systemIdentifier: sourceFacts.systemIdentifier, databaseOid: '16384', address: 'a' }
const source = { ...sourceFacts, databaseOid: '16384', address: 'a', extensions: [] }
const measure: Measure = {
  database: 'shop',
  identity,
  stampId: 'A',
  now: new Date('2026-11-21T14:10:00Z'),
  standings: [{ when: 'stand now', heads: [{ table: 'shiplock.ledger', head: '0/', empty: true }] }],
}

/** Puts a backup of this very database into the store. */
function put(store: MemoryStore, given: Parameters<typeof putBackup>[1] = {}) {
  return putBackup(store, { ...given, source: { stamp: 'A', databaseOid: '16384', address: 'a' } })
}

function search(store: MemoryStore, more: Partial<Measure> = {}) {
  return searchBackup(backupsNewestFirst(store, scope), asked, { ...measure, ...more }, store)
}

describe('the age of a backup', () => {
  test.each([
    ['just young enough', new Date('2026-11-22T14:04:10Z'), undefined],
    ['a moment too old', new Date('2026-11-22T14:04:10.001Z'), /^it is too old: 1 d, where 1 d is the limit$/],
    ['ahead by less than clocks differ', new Date('2026-11-21T13:59:11Z'), undefined],
    ['from the future', new Date('2026-11-21T13:59:09Z'), /^its snapshot lies in the future$/],
  ])('is told by the clock of the database: %s', async (_, now, problem) => {
    const store = memoryStore()
    put(store)
    const { found, newest } = await search(store, { now })
    expect([found === undefined, newest?.problem]).toEqual(
      problem === undefined ? [false, undefined] : [true, expect.stringMatching(problem)],
    )
  })

  test('ends the search: what is older still is not read', async () => {
    const store = memoryStore()
    const [older, old] = [put(store, { at: new Date('2026-11-18T00:00:00Z') }), put(store, { at: new Date('2026-11-19T00:00:00Z') })]
    const read: string[] = []
    const watched = { head: async (key: string) => void read.push(key) }
    const looked = await searchBackup(backupsNewestFirst(store, scope), asked, measure, watched as never)
    expect([looked.newest?.backup.manifest.id, read]).toEqual([old.id, []])
    expect(looked.newest?.backup.manifest.id).not.toBe(older.id)
  })
})

test('an older backup counts when the newest does not, and the newest is remembered', async () => {
  const store = memoryStore()
  const whole = put(store, { at: new Date('2026-11-21T10:00:00Z') })
  const landed = put(store, { level: 'landed' })
  const { found, newest } = await search(store)
  expect([found?.backup.manifest.id, found?.ageMs]).toEqual([whole.id, (4 * 60 + 10) * 60_000])
  expect(newest).toMatchObject({ backup: { manifest: { id: landed.id } }, problem: 'it is only landed, not read back' })
})

describe('this very database', () => {
  const live = { database: 'shop', identity, stampId: 'A' }
  test.each([
    ['stamp and all facts agree', { stamp: 'A' }, {}, undefined],
    ['a fact is not known to one side', { stamp: 'A', systemIdentifier: undefined }, {}, undefined],
    ['it was renamed, and keeps its stamp', { stamp: 'A', database: 'store' }, {}, undefined],
    ['another stamp', { stamp: 'B' }, {}, 'it is of a database with another stamp'],
    ['the stamp is gone', { stamp: 'A' }, { stampId: undefined }, 'it is of a database that carries a stamp, and this one carries none'],
    ['another cluster', { stamp: 'A', systemIdentifier: '2' }, {}, 'it is of another server cluster'],
    ['another oid', { stamp: 'A', databaseOid: '2' }, {}, 'it is of another database of this cluster'],
    ['another address', { stamp: 'A', address: 'b' }, {}, 'it is of a database at another address'],
    ['it is a standby, at another address', { stamp: 'A', address: 'b', inRecovery: true }, {}, undefined],
    ['no stamp yet on both sides', {}, { stampId: undefined }, undefined],
    ['stamped after the backup', {}, {}, undefined],
    ['no stamp, another name', { database: 'store' }, {}, 'it is of the database store'],
    ['no stamp, and the cluster is not known', { systemIdentifier: undefined }, {}, expect.stringContaining('nothing else tells')],
    ['no stamp, and no oid was kept', { databaseOid: undefined }, {}, expect.stringContaining('nothing else tells')],
    [
      'no stamp, and this role may not see the cluster',
      {},
      { identity: { ...identity, systemIdentifier: undefined } },
      expect.stringContaining('nothing else tells'),
    ],
  ])('%s', (_, manifest, more, problem) => {
    expect(otherDatabase({ source: { ...source, ...manifest } as never }, { ...live, ...more })).toEqual(problem)
  })
})

test('the refusal says what was looked for, what there is, and what to type', async () => {
  const store = memoryStore()
  const { id } = put(store, { level: 'landed' })
  const error = backupRequired(asked, await search(store), scope, 'bin/attest was ended with exit status 3')
  expect([error.code, error.exitCode]).toEqual(['backup-required', 1])
  expect(error.message).toBe(
    `require-backup asks for a backup of this very database, as it stands now, read back and at most 1 d old. The newest, ${id} (snapshot 2026-11-21 14:04:10 UTC), does not count: it is only landed, not read back. Nor was another kind of backup attested: bin/attest was ended with exit status 3.`,
  )
  expect(error.hint).toBe('Type: shiplock backup --environment production. Then run the same command again; nothing was changed.')
})
