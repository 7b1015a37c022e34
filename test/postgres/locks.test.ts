import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { surveyLocks } from '../../src/adapters/postgres/lock-survey.ts'
import { conflictingModes, type LockMode, lockModes, statementLocks } from '../../src/sql/locks.ts'
import { parseStatements } from '../../src/sql/parse.ts'
import { lockSchema } from './lock-schema.ts'
import { lockedStatements, queueing } from './lock-statements.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
let client: pg.Client
beforeAll(async () => {
  server = await startServer({ settings: { wal_level: 'logical' } })
  await server.createDatabase('shop')
  await server.query(`create role shop; ${lockSchema}`, 'shop')
  client = await connected()
})
afterAll(async () => {
  await client?.end()
  await server?.stop()
})

async function connected(): Promise<pg.Client> {
  const session = new pg.Client(server.url('shop'))
  await session.connect()
  await session.query('set search_path = app, public')
  return session
}

async function locksOf(sql: string) {
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) throw new Error(parsed.problem.message)
  return parsed.statements.map(statementLocks)
}

async function survey(sql: string, on = client) {
  const locks = (await locksOf(sql)).flatMap((one) => one.locks)
  return surveyLocks(on, locks)
}

interface Relation {
  readonly oid: string
  readonly name: string
  /** The table of an index. */
  readonly table: string | null
}

async function relations(): Promise<Map<string, Relation>> {
  const { rows } = await client.query<Relation>(
    `select c.oid::text as oid, c.relname as name, i.indrelid::text as table from pg_class c left join pg_index i on i.indexrelid = c.oid
     where c.relnamespace in ('app'::regnamespace, 'public'::regnamespace)`,
  )
  return new Map(rows.map((row) => [row.oid, row]))
}

/** What this session holds now on relations that were there before. */
async function held(existing: ReadonlyMap<string, Relation>): Promise<Map<string, LockMode[]>> {
  const { rows } = await client.query<{ oid: string; mode: string }>(
    "select relation::text as oid, mode from pg_locks where pid = pg_backend_pid() and locktype = 'relation' and granted",
  )
  const modes = new Map<string, LockMode[]>()
  for (const { oid, mode } of rows) {
    if (existing.has(oid)) modes.set(oid, [...(modes.get(oid) ?? []), mode.replace(/Lock$/, '') as LockMode])
  }
  return modes
}

function conflictsWith(modes: readonly LockMode[]): ReadonlySet<LockMode> {
  return new Set(modes.flatMap(conflictingModes))
}

const weakest = lockModes.indexOf('ShareUpdateExclusive')
const isStrong = (mode: LockMode) => lockModes.indexOf(mode) >= weakest

describe('what a statement is expected to lock is what it locks', () => {
  test.each(lockedStatements.map((one) => [one.sql, one] as const))('%s', async (sql, { since = 0, over = [], reads = [] }) => {
    if (server.major < since) return
    const [{ unknown } = { unknown: 'nothing' }] = await locksOf(sql)
    expect(unknown).toBeUndefined()
    const expected = new Map((await survey(sql)).map((target) => [target.oid, target.mode]))
    const existing = await relations()
    await client.query('begin')
    try {
      await client.query(sql)
      const taken = await held(existing)
      const missed = [...taken].flatMap(([oid, modes]) => {
        const enough = conflictsWith([expected.get(oid) ?? []].flat())
        const { name = '', table = null } = existing.get(oid) ?? {}
        // indexes that are only read, or written, are left out: nobody has one for himself without its table
        const needed = table === null && !reads.includes(name) ? modes : modes.filter(isStrong)
        return needed.filter((mode) => !conflictingModes(mode).every((other) => enough.has(other))).map((mode) => `${mode} on ${name}`)
      })
      expect(missed).toEqual([])
      const excess = [...expected].filter(([oid, mode]) => {
        const table = existing.get(oid)?.table
        const needed = conflictsWith([...(taken.get(oid) ?? []), ...(taken.get(table ?? '') ?? [])])
        return !conflictingModes(mode).every((other) => needed.has(other))
      })
      const allowed = typeof over === 'function' ? over(server.major) : over
      expect(excess.map(([oid]) => existing.get(oid)?.name).sort()).toEqual([...allowed].sort())
    } finally {
      await client.query('rollback')
    }
  })
})

describe('a statement outside a transaction queues for the lock that is expected', () => {
  test.each(queueing.map((one) => [one.sql, one] as const))('%s', async (sql, { since = 0, behind, mode }) => {
    if (server.major < since) return
    const expected = (await survey(sql)).find(({ name }) => name === `"app"."${behind}"`)
    expect(expected?.mode).toBe(mode)
    await using other = await opened()
    await using worker = await opened()
    await other.client.query(`begin; lock table app.${behind} in share row exclusive mode`)
    const ended = worker.client.query(sql).catch((error: Error) => error)
    expect(await waitsFor(worker.pid)).toEqual({ table: behind, mode: `${mode}Lock` })
    await client.query(`select pg_cancel_backend(${worker.pid})`)
    expect(await ended).toMatchObject({ code: '57014' })
  })

  async function opened() {
    const session = await connected()
    const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid')
    return { client: session, pid: rows[0]?.pid ?? 0, [Symbol.asyncDispose]: () => session.end() }
  }

  async function waitsFor(pid: number): Promise<{ table: string; mode: string } | undefined> {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
      const { rows } = await client.query<{ table: string; mode: string }>(
        `select relation::regclass::text as table, mode from pg_locks where pid = ${pid} and locktype = 'relation' and not granted`,
      )
      if (rows[0] !== undefined) return rows[0]
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return undefined
  }
})
