import { describe, expect, test } from 'vitest'
import type { DatabaseIdentity, Stamp } from '../../src/migration/identity.ts'
import type { Migration, Phase } from '../../src/migration/migration.ts'
import type { State, StateScope } from '../../src/migration/state.ts'
import { MappedText } from '../../src/sql/mapped-text.ts'

/** A place that can hold states, empty at first. */
export interface StatePlace {
  /** The state as a run of its own opens it. */
  open(scope: StateScope, identity: DatabaseIdentity): State
  /** Carries out what the books say that a person, or a migration's own message, is to do. */
  carryOut(text: string): Promise<void>
  isEmpty(): Promise<boolean>
}

const commit = '0123456789abcdef0123456789abcdef01234567'
const here: DatabaseIdentity = { systemIdentifier: '7', databaseOid: '16384', address: 'a1' }
const elsewhere: DatabaseIdentity = { systemIdentifier: '8', databaseOid: '16999', address: 'b2' }

/** What every state must do, wherever it is kept. */
export function stateContract(name: string, makePlace: () => Promise<StatePlace>): void {
  /** A new run on a place, ready to write. */
  async function begin(place: StatePlace, scope: Partial<StateScope> = {}, identity = here): Promise<State> {
    const state = place.open(scopeOf(scope), identity)
    await state.create()
    await state.makeStamp()
    return state
  }

  describe(`${name} as a state`, () => {
    test('knows nothing before the first run, and makes nothing by being read', async () => {
      const place = await makePlace()
      const state = place.open(scopeOf(), here)

      expect(await state.stamp()).toBeUndefined()
      expect(await state.projects()).toEqual([])
      expect(await state.history()).toEqual({ rows: [], former: [] })
      expect(await state.finishedSteps()).toEqual(new Map())
      expect(await state.durations(['x'])).toEqual([])
      expect(await place.isEmpty()).toBe(true)
    })

    test('carries the stamp of the first run, and no later one replaces it', async () => {
      const place = await makePlace()
      const stamp = await (await begin(place)).makeStamp()

      expect(stamp).toMatchObject({ environment: 'production', ...here })
      expect(await (await begin(place)).makeStamp()).toEqual(stamp)
      expect(await place.open(scopeOf(), here).stamp()).toEqual(stamp)
    })

    test('says that a database is stamped as another environment', async () => {
      const place = await makePlace()
      await begin(place)

      expect(await place.open(scopeOf({ environment: 'staging' }), here).stamp()).toMatchObject({ environment: 'production' })
    })

    test('keeps the newest note of the schema, and gives it out only for the stamp that it was taken under', async () => {
      const place = await makePlace()
      const state = await begin(place)
      expect(await state.lastSchema()).toBeUndefined()
      const note = { serverMajor: 15, objects: { 'public.users': { table: 'a1', 'column id': 'b2' } } }
      await state.recordSchema({ serverMajor: 15, objects: {} })
      await state.recordSchema(note)
      const later = place.open(scopeOf({ release: 'v9' }), here)
      expect(await later.lastSchema()).toMatchObject({ note, project: 'shop', release: scopeOf().release, at: expect.any(Date) })
      expect((await later.history()).rows).toEqual([])
      const from = (await state.stamp()) as Stamp
      await state.adopt({ kind: 'copy', from, to: { ...elsewhere, environment: 'staging' } }, 'a copy')
      expect(await place.open(scopeOf({ environment: 'staging' }), elsewhere).lastSchema()).toBeUndefined()
    })

    test('lists the projects that have been here', async () => {
      const place = await makePlace()
      for (const project of ['shop', 'billing']) await (await begin(place, { project })).recordDeployed([])

      expect(await place.open(scopeOf({ project: 'mail' }), here).projects()).toEqual(['billing', 'shop'])
    })

    test('shows an attempt as running until its end is written, with the next begin or by a flush', async () => {
      const place = await makePlace()
      const books = (await begin(place)).books()
      const states = async () => (await place.open(scopeOf(), here).history()).rows.map((row) => row.event === 'migration' && row.state)
      const [first = ''] = await books.begin([migration('1')])
      expect(await states()).toEqual(['running'])
      books.end({ id: first, state: 'applied', durationMs: 12.4 })
      expect(await states()).toEqual(['running'])
      const [second = ''] = await books.begin([migration('2')])
      expect(await states()).toEqual(['applied', 'running'])
      books.end({ id: second, state: 'failed', durationMs: 3, error: 'migration-failed' })
      await books.flush()
      await books.flush()
      expect(await states()).toEqual(['applied', 'failed'])
    })

    test('keeps version, phase, checksum and release of each attempt, in order', async () => {
      const place = await makePlace()
      const before = new Date(Date.now() - 60_000)
      const books = (await begin(place, { release: 'v7' })).books()
      const ids = await books.begin([migration('10'), migration('9', 'post')])
      books.end({ id: ids[1] as string, state: 'not-applied', durationMs: 0 })
      await books.flush()
      const { rows } = await place.open(scopeOf(), here).history()

      expect(new Set(ids).size).toBe(2)
      expect(rows).toMatchObject([
        { event: 'migration', version: '10', name: '10_m', phase: 'pre', checksum: 'sum of 10', release: 'v7', commit, state: 'running' },
        { event: 'migration', version: '9', phase: 'post', checksum: 'sum of 9', release: 'v7', state: 'not-applied' },
      ])
      for (const { at } of rows) expect([at > before, at <= new Date(Date.now() + 60_000)]).toEqual([true, true])
    })

    test('knows how long the files took that were applied', async () => {
      const place = await makePlace()
      const books = (await begin(place, { release: 'v3' })).books()
      const [one = '', other = ''] = await books.begin([migration('1'), migration('2'), migration('3')])
      books.end({ id: one, state: 'applied', durationMs: 1200.4 })
      books.end({ id: other, state: 'failed', durationMs: 9 })
      await books.flush()
      const state = place.open(scopeOf(), here)

      expect(await state.durations(['sum of 1', 'sum of 2', 'sum of 3'])).toMatchObject([
        { checksum: 'sum of 1', durationMs: 1200, environment: 'production', release: 'v3', at: expect.any(Date) },
      ])
      expect(await state.durations(['sum of 2'])).toEqual([])
    })

    test('keeps what a release holds that was deployed', async () => {
      const place = await makePlace()
      const migrations = [{ version: '1', phase: 'pre' as const, checksum: 'x', name: '1_m' }]
      await (await begin(place, { release: 'v1' })).recordDeployed([])
      await (await begin(place, { release: 'v2' })).recordDeployed(migrations)

      expect((await place.open(scopeOf(), here).history()).rows).toMatchObject([
        { event: 'deployed', release: 'v1', migrations: [] },
        { event: 'deployed', release: 'v2', migrations },
      ])
    })

    test("counts neither another environment's rows nor another project's", async () => {
      const place = await makePlace()
      await begin(place)
      await (await begin(place, { environment: 'staging' }, elsewhere)).recordDeployed([])
      await (await begin(place, { project: 'billing' })).books().begin([migration('1')])

      expect((await place.open(scopeOf(), here).history()).rows).toEqual([])
    })

    test('closes from the version table what a dead run left open, once', async () => {
      const place = await makePlace()
      const dead = (await begin(place)).books()
      const [done = ''] = await dead.begin([migration('1'), migration('2'), migration('3')])
      dead.end({ id: done, state: 'failed', durationMs: 1 })
      await dead.flush()
      const next = await begin(place)
      const applied = async () => new Set(['1', '2'])

      expect(sorted(await next.closeOpenAttempts(applied))).toEqual([
        { version: '2', state: 'applied-unreported' },
        { version: '3', state: 'not-applied' },
      ])
      expect(await next.closeOpenAttempts(applied)).toEqual([])
      expect((await next.history()).rows.map((row) => row.event === 'migration' && row.state)).toEqual([
        'failed',
        'applied-unreported',
        'not-applied',
      ])
    })

    test('keeps an attempt to take a migration back apart from those that apply one, and closes it the other way round', async () => {
      const place = await makePlace()
      const takenBack = { migration: '2_m', lost: [{ what: 'the rows of a', count: '3', unit: 'rows' as const }] }
      const fact = {
        from: 'v2',
        to: 'v1',
        toCommit: commit,
        shape: 'down-one' as const,
        by: 'rules' as const,
        reason: 'x',
        who: 'ada',
        takenBack,
      }
      const books = (await begin(place)).books()
      const done = await books.beginReversal(migration('1'), fact)
      books.end({ id: done, state: 'reverted', durationMs: 5 })
      const failed = await books.beginReversal(migration('2'), fact)
      books.end({ id: failed, state: 'failed', durationMs: 5, error: 'migration-failed' })
      await books.flush()
      await books.beginReversal(migration('3'), fact)
      await books.beginReversal(migration('4'), fact)
      const next = await begin(place)
      const open = { version: '3', state: 'reverted' as const }
      expect(sorted(await next.closeOpenAttempts(async () => new Set(['1', '4'])))).toEqual([open, { version: '4', state: 'not-reverted' }])
      await next.recordRollback(fact)

      expect((await next.history()).rows).toMatchObject([
        { event: 'reversal', version: '1', name: '1_m', phase: 'pre', checksum: 'sum of 1', state: 'reverted' },
        { event: 'reversal', version: '2', state: 'failed' },
        { event: 'reversal', ...open },
        { event: 'reversal', version: '4', state: 'not-reverted' },
        { event: 'rollback' },
      ])
      expect(await next.durations(['sum of 1', 'sum of 3'])).toEqual([])
    })

    test('asks for the version table only when something is open', async () => {
      const state = await begin(await makePlace())
      const asked = () => Promise.reject(new Error('asked'))

      expect(await state.closeOpenAttempts(asked)).toEqual([])
    })

    test('goes on with its history when a database that moved is adopted', async () => {
      const place = await makePlace()
      await (await begin(place)).recordDeployed([])
      const moved = place.open(scopeOf(), elsewhere)
      const from = (await moved.stamp()) as Stamp
      await moved.adopt({ kind: 'moved', from, to: { ...elsewhere, environment: 'production' } }, 'new server')

      expect(await moved.stamp()).toMatchObject({ id: from.id, environment: 'production', ...elsewhere })
      expect(await moved.history()).toMatchObject({ rows: [{ event: 'deployed' }], former: [] })
    })

    test('begins anew for a copy that is adopted, and still knows what came before', async () => {
      const place = await makePlace()
      const production = await begin(place)
      const [attempt = ''] = await production.books().begin([migration('1')])
      await production.closeOpenAttempts(async () => new Set(['1']))
      const staging = place.open(scopeOf({ environment: 'staging' }), here)
      const from = (await staging.stamp()) as Stamp
      await staging.adopt({ kind: 'copy', from, to: { ...here, environment: 'staging' } }, 'a copy')

      expect(attempt).not.toBe('')
      expect(await staging.stamp()).toMatchObject({ environment: 'staging', ...here })
      expect((await staging.stamp())?.id).not.toBe(from.id)
      expect(await staging.history()).toMatchObject({
        rows: [],
        former: [{ event: 'migration', version: '1', state: 'applied-unreported' }],
      })
      await staging.recordDeployed([])
      expect((await staging.history()).rows).toMatchObject([{ event: 'deployed' }])
      expect(await place.open(scopeOf(), here).stamp()).toMatchObject({ environment: 'staging' })
    })

    test('is adopted by one of two runs', async () => {
      const place = await makePlace()
      const state = await begin(place)
      const from = (await state.stamp()) as Stamp
      const adoption = { kind: 'copy' as const, from, to: { ...here, environment: 'production' } }
      await state.adopt(adoption, 'first')

      await expect(begin(place).then((other) => other.adopt(adoption, 'second'))).rejects.toMatchObject({ code: 'wrong-database' })
    })

    test('notes that an older commit was let run, which no phase goes by', async () => {
      const place = await makePlace()
      const state = await begin(place)
      await state.recordOlderAllowed({ reason: 'a hotfix', than: commit })

      expect(await state.history()).toEqual({ rows: [], former: [] })
    })

    test('keeps what was waived, by whom and why', async () => {
      const place = await makePlace()
      const state = await begin(place, { release: 'v4' })
      const waiver = { what: 'drill' as const, phase: 'pre' as const, reason: 'a fix', by: 'ada' }
      await state.recordWaiver(waiver)

      expect(await state.history()).toEqual({
        rows: [{ event: 'waived', ...waiver, release: 'v4', commit: expect.any(String), at: expect.any(Date) }],
        former: [],
      })
    })

    test("keeps the runs of the team's command, and those that nothing has ended", async () => {
      const place = await makePlace()
      const books = (await begin(place, { release: 'v4' })).commandBooks()
      const done = await books.begin('pre', 'rails', 'shiplock/1.1/7')
      await books.end(done, 'applied', { durationMs: 12.6 })
      const dead = await books.begin('all', 'rails', 'shiplock/1.1/8')
      const next = await begin(place)
      await next.books().begin([migration('1')])

      expect(await next.commandBooks().open()).toEqual([
        { id: dead, phase: 'all', release: 'v4', startedAt: expect.any(Date), applicationName: 'shiplock/1.1/8' },
      ])
      // no version table tells about commands
      expect(await next.closeOpenAttempts(async () => new Set())).toEqual([{ version: '1', state: 'not-applied' }])
      await next.commandBooks().end(dead, 'unknown', {})
      expect(await next.commandBooks().open()).toEqual([])
      expect((await next.history()).rows).toMatchObject([
        { event: 'command', phase: 'pre', state: 'applied', release: 'v4' },
        { event: 'command', phase: 'all', state: 'unknown' },
        { event: 'migration', version: '1' },
      ])
    })

    test("keeps each step's newest state, in the order of the file", async () => {
      const place = await makePlace()
      const books = (await begin(place)).books()
      await books.begin([migration('7')])
      for (const [index, state] of [
        [1, 'started'],
        [0, 'finished'],
        [1, 'finished'],
        [2, 'started'],
        [2, 'failed'],
        [3, 'started'],
      ] as const)
        await books.saveStep(migration('7'), { index, hash: `h${index}`, state })
      const later = place.open(scopeOf(), here)

      expect((await later.books().steps()).get('7')).toEqual([
        { index: 0, hash: 'h0', state: 'finished' },
        { index: 1, hash: 'h1', state: 'finished' },
        { index: 2, hash: 'h2', state: 'failed' },
        { index: 3, hash: 'h3', state: 'started' },
      ])
      expect(await later.finishedSteps()).toEqual(new Map([['7', 2]]))
      expect(await place.open(scopeOf({ project: 'billing' }), here).finishedSteps()).toEqual(new Map())
    })

    test('knows a finished step, whether its own message records it or not', async () => {
      const place = await makePlace()
      const books = (await begin(place)).books()
      const step = { index: 0, hash: 'h', state: 'finished' as const }
      const sql = books.recordStep(migration('7'), step)
      await (sql === undefined ? books.saveStep(migration('7'), step) : place.carryOut(sql))

      expect((await place.open(scopeOf(), here).books().steps()).get('7')).toEqual([step])
    })

    test.each(['applied', 'applied-unreported'] as const)('forgets the steps of a migration that ended as %s', async (state) => {
      const place = await makePlace()
      const books = (await begin(place)).books()
      const [attempt = ''] = await books.begin([migration('7')])
      await books.saveStep(migration('7'), { index: 0, hash: 'h', state: 'finished' })
      await books.saveStep(migration('8'), { index: 0, hash: 'h', state: 'finished' })
      const sql = books.forgetSteps(migration('7'))
      if (sql !== undefined) await place.carryOut(sql)
      books.end({ id: attempt, state, durationMs: 1 })
      await books.flush()

      expect([...(await place.open(scopeOf(), here).books().steps()).keys()]).toEqual(['8'])
    })

    test('forgets the steps of every text of a repeatable migration that ended well with another', async () => {
      const place = await makePlace()
      const books = (await begin(place)).books()
      const [edited, ...begun] = ['R:half:2', 'R:half:-1', 'R:half_more:1'].map((version) => migration(version)) as [
        Migration,
        ...Migration[],
      ]
      const [attempt = ''] = await books.begin([edited])
      for (const one of begun) await books.saveStep(one, { index: 0, hash: 'h', state: 'finished' })
      const sql = books.forgetSteps(edited)
      if (sql !== undefined) await place.carryOut(sql)
      books.end({ id: attempt, state: 'applied', durationMs: 1 })
      await books.flush()

      expect([...(await place.open(scopeOf(), here).books().steps()).keys()]).toEqual(['R:half_more:1'])
    })

    test('keeps the steps of a migration that failed', async () => {
      const place = await makePlace()
      const books = (await begin(place)).books()
      const [attempt = ''] = await books.begin([migration('7')])
      await books.saveStep(migration('7'), { index: 0, hash: 'h', state: 'finished' })
      books.end({ id: attempt, state: 'failed', durationMs: 1 })
      await books.flush()

      expect(await place.open(scopeOf(), here).finishedSteps()).toEqual(new Map([['7', 1]]))
    })

    test.each([
      ['tookEffect', ['finished']],
      ['didNot', []],
    ] as const)('lets a person settle a step that is in doubt: %s', async (answer, left) => {
      const place = await makePlace()
      const books = (await begin(place)).books()
      await books.saveStep(migration('7'), { index: 0, hash: 'h0', state: 'finished' })
      await books.saveStep(migration('7'), { index: 1, hash: 'h1', state: 'started' })
      const next = (await begin(place)).books()
      await next.steps()
      await place.carryOut(next.settling(migration('7'), 1)[answer])
      const [, ...after] = (await place.open(scopeOf(), here).books().steps()).get('7') ?? []

      // a step that is known to have failed runs again, as one does that nobody has begun
      expect(after.filter(({ state }) => state !== 'failed').map(({ state }) => state)).toEqual(left)
    })
  })
}

export function scopeOf(scope: Partial<StateScope> = {}): StateScope {
  const run = { id: '77', attempt: '1', host: 'runner-1', commit }
  return { project: 'shop', environment: 'production', release: 'v1', run, ...scope }
}

export function migration(version: string, phase: Phase = 'pre'): Migration {
  const id = `${version}_m`
  const common = { version, id, phase, path: `db/${id}.sql`, checksum: `sum of ${version}`, file: 'select 1;' }
  return { ...common, up: MappedText.ofFile('select 1;'), down: undefined, transactional: true, hotfix: false, major: false }
}

function sorted<T extends { readonly version: string }>(all: readonly T[]): T[] {
  return [...all].sort((a, b) => Number(a.version) - Number(b.version))
}
