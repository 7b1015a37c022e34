import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readContent } from '../../src/adapters/postgres/content/read-content.ts'
import { readSchema } from '../../src/adapters/postgres/read-schema.ts'
import { openRescue } from '../../src/adapters/postgres/rescue/source.ts'
import { findTools, toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import { runChild } from '../../src/adapters/process.ts'
import { folderStore } from '../../src/adapters/storage/folder.ts'
import type { Store } from '../../src/backup/store.ts'
import { parseConnection } from '../../src/connection.ts'
import { plain } from '../../src/migration/layouts/plain.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { type DownLoss, lossesOfDown } from '../../src/rollback/down/loss.ts'
import { countLosses, lostTables, type Rescue, saveRescue } from '../../src/rollback/down/rescue.ts'
import type { CountedLoss, RescueSource } from '../../src/rollback/down/rescue-source.ts'
import { memoryStore } from '../fakes/store.ts'
import { rescueCases } from './rescue-cases.ts'
import { awkwardPassword, binDir, startServer, type TestServer, uniqueName } from './server.ts'

const never = new AbortController().signal
const tools = { binDir, install: false, env: process.env, say: () => {} }
let server: TestServer
let root: string
let bin: string

beforeAll(async () => {
  server = await startServer()
  root = await mkdtemp(join(tmpdir(), 'shiplock-rescue-'))
  bin = (await findTools({ ...tools, major: server.major, set: 'client' })).binDir
})
afterAll(async () => {
  await server?.stop()
  await rm(root, { recursive: true, force: true })
})

describe('a down loses what was counted, and its rescue copy puts exactly that back', () => {
  test.each(rescueCases)('$name', { timeout: 60_000 }, async ({ before, down, loses, touches, apart }) => {
    const database = await makeDatabase(before)
    const first = await measured(database, down)
    expect(first.map(({ what, counted }) => [what, Number(counted)])).toEqual(loses)
    if (touches !== undefined) {
      await server.query(touches, database)
      const again = await measured(database, down)
      expect(again.map(({ markedAs }, index) => markedAs !== first[index]?.markedAs)).toContain(true)
      expect(again.map(({ counted }) => counted)).toEqual(first.map(({ counted }) => counted))
    }
    const content = await contentOf(database)
    const rescue = await rescued(database, down)

    await server.query(down, database)
    const wasLost = await contentOf(database)
    expect(wasLost).not.toEqual(content)
    expect(await putBack(rescue)).toMatchObject({ exitCode: 0 })
    if (apart === undefined) expect(await contentOf(database)).toEqual(content)

    const second = await putBack(rescue)
    expect(second.stderr).toMatch(/already/)
    expect(second.exitCode).not.toBe(0)
  })
})

async function makeDatabase(sql: string): Promise<string> {
  const database = uniqueName('rescue')
  await server.createDatabase(database)
  await server.query(sql, database)
  return database
}

function migrationWith(down: string): Migration {
  const file = (name: string, text: string) => ({ name, path: `db/${name}`, bytes: Buffer.from(text) })
  const [migration] = plain.read([file('0002_more.sql', 'select 1'), file('0002_more.down.sql', down)], 'pre', {})
  if (migration === undefined) throw new Error('no migration')
  return migration
}

function surroundings(database: string, role?: string) {
  const connection = { ...parseConnection(server.url()), database }
  return {
    ...tools,
    database: { connection, tls: { mode: 'off' as const, ca: undefined }, role },
    applicationName: 'shiplock/test',
    roots: [tmpdir()],
    signal: never,
  }
}

async function losses(database: string, down: string): Promise<readonly DownLoss[]> {
  return lossesOfDown(migrationWith(down), await readSchema(surroundings(database)))
}

async function withSource<Result>(
  database: string,
  down: string,
  use: (source: RescueSource, counted: readonly CountedLoss[]) => Promise<Result>,
  role?: string,
): Promise<Result> {
  const found = await losses(database, down)
  await using source = await openRescue({ ...surroundings(database, role), tables: lostTables(found), lockWaitMs: 5000 })
  return await use(source, await countLosses(source, found))
}

function measured(database: string, down: string): Promise<readonly CountedLoss[]> {
  return withSource(database, down, async (_source, counted) => counted)
}

function rescued(database: string, down: string, store: Store = folderStore(root, () => new Date())): Promise<Rescue> {
  return withSource(database, down, (source, counted) =>
    saveRescue({
      source,
      store,
      place: { url: pathToFileURL(root).href, endpoint: undefined },
      project: 'shop',
      environment: 'production',
      migration: '0002_more',
      run: { id: '1', attempt: '1', host: 'here' },
      losses: counted,
      signal: never,
    }),
  )
}

/** As somebody would paste it. */
function putBack({ command }: Rescue, env: Record<string, string> = {}) {
  const target = { PGHOST: '127.0.0.1', PGPORT: String(server.port), PGUSER: 'postgres', PGPASSWORD: awkwardPassword }
  const path = `${bin}:${process.env.PATH}`
  return runChild('bash', ['-c', command], { env: { ...toolEnvironment(process.env), ...target, ...env, PATH: path } })
}

/** All rows, definitions and sequences, whatever the order of columns. */
async function contentOf(database: string) {
  const client = new pg.Client(server.url(database))
  await client.connect()
  try {
    const reading = { stateSchema: 'shiplock', serverMajor: server.major, inRecovery: false }
    const { tables, sequences, catalog } = await readContent(client, reading, { mode: 'full', limitMs: 0 })
    return { tables, sequences, catalog }
  } finally {
    await client.end()
  }
}
