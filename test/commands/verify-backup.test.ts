import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { manifestKeyOf } from '../../src/backup/key.ts'
import type { Context } from '../../src/commands/command.ts'
import verifyBackup from '../../src/commands/verify-backup.ts'
import { ReleaseError } from '../../src/errors.ts'
import { putBackup } from '../fakes/backup.ts'
import { fakeContext } from '../fakes/context.ts'
import { noDatabase } from '../fakes/no-database.ts'
import { type MemoryStore, memoryStore } from '../fakes/store.ts'

const given = {
  store: 'file:///srv/backups',
  key: undefined as string | undefined,
  'max-backup-age': undefined as number | undefined,
  level: 'read-back' as 'read-back' | 'landed',
  'pg-bin-dir': undefined,
  'install-tools': false,
  ...noDatabase,
}
const hour = 3_600_000

function verify(store: MemoryStore, inputs: Partial<typeof given> = {}, more: Partial<Context> = {}) {
  const { context, lines } = fakeContext({ openStore: async () => store, decodeArchive: decode(''), ...more })
  return Promise.resolve(verifyBackup.run({ ...given, ...inputs }, context)).then((outcome) => ({ ...outcome, lines }))
}

const held = new Map([['"public"."orders"', 1200]])

function decode(problem: string, rows: ReadonlyMap<string, number> = held) {
  return async (archive: Readable) => {
    await buffer(archive)
    return { problem, rows }
  }
}

const statuses = (outcome: { checks?: readonly { id: string; status: string }[] }) =>
  Object.fromEntries((outcome.checks ?? []).map(({ id, status }) => [id, status]))

describe('a stored backup', () => {
  test('is read back whole, without a database', async () => {
    const store = memoryStore()
    const { id, object } = putBackup(store)
    const outcome = await verify(store)

    expect(outcome).toMatchObject({
      verdict: 'pass',
      reason: `${id} was read back and decoded to its end.`,
      outputs: { id, level: 'read-back', sha256: object.sha256, 'size-bytes': 22, 'age-seconds': 350 },
    })
    expect(statuses(outcome)).toEqual({
      landed: 'pass',
      sha256: 'pass',
      decoded: 'pass',
      'archive-rows': 'pass',
      fresh: 'not-checked',
      environment: 'pass',
      stamp: 'not-checked',
      'ledger-heads': 'not-checked',
      restored: 'not-checked',
    })
    expect(outcome.checks).toContainEqual({ id: 'stamp', status: 'not-checked', message: 'no database was given' })
    expect(Object.keys(outcome.outputs ?? {}).sort()).toEqual(Object.keys(verifyBackup.outputs).sort())
  })

  test('is the newest one unless another is named', async () => {
    const store = memoryStore()
    const older = putBackup(store, { at: new Date('2026-11-20T03:00:00Z'), class: 'zebra' })
    const newest = putBackup(store)

    expect((await verify(store)).outputs?.id).toBe(newest.id)
    expect((await verify(store, { key: older.id })).outputs?.id).toBe(older.id)
    expect((await verify(store, { key: older.object.key })).outputs?.id).toBe(older.id)
  })

  test('that is damaged is a fault, however it was damaged', async () => {
    const damages: ((store: MemoryStore, key: string) => void)[] = [
      (store, key) => store.objects.delete(key),
      (store, key) => store.objects.set(key, Buffer.alloc(0)),
      (store, key) => store.objects.set(key, (store.objects.get(key) as Buffer).subarray(0, 21)),
      (store, key) => store.objects.set(key, Buffer.concat([store.objects.get(key) as Buffer, Buffer.from('x')])),
      (store, key) =>
        store.objects.set(key, Buffer.from((store.objects.get(key) as Buffer).map((byte, at) => (at === 9 ? byte ^ 4 : byte)))),
    ]
    for (const damage of damages) {
      const store = memoryStore()
      damage(store, putBackup(store).object.key)
      const outcome = await verify(store)

      expect(outcome).toMatchObject({ verdict: 'fail', error: { code: 'backup-damaged' }, outputs: { level: 'landed' } })
      expect(outcome.reason).toContain('is damaged')
    }
  })

  test('that was swapped with another one is a fault', async () => {
    const store = memoryStore()
    const one = putBackup(store, { at: new Date('2026-11-20T03:00:00Z'), bytes: Buffer.from('PGDMP one') })
    const two = putBackup(store, { bytes: Buffer.from('PGDMP two') })
    const [first, second] = [store.objects.get(one.object.key) as Buffer, store.objects.get(two.object.key) as Buffer]
    store.objects.set(one.object.key, second).set(two.object.key, first)

    expect(statuses(await verify(store))).toMatchObject({ landed: 'pass', sha256: 'fail', decoded: 'pass' })
    expect(statuses(await verify(store, { key: one.id }))).toMatchObject({ sha256: 'fail' })
  })

  test('that cannot be decoded is a fault although its hash is right', async () => {
    const store = memoryStore()
    putBackup(store)
    const outcome = await verify(store, {}, { decodeArchive: decode('pg_restore: error: corrupt\nmore') })

    expect(outcome).toMatchObject({ verdict: 'fail', error: { message: expect.stringContaining('corrupt') } })
    expect(outcome.reason).toMatch(/ is damaged: its bytes cannot be decoded to their end\.$/)
  })

  test('that lacks rows which the manifest counts is a fault although it is whole', async () => {
    const store = memoryStore()
    putBackup(store)
    const outcome = await verify(store, {}, { decodeArchive: decode('', new Map([['"public"."orders"', 1199]])) })

    expect(outcome).toMatchObject({ verdict: 'fail', error: { code: 'backup-damaged' }, outputs: { level: 'landed' } })
    expect(outcome.reason).toMatch(
      / is damaged: the archive does not hold the rows that were counted: public.orders has 1,199 of 1,200 rows\.$/,
    )
    expect(statuses(outcome)).toMatchObject({ landed: 'pass', sha256: 'pass', decoded: 'pass', 'archive-rows': 'fail' })
  })

  test('that cannot be read proves nothing', async () => {
    const store = memoryStore()
    putBackup(store)
    const outcome = await verify(
      store,
      {},
      { decodeArchive: async () => Promise.reject(new ReleaseError('tool-not-found', 'There is no pg_restore.')) },
    )

    expect(outcome).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('There is no pg_restore.') })
    expect(outcome.error).toBeUndefined()
  })
})

describe('a weaker level', () => {
  test('does not see a flipped bit, and does not claim to', async () => {
    const store = memoryStore()
    const { object } = putBackup(store)
    store.objects.get(object.key)?.fill(0, 5, 6)
    const outcome = await verify(
      store,
      { level: 'landed' },
      { decodeArchive: async () => Promise.reject(new Error('nothing may be decoded')) },
    )

    expect(outcome).toMatchObject({
      verdict: 'pass',
      outputs: { level: 'landed' },
      reason: expect.stringContaining('its bytes were not read back'),
    })
    expect(statuses(outcome)).toMatchObject({ landed: 'pass', sha256: 'not-checked', decoded: 'not-checked' })
  })
})

describe('freshness', () => {
  test.each([
    [6 * 60_000, 'pass', 'pass'],
    [5 * 60_000, 'fail', 'fail'],
  ])('is judged by the snapshot: with a limit of %i ms the verdict is %s', async (limit, verdict, status) => {
    const store = memoryStore()
    putBackup(store)
    const outcome = await verify(store, { 'max-backup-age': limit })

    expect([outcome.verdict, statuses(outcome).fresh]).toEqual([verdict, status])
  })

  test('says how old it is and how old it may be', async () => {
    const store = memoryStore()
    putBackup(store, { at: new Date('2026-11-20T03:00:00Z') })
    const outcome = await verify(store, { 'max-backup-age': 30 * hour })

    expect(outcome).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('it is too old'), error: { code: 'backup-failed' } })
    expect(outcome.checks).toContainEqual({ id: 'fresh', status: 'fail', value: '1 d 11 h', limit: '1 d 6 h', message: 'it is too old' })
  })

  test('of a snapshot from the future is not believed', async () => {
    const store = memoryStore()
    putBackup(store, { at: new Date('2026-11-21T15:00:00Z') })

    expect(statuses(await verify(store))).toMatchObject({ fresh: 'fail' })
  })
})

describe('the environment', () => {
  test('of a backup that is named must be this one', async () => {
    const store = memoryStore()
    const { object } = putBackup(store, { environment: 'staging' })
    const outcome = await verify(store, { key: object.key })

    expect(outcome).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('another project or environment') })
    expect(statuses(outcome)).toMatchObject({ environment: 'fail', sha256: 'pass' })
  })

  test('without a backup gives no verdict on backups', async () => {
    const store = memoryStore()
    putBackup(store, { environment: 'staging' })

    await expect(verify(store)).rejects.toMatchObject({ code: 'backup-not-found', verdict: 'inconclusive', exitCode: 3 })
  })
})

describe('a manifest that cannot be used', () => {
  test('is a fault when it is newer than what was found: the newest backup is lost', async () => {
    const store = memoryStore()
    putBackup(store, { at: new Date('2026-11-20T03:00:00Z') })
    store.objects.set(manifestKeyOf(putBackup(store).object.key), Buffer.from('{'))
    const outcome = await verify(store)

    expect(outcome).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('a newer manifest cannot be used') })
    expect(outcome.lines[0]).toMatch(/^warning: passed over .*manifest\.json: /)
  })

  test('says nothing of a newer one, and is not even read', async () => {
    const store = memoryStore()
    putBackup(store)
    store.objects.set(manifestKeyOf(putBackup(store, { at: new Date('2026-11-20T03:00:00Z') }).object.key), Buffer.from('{'))
    const outcome = await verify(store)

    expect([outcome.verdict, outcome.lines.filter((line) => line.includes('passed over'))]).toEqual(['pass', []])
  })
})

test('a dump that was kept although a check of it failed is refused, and the check is named', async () => {
  const store = memoryStore()
  putBackup(store, { checks: [{ id: 'min-tables', status: 'fail', message: '0 tables, where 1 is the least' }] })
  const outcome = await verify(store)

  expect(outcome).toMatchObject({ verdict: 'fail', error: { code: 'backup-failed' } })
  expect(outcome.reason).toMatch(/ is refused: when it was made, min-tables failed: 0 tables, where 1 is the least\.$/)
})

test('the words say what was shown, and never more', async () => {
  const store = memoryStore()
  putBackup(store)
  const outcomes = [await verify(store), await verify(store, { level: 'landed' }), await verify(store, { 'max-backup-age': 1 })]

  expect(JSON.stringify(outcomes)).not.toMatch(/\bverified\b|\bok\b/i)
})

test('a folder of a runner is called that', async () => {
  const store = memoryStore()
  putBackup(store)

  expect((await verify(store, {}, { inAction: true })).reason).toMatch(/ It lies on this runner only\.$/)
})
