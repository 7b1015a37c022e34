import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Store } from '../../src/backup/store.ts'
import backup from '../../src/commands/backup.ts'
import type { Context } from '../../src/commands/command.ts'
import { parseConnection } from '../../src/connection.ts'
import type { LockPolicy, MigrationDatabase } from '../../src/migration/database.ts'
import type { Stamp } from '../../src/migration/identity.ts'
import { fakeContext } from './context.ts'
import { givenTo } from './given.ts'
import { fakeSource } from './source.ts'
import { type MemoryStore, memoryStore } from './store.ts'

export const key = 'shop/backups/production/releases/2026/11/21/shop-20261121T140410Z-v1.9.dump'
export const manifestKey = key.replace('.dump', '.manifest.json')
export const contentsKey = key.replace('.dump', '.contents.json')
export const rolesKey = key.replace('.dump', '.roles.sql')

export const given = givenTo(backup, {
  'database-url': parseConnection('postgres://u@localhost/shop'),
  store: 'file:///srv/backups',
  'backup-when': 'always',
  migrations: '/srv/app/db/migrations',
  'migrations-post': '/srv/app/db/post_migrations',
})

export const here = { systemIdentifier: '1', databaseOid: '2', address: '3' }

/** Everything a run of `backup` touches, in memory. Without `files` the migrations cannot be read. */
export function stage({
  source = fakeSource(),
  store = memoryStore() as Store,
  stamp,
  files,
  ...more
}: Partial<Context> & {
  source?: ReturnType<typeof fakeSource>
  store?: Store
  stamp?: Stamp
  /** Texts of pre migrations in the plain layout, by id. */
  files?: Readonly<Record<string, string>>
} = {}) {
  const did: string[] = []
  const watched: Store = {
    ...store,
    put: async (name, bytes, signal, options) => {
      const put = await store.put(name, bytes, signal, options)
      did.push(`put ${name.includes('.probe') ? 'probe' : name}${source.disposed ? ', source closed' : ''}`)
      return put
    },
  }
  let locked = false
  const database = {
    database: 'shop',
    identity: here,
    state: { place: 'here', stamp: async () => stamp, projects: async () => [], history: async () => ({ rows: [], former: [] }) },
    entries: async () => [],
    knownStanding: async () => [],
    heads: async () => [],
    stateElsewhere: async () => undefined,
    lock: async (project: string, { onLocked, waitMs }: LockPolicy) => {
      locked = true
      did.push(`lock ${project} ${onLocked} ${waitMs}`)
    },
    [Symbol.asyncDispose]: async () => {
      if (locked) did.push(`unlock${source.disposed ? '' : ' too early'}`)
    },
  } as unknown as MigrationDatabase
  const { context, lines } = fakeContext({
    openStore: async () => watched,
    openSource: async () => source,
    openMigrationDatabase: async () => database,
    decodeArchive: decode(''),
    gitPaths: async () => [],
    readFolder: async (path) => (path.endsWith('post_migrations') ? undefined : sources(files)),
    readText: async () => undefined,
    ...more,
  })
  return { context, lines, did, source }
}

function sources(files: Readonly<Record<string, string>> | undefined) {
  if (files === undefined) return undefined
  return Object.entries(files).map(([id, text]) => ({ path: `db/migrations/${id}.sql`, name: `${id}.sql`, bytes: Buffer.from(text) }))
}

const held = new Map([
  ['"public"."orders"', 1200],
  ['"public"."users"', 30],
])

export function decode(problem: string, rows: ReadonlyMap<string, number> = held) {
  return async (archive: Readable) => {
    await buffer(archive)
    return { problem, rows }
  }
}

export const keys = (store: MemoryStore) => [...store.objects.keys()].sort()
export const statuses = (outcome: { checks?: readonly { id: string; status: string }[] }) =>
  Object.fromEntries((outcome.checks ?? []).map(({ id, status }) => [id, status]))
