import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { folderStore } from '../../../src/adapters/storage/folder.ts'
import { StoredState } from '../../../src/adapters/storage/stored-state.ts'
import type { Store } from '../../../src/backup/store.ts'
import type { StateScope } from '../../../src/migration/state.ts'
import { type MemoryStore, memoryStore } from '../../fakes/store.ts'
import { migration, type StatePlace, scopeOf, stateContract } from '../../migration/state-contract.ts'

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})

stateContract('a store in memory', async () => placeIn(memoryStore()))

stateContract('a store in a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'history-'))
  folders.push(folder)
  return placeIn(folderStore(folder, () => new Date()))
})

function placeIn(store: Store): StatePlace {
  return {
    open: (scope, identity) => new StoredState(store, scope, identity, () => new Date()),
    carryOut: async (text) => void (await store.put(/empty object (\S+) into/.exec(text)?.[1] ?? '', Readable.from([]), never)),
    isEmpty: async () => (await store.list('')).length === 0,
  }
}

const never = new AbortController().signal
const here = { systemIdentifier: '7', databaseOid: '16384', address: 'a1' }
const folder = 'shop/history/production'

/** A run that is ready to write. */
async function begin(store: Store, { scope, now = () => new Date() }: { scope?: Partial<StateScope>; now?: () => Date } = {}) {
  const state = new StoredState(store, scopeOf(scope), here, now)
  await state.makeStamp()
  return state
}

/** A store with three releases that were deployed. */
async function deployedThrice(): Promise<MemoryStore> {
  const store = memoryStore()
  for (const release of ['v1', 'v2', 'v3']) await (await begin(store, { scope: { release } })).recordDeployed([])
  return store
}

const read = async (store: Store) => (await new StoredState(store, scopeOf(), here, () => new Date()).history()).rows
const change = (store: MemoryStore, key: string, by: (text: string) => string) =>
  void store.objects.set(key, Buffer.from(by(String(store.objects.get(key)))))

const damages: readonly (readonly [what: string, damage: (store: MemoryStore) => void, message: string])[] = [
  ['an entry is missing', (store) => void store.objects.delete(`${folder}/000000000002.json`), '000000000002.json is missing'],
  ['its first entry is missing', (store) => void store.objects.delete(`${folder}/000000000001.json`), '000000000001.json is missing'],
  ['an entry was cut off', (store) => change(store, `${folder}/000000000002.json`, (text) => text.slice(0, 90)), 'is not JSON'],
  [
    'an entry was edited',
    (store) => change(store, `${folder}/000000000002.json`, (text) => text.replace('"migrations": []', '"migrations": 3')),
    'does not hold what it should',
  ],
  [
    'the stamp is something else',
    (store) => change(store, `${folder}/stamp-000001.json`, () => '{"schema":"other"}'),
    "no object of Shiplock's",
  ],
]

describe('the history in a store', () => {
  test('is one object for each write, numbered, beside the stamp', async () => {
    const store = memoryStore()
    const books = (await begin(store)).books()
    const [first = '', second = ''] = await books.begin([migration('1'), migration('2')])
    books.end({ id: first, state: 'applied', durationMs: 5 })
    books.end({ id: second, state: 'applied', durationMs: 5 })
    await books.begin([migration('3')])

    expect([...store.objects.keys()].sort()).toEqual([
      `${folder}/000000000001.json`,
      `${folder}/000000000002.json`,
      `${folder}/stamp-000001.json`,
    ])
    expect(JSON.parse(String(store.objects.get(`${folder}/000000000002.json`)))).toMatchObject({
      schema: 'shiplock/history@1',
      release: 'v1',
      run: { id: '77', attempt: '1', host: 'runner-1' },
      events: [{ event: 'ended', state: 'applied' }, { event: 'ended' }, { event: 'migration', version: '3', name: '3_m' }],
    })
  })

  test('is never overwritten', async () => {
    const store = await deployedThrice()
    const before = new Map([...store.objects].map(([key, bytes]) => [key, String(bytes)]))
    const state = await begin(store)
    await state.books().begin([migration('1')])
    await state.closeOpenAttempts(async () => new Set())

    expect([...before].filter(([key, text]) => String(store.objects.get(key)) !== text)).toEqual([])
  })

  test('goes forward in time although the clocks of runners differ', async () => {
    const store = memoryStore()
    for (const [release, time] of [
      ['v1', '2026-11-21T14:10:00Z'],
      ['v2', '2026-11-21T14:05:00Z'],
    ] as const)
      await (await begin(store, { scope: { release }, now: () => new Date(time) })).recordDeployed([])

    expect((await read(store)).map(({ release, at }) => [release, at.toISOString()])).toEqual([
      ['v1', '2026-11-21T14:10:00.000Z'],
      ['v2', '2026-11-21T14:10:00.000Z'],
    ])
  })

  test('lets the second of two runs know that it is not alone', async () => {
    const store = memoryStore()
    const [one, other] = [await begin(store), await begin(store)]
    await Promise.all([one.history(), other.history()])
    await one.recordDeployed([])

    await expect(other.recordDeployed([])).rejects.toMatchObject({ code: 'run-in-progress' })
    expect(await read(store)).toHaveLength(1)
  })

  test('makes one stamp of two first runs', async () => {
    const store = memoryStore()
    const [one, other] = await Promise.all([begin(store), begin(store)])

    expect((await one.stamp())?.id).toBe((await other.stamp())?.id)
  })

  test('counts under its newest stamp alone', async () => {
    const store = await deployedThrice()
    const newer = String(store.objects.get(`${folder}/stamp-000001.json`)).replace(/"id": "[^"]+"/, '"id": "another"')
    store.objects.set(`${folder}/stamp-000002.json`, Buffer.from(newer))
    await (await begin(store, { scope: { release: 'v4' } })).recordDeployed([])

    expect((await read(store)).map(({ release }) => release)).toEqual(['v4'])
  })

  test('is read again only as far as it is new', async () => {
    const store = await deployedThrice()
    const got: string[] = []
    const watched: Store = {
      ...store,
      get: (key) => {
        got.push(key)
        return store.get(key)
      },
    }
    const state = new StoredState(watched, scopeOf(), here, () => new Date())
    for (let time = 0; time < 3; time++) await state.history()

    expect(got.length).toBe(4) // the stamp and three entries
  })

  test('tells projects of this very database from those of others', async () => {
    const store = memoryStore()
    await begin(store)
    await new StoredState(store, scopeOf({ project: 'mail' }), { ...here, databaseOid: '1' }, () => new Date()).makeStamp()

    expect(await new StoredState(store, scopeOf({ project: 'billing' }), here, () => new Date()).projects()).toEqual(['shop'])
  })

  test('passes over what a newer version notes besides', async () => {
    const store = await deployedThrice()
    change(store, `${folder}/000000000002.json`, (text) => text.replace('"events": [', '"events": [{ "event": "moon", "phase": 3 },'))

    expect((await read(store)).map(({ release }) => release)).toEqual(['v1', 'v2', 'v3'])
  })

  test('in a newer form is not read by half', async () => {
    const store = await deployedThrice()
    change(store, `${folder}/000000000003.json`, (text) => text.replace('shiplock/history@1', 'shiplock/history@2'))

    await expect(read(store)).rejects.toMatchObject({ code: 'state-newer' })
  })

  test.each(damages)('is refused when %s', async (_, damage, message) => {
    const store = await deployedThrice()
    damage(store)

    await expect(read(store)).rejects.toMatchObject({ code: 'history-damaged', message: expect.stringContaining(message) })
  })
})
