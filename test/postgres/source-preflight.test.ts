import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OpenClient } from '../../src/adapters/postgres/client.ts'
import { dumpRoles } from '../../src/adapters/postgres/dump-roles.ts'
import { openMigrationDatabase } from '../../src/adapters/postgres/migration-database.ts'
import { openSession } from '../../src/adapters/postgres/session.ts'
import { openSource } from '../../src/adapters/postgres/source.ts'
import { findTools, toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import { folderStore } from '../../src/adapters/storage/folder.ts'
import { writeDump } from '../../src/backup/write-dump.ts'
import { parseConnection } from '../../src/connection.ts'
import { checkStamp } from '../../src/migration/identity.ts'
import { copyCluster, initCluster } from './cluster-folder.ts'
import { awkwardPassword, binDir, startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

describe('before the dump starts', () => {
  test('tables, sequences and schemas that the role may not read are refused by name', async () => {
    const { url, role } = await plainRole(
      `create schema closed; create table closed.t (id int); create table open (id serial); create table shut (id int); grant select on open to ROLE`,
    )

    await expect(open(url)).rejects.toMatchObject({
      code: 'insufficient-rights',
      message: expect.stringContaining(
        `${role} may not read 4 objects: closed.t, public.shut, schema closed, sequence public.open_id_seq.`,
      ),
      hint: expect.stringContaining(`grant pg_read_all_data to ${role}`),
    })
  })

  test('tables of whose rows a policy would hide some are refused by name, also from their owner when it is forced', async () => {
    const secured = 'create table t (id int); alter table t enable row level security; create policy few on t using (id < 10)'
    const reader = await plainRole(`${secured}; grant select on t to ROLE`)
    const owner = await plainRole(`${secured}; alter table t owner to ROLE`)
    const forced = await plainRole(`${secured}; alter table t owner to ROLE; alter table t force row level security`)

    await expect(open(reader.url)).rejects.toMatchObject({
      code: 'insufficient-rights',
      message: expect.stringContaining(`would hide rows of 1 table from ${reader.role}: public.t (of postgres)`),
      hint: expect.stringContaining(`alter role ${reader.role} bypassrls`),
    })
    await expect(open(forced.url)).rejects.toMatchObject({ message: expect.stringContaining('forced') })
    await (await open(owner.url))[Symbol.asyncDispose]()
    await server.query(`alter role ${forced.role} bypassrls; alter role ${reader.role} bypassrls`)
    for (const { url } of [forced, reader]) await (await open(url))[Symbol.asyncDispose]()
  })

  test('large objects that the role may not read are refused, which not even pg_read_all_data covers', async () => {
    const { url, role } = await plainRole(
      `select lo_from_bytea(4711, 'mine'), lo_from_bytea(4712, 'shared'); grant select on large object 4712 to ROLE; ${server.major >= 14 ? 'grant pg_read_all_data to ROLE' : ''}`,
    )

    await expect(open(url)).rejects.toMatchObject({
      code: 'insufficient-rights',
      message: expect.stringContaining(`${role} may not read 1 large object: 4711.`),
      hint: expect.stringContaining('grant select on large object'),
    })
    await server.query(`grant select on large object 4711 to ${role}`, parseConnection(url).database)
    await (await open(url))[Symbol.asyncDispose]()
  })

  test('another pg_dump of the database is named, and does not keep ours from being made', async () => {
    const url = await server.createDatabase(uniqueName('watched'))
    const other = new pg.Client({ connectionString: url, application_name: 'pg_dump' })
    await other.connect()
    await using source = await open(url)
    await other.end()

    expect(source.warnings).toEqual([expect.stringMatching(/^another pg_dump reads this database: process \d+ of postgres since 20/)])
  })

  test('an encoding that says nothing is worth a warning', async () => {
    const name = uniqueName('ascii')
    await server.query(`create database ${name} encoding 'SQL_ASCII' template template0 lc_collate 'C' lc_ctype 'C'`)
    await using source = await open(server.url(name))

    expect(source.warnings).toEqual([expect.stringContaining('SQL_ASCII')])
  })

  test('a server with nothing of the kind is worth none', async () => {
    await using source = await open(await server.createDatabase(uniqueName('plain')))

    expect(source.warnings).toEqual([])
    expect(source.facts).toMatchObject({ inRecovery: false, lagMs: undefined, localeProvider: 'libc' })
    expect(Math.abs(source.runnerAt.getTime() - source.snapshot.at.getTime())).toBeLessThan(60_000)
  })
})

describe('the roles', () => {
  test('are kept without any password', async () => {
    const role = uniqueName('login')
    await server.query(`create role ${role} login connection limit 3 password 'never-to-be-seen'; grant pg_monitor to ${role}`)
    await using source = await open(await server.createDatabase(`odd host=evil '\\ ${uniqueName('')}`))
    const roles = await source.readRoles(new AbortController().signal)
    const sql = 'sql' in roles ? roles.sql : roles.notKept

    expect(sql).toContain(`CREATE ROLE ${role};`)
    expect(sql).toMatch(new RegExp(`ALTER ROLE ${role} .*LOGIN.* CONNECTION LIMIT 3`))
    expect(sql).toMatch(new RegExp(`GRANT pg_monitor TO ${role}`))
    expect(sql).not.toMatch(/SCRAM|md5|PASSWORD|never-to-be-seen/i)
    expect(roles).toMatchObject({ memberships: expect.arrayContaining([{ role: 'pg_monitor', member: role, options: [] }]) })
  })

  test('are kept without their memberships where these change all the while, and with those of one moment where they change once', async () => {
    const [group, temporary] = [uniqueName('group'), uniqueName('temporary')]
    await server.query(`create role ${group}; create role ${temporary}`)
    const rolesWhile = async (changes: readonly string[]) => {
      const left = [...changes]
      const session = await openSession(
        { connection: parseConnection(server.url()), tls: { mode: 'off', ca: undefined }, role: undefined },
        'roles',
      )
      const query = async (sql: string) => {
        const answer = await session.client.query(sql)
        await server.query(left.shift() ?? 'select')
        return answer
      }
      const connect = async () =>
        ({ ...session, client: { query }, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() }) as unknown as OpenClient
      const tools = await findTools({ major: server.major, set: 'client', binDir, install: false, env: process.env, say: () => {} })
      const url = new URL(server.url())
      const env = {
        ...toolEnvironment(process.env),
        PGHOST: url.hostname,
        PGPORT: url.port,
        PGUSER: 'postgres',
        PGPASSWORD: awkwardPassword,
      }
      return dumpRoles({ tools, database: 'postgres', role: undefined, env, signal: new AbortController().signal, connect })
    }
    const [give, take] = [`grant ${group} to ${temporary}`, `revoke ${group} from ${temporary}`]

    const restless = await rolesWhile([give, take, give, take])
    expect(restless).toEqual({ sql: expect.stringContaining(`CREATE ROLE ${group};`) })
    const calm = await rolesWhile([give])
    expect(calm).toMatchObject({
      sql: expect.stringContaining(`GRANT ${group} TO ${temporary}`),
      memberships: expect.arrayContaining([{ role: group, member: temporary, options: [] }]),
    })
  })

  test('are kept for a plain role too, and a connection that is refused is the reason where they are not', async () => {
    const { url, role } = await plainRole('create table t (); grant select on t to ROLE')
    await using source = await open(url)
    expect(await source.readRoles(new AbortController().signal)).toMatchObject({ sql: expect.stringContaining(`CREATE ROLE ${role};`) })
    await server.query(`alter role ${role} nologin`)

    expect(await source.readRoles(new AbortController().signal)).toEqual({
      notKept: expect.stringContaining(`refused the user ${role}`),
    })
    await server.query(`alter role ${role} login`)
  })
})

describe('a standby', () => {
  test('is dumped in place of its primary, with its lag, and without what it cannot read', async () => {
    const root = await mkdtemp(join(tmpdir(), 'shiplock-standby-'))
    await using primaryFolder = await initCluster()
    const primary = await primaryFolder.start()
    await primary.query(`create database shop`)
    await primary.query(
      `create table kept (id serial primary key); insert into kept select generate_series(1, 100); create unlogged table fleeting (id serial); insert into fleeting values (1)`,
      'shop',
    )
    await using standbyFolder = await copyCluster(primary, { standby: true })
    const standby = await standbyFolder.start()
    await until(async () => (await standby.query("select from pg_stat_wal_receiver where status = 'streaming'")).length > 0)
    await primary.query('insert into kept values (101)', 'shop')
    await until(async () => (await standby.query('select from kept', 'shop')).length === 101)
    const store = folderStore(root, () => new Date())
    await using source = await open(standby.url('shop'))
    const work = {
      source,
      store,
      key: 'a.dump',
      lockWaitTimeoutMs: 5000,
      signal: new AbortController().signal,
      expectedBytes: 1_000_000,
      onBytes: () => {},
    }
    const dump = await writeDump({ ...work, fingerprint: { mode: 'full', limitMs: 0 } })

    expect(source.facts).toMatchObject({ inRecovery: true, lagMs: 0 })
    expect(source.warnings).toEqual([expect.stringContaining('lock'), expect.stringContaining('public.fleeting')])
    expect(dump.tables).toMatchObject([
      { name: 'public.fleeting', notDumped: 'unlogged on a standby' },
      { name: 'public.kept', rows: 101, method: 'row-text-1' },
    ])
    await primary.stop()
    await until(async () => (await standby.query("select from pg_stat_wal_receiver where status = 'streaming'")).length === 0)
    await using later = await open(standby.url('shop')) // it streams no more: what it applied last says how old it is
    expect(later.facts.lagMs).toBeGreaterThan(0)
    await rm(root, { recursive: true, force: true })
  })

  test('is refused by whoever writes, and has the identity of its primary for whoever does not', async () => {
    await using primaryFolder = await initCluster()
    const primary = await primaryFolder.start()
    await using standbyFolder = await copyCluster(primary, { standby: true })
    const standby = await standbyFolder.start()
    const surroundings = (url: string) => ({
      database: databaseInputs(url),
      stateSchema: 'shiplock',
      history: 'database' as const,
      project: 'shop',
      environment: 'production',
      release: 'v1',
      run: { id: '1', attempt: '1', host: 'here', commit: undefined },
      say: () => {},
      warn: () => {},
      sayForeign: () => {},
    })
    const url = standby.url('postgres')
    await using ofPrimary = await openMigrationDatabase(surroundings(primary.url('postgres')))
    await using ofStandby = await openMigrationDatabase({ ...surroundings(url), acceptStandby: true })
    const stamp = { ...ofPrimary.identity, id: 'x', environment: 'production' }

    await expect(openMigrationDatabase(surroundings(url))).rejects.toMatchObject({ code: 'database-is-replica' })
    expect(ofStandby.identity.address).not.toBe(stamp.address)
    expect(() => checkStamp(stamp, ofStandby.identity, 'production')).not.toThrow()
    expect(() => checkStamp(stamp, { ...ofStandby.identity, standby: false }, 'production')).toThrow('another address')
    await ofStandby.lock('shop', { onLocked: 'fail', waitMs: 0, signal: new AbortController().signal })
  })
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries === 200) throw new Error('it never came to that')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function databaseInputs(url: string) {
  return { connection: parseConnection(url), tls: { mode: 'off', ca: undefined } as const, role: undefined }
}

function open(url: string) {
  return openSource({
    database: databaseInputs(url),
    tools: { binDir, install: false },
    stateSchema: 'shiplock',
    env: process.env,
    applicationName: 'shiplock/1.1',
    roots: [tmpdir()],
    say: () => {},
    now: () => new Date(),
    lockWaitTimeoutMs: 2000,
  })
}

/** A database, made with the SQL in which ROLE is the role that may log in to it. */
async function plainRole(sql: string): Promise<{ url: string; role: string }> {
  const role = uniqueName('role')
  const database = uniqueName('plain')
  const url = await server.createDatabase(database)
  await server.query(`create role ${role} login password 'secret'`)
  await server.query(sql.replaceAll('ROLE', role), database)
  return { url: url.replace(/\/\/.*@/, `//${role}:secret@`), role }
}
