import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { advisoryKey } from '../../src/adapters/postgres/session.ts'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import { shiplock } from '../program.ts'
import { makeRepository, type Repository } from '../repository.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

const repositories: Repository[] = []
afterEach(async () => {
  for (const one of repositories.splice(0)) {
    await rm(`${one.dir}-store`, { recursive: true, force: true })
    await one[Symbol.asyncDispose]()
  }
})

type Files = Readonly<Record<string, string>>
const users: Files = {
  'db/migrations/0001_users.sql': "create table users (id bigint primary key, email text);\ninsert into users values (1, 'a'), (2, 'b');",
}
const phone = {
  'db/migrations/0002_phone.sql': 'alter table users add column phone text;',
  'db/migrations/0002_phone.down.sql': 'alter table users drop column phone;',
}
const because = ['--reason', 'error rate']
const downTo = ['rollback', '--to', 'v1', '--shape', 'down-one', '--migration', '0002_phone', ...because]
const everything =
  "select * from (select 1 as n, string_agg(h::text, '' order by id) from shiplock.history h union all select 2, string_agg(l::text, '' order by version) from shiplock.ledger l union all select 3, string_agg(attname, ',' order by attname) from pg_attribute where attrelid = 'users'::regclass and attnum > 0 and not attisdropped union all select 4, string_agg(u::text, ',' order by id) from users u) s"

/** v2 with these files is live after v1. */
async function released(files: Files = phone, options: readonly string[] = [], first = users) {
  const repository = await makeRepository(first)
  repositories.push(repository)
  const database = uniqueName('shop')
  const env = { DATABASE_URL: await server.createDatabase(database) }
  const common = ['--project', 'shop', '--store', `file://${repository.dir}-store`, ...options]
  const run = async (...args: string[]) => {
    const ended = await shiplock([...args, ...common], { cwd: repository.dir, env })
    return {
      ...ended,
      command: ended.result.commands[0] as Record<string, unknown> & { reason: string },
      error: ended.result.commands[0]?.error,
    }
  }
  const must = async (...args: string[]) => {
    const ended = await run(...args)
    if (ended.exitCode !== 0) throw new Error(`${args.join(' ')}: ${ended.stderr}`)
    return ended
  }
  const release = async (tag: string) => {
    await repository.git('tag', tag)
    await must('migrate', '--phase', 'pre', '--release', tag)
    await must('record', 'deployed', '--release', tag)
  }
  await release('v1')
  await repository.commit(files)
  await release('v2')
  const query = <Row = Record<string, unknown>>(sql: string) => server.query<Row>(sql, database)
  const phrase = (losing: string, migration = '0002_phone') => `take back ${migration} on ${database}, losing ${losing}`
  return { ...repository, env, database, run, must, release, query, phrase, everything: () => query(everything) }
}

describe('taking one migration back', () => {
  test('shows what would be lost and the phrase to type, and takes nothing back before it is typed', async () => {
    const { run, query, phrase, everything } = await released()
    await query("update users set phone = '1' where id = 1")
    const before = await everything()
    const asked = await run(...downTo)
    expect([asked.error?.code, asked.exitCode]).toEqual(['confirmation-required', 1])
    expect(asked.command).toMatchObject({
      phrase: phrase('1'),
      total: '1',
      losses: [{ what: 'the values of users.phone', count: '1', unit: 'values' }],
      changes: [{ object: 'column public.users.phone', change: 'goes' }],
      after: { shape: 'code-only' },
      statements: [expect.stringContaining('alter table users drop column phone')],
    })
    expect(asked.error?.hint).toContain(phrase('1'))
    const dry = await run(...downTo, '--dry-run')
    expect([dry.exitCode, dry.command.phrase]).toEqual([0, phrase('1')])
    expect(await everything()).toEqual(before)
  })

  test('takes it back with its version row, saves what is lost, and the newer release may run it again', async () => {
    const { run, query, phrase, must } = await released()
    await query("update users set phone = '1' where id = 1")
    const done = await must(...downTo, '--confirm', phrase('1'))
    expect(done.command).toMatchObject({ verdict: 'pass', state: 'reverted', recorded: true, rescue: { kind: 'copy', rows: 1 } })
    expect(done.command.reason).toContain('The code of v2 expects what is taken back')
    expect(done.command.leftBehind).toEqual([])
    expect(done.command.checklist).toEqual(expect.arrayContaining([expect.stringContaining('flags')]))
    expect(done.command.ledger).toMatchObject({ ran: [expect.stringMatching(/^1 pre \S+ 0001_users$/)], perhaps: [] })
    expect((await must('rollback', '--to', 'v1', '--from-record')).command.leftBehind).toEqual([])
    expect((await must('plan')).command.outside).toMatchObject({ count: 0 })
    expect(await query('select version from shiplock.ledger')).toEqual([{ version: '1' }])
    expect(await query("select 1 from information_schema.columns where column_name = 'phone'")).toEqual([])
    const rows = await query("select event, state, detail from shiplock.history where event in ('reversal', 'rollback') order by id")
    const fact = {
      from: 'v2',
      to: 'v1',
      shape: 'down-one',
      reason: 'error rate',
      takenBack: {
        migration: '0002_phone',
        lost: [{ what: 'the values of users.phone', count: '1', unit: 'values' }],
        savedIn: { kind: 'copy' },
      },
    }
    expect(rows).toMatchObject([
      { event: 'reversal', state: 'reverted', detail: fact },
      { event: 'rollback', state: null, detail: fact },
    ])
    expect((await run('migrate', '--phase', 'pre', '--release', 'v2')).command).toMatchObject({
      verdict: 'pass',
      applied: [{ id: '0002_phone' }],
    })
    expect(await query('select phone from users')).toEqual([{ phone: null }, { phone: null }])
  })
})

describe('other places for the version rows and the history', () => {
  const section = (up: string, down: string) => `-- +goose Up\n${up}\n-- +goose Down\n${down}\n`
  const goose = {
    'db/migrations/0001_users.sql': section(users['db/migrations/0001_users.sql'] as string, 'drop table users;'),
    'db/migrations/0002_phone.sql': section('alter table users add column phone text;', 'alter table users drop column phone;'),
  }
  test.each([
    ['the layout goose', ['--layout', 'goose'], goose, 'select version_id::text as version from goose_db_version where version_id > 0'],
    ['a history in the store', ['--history', 'store'], { ...users, ...phone }, 'select version from shiplock.ledger'],
  ])('with %s: it is taken back, what was lost comes back, and the newer release goes on', async (_, options, files, versions) => {
    const [first, second] = ['0001', '0002'].map((number) =>
      Object.fromEntries(Object.entries(files).filter(([path]) => path.includes(number))),
    ) as [Files, Files]
    const { run, must, query, phrase, env } = await released(second, options, first)
    await query("update users set phone = '1' where id = 1")
    const done = await must(...downTo, '--confirm', phrase('1'))
    expect(await query(versions)).toEqual([{ version: '1' }])
    expect((await run(...downTo, '--confirm', phrase('1'))).command).toMatchObject({ verdict: 'pass', state: 'reverted-before' })
    expect((await must('rollback', '--to', 'v1', '--from-record')).command).toMatchObject({ shape: 'code-only', leftBehind: [] })
    await must('migrate', '--phase', 'pre', '--release', 'v2')
    const { file = '' } = /--file=(?<file>\S+)$/.exec((done.command.rescue as { command: string }).command)?.groups ?? {}
    await putBack(file, env)
    expect(await query('select phone from users order by id')).toEqual([{ phone: '1' }, { phone: null }])
  })
})

/** As the printed command does it, at the server that its variables name elsewhere. */
async function putBack(file: string, { DATABASE_URL }: { readonly DATABASE_URL: string }): Promise<void> {
  const { binDir } = await findTools({
    major: server.major,
    set: 'client',
    binDir: undefined,
    install: false,
    env: process.env,
    say: () => {},
  })
  await promisify(execFile)(join(binDir, 'psql'), ['-X', '-v', 'ON_ERROR_STOP=1', `--dbname=${DATABASE_URL}`, `--file=${file}`])
}

/** Later files that no release has run: a test says in SQL which of them counts as applied. */
const later = {
  'db/migrations/0003_plain.sql': 'select 3;',
  'db/migrations/0004_fails.sql': 'select 4;',
  'db/migrations/0004_fails.down.sql': 'alter table users drop column phone;\nalter table users add check (id > 9);',
  'db/migrations/0005_outside.sql': '-- shiplock: no-transaction\nselect 5;',
  'db/migrations/0005_outside.down.sql': 'alter table users drop column phone;',
  'db/migrations/0007_narrow.sql': 'select 7;',
  'db/migrations/0007_narrow.down.sql': 'alter table users alter column email type varchar(1);',
  'db/migrations/0006_overwrites.sql': 'select 6;',
  'db/migrations/0006_overwrites.down.sql': "do $$ begin execute 'update users set email = ''x'''; end $$;",
}

const sum = (text: string) => createHash('sha256').update(text).digest('hex')
const count = (version: number, checksum?: string) => {
  const [path, text] = Object.entries(later).find(([path]) => path.includes(`000${version}_`)) as [string, string]
  const name = /(000\d_\w+)\.sql/.exec(path)?.[1]
  return `insert into shiplock.ledger (project, version, name, phase, checksum) values ('shop', '${version}', '${name}', 'pre', '${checksum ?? sum(text)}');`
}
const uncount = 'delete from shiplock.ledger where version::int > 2;'

describe('refused, and nothing is changed', () => {
  let site: Awaited<ReturnType<typeof released>>
  beforeAll(async () => {
    site = await released()
    await site.query("update users set phone = '1' where id = 1")
    await site.commit(later)
    await site.git('tag', 'v3')
    repositories.length = 0 // kept for all of them
  })
  afterAll(async () => {
    await rm(`${site.dir}-store`, { recursive: true, force: true })
    await site[Symbol.asyncDispose]()
  })

  const stamped = (sql: string) => `update shiplock.stamp set ${sql}`
  interface Asked {
    readonly to?: string
    readonly migration?: string
    readonly confirm?: string
  }
  const down = ({ to = 'v1', migration = '0002_phone', confirm = site.phrase('1', migration) }: Asked = {}) => [
    ...['rollback', '--to', to, '--shape', 'down-one', '--migration', migration, ...because],
    ...['--confirm', confirm],
  ]

  test.each<[string, string, number, { before?: string; after?: string; args?: () => string[]; says?: string }]>([
    ['a target that git does not know', 'unknown-target', 2, { args: () => down({ to: 'v9' }) }],
    ['a target that is newer than what is live', 'target-newer', 1, { args: () => down({ to: 'v3' }) }],
    ['the release that is live', 'target-is-live', 1, { args: () => down({ to: 'v2' }) }],
    ['no reason', 'invalid-input', 2, { args: () => down().filter((one) => !because.includes(one)) }],
    [
      'no migration',
      'invalid-input',
      2,
      { args: () => ['rollback', '--to', 'v1', '--shape', 'down-one', ...because], says: 'migration is missing' },
    ],
    ['a migration that nobody knows', 'unknown-migration', 2, { args: () => down({ migration: '0009_what' }) }],
    ['a migration of the target itself', 'target-contains', 1, { args: () => down({ migration: '0001_users' }) }],
    ['one after which another ran', 'not-newest', 1, { before: count(3), after: uncount, says: 'ran after it' }],
    [
      'a file that has run in part',
      'half-applied',
      1,
      {
        before: "insert into shiplock.step (project, version, index, hash, state) values ('shop', '9', 0, 'x', 'finished')",
        after: 'delete from shiplock.step',
      },
    ],
    ['a migration without a way back', 'no-down', 1, { before: count(3), after: uncount, args: () => down({ migration: '0003_plain' }) }],
    [
      'a text that is not the one that ran',
      'checksum-mismatch',
      1,
      { before: count(4, 'other'), after: uncount, args: () => down({ migration: '0004_fails' }), says: 'db/migrations/0004_fails.sql' },
    ],
    [
      'a version that no release holds',
      'down-not-found',
      1,
      {
        before: "insert into shiplock.ledger (project, version, name, phase, checksum) values ('shop', '8', '8_hand', 'pre', 'x')",
        after: uncount,
        args: () => down({ migration: '8' }),
      },
    ],
    [
      'a loss outside a transaction',
      'down-not-transactional',
      1,
      { before: count(5), after: uncount, args: () => down({ migration: '0005_outside' }) },
    ],
    [
      'a way back that values would refuse',
      'down-would-fail',
      1,
      {
        before: `${count(7)} update users set email = 'long' where id = 2`,
        after: `${uncount} update users set email = 'b' where id = 2`,
        args: () => down({ migration: '0007_narrow', confirm: site.phrase('nothing', '0007_narrow') }),
        says: '(1 value), at db/migrations/0007_narrow.down.sql:1',
      },
    ],
    [
      'a loss that no copy can be made of',
      'rescue-impossible',
      1,
      {
        before: count(6),
        after: uncount,
        args: () => down({ migration: '0006_overwrites', confirm: site.phrase('an unknown amount', '0006_overwrites') }),
        says: 'db/migrations/0006_overwrites',
      },
    ],
    [
      'no phrase for such a loss: the next step is the one that works',
      'confirmation-required',
      1,
      {
        before: count(6),
        after: uncount,
        args: () => down({ migration: '0006_overwrites' }).slice(0, -2),
        says: 'make a backup first (shiplock backup), and then run the same command with --rescue backup --confirm "take back 0006_overwrites',
      },
    ],
    [
      'another database in the phrase',
      'confirmation-wrong',
      1,
      { args: () => down({ confirm: site.phrase('1').replace('shop_', 'shop') }), says: 'the database is shop_' },
    ],
    [
      'another migration in the phrase',
      'confirmation-wrong',
      1,
      { args: () => down({ confirm: site.phrase('1', '0001_users') }), says: 'the migration is 0002_phone' },
    ],
    [
      'another count in the phrase',
      'confirmation-wrong',
      1,
      { args: () => down({ confirm: site.phrase('2') }), says: 'what is lost is 1, and "2"' },
    ],
    [
      'a database that is a copy',
      'wrong-database',
      2,
      {
        before: stamped("database_oid = '1'"),
        after: stamped('database_oid = (select oid::text from pg_database where datname = current_database())'),
      },
    ],
  ])('%s', async (_, code, exitCode, { before = 'select 1', after = 'select 1', args = down, says = '' }) => {
    const untouched = await site.everything()
    await site.query(before)
    const refused = await site.run(...args())
    await site.query(after)
    expect([refused.error?.code, refused.exitCode]).toEqual([code, exitCode])
    expect(`${refused.error?.message} ${refused.error?.hint}`).toContain(says)
    expect(await site.everything()).toEqual(untouched)
  })

  test('a down that fails half-way: its transaction is taken back whole, and the attempt is on record', async () => {
    await site.query(count(4))
    const before = (await site.everything()).slice(1)
    const refused = await site.run(...down({ migration: '0004_fails' }))
    expect([refused.error?.code, refused.exitCode]).toEqual(['migration-failed', 1])
    expect(refused.error?.message).toMatch(/^db\/migrations\/0004_fails\.down\.sql:2:1: .* \(SQLSTATE 23514\)\. Nothing was taken back\.$/)
    expect(refused.error?.hint).toContain('hotfix')
    expect((await site.everything()).slice(1)).toEqual(before)
    expect(await site.query("select state, error from shiplock.history where event = 'reversal'")).toEqual([
      { state: 'failed', error: 'migration-failed' },
    ])
    await site.query(uncount)
  })

  test.each([
    [
      'rows that somebody writes between the count and the locks',
      'loss-changed',
      "update users set phone = '2' where id = 1",
      "update users set phone = '1' where id = 1",
    ],
    ['a version table that somebody writes', 'ledger-moved', count(3), uncount],
  ])('%s', async (_, code, write, undo) => {
    const before = (await site.everything()).slice(1)
    await using holder = await session('begin; lock table users in share update exclusive mode')
    const running = site.run(...down())
    const isWaiting = "select 1 from shiplock.history where event = 'reversal' and state = 'running'"
    let isOver = false
    void running.then(() => {
      isOver = true
    })
    while (!isOver && (await site.query(isWaiting)).length === 0) await sleep(50)
    await site.query(write)
    await holder.client.query('rollback')
    const refused = await running
    expect([refused.error?.code, refused.exitCode]).toEqual([code, 1])
    await site.query(undo)
    expect((await site.everything()).slice(1)).toEqual(before)
  })

  test('a lock that another run holds: it does not wait', async () => {
    await using _holder = await session(`select pg_advisory_lock(${advisoryKey('runner', 'shop')})`)
    const before = await site.everything()
    const refused = await site.run(...down())
    expect([refused.error?.code, refused.exitCode]).toEqual(['run-in-progress', 3])
    expect(await site.everything()).toEqual(before)
  })

  test('a backup of another database, and one that is too old; a fresh one counts, and what it lacks is said', async () => {
    const other = { DATABASE_URL: await server.createDatabase(uniqueName('other')) }
    const common = ['--project', 'shop', '--store', `file://${site.dir}-store`]
    await shiplock(['backup', '--class', 'other', ...common], { cwd: site.dir, env: other })
    const byBackup = [...down(), '--rescue', 'backup']
    const before = await site.everything()
    const elsewhere = await site.run(...byBackup)
    expect(elsewhere.error).toMatchObject({ code: 'backup-required', message: expect.stringContaining('rescue: backup asks for a backup') })
    await site.must('backup', '--class', 'incident')
    const stale = await site.run(...byBackup, '--require-backup-age', '1ms')
    expect(stale.error).toMatchObject({ code: 'backup-required', message: expect.stringContaining('old') })
    expect(await site.everything()).toEqual(before)
    const done = await site.must(...byBackup)
    expect(done.command).toMatchObject({ state: 'reverted', rescue: { kind: 'backup', command: expect.stringContaining('pg_restore') } })
    expect(done.command.notes).toEqual(expect.arrayContaining([expect.stringContaining('what was written since then is not in it')]))
    const again = await site.run(...byBackup)
    expect([again.exitCode, again.command.state]).toEqual([0, 'reverted-before'])
    expect(again.command.reason).toMatch(/^0002_phone has been taken back already, by the run of .* UTC; nothing was changed now\./)
  })

  async function session(sql: string) {
    const client = new pg.Client({ connectionString: server.url(site.database), application_name: 'shiplock/4711.1' })
    await client.connect()
    await client.query(sql)
    return { client, [Symbol.asyncDispose]: () => client.end() }
  }
})
