import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeProject, type Project, shiplock } from '../program.ts'
import { type ClusterFolder, copyCluster, initCluster, runTool, type StartedCluster, upgradeCluster } from './cluster-folder.ts'
import { uniqueName } from './server.ts'

const files = {
  'db/migrations/1_users.sql': 'create table users (id int, name text);',
  'db/migrations/2_email.sql': 'alter table users add email text;',
  'db/post_migrations/3_drop_name.sql': 'alter table users drop column name;',
}
const others: ClusterFolder[] = []
let folder: ClusterFolder
let server: StartedCluster
let project: Project
beforeAll(async () => {
  folder = await initCluster()
  server = await folder.start()
  project = await makeProject(files)
})
afterEach(async () => {
  for (const other of others.splice(0)) await other[Symbol.asyncDispose]()
})
afterAll(async () => {
  await folder[Symbol.asyncDispose]()
  await project[Symbol.asyncDispose]()
})

const keep = (made: ClusterFolder) => {
  others.push(made)
  return made
}

/** Production, with a release that is live and one post migration to go. */
async function production(on: StartedCluster): Promise<string> {
  const database = uniqueName('shop')
  await on.query(`create database ${database}`)
  const run = runner(on.url(database))
  expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
  expect((await run('record', 'deployed')).exitCode).toBe(0)
  return database
}

function runner(url: string) {
  return async (...args: string[]) => {
    const named = args.includes('--environment') ? args : [...args, '--environment', 'production']
    const ended = await shiplock([...named, '--project', 'shop'], { cwd: project.dir, env: { DATABASE_URL: url } })
    return { ...ended, command: ended.result.commands[0], code: ended.result.commands[0]?.error?.code }
  }
}

const stampOf = async (on: StartedCluster, database: string) => (await on.query('select * from shiplock.stamp', database))[0]
const historySize = async (on: StartedCluster, database: string) =>
  (await on.query<{ n: number }>('select count(*)::int as n from shiplock.history', database))[0]?.n

/** A copy of a database: where it stands now. */
interface Copy {
  readonly on: StartedCluster
  readonly database: string
}

const copies: [name: string, differs: string, make: (database: string) => Promise<Copy>][] = [
  [
    'create database … template',
    'another database of that cluster and another address',
    async (database) => {
      const copy = uniqueName('copy')
      await server.query(`create database ${copy} template ${database}`)
      return { on: server, database: copy }
    },
  ],
  [
    'pg_dump and pg_restore into another database',
    'another database of that cluster and another address',
    (database) => restoreInto(server, database, uniqueName('restored')),
  ],
  [
    'pg_dump and pg_restore into a database of the same name on another server',
    'another server cluster and',
    async (database) => restoreInto(await keep(await initCluster()).start(), database, database),
  ],
  [
    'a fork of all files, as managed services make one',
    'made for another address.',
    async (database) => ({ on: await keep(await copyCluster(server)).start(), database }),
  ],
]

test.each(copies)('%s is refused, and adopted as moved or as a copy', async (_, differs, makeCopy) => {
  const original = await production(server)
  const { on, database } = await makeCopy(original)
  const run = runner(on.url(database))
  const [stamp, size] = [await stampOf(on, database), await historySize(on, database)]
  expect(stamp).toEqual(await stampOf(server, original))

  for (const command of [['plan'], ['migrate', '--phase', 'post'], ['record', 'deployed']]) {
    const refused = await run(...command)
    expect([refused.exitCode, refused.code]).toEqual([2, 'wrong-database'])
    expect(refused.command?.error).toMatchObject({
      message: expect.stringContaining(differs),
      hint: expect.stringContaining('shiplock ledger adopt --environment production --reason "…"'),
    })
  }
  const dry = await run('ledger', 'adopt', '--dry-run')
  expect(dry.command).toMatchObject({
    verdict: 'pass',
    kind: 'moved',
    dryRun: true,
    reason: expect.stringContaining('nothing was changed'),
  })
  expect([await stampOf(on, database), await historySize(on, database)]).toEqual([stamp, size])

  const moved = await run('ledger', 'adopt', '--reason', 'moved to the new server')
  expect(moved.command).toMatchObject({ verdict: 'pass', kind: 'moved', why: 'moved to the new server' })
  const after = await stampOf(on, database)
  expect(after).toMatchObject({ id: stamp?.id, environment: 'production' })
  expect(await lastFact(on, database)).toMatchObject({
    event: 'adopted',
    environment: 'production',
    stamp: stamp?.id,
    detail: {
      reason: 'moved to the new server',
      kind: 'moved',
      from: { id: stamp?.id, address: stamp?.address },
      to: { address: after?.address, databaseOid: after?.database_oid },
    },
  })
  expect((await run('ledger', 'adopt', '--reason', 'again')).command).toMatchObject({
    verdict: 'pass',
    reason: expect.stringContaining('nothing to adopt'),
  })
  expect((await run('migrate', '--phase', 'post', '--dry-run')).command).toMatchObject({ notRun: ['3_drop_name'] })

  const staging = ['--environment', 'staging']
  expect(await run('plan', ...staging)).toMatchObject({ exitCode: 2, code: 'wrong-database' })
  expect((await run('ledger', 'adopt', ...staging, '--reason', 'for tests')).command).toMatchObject({ verdict: 'pass', kind: 'copy' })
  const own = await stampOf(on, database)
  expect(own).toMatchObject({ environment: 'staging' })
  expect(own?.id).not.toBe(stamp?.id)
  expect(await lastFact(on, database)).toMatchObject({
    environment: 'staging',
    stamp: own?.id,
    detail: { kind: 'copy', from: { id: stamp?.id, environment: 'production' }, to: { environment: 'staging' } },
  })
  expect(await run('migrate', '--phase', 'post', ...staging)).toMatchObject({ code: 'post-not-allowed' })
  expect((await run('record', 'deployed', ...staging)).exitCode).toBe(0)
  expect((await run('migrate', '--phase', 'post', ...staging)).command).toMatchObject({ applied: [{ id: '3_drop_name' }] })
  expect((await runner(server.url(original))('migrate', '--phase', 'post')).command).toMatchObject({ applied: [{ id: '3_drop_name' }] })
})

test('the versions of an adopted copy are of known origin: edits are found, and those without a file are noted', async () => {
  // goose's table keeps no checksum: what ran is only in the history
  const goose = (sql: string) => `-- +goose Up\n${sql}\n`
  await using team = await makeProject({
    'db/migrations/1_users.sql': goose('create table users (id int);'),
    'db/migrations/2_email.sql': goose('alter table users add email text;'),
  })
  const original = uniqueName('goose')
  await server.query(`create database ${original}`)
  const on = (database: string) => ({ cwd: team.dir, env: { DATABASE_URL: server.url(database) } })
  expect((await shiplock(['migrate', '--phase', 'pre', '--environment', 'production', '--project', 'shop'], on(original))).exitCode).toBe(0)
  const copy = uniqueName('copy')
  await server.query(`create database ${copy} template ${original}`)
  const run = async (...args: string[]) =>
    (await shiplock([...args, '--environment', 'staging', '--project', 'shop'], on(copy))).result.commands[0]
  expect(await run('ledger', 'adopt', '--reason', 'for tests')).toMatchObject({ kind: 'copy' })
  await team.remove('db/migrations/2_email.sql')
  expect(await run('plan')).toMatchObject({ verdict: 'pass', drift: { ahead: ['2'], unchecked: 0 } })
  await team.write({ 'db/migrations/1_users.sql': goose('create table users (id bigint);') })
  expect((await run('plan'))?.error?.code).toBe('checksum-mismatch')
})

test('pg_upgrade makes another cluster of the same databases: refused, and adopted as moved', async () => {
  const old = keep(await initCluster())
  const before = await old.start()
  const database = await production(before)
  await before.stop()
  const on = await keep(await upgradeCluster(old)).start(before.port)
  const run = runner(on.url(database))
  const stamp = await stampOf(on, database)
  const refused = await run('migrate', '--phase', 'post')
  expect(refused.code).toBe('wrong-database')
  expect(refused.command?.error?.message).toContain('another server cluster')
  expect((await run('ledger', 'adopt', '--reason', 'upgraded')).command).toMatchObject({ kind: 'moved' })
  const { id, system_identifier: system } = (await stampOf(on, database)) as { id: string; system_identifier: string }
  expect(id).toBe(stamp?.id)
  expect(system).not.toBe(stamp?.system_identifier)
  expect((await run('migrate', '--phase', 'post')).command).toMatchObject({ applied: [{ id: '3_drop_name' }] })
})

describe('a failover', () => {
  test('to a replica that takes over the address needs nothing; before it, the replica is refused', async () => {
    const primary = keep(await initCluster())
    const old = await primary.start()
    const database = await production(old)
    const standby = keep(await copyCluster(old, { standby: true }))
    const replica = await standby.start()
    for (const command of [['plan'], ['migrate', '--phase', 'post'], ['ledger', 'adopt', '--reason', 'failover']]) {
      expect(await runner(replica.url(database))(...command)).toMatchObject({ exitCode: 2, code: 'database-is-replica' })
    }
    await caughtUp(old, replica)
    await old.stop()
    await replica.stop()
    const promoted = await standby.start(old.port)
    await promoted.query('select pg_promote()')
    const run = runner(promoted.url(database))
    expect((await run('migrate', '--phase', 'post')).command).toMatchObject({ verdict: 'pass', applied: [{ id: '3_drop_name' }] })
    expect((await run('ledger', 'adopt', '--reason', 'failover')).command).toMatchObject({
      verdict: 'pass',
      reason: expect.stringContaining('nothing to adopt'),
    })
  })

  test('to another address is a move', async () => {
    const primary = keep(await initCluster())
    const old = await primary.start()
    const database = await production(old)
    const replica = await keep(await copyCluster(old, { standby: true })).start()
    await caughtUp(old, replica)
    await old.stop()
    await replica.query('select pg_promote()')
    const run = runner(replica.url(database))
    const refused = await run('migrate', '--phase', 'post')
    expect(refused.code).toBe('wrong-database')
    expect(refused.command?.error?.message).toContain('made for another address.')
    expect((await run('ledger', 'adopt', '--reason', 'failover')).command).toMatchObject({ kind: 'moved' })
    expect((await run('migrate', '--phase', 'post')).command).toMatchObject({ applied: [{ id: '3_drop_name' }] })
  })
})

describe('ledger show', () => {
  test('says which release is live, which was before it and what is held back, and changes nothing', async () => {
    const database = uniqueName('shop')
    await server.query(`create database ${database}`)
    const run = runner(server.url(database))
    expect((await run('ledger', 'show')).command).toMatchObject({
      verdict: 'pass',
      reason: 'No release is recorded as deployed in production.',
    })
    await run('migrate', '--phase', 'pre')
    await run('record', 'deployed', '--release', 'v1')
    await run('record', 'deployed', '--release', 'v2')
    const before = await historySize(server, database)
    expect((await run('ledger', 'show')).command).toMatchObject({
      live: { release: 'v2' },
      previous: { release: 'v1' },
      heldBack: ['3_drop_name'],
      reason: expect.stringMatching(/^v2 is live in production, deployed .*; 1 post migration held back\.$/),
    })
    expect(await historySize(server, database)).toBe(before)
    await run('migrate', '--phase', 'post', '--release', 'v2')
    expect((await run('ledger', 'show')).command).toMatchObject({ heldBack: [], reason: expect.stringContaining('nothing is held back') })
  })
})

describe('ledger adopt', () => {
  test('is refused without a reason, without a stamp, and for an action that does not exist', async () => {
    const empty = uniqueName('empty')
    await server.query(`create database ${empty}`)
    const run = runner(server.url(empty))
    expect(await run('ledger', 'adopt')).toMatchObject({ exitCode: 2, code: 'invalid-input' })
    expect(await run('ledger', 'adopt', '--reason', 'why not')).toMatchObject({ exitCode: 2, code: 'not-stamped' })
    expect(await run('ledger', 'adopt', '--dry-run')).toMatchObject({ exitCode: 2, code: 'not-stamped' })
    expect(await run('ledger', 'burn', '--reason', 'why not')).toMatchObject({ exitCode: 2, code: 'invalid-input' })
    expect(await run('ledger', '--reason', 'why not')).toMatchObject({ exitCode: 2, code: 'invalid-input' })
    expect(await server.query("select to_regnamespace('shiplock') as schema", empty)).toEqual([{ schema: null }])
  })

  test('waits for a run that holds the lock, and does not touch what that run works on', async () => {
    const database = await production(server)
    await server.query(`alter database ${database} rename to ${database}_moved`)
    await project.write({ 'db/migrations/4_slow.sql': 'select pg_sleep(3);' })
    const url = server.url(`${database}_moved`)
    const run = runner(url)
    await run('ledger', 'adopt', '--reason', 'renamed')
    const migrating = run('migrate', '--phase', 'pre')
    for (let tries = 0; tries < 200; tries++) {
      const busy = await server.query(`select from pg_stat_activity where wait_event = 'PgSleep' and datname = '${database}_moved'`)
      if (busy.length > 0) break
      await sleep(25)
    }
    const refused = await run('ledger', 'adopt', '--environment', 'staging', '--reason', 'now', '--on-locked', 'fail')
    expect(refused).toMatchObject({ exitCode: 3, code: 'run-in-progress' })
    expect((await migrating).exitCode).toBe(0)
    await project.remove('db/migrations/4_slow.sql')
  })

  test('changes nothing when another run has changed the stamp meanwhile', async () => {
    const database = await production(server)
    const before = await historySize(server, database)
    const other = server.query('do $$ begin update shiplock.stamp set id = gen_random_uuid(); perform pg_sleep(3); end $$', database)
    await sleep(300)
    const refused = await runner(server.url(database))('ledger', 'adopt', '--environment', 'staging', '--reason', 'mine')
    await other
    expect([refused.exitCode, refused.code]).toEqual([2, 'wrong-database'])
    expect(refused.command?.error?.message).toContain('changed by another run')
    expect(await stampOf(server, database)).toMatchObject({ environment: 'production' })
    expect(await historySize(server, database)).toBe(before)
  })

  test('by a role that may only read says what it needs', async () => {
    const database = await production(server)
    const role = uniqueName('reader')
    await server.query(
      `create role ${role} login password 'pw-of-reader'; grant usage on schema shiplock to ${role}; grant select on all tables in schema shiplock to ${role}`,
      database,
    )
    const run = runner(`postgres://${role}:pw-of-reader@127.0.0.1:${server.port}/${database}`)
    const refused = await run('ledger', 'adopt', '--environment', 'staging', '--reason', 'mine')
    expect([refused.exitCode, refused.code]).toEqual([2, 'insufficient-rights'])
    expect((await stampOf(server, database))?.environment).toBe('production')
  })
})

async function lastFact(on: StartedCluster, database: string) {
  return (await on.query('select event, environment, stamp, detail from shiplock.history order by id desc limit 1', database))[0]
}

async function restoreInto(on: StartedCluster, database: string, name: string): Promise<Copy> {
  const target = keep(await initCluster()) // only its folder is used
  const at = (port: number) => ['--host=127.0.0.1', `--port=${port}`, '--username=postgres']
  await runTool('pg_dump', [...at(server.port), '--format=custom', '--file=copy.dump', database], target.path)
  await on.query(`create database ${name}`)
  await runTool('pg_restore', [...at(on.port), `--dbname=${name}`, '--exit-on-error', 'copy.dump'], target.path)
  return { on, database: name }
}

async function caughtUp(primary: StartedCluster, replica: StartedCluster): Promise<void> {
  const [end] = await primary.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn')
  for (let tries = 0; tries < 400; tries++) {
    const [row] = await replica.query<{ there: boolean }>(`select pg_last_wal_replay_lsn() >= '${end?.lsn}'::pg_lsn as there`)
    if (row?.there) return
    await sleep(25)
  }
  throw new Error('the replica did not catch up')
}
