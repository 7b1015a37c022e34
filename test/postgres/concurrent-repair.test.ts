import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resultOf, shiplock } from '../program.ts'
import { removeProjects } from './release.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'
import { oneFile, slowFunction, until } from './sessions.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await removeProjects()
  await server.stop()
})

const file = (setup: string, text: string) => oneFile(server, setup, text)
type Release = Awaited<ReturnType<typeof file>>

/** What a build leaves that was cancelled while it waited for a writer: an invalid index. */
async function halfBuilt({ session, query, phase }: Release, statement: string, table: string) {
  await using writer = await session(`begin; lock table ${table} in row exclusive mode`) // as a writer does
  const building = query(statement).catch((error: { code: string }) => error.code)
  await query(`select pg_cancel_backend(${await phase('waiting for writers')})`)
  expect(await building).toBe('57014')
  await writer.query('rollback')
}

const oidOf = async ({ query }: Release, name: string) =>
  (await query<{ oid: string }>(`select oid::text from pg_class where relname = '${name}'`))[0]?.oid

const accounts = `create schema app;
create table app."Accounts" (id int, "eMail" text, "kind of" int, gone bool default false, tags text[], at timestamptz)`
const onAccounts: [what: string, statement: string][] = [
  ['of one column', 'create index concurrently "Idx" on app."Accounts" (id);'],
  ['with a comment in it', '/* é */ create index concurrently -- why\n"Idx" on app."Accounts" (id) -- so\n;'],
  ['of an expression', 'create index concurrently "Idx" on app."Accounts" (lower("eMail"), (id + 1) desc nulls last);'],
  ['over a part of the rows', `create unique index concurrently "Idx" on app."Accounts" ("eMail") where not gone and "kind of" in (1, 2);`],
  [
    'with more columns, options and a way to compare',
    'create index concurrently "Idx" on only app."Accounts" using btree ("eMail" collate "C" text_pattern_ops) include (id, "kind of") with (fillfactor = 70);',
  ],
  ['of another method', 'create index concurrently if not exists "Idx" on app."Accounts" using gin (tags) with (fastupdate = off);'],
  ['that names the table in its expression', 'create index concurrently "Idx" on app."Accounts" (lower("Accounts"."eMail"));'],
]

describe('an invalid index that is what the statement builds', () => {
  test.each(onAccounts)('%s, is dropped and built again', async (_, statement) => {
    const release = await file(accounts, statement)
    await halfBuilt(release, statement.replace('if not exists', ''), 'app."Accounts"')
    const left = await oidOf(release, 'Idx')
    expect(await release.indexes()).toEqual([{ name: 'app."Idx"', valid: false }])
    expect(await release.migrate()).toMatchObject({ verdict: 'pass' })
    expect(await release.indexes()).toEqual([{ name: 'app."Idx"', valid: true }])
    expect(await oidOf(release, 'Idx')).not.toBe(left)
  })

  test('is found although the application keeps using its table', async () => {
    const release = await file('create table t (x int)', 'create index concurrently i on t (x);')
    await halfBuilt(release, 'create index concurrently i on t (x)', 't')
    let over = false
    const traffic = [1, 2, 3].map(async () => {
      await using application = await release.session('select 1', 'shop')
      while (!over) await application.query('begin; insert into t values (1); select * from t where x = 1; select pg_sleep(0.02); commit')
    })
    expect(await release.migrate()).toMatchObject({ verdict: 'pass' })
    over = true
    await Promise.all(traffic)
    expect(await release.indexes()).toEqual([{ name: 'i', valid: true }])
  })

  test('whose name the server chose is found after a run that was killed', async () => {
    const release = await file(
      `${slowFunction}create table t (x int); insert into t select generate_series(1, 15);\ncreate index t_slow_idx on t (x)`,
      'create index concurrently on t (slow(x));',
    )
    const killed = release.start()
    await release.phase('building index: scanning')
    await release.kill(killed)
    expect(await release.indexes()).toContainEqual({ name: 't_slow_idx1', valid: false })
    expect(await release.migrate()).toMatchObject({ verdict: 'pass' })
    expect(await release.indexes()).toEqual([
      { name: 't_slow_idx', valid: true },
      { name: 't_slow_idx1', valid: true },
    ])
  })

  test('that was set aside by a run that was cut off is dropped by its own mark, and no other', async () => {
    const release = await file('create table t (x int)', 'create index concurrently i on t (x);')
    await halfBuilt(release, 'create index concurrently j on t (x)', 't')
    await halfBuilt(release, 'create index concurrently k on t (x)', 't')
    await release.query(`alter index j rename to shiplock_invalid_${await oidOf(release, 'j')}`)
    await release.query('alter index k rename to shiplock_invalid_1')
    await release.query('create index whole on t (x)')
    const whole = `shiplock_invalid_${await oidOf(release, 'whole')}`
    await release.query(`alter index whole rename to ${whole}`)
    expect(await release.migrate()).toMatchObject({ verdict: 'pass' })
    expect(await release.indexes()).toEqual([
      { name: 'i', valid: true },
      { name: 'shiplock_invalid_1', valid: false },
      { name: whole, valid: true },
    ])
  })
})

describe('an invalid index of the same name that is another one', () => {
  const wanted = 'create index concurrently i on t (a, b) where c > 0;'
  test.each([
    ['is unique', 'create unique index concurrently i on t (a, b) where c > 0'],
    ['has other columns', 'create index concurrently i on t (a) where c > 0'],
    ['has its columns in another order', 'create index concurrently i on t (b, a) where c > 0'],
    ['covers other rows', 'create index concurrently i on t (a, b) where c > 1'],
    ['covers all rows', 'create index concurrently i on t (a, b)'],
    ['is sorted otherwise', 'create index concurrently i on t (a, b desc) where c > 0'],
    ['compares otherwise', 'create index concurrently i on t (a, b text_pattern_ops) where c > 0'],
    ['has another collation', 'create index concurrently i on t (a, b collate "C") where c > 0'],
    ['includes a column', 'create index concurrently i on t (a, b) include (c) where c > 0'],
    ['is filled otherwise', 'create index concurrently i on t (a, b) with (fillfactor = 50) where c > 0'],
    ['is of another method', 'create index concurrently i on t using brin (a, b) where c > 0'],
    ['has the expression of another function', 'create index concurrently i on t (a, lower(b)) where c > 0'],
  ])('%s: it is named and left alone', async (_, theirs) => {
    const release = await file('create table t (a int, b text, c int)', wanted)
    await halfBuilt(release, theirs, 't')
    const left = await oidOf(release, 'i')
    expect(await release.migrate()).toMatchObject({
      error: {
        code: 'invalid-index',
        message: expect.stringContaining(
          'the index public.i is there, but invalid: no query uses it. It is another index than this statement builds.',
        ),
        hint: 'When nobody needs it: drop index concurrently public.i; then run the same command again.',
      },
    })
    expect([await oidOf(release, 'i'), await release.indexes()]).toEqual([left, [{ name: 'i', valid: false }]])
  })

  test('is left alone as well where it cannot be compared: without the right to temporary tables', async () => {
    const statement = 'create index concurrently i on t (x);'
    const release = await file('create table t (x int)', statement)
    await halfBuilt(release, statement, 't')
    const role = uniqueName('deployer')
    await release.query(
      `create role ${role} login password 'pw'; grant create, usage on schema public to ${role}; alter table t owner to ${role};
       revoke temporary on database "${release.database}" from public; grant create on database "${release.database}" to ${role}`,
    )
    const env = { DATABASE_URL: `postgres://${role}:pw@127.0.0.1:${server.port}/${release.database}` }
    const { result } = await shiplock(['migrate', '--phase', 'pre', '--project', 'shop'], { cwd: release.project.dir, env })
    expect(result.commands[0]).toMatchObject({
      error: {
        code: 'invalid-index',
        message: expect.stringContaining('could not be found out: permission denied to create temporary tables'),
      },
    })
    expect(await release.indexes()).toEqual([{ name: 'i', valid: false }])
  })

  test('belongs to an index of a partitioned table', async () => {
    const release = await file(
      'create table p (x int) partition by range (x); create table t partition of p for values from (0) to (9); create index parent on only p (x)',
      'create index concurrently i on t (x);',
    )
    await halfBuilt(release, 'create index concurrently i on t (x)', 't')
    await release.query('alter index parent attach partition i')
    expect(await release.migrate()).toMatchObject({
      error: { code: 'invalid-index', message: expect.stringContaining('It belongs to an index of a partitioned table') },
    })
    expect(await release.indexes()).toEqual([
      { name: 'i', valid: false },
      { name: 'parent', valid: false },
    ])
  })

  test('stands in another schema, or on another table', async () => {
    const release = await file(
      'create schema app; create table app.t (x int); create table t (x int); create table other (x int)',
      'set search_path = public, app;\ncreate index concurrently i on app.t (x);\ncreate index concurrently if not exists k on t (x);',
    )
    await halfBuilt(release, 'create index concurrently i on t (x)', 't')
    await halfBuilt(release, 'create index concurrently k on other (x)', 'other')
    expect(await release.migrate()).toMatchObject({
      failed: { stepsDone: 1 },
      error: { code: 'migration-failed', message: expect.stringContaining('something else is called k, and public.t has no such index') },
    })
    expect(await release.indexes()).toEqual([
      { name: 'app.i', valid: true },
      { name: 'i', valid: false },
      { name: 'k', valid: false },
    ])
  })
})

describe('a colleague who is building the same index', () => {
  /** Their build waits for a writer, who waits for us. */
  async function building(statement: string, ours: string) {
    const release = await file('create table t (x int)', ours)
    const writer = await release.session('begin; insert into t values (1)')
    const theirs = release.query(statement)
    const pid = await release.phase('waiting for writers before build')
    return { ...release, writer, theirs, pid, oid: await oidOf(release, 'i') }
  }

  test('is waited for, and their index is taken for what it is', async () => {
    const { start, writer, theirs, pid, indexes, oid, ...release } = await building(
      'create index concurrently i on t (x)',
      'create index concurrently if not exists i on t (x);',
    )
    const running = start()
    await running.printed(`1_x: building i waits, since public.i is not finished, for process ${pid}`)
    await writer.query('commit')
    expect((await running.ended).exitCode).toBe(0)
    await theirs
    expect(await indexes()).toEqual([{ name: 'i', valid: true }])
    expect(await oidOf({ ...release, indexes, start } as Release, 'i')).toBe(oid)
    await writer[Symbol.asyncDispose]()
  })

  test('is waited for, and without IF NOT EXISTS the server says that theirs is there', async () => {
    const {
      start,
      writer,
      theirs,
      phase: _,
      ...release
    } = await building('create index concurrently i on t (x)', 'create index concurrently i on t (x);')
    const running = start()
    await running.printed('1_x: building i waits, since public.i is not finished')
    await writer.query('commit')
    await theirs
    expect(resultOf(await running.ended).commands[0]).toMatchObject({ failed: { sqlstate: '42P07' } })
    expect(await release.indexes()).toEqual([{ name: 'i', valid: true }])
    await writer[Symbol.asyncDispose]()
  })

  test('who takes longer than the budget is named, and nothing of theirs is touched', async () => {
    const { migrate, writer, theirs, pid, indexes } = await building(
      'create index concurrently i on t (x)',
      'create index concurrently i on t (x);',
    )
    expect(await migrate('--lock-budget', '2s')).toMatchObject({
      error: { code: 'lock-not-obtained', message: expect.stringMatching(/building i was not started/) },
      failed: { blockers: expect.arrayContaining([expect.stringContaining(`process ${pid} `)]) },
    })
    await writer.query('commit')
    await theirs
    expect(await indexes()).toEqual([{ name: 'i', valid: true }])
    await writer[Symbol.asyncDispose]()
  })

  test('by REINDEX of what an interrupted build left, keeps what comes of it', async () => {
    const release = await file(`${slowFunction}create table t (x int)`, 'create index concurrently i on t (slow(x));')
    await halfBuilt(release, 'create index concurrently i on t (slow(x))', 't')
    await release.query('insert into t select generate_series(1, 25)')
    const theirs = release.query('reindex index concurrently i')
    await release.phase('building index: scanning')
    const running = release.start()
    await running.printed('1_x: building i waits, since public.i is not finished')
    await theirs
    expect(resultOf(await running.ended).commands[0]).toMatchObject({ failed: { sqlstate: '42P07' } })
    expect(await release.indexes()).toEqual([{ name: 'i', valid: true }])
  })
})

test('an index that is left invalid just before our statement, so that IF NOT EXISTS takes it for the index, is built all the same', async () => {
  const release = await file('create table t (x int)', 'create index concurrently if not exists i on t (x);')
  await release.query(`create function wait() returns event_trigger language plpgsql as $$ begin
      if current_setting('application_name') like 'shiplock/%' and to_regclass('i') is null then perform pg_sleep(4); end if; end $$;
    create event trigger wait on ddl_command_start when tag in ('CREATE INDEX') execute function wait()`)
  const running = release.start()
  await until(async () => (await release.query("select 1 from pg_stat_activity where wait_event = 'PgSleep'")).length === 1)
  await halfBuilt(release, 'create index concurrently i on t (x)', 't')
  await running.printed('public.i was left half-built; it is dropped')
  expect((await running.ended).exitCode).toBe(0)
  expect(await release.indexes()).toEqual([{ name: 'i', valid: true }])
})

test('a run killed in the middle of its build leaves it to the next one', async () => {
  const release = await file(
    `${slowFunction}create table t (x int); insert into t select generate_series(1, 15)`,
    'create unique index concurrently "Mixed Case" on t (slow(x)) where x > 0;',
  )
  const killed = release.start()
  await release.phase('building index: scanning')
  await release.kill(killed)
  expect(await release.indexes()).toEqual([{ name: '"Mixed Case"', valid: false }])
  const next = release.start()
  await next.printed('1_x: public."Mixed Case" was left half-built; it is dropped')
  expect((await next.ended).exitCode).toBe(0)
  expect(await release.indexes()).toEqual([{ name: '"Mixed Case"', valid: true }])
})

test('a run killed after its build had ended takes it for done only when it is the very index', async () => {
  const release = await file('create table t (x int, y int)', 'create index concurrently i on t (x);')
  await release.migrate()
  const started = async (index: string) => {
    await release.query(`delete from shiplock.ledger; drop index if exists i; ${index};
      insert into shiplock.step (project, version, index, hash, state)
      values ('shop', '1', 0, encode(sha256('create index concurrently i on t (x)'), 'hex'), 'started')`)
    const answer = await release.migrate()
    await release.query('delete from shiplock.step')
    return answer
  }
  expect(await started('create index i on t (y)')).toMatchObject({ failed: { sqlstate: '42P07' } })
  expect(await started('create index i on t (x)')).toMatchObject({ verdict: 'pass' })
})
