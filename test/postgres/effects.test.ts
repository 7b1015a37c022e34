import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LockMode } from '../../src/sql/locks/mode.ts'
import { strongerMode } from '../../src/sql/locks/mode.ts'
import { copySchema } from '../../src/sql/schema/copy.ts'
import type { Schema } from '../../src/sql/schema/schema.ts'
import { matrixRows, matrixSchema } from '../sql/effects/matrix-schema.ts'
import { foretold, matrix } from '../sql/effects/measured.ts'
import { effectsOn, replayed } from '../sql/effects/replayed.ts'
import { disagreements } from './disagreements.ts'
import { effectGroups } from './effect-statements.ts'
import { between, lookAround, readWhole } from './footprint.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
let client: pg.Client
let before: Schema
beforeAll(async () => {
  server = await startServer()
  await server.createDatabase('shop')
  await server.query(`${matrixSchema} ${matrixRows}`, 'shop')
  client = await connected('shop')
  before = await replayed(matrixSchema)
})
afterAll(async () => {
  await client?.end()
  await server?.stop()
})

async function connected(database: string): Promise<pg.Client> {
  const session = new pg.Client(server.url(database))
  await session.connect()
  await session.query(readWhole)
  return session
}

/** Runs statements in a transaction that is rolled back: what is there before and after them. */
async function observe(client: pg.Client, sql: string) {
  await client.query('begin')
  try {
    const was = await lookAround(client)
    await client.query(sql)
    return { was, is: await lookAround(client) }
  } finally {
    await client.query('rollback')
  }
}

async function agrees(session: pg.Client, schema: Schema, sql: string): Promise<void> {
  const { was, is } = await observe(session, sql)
  const happened = between(was, is, 'after')
  const gone = new Set([...was].filter(([oid]) => !is.has(oid)).map(([, { name }]) => name))
  // the model's relations have got their new names by now
  const kinds = new Map([...is.values()].map(({ name, kind }) => [name, kind]))
  const model = foretold(await effectsOn(copySchema(schema), sql, server.major), gone)
  expect({
    locks: strongest(happened.taken, (name) => ['r', 'p', 'm'].includes(kinds.get(name) ?? '')),
    rewritten: happened.rewritten,
    scanned: happened.scanned,
  }).toEqual(model)
}

/** The strongest lock on each table and materialized view, without ACCESS SHARE. */
function strongest(taken: ReadonlyMap<string, readonly LockMode[]>, isTable: (name: string) => boolean) {
  const strong = [...taken].map(([name, modes]) => [name, modes.filter((mode): mode is LockMode => mode !== 'AccessShare')] as const)
  return Object.fromEntries(
    strong
      .filter(([name, modes]) => modes.length > 0 && isTable(name))
      .map(([name, modes]) => [name, modes.reduce<LockMode>(strongerMode, 'AccessShare')]),
  )
}

describe('the statements of the matrix do on this server what the model tells', () => {
  test.each(matrix.map((one) => [one.name, one] as const))('%s', async (_, { sql, error }) => {
    if (error !== null) await expect(observe(client, sql)).rejects.toMatchObject({ message: error.replace('ERROR:  ', '') })
    else await agrees(client, before, sql)
  })
})

describe.each(effectGroups)('$title do on this server what the model tells', ({ title, since = 0, given, statements }) => {
  let schema: Schema
  let session: pg.Client
  beforeAll(async () => {
    if (server.major < since) return
    await server.createDatabase(title)
    await server.query(`${readWhole} ${given} analyze;`, title)
    schema = await replayed(given)
    session = await connected(title)
  })
  afterAll(() => session?.end())

  test.each(statements)('%s', async (sql) => {
    if (server.major < since) return
    const { was, is } = await observe(session, sql)
    expect(disagreements(between(was, is, 'after'), await effectsOn(copySchema(schema), sql, server.major))).toEqual([])
  })
})
