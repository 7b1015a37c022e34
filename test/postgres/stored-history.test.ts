import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Result } from '../../src/result.ts'
import { resultOf, shiplock, startCli } from '../program.ts'
import { removeProjects } from './release.ts'
import { goose, gooseTables, makeSubscribedRelease, oursIn, printedSql, type ReplicationServers, startReplication } from './subscription.ts'
import { stepsCommand } from './team.ts'

let servers: ReplicationServers
beforeAll(async () => {
  servers = await startReplication()
})
afterAll(async () => {
  await servers[Symbol.asyncDispose]()
  await removeProjects()
})

const first = (result: Result) => result.commands[0]

/** A goose project on a database that a publication covers altogether, with its history in a folder beside the checkout. */
async function storedRelease(files: Readonly<Record<string, string>>, tables = gooseTables) {
  const release = await makeSubscribedRelease(servers, files, { publication: 'for all tables', both: tables })
  const folder = join(release.project.dir, 'store')
  const stored = ['--history', 'store', '--store', pathToFileURL(folder).href]
  const history = join(folder, 'shop/history/default')
  return {
    ...release,
    folder,
    history,
    stored,
    run: (...args: string[]) => release.run(...args, ...stored),
    plainRun: release.run,
    start: (...args: string[]) => startCli([...args, ...stored, '--project', 'shop'], { cwd: release.project.dir, env: release.env }),
    entries: async () => (await readdir(history)).filter((name) => /^\d+\.json$/.test(name)).length,
  }
}

/** Kills the run when the server has come to what it waits for. */
async function killDuring(release: Awaited<ReturnType<typeof storedRelease>>, waiting: string): Promise<void> {
  const killed = release.start('migrate', '--phase', 'pre')
  while ((await release.query(`select 1 as there from pg_stat_activity where datname = current_database() and ${waiting}`)).length === 0)
    await sleep(20)
  killed.child.kill('SIGKILL')
  await killed.ended
  const others = "select 1 as there from pg_stat_activity where application_name like 'shiplock/%' and datname = current_database()"
  await release.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'shiplock/%' and datname = current_database()",
  )
  while ((await release.query(others)).length > 0) await sleep(20)
}

describe('a history in the store', () => {
  test('leaves nothing of ours in the database, and phases go by it', async () => {
    const { run, query, replicates, entries } = await storedRelease({
      'db/migrations/1_name.sql': goose('create index items_name on items (name);'),
      'db/post_migrations/2_name.sql': goose('drop index items_name;'),
    })
    expect(first((await run('plan')).result)).toMatchObject({ phases: [{ pending: [{}] }, { pending: [{ heldBack: true }] }], notes: [] })
    expect(first((await run('migrate', '--phase', 'pre')).result)).toMatchObject({ verdict: 'pass', applied: [{ id: '1_name' }] })
    const written = await entries()
    expect(first((await run('migrate', '--phase', 'pre')).result)).toMatchObject({ verdict: 'pass', applied: [] })
    expect(await entries()).toBe(written)
    expect(first((await run('migrate', '--phase', 'post')).result)?.error?.code).toBe('post-not-allowed')
    expect((await run('record', 'deployed', '--release', 'v2')).exitCode).toBe(0)
    expect(first((await run('migrate', '--phase', 'post')).result)).toMatchObject({ applied: [{ id: '2_name' }] })
    expect(await query(oursIn)).toEqual([])
    expect(await replicates()).toBe(true)
  })

  test('finds a file that was edited after it ran', async () => {
    const { run, project } = await storedRelease({ 'db/migrations/1_name.sql': goose('create index items_name on items (name);') })
    await run('migrate', '--phase', 'pre')
    await project.write({ 'db/migrations/1_name.sql': goose('create index items_other on items (name);') })
    expect(first((await run('plan')).result)?.error?.code).toBe('checksum-mismatch')
  })

  test('holds the stamp: another database and another environment are refused', async () => {
    const { run, project, stored } = await storedRelease({
      'db/migrations/1_name.sql': goose('create index items_name on items (name);'),
    })
    await run('migrate', '--phase', 'pre')
    expect(first((await run('migrate', '--phase', 'pre', '--environment', 'staging')).result)?.error?.code).toBe('wrong-database')
    const other = await storedRelease({})
    const options = { cwd: project.dir, env: other.env }
    const wrong = await shiplock(['migrate', '--phase', 'pre', '--project', 'shop', ...stored], options)
    expect(first(wrong.result)?.error?.code).toBe('wrong-database')
    expect(await other.query('select 1 as there from goose_db_version')).toEqual([])
    const adopted = await shiplock(['ledger', 'adopt', '--reason', 'a new server', '--project', 'shop', ...stored], options)
    expect(first(adopted.result)).toMatchObject({ verdict: 'pass', kind: 'moved' })
    expect((await shiplock(['migrate', '--phase', 'pre', '--project', 'shop', ...stored], options)).exitCode).toBe(0)
  })

  test('asks for a store that somebody named', async () => {
    const { plainRun } = await storedRelease({ 'db/migrations/1_name.sql': goose('select 1;') })
    expect(first((await plainRun('plan', '--history', 'store')).result)?.error).toMatchObject({ code: 'invalid-input' })
  })

  test('gives its stamp to the manifest of a backup', async () => {
    const { run, history } = await storedRelease({ 'db/migrations/1_name.sql': goose('select 1;') })
    await run('migrate', '--phase', 'pre')
    const backup = first((await run('backup')).result)
    const stamp = JSON.parse(await readFile(join(history, 'stamp-000001.json'), 'utf8'))
    expect(backup).toMatchObject({ verdict: 'pass', manifest: { source: { stamp: stamp.id } } })
  })

  test('keeps the version table of the plain layout in the database, which needs the same care', async () => {
    const { run, query, onSubscriber, replicates } = await storedRelease(
      { 'db/migrations/1_name.sql': 'create index items_name on items (name);' },
      '',
    )
    const { message, hint } = first((await run('migrate', '--phase', 'pre')).result)?.error ?? {}
    expect(message).toContain('covers 1 table that Shiplock makes and writes (shiplock.ledger)')
    expect(hint).not.toContain('history: store')
    await onSubscriber(printedSql(hint))
    expect((await run('migrate', '--phase', 'pre', '--publish-state')).exitCode).toBe(0)
    expect(
      await query("select relname::text as name from pg_class where relnamespace = 'shiplock'::regnamespace and relkind = 'r'"),
    ).toEqual([{ name: 'ledger' }])
    expect(await replicates()).toBe(true)
  })
})

describe("a team's own command whose history is in the store", () => {
  test('is refused where it would be written to the database, and else runs in phases as ever', async () => {
    const command = ['--migrate-command', stepsCommand('sql:create index if not exists items_name on items (name)')]
    const { run, plainRun, query, replicates } = await storedRelease({})
    expect(first((await plainRun('plan', ...command)).result)).toMatchObject({
      notes: [expect.stringContaining('migrate would refuse')],
      subscriberSql: [expect.any(String), ...Array(3).fill(expect.stringContaining('create table'))],
    })
    for (const refused of [
      ['migrate', '--phase', 'pre'],
      ['migrate', '--phase', 'pre', '--dry-run'],
    ])
      expect(first((await plainRun(...refused, '--release', 'v1', ...command)).result)?.error?.code).toBe('publication-covers-state')
    expect((await run('migrate', '--phase', 'pre', '--release', 'v1', ...command)).exitCode).toBe(0)
    expect(first((await run('migrate', '--phase', 'post', '--release', 'v1', ...command)).result)?.error?.code).toBe('post-not-allowed')
    expect((await run('record', 'deployed', '--release', 'v1', ...command)).exitCode).toBe(0)
    expect((await run('migrate', '--phase', 'post', '--release', 'v1', ...command)).exitCode).toBe(0)
    expect(first((await run('plan', ...command)).result)).toMatchObject({
      phases: [{ last: { state: 'applied' } }, { last: { state: 'applied' } }],
    })
    expect(await query(oursIn)).toEqual([])
    expect(await replicates()).toBe(true)
  })

  test('is said to be unfinished by the run after one that was killed', async () => {
    const { run, start, query } = await storedRelease({})
    const killed = start('migrate', '--phase', 'pre', '--migrate-command', stepsCommand('sql:select pg_sleep(2)'))
    while (
      (await query("select 1 as there from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'")).length === 0
    )
      await sleep(20)
    killed.child.kill('SIGKILL')
    await killed.ended
    const next = first((await run('migrate', '--phase', 'pre', '--migrate-command', stepsCommand('sql:select 1'))).result)
    expect(next).toMatchObject({ verdict: 'pass', unfinished: [{ phase: 'pre' }] })
  })
})

describe('one environment has one history', () => {
  test('which stays in the database once it has begun there', async () => {
    const { run, query, plainRun } = await storedRelease({ 'db/migrations/1_name.sql': goose('select 1;') })
    await query('drop publication changes')
    await plainRun('migrate', '--phase', 'pre')
    for (const command of [['plan'], ['migrate', '--phase', 'pre'], ['record', 'deployed'], ['backup']]) {
      expect(first((await run(...command)).result)?.error).toMatchObject({
        code: 'history-elsewhere',
        message: expect.stringContaining('is kept in the schema shiplock of the database'),
      })
    }
  })

  test('which stays in the store once it has begun there', async () => {
    const { run, query, plainRun, folder } = await storedRelease({ 'db/migrations/1_name.sql': goose('select 1;') })
    await query('drop publication changes')
    await run('migrate', '--phase', 'pre')
    const store = pathToFileURL(folder).href
    expect(first((await plainRun('migrate', '--phase', 'pre', '--store', store)).result)?.error).toMatchObject({
      code: 'history-elsewhere',
      hint: expect.stringContaining('history: store'),
    })
    expect(await query(oursIn)).toEqual([])
  })
})

describe('a run that is killed while its history is in the store', () => {
  test('in a transaction leaves nothing, and the next run says so', async () => {
    const release = await storedRelease({ 'db/migrations/1_slow.sql': goose('insert into items values (1000); select pg_sleep(60);') })
    await killDuring(release, "wait_event = 'PgSleep'")
    await release.project.write({ 'db/migrations/1_slow.sql': goose('insert into items values (1000);') })
    expect(first((await release.run('migrate', '--phase', 'pre')).result)).toMatchObject({
      closed: [{ version: '1', state: 'not-applied' }],
      applied: [{ id: '1_slow' }],
    })
    expect(await release.query('select id from items')).toEqual([{ id: 1000 }])
  })

  test('in the middle of a file goes on after the statements that finished', async () => {
    const release = await storedRelease({
      'db/migrations/1_mid.sql': goose(
        'insert into items values (1000);\ncreate index concurrently items_name on items (name);\ninsert into items values (1001);',
        'NO TRANSACTION',
      ),
    })
    const holding = release.query('begin isolation level repeatable read; select 1; select pg_sleep(4); commit') // the build waits for it
    await killDuring(release, "query like 'create index concurrently%' and wait_event_type = 'Lock'")
    await holding
    expect(first((await release.run('plan')).result)).toMatchObject({
      phases: [{ pending: [{ warning: '1 statement ran in an earlier run; goes on after' }] }, {}],
    })
    expect(first((await release.run('migrate', '--phase', 'pre')).result)).toMatchObject({ verdict: 'pass', applied: [{ id: '1_mid' }] })
    expect(await release.query('select id from items order by id')).toEqual([{ id: 1000 }, { id: 1001 }])
    expect(await release.query("select indisvalid as valid from pg_index where indexrelid = 'items_name'::regclass")).toEqual([
      { valid: true },
    ])
    expect(await release.replicates()).toBe(true)
  })

  test.each([
    ['took effect', /If it took effect: put an empty object (\S+) into/, [{ id: 1001 }]],
    ['did not', /If it did not: put an empty object (\S+) into/, [{ id: 1000 }, { id: 1001 }]],
  ])('in a statement that nothing tells about is settled by a person: it %s', async (_, object, rows) => {
    const file = (first: string) => goose(`select 1;\n${first}\ninsert into items values (1001);`, 'NO TRANSACTION')
    const slow = 'insert into items select 1000 from pg_sleep(case when exists (select from waits) then 60 else 0 end);'
    const release = await storedRelease({ 'db/migrations/1_mid.sql': file(slow) }, `${gooseTables} create table waits (n int primary key);`)
    await release.query('insert into waits values (1)')
    await killDuring(release, "wait_event = 'PgSleep'")
    await release.query('delete from waits')
    const doubt = first((await release.run('migrate', '--phase', 'pre')).result)?.error
    expect(doubt).toMatchObject({ code: 'in-doubt-statement', at: 'db/migrations/1_mid.sql:4:1' })
    expect(await release.query('select id from items')).toEqual([])
    await writeFile(join(release.folder, object.exec(doubt?.hint ?? '')?.[1] ?? ''), '')
    expect(first((await release.run('migrate', '--phase', 'pre')).result)).toMatchObject({ verdict: 'pass' })
    expect(await release.query('select id from items order by id')).toEqual(rows)
  })

  test('stops before the next migration when the connection that held its lock is gone', async () => {
    const release = await storedRelease({
      'db/migrations/1_slow.sql': goose('select pg_sleep(2);'),
      'db/migrations/2_more.sql': goose('insert into items values (1000);'),
    })
    const running = release.start('migrate', '--phase', 'pre', '--json')
    while (
      (await release.query("select 1 as there from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"))
        .length === 0
    )
      await sleep(20)
    await release.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'shiplock/%' and datname = current_database() and wait_event is distinct from 'PgSleep'",
    )
    expect(first(resultOf(await running.ended))).toMatchObject({ error: { code: 'connection-lost' }, notRun: ['2_more'] })
    expect(await release.query('select id from items')).toEqual([])
    expect(first((await release.run('migrate', '--phase', 'pre')).result)).toMatchObject({ applied: [{ id: '2_more' }] })
  })

  test('at any moment loses nothing and repeats nothing', async () => {
    const migrations = Array.from({ length: 12 }, (_, index) => index + 1)
    const files = migrations.map((n) => [
      `db/migrations/${n}_m.sql`,
      n % 3 === 0
        ? goose(`create index concurrently log_${n} on log (version);`, 'NO TRANSACTION')
        : goose(`insert into log values (${n}); select pg_sleep(0.02);`),
    ])
    const release = await storedRelease(Object.fromEntries(files), `${gooseTables} create table log (version int primary key);`)
    for (let round = 0; round < 12; round++) {
      const killed = release.start('migrate', '--phase', 'pre')
      await sleep(200 + round * 37)
      killed.child.kill('SIGKILL')
      await killed.ended
    }
    expect(first((await release.run('migrate', '--phase', 'pre')).result)).toMatchObject({ verdict: 'pass' })
    expect(
      (await release.query<{ v: string }>('select version_id::text as v from goose_db_version where version_id > 0 order by id')).map(
        ({ v }) => v,
      ),
    ).toEqual(migrations.map(String))
    expect(await release.query('select version from log order by version')).toEqual(
      migrations.filter((n) => n % 3 > 0).map((version) => ({ version })),
    )
    expect(await release.query('select 1 as there from pg_index where not indisvalid')).toEqual([])
    expect(first((await release.run('migrate', '--phase', 'pre')).result)).toMatchObject({ verdict: 'pass', applied: [], closed: [] })
    expect(await release.query(oursIn)).toEqual([])
    expect(await release.replicates()).toBe(true)
  })
})
