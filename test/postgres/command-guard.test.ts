import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resultOf, startCli } from '../program.ts'
import { removeProjects } from './release.ts'
import { startServer, type TestServer } from './server.ts'
import { makeTeam } from './team.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeProjects()
})

const alter = 'alter table users add column email text'

/** A team whose command does these steps, a table, and a session that holds whatever lock a test wants. */
async function makeGuarded(...steps: string[]) {
  const team = await makeTeam(server, steps)
  await team.query('create table users (id int primary key); insert into users values (1)')
  const holder = new pg.Client({ connectionString: server.url(team.database), application_name: 'report' })
  await holder.connect()
  const waiting = async () => {
    for (;;) {
      const rows = await team.query(
        "select 1 from pg_locks l join pg_stat_activity a using (pid) where not granted and application_name like 'shiplock/%/%'",
      )
      if (rows.length > 0) return
      await sleep(20)
    }
  }
  const theirs = () =>
    team.query<{ pid: number }>(
      "select pid from pg_stat_activity where application_name like 'shiplock/%/%' and datname = current_database()",
    )
  const connected = async () => {
    while ((await theirs()).length === 0) await sleep(20)
  }
  return {
    ...team,
    holder,
    waiting,
    connected,
    theirs,
    hold: (sql = 'lock table users in access share mode') => holder.query(`begin; ${sql}`),
    [Symbol.asyncDispose]: () => holder.end(),
  }
}

interface Guarded {
  readonly guarded: number
  readonly cancelled: number
  readonly waitedMs: number
  readonly waits: readonly { waitsFor: string; heldBy: string[]; waitedMs: number; cancelled: boolean }[]
}

const guardOf = (command: unknown) => command as Guarded

describe('a statement that waits for a lock', () => {
  test('is cancelled after the stall budget where the command lifted its own limit, and the holder is named', async () => {
    await using team = await makeGuarded('sql:set lock_timeout = 0', `sql:${alter}`)
    await team.hold()
    const running = team.start('migrate', '--phase', 'pre', '--stall-budget', '600ms')
    await team.waiting()
    const asked = performance.now()
    await team.query('select count(*) from users') // the application, behind it in the queue
    const stalledMs = performance.now() - asked
    const ended = await running.ended
    const command = resultOf(ended).commands[0]
    expect(stalledMs).toBeLessThan(3000)
    expect(command).toMatchObject({ verdict: 'fail', exitCode: 1, guarded: 1, cancelled: 1, error: { code: 'migration-failed' } })
    const [wait] = guardOf(command).waits
    expect(wait).toMatchObject({ waitsFor: 'AccessExclusiveLock on public.users', cancelled: true })
    expect(wait?.waitedMs).toBeGreaterThanOrEqual(600)
    expect(wait?.waitedMs).toBeLessThan(3000)
    expect(wait?.heldBy).toEqual([
      expect.stringMatching(/^server process \d+ \(user postgres, application report, idle in transaction, transaction open for /),
    ])
    expect(ended.stderr).toMatch(
      /of the command waited .* for AccessExclusiveLock on public\.users, held by server process .*; its statement was cancelled/,
    )
    expect(command?.error?.message).toContain('application report')
    expect(ended.stderr).toContain('│ sql:alter table users add column email text: canceling statement due to user request')
  })

  test('ends by its own limit otherwise, and the holder is named all the same', async () => {
    await using team = await makeGuarded(`sql:${alter}`)
    await team.hold()
    const { command, stderr } = await team.migrate('pre', '--stall-budget', '600ms')
    expect(stderr).toContain('canceling statement due to lock timeout')
    expect(command).toMatchObject({
      verdict: 'fail',
      cancelled: 0,
      waits: [{ waitsFor: 'AccessExclusiveLock on public.users', cancelled: false }],
    })
    expect(command?.error?.message).toContain('application report')
  })

  test('names the oldest of many holders, and counts the others', async () => {
    await using team = await makeGuarded(`sql:${alter}`)
    await team.hold()
    const readers = ['b', 'c', 'd', 'e'].map(
      (name) => new pg.Client({ connectionString: server.url(team.database), application_name: name }),
    )
    for (const reader of readers) {
      await reader.connect()
      await reader.query('begin; select * from users')
    }
    const { command } = await team.migrate('pre', '--stall-budget', '600ms')
    for (const reader of readers) await reader.end()
    const names = ['report', 'b', 'c'].map((name) => expect.stringContaining(`application ${name},`))
    expect(guardOf(command).waits[0]?.heldBy).toEqual([...names, '2 others'])
  })

  test('again and again uses up the lock budget: the command is stopped, and nothing of it stays on the server', async () => {
    await using team = await makeGuarded('ignore-term:', `insist:${alter}`)
    await team.hold()
    const { command, stderr } = await team.migrate('pre', '--stall-budget', '300ms', '--lock-budget', '1500ms')
    expect(command).toMatchObject({
      verdict: 'fail',
      error: { code: 'lock-not-obtained', message: expect.stringContaining('lock-budget (1.5 s)') },
    })
    expect(stderr).toContain('│ not yet') // it was asked before it was killed
    const { waitedMs, waits } = guardOf(command)
    expect(waitedMs).toBeGreaterThan(1500)
    expect(waits.length).toBeGreaterThan(2)
    expect(await team.theirs()).toEqual([])
    expect(await team.history()).toMatchObject([{ state: 'failed', error: 'lock-not-obtained' }])
    await team.holder.query('rollback')
    expect((await team.migrate('pre')).command).toMatchObject({ verdict: 'pass' })
  })

  test('for the end of another transaction, as a row that is locked, is cancelled too', async () => {
    await using team = await makeGuarded('sql:set lock_timeout = 0', 'sql:update users set id = 2')
    await team.hold('update users set id = 3')
    const { command } = await team.migrate('pre', '--stall-budget', '300ms')
    expect(command).toMatchObject({ verdict: 'fail', waits: [{ waitsFor: 'another transaction to end', cancelled: true }] })
  })

  test('that a concurrent build waits for by design is left alone', async () => {
    await using team = await makeGuarded('sql:set lock_timeout = 0', 'sql:create index concurrently i on users (id)')
    await team.hold('update users set id = 3')
    const running = team.start('migrate', '--phase', 'pre', '--stall-budget', '200ms', '--lock-budget', '400ms')
    await team.waiting()
    await sleep(1500)
    await team.holder.query('commit')
    expect(resultOf(await running.ended).commands[0]).toMatchObject({ verdict: 'pass', cancelled: 0, waits: [] })
    expect(await team.query("select indisvalid as valid from pg_index where indexrelid = 'i'::regclass")).toEqual([{ valid: true }])
  })

  test('for an advisory lock of its own is not cancelled, but uses up the lock budget', async () => {
    await using team = await makeGuarded('sql:set lock_timeout = 0', 'sql:select pg_advisory_lock(1)')
    await team.hold('select pg_advisory_lock(1)')
    const { command } = await team.migrate('pre', '--stall-budget', '200ms', '--lock-budget', '900ms')
    expect(command).toMatchObject({ error: { code: 'lock-not-obtained' }, cancelled: 0, waits: [{ cancelled: false }] })
  })

  test('of another program, or of another job of the same run, is none of ours', async () => {
    await using team = await makeGuarded('sleep:1500', 'print:done')
    await team.hold()
    const other = new pg.Client({ connectionString: server.url(team.database), application_name: 'shiplock/77.1' })
    await other.connect()
    const altering = other.query('alter table users add column other int')
    const env = { ...team.env, GITHUB_RUN_ID: '77' }
    const running = startCli(['migrate', '--phase', 'pre', '--stall-budget', '200ms', '--json'], { cwd: team.project.dir, env })
    await running.printed('│ done')
    // what follows the command reads the schema, and would stand behind the other job
    await team.holder.query('commit')
    await altering
    await other.end()
    expect(resultOf(await running.ended).commands[0]).toMatchObject({ verdict: 'pass', cancelled: 0, waits: [] })
  })
})

test('a plain role sees the waits of another role, and says that it may not cancel them', async () => {
  await using team = await makeGuarded('sql:set lock_timeout = 0', `sql:${alter}`)
  await team.query(
    `create role watcher login password 'w'; create role shop_owner login password 'o'; grant create on database "${team.database}" to watcher; alter table users owner to shop_owner; grant all on schema public to shop_owner`,
  )
  const urlOf = (role: string) => server.url(team.database).replace(/\/\/.*@/, `//${role}@`)
  await team.hold()
  const running = team.runWith(
    { DATABASE_URL: urlOf('shop_owner:o') },
    'migrate',
    '--phase',
    'pre',
    '--stall-budget',
    '300ms',
    '--lock-budget',
    '1s',
    '--database-url',
    urlOf('watcher:w'),
  )
  const { command, stderr } = await running
  expect(stderr).toContain('the role of this run may not cancel')
  expect(command).toMatchObject({
    cancelled: 0,
    error: { code: 'lock-not-obtained' },
    waits: [{ waitsFor: 'AccessExclusiveLock on public.users', heldBy: [expect.stringMatching(/user postgres, application report/)] }],
  })
})

test('a driver that does not send the name is not watched, and the result says so', async () => {
  const team = await makeTeam(server, ['sql:select 1', 'sleep:300'])
  const { command, stderr } = await team.runWith({ OTHER_NAME: '1' }, 'migrate', '--phase', 'pre')
  expect(command).toMatchObject({ verdict: 'pass', guarded: 0, checks: [{ id: 'lock-guard', status: 'not-checked' }] })
  expect(stderr).toContain('The lock guard saw no connection of it.')
})

describe('a run that is stopped', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('by %s stops the command, cancels its statement and says so', async (signal) => {
    await using team = await makeGuarded('ignore-term:', 'sql:insert into users values (7); select pg_sleep(60)')
    const running = team.start('migrate', '--phase', 'pre')
    await team.connected()
    await sleep(200)
    const asked = performance.now()
    running.child.kill(signal)
    const ended = await running.ended
    expect(performance.now() - asked).toBeLessThan(6000)
    expect(ended.exitCode).toBe(signal === 'SIGTERM' ? 143 : 130)
    expect(resultOf(ended).commands[0]).toMatchObject({ verdict: 'inconclusive', error: { code: 'interrupted' } })
    expect(await team.theirs()).toEqual([])
    expect(await team.query('select id from users')).toEqual([{ id: 1 }])
    expect(await team.history()).toMatchObject([{ state: 'failed', error: 'interrupted' }])
  })

  test('by SIGKILL leaves the command behind: the next run waits for it, and says that nobody knows its end', async () => {
    await using team = await makeGuarded('sql:set lock_timeout = 0', 'sql:select pg_advisory_lock(1)')
    await team.hold('select pg_advisory_lock(1)')
    const killed = team.start('migrate', '--phase', 'pre', '--release', 'v1')
    await team.waiting()
    killed.child.kill('SIGKILL')
    await killed.ended
    await team.rewrite(['print:again'])
    const hasty = await team.migrate('pre', '--on-locked', 'fail')
    expect([hasty.exitCode, hasty.command?.error?.code]).toEqual([3, 'run-in-progress'])
    const next = team.start('migrate', '--phase', 'pre', '--release', 'v2')
    await next.printed('waiting for the command of an earlier run that was killed (server process')
    await team.holder.query('select pg_advisory_unlock(1)')
    const ended = await next.ended
    expect(ended.stderr).toContain('! the run of phase pre for v1, started 2')
    expect(resultOf(ended).commands[0]).toMatchObject({ verdict: 'pass', unfinished: [{ phase: 'pre', release: 'v1' }] })
    expect(await team.history()).toMatchObject([{ state: 'unknown' }, { state: 'applied' }])
  })
})

test('a connection that the observer loses is made again, and the run goes on', async () => {
  await using team = await makeGuarded('sql:set lock_timeout = 0', 'sleep:1500', `sql:${alter}`)
  await team.hold()
  const running = team.start('migrate', '--phase', 'pre', '--stall-budget', '300ms')
  await team.connected()
  await team.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name ~ '^shiplock/[0-9]+[.]1$' and datname = current_database()",
  )
  const command = resultOf(await running.ended).commands[0]
  expect(command).toMatchObject({ cancelled: 1, error: { code: 'migration-failed' } })
  expect(await team.history()).toMatchObject([{ state: 'failed', error: 'migration-failed' }])
})
