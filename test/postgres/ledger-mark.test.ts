import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startCli } from '../program.ts'
import { makeRelease, removeProjects } from './release.ts'
import { awkwardPassword, startServer, type TestServer } from './server.ts'
import { until } from './sessions.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterEach(removeProjects)
afterAll(() => server.stop())

type Release = Awaited<ReturnType<typeof makeRelease>>

/** Two migrations as the tool of a layout has them, and one for the post phase. */
interface Tool {
  readonly layout: string
  readonly table: string
  /** What of its rows does not differ from one run to the next. */
  readonly columns: string
  readonly ids: readonly [string, string]
  readonly post: string
  file(folder: string, id: string, sql: string): Readonly<Record<string, string>>
}

const stamps = ['20260101000001', '20260102000002'] as const
const words = ['users', 'email'] as const
const idsOf = (versions: readonly string[]) => words.map((word, index) => `${versions[index]}_${word}`) as unknown as Tool['ids']

const tools: readonly Tool[] = [
  {
    layout: 'plain',
    table: 'shiplock.ledger',
    columns: 'project, version, name, phase, checksum',
    ids: idsOf(['0001', '0002']),
    post: '0004_post',
    file: (folder, id, sql) => ({ [`db/${folder}/${id}.sql`]: sql }),
  },
  {
    layout: 'goose',
    table: 'goose_db_version',
    columns: 'version_id, is_applied',
    ids: idsOf(['00001', '00002']),
    post: '00004_post',
    file: (folder, id, sql) => ({ [`db/${folder}/${id}.sql`]: `-- +goose Up\n${sql}\n` }),
  },
  {
    layout: 'golang-migrate',
    table: 'schema_migrations',
    columns: 'version, dirty',
    ids: idsOf(['000001', '000002']),
    post: '000004_post',
    file: (folder, id, sql) => ({ [`db/${folder}/${id}.up.sql`]: sql }),
  },
  {
    layout: 'dbmate',
    table: 'schema_migrations',
    columns: 'version',
    ids: idsOf(stamps),
    post: '20260104000004_post',
    file: (folder, id, sql) => ({ [`db/${folder}/${id}.sql`]: `-- migrate:up\n${sql}\n-- migrate:down\n` }),
  },
  {
    layout: 'sqlx',
    table: '_sqlx_migrations',
    columns: 'version, description, success, checksum, execution_time',
    ids: idsOf(stamps),
    post: '20260104000004_post',
    file: (folder, id, sql) => ({ [`db/${folder}/${id}.up.sql`]: sql }),
  },
  {
    layout: 'diesel',
    table: '__diesel_schema_migrations',
    columns: 'version',
    ids: idsOf(stamps),
    post: '20260104000004_post',
    file: (folder, id, sql) => ({ [`db/${folder}/${id}/up.sql`]: sql }),
  },
]
const toolOf = (layout: string) => tools.find((one) => one.layout === layout) as Tool

function filesOf({ layout, file, ids, post }: Tool) {
  return {
    'shiplock.yml': `migrations: { layout: ${layout} }\n`,
    ...file('migrations', ids[0], 'create table users (id int);'),
    ...file('migrations', ids[1], 'alter table users add email text;'),
    ...file('post_migrations', post, 'alter table users drop column id;'),
  }
}

const reason = ['--reason', 'ran by hand at night']

function driver(release: Release, tool?: Tool) {
  const run = async (...args: string[]) => {
    const ended = await release.run(...args)
    const command = ended.result.commands[0]
    return { exitCode: ended.exitCode, command, code: command?.error?.code, hint: command?.error?.hint, reason: command?.reason }
  }
  return {
    run,
    rows: () => release.query(`select ${tool?.columns} from ${tool?.table} order by 1`),
    history: () =>
      release.query<{ event: string; state: string; name: string; hand: Record<string, unknown> | null; duration_ms: number | null }>(
        "select event, state, name, detail->'byHand' as hand, duration_ms from shiplock.history where event in ('migration', 'reversal') order by id",
      ),
    async pending(...more: string[]): Promise<string[]> {
      const plan = (await run('plan', ...more)).command as unknown as { phases: { pending: { id: string }[] }[] } | undefined
      return plan?.phases.flatMap((one) => one.pending.map(({ id }) => id)) ?? []
    },
  }
}

test.each(tools)(
  '$layout: a mark leaves the rows that a run leaves, or those from before, and says in the history whose it is',
  async (tool) => {
    const [first, second] = tool.ids
    const ran = driver(await makeRelease(server, filesOf(tool)), tool)
    await ran.run('migrate', '--phase', 'pre')
    const release = await makeRelease(server, filesOf(tool))
    const { run, rows, history, pending } = driver(release, tool)
    expect((await run('ledger', 'mark-applied', '--migration', first, ...reason)).code).toBeUndefined()
    const before = await rows()
    const dry = await run('ledger', 'mark-applied', '--migration', second, '--dry-run')
    expect(dry.command).toMatchObject({ verdict: 'pass', dryRun: true, statements: [expect.stringMatching(/insert into|update/)] })
    expect([await rows(), (await history()).length]).toEqual([before, 1])
    expect((await run('ledger', 'mark-applied', '--migration', second.replace(/_.*/, ''), ...reason)).command).toMatchObject({
      verdict: 'pass',
      migration: second,
      reason: `${second} counts as applied; nothing of it was run.`,
      table: expect.stringMatching(new RegExp(`(^|\\.)${tool.table}$`)),
      change: expect.stringContaining('was written into it'),
      who: expect.any(String),
    })
    expect(await rows()).toEqual(await ran.rows())
    expect(await release.query("select to_regclass('users') as made")).toEqual([{ made: null }])
    expect((await history()).at(-1)).toEqual({
      event: 'migration',
      state: 'applied',
      name: second,
      hand: { action: 'mark-applied', reason: 'ran by hand at night', who: expect.any(String), wasApplied: false },
      duration_ms: null,
    })
    await run('record', 'deployed', '--release', 'v1')
    expect((await run('ledger', 'mark-applied', '--migration', tool.post, ...reason)).command).toMatchObject({ phase: 'post', notes: [] })
    expect(await pending()).toEqual([])

    if (tool.layout === 'golang-migrate')
      expect((await run('ledger', 'mark-reverted', '--migration', first, ...reason)).code).toBe('not-newest')
    for (const id of [tool.post, second]) expect((await run('ledger', 'mark-reverted', '--migration', id, ...reason)).code).toBeUndefined()
    expect(await rows()).toEqual(before)
    expect(await pending()).toEqual([second, tool.post])
    expect((await history()).at(-1)).toMatchObject({ event: 'reversal', state: 'reverted', name: second, hand: { wasApplied: true } })
  },
)

describe('a mark is refused', () => {
  test('without a reason, without a migration, without its file, and for a number that is another one', async () => {
    const release = await makeRelease(server, filesOf(toolOf('goose')))
    const { run } = driver(release)
    const cases: readonly (readonly [code: string, args: readonly string[], next?: string])[] = [
      ['invalid-input', ['mark-applied'], 'shiplock ledger mark-applied --migration 0007_add_phone --reason "…"'],
      ['invalid-input', ['mark-applied', '--migration', '1'], 'shiplock ledger mark-applied --migration 1 --reason "…"'],
      ['invalid-input', ['clear-dirty', '--migration', '1', ...reason], 'shiplock ledger clear-dirty --migration 1 --settle-as applied'],
      ['unknown-migration', ['mark-reverted', '--migration', '00001_people', ...reason], `--migration ${toolOf('goose').ids[0]}`],
      ['invalid-input', ['mark-reverted', '--migration', '1']],
      ['invalid-input', ['clear-dirty', '--migration', '1', '--settle-as', 'applied']],
      ['invalid-input', ['mark-applied', ...reason]],
      ['invalid-input', ['mark-applied', '--migration', '1', '--settle-as', 'reverted', ...reason]],
      ['invalid-input', ['clear-dirty', '--migration', '1', '--settle-as', 'applied', ...reason]],
      ['unknown-migration', ['mark-applied', '--migration', '7', ...reason]],
      ['unknown-migration', ['mark-applied', '--migration', '00001_people', ...reason]],
      ['unknown-migration', ['mark-reverted', '--migration', '7', ...reason]],
    ]
    for (const [code, args, next = ''] of cases) {
      const refused = await run('ledger', ...args)
      expect([args[0], refused.code]).toEqual([args[0], code])
      expect(refused.hint).toContain(next)
    }
    expect(await release.query("select to_regnamespace('shiplock') as schema")).toEqual([{ schema: null }])
  })

  test.each([
    ['plain', undefined],
    ['goose', undefined],
    ['golang-migrate', 'out-of-order'],
  ])('%s: while an older one is pending; out-of-order: allow helps where the table can hold it', async (layout, allowed) => {
    const tool = toolOf(layout)
    const { run } = driver(await makeRelease(server, filesOf(tool)), tool)
    const late = ['ledger', 'mark-applied', '--migration', tool.ids[1], ...reason]
    const refused = await run(...late)
    expect(refused.code).toBe('out-of-order')
    expect(refused.hint).toContain(`shiplock ledger mark-applied --migration ${tool.ids[0]} `)
    expect((await run(...late, '--out-of-order', 'allow')).code).toBe(allowed)
  })

  test('for a file that was edited after it ran, and on a database that is another one', async () => {
    const release = await makeRelease(server, filesOf(toolOf('goose')))
    const { run } = driver(release)
    await run('migrate', '--phase', 'pre')
    await release.project.write(toolOf('goose').file('migrations', '00002_email', 'select 1;'))
    expect((await run('ledger', 'mark-applied', '--migration', '2', ...reason)).code).toBe('checksum-mismatch')
    expect((await run('ledger', 'mark-reverted', '--migration', '2', ...reason, '--environment', 'staging')).code).toBe('wrong-database')
    expect((await run('ledger', 'mark-reverted', '--migration', '2', ...reason)).code).toBeUndefined()
    expect((await run('ledger', 'mark-reverted', '--migration', '2', ...reason)).reason).toContain('in no version table')
    expect((await run('ledger', 'mark-applied', '--migration', '1', ...reason)).reason).toContain('already')
  })
})

describe('what follows from a mark', () => {
  test('the history calls a mark failed that the version table does not show afterwards', async () => {
    const tool = toolOf('goose')
    const release = await makeRelease(server, filesOf(tool))
    const { run, history, rows } = driver(release, tool)
    await run('migrate', '--phase', 'pre')
    await run('ledger', 'mark-reverted', '--migration', '2', ...reason)
    await release.query(`create function nothing() returns trigger language plpgsql as 'begin return null; end';
      create trigger silent before insert or delete on goose_db_version for each row execute function nothing()`)
    for (const [action, version] of [
      ['mark-applied', '2'],
      ['mark-reverted', '1'],
    ] as const) {
      const { code, command } = await run('ledger', action, '--migration', version, ...reason)
      expect([code, command?.change, (await history()).at(-1)?.state]).toEqual(['ledger-moved', undefined, 'failed'])
    }
    expect(await rows()).toHaveLength(2)
  })

  test('a secret that is in its reason is kept nowhere', async () => {
    const { run, history } = driver(await makeRelease(server, filesOf(toolOf('goose'))))
    await run('ledger', 'mark-applied', '--migration', '1', '--reason', `ran with ${awkwardPassword}`)
    expect((await history()).at(-1)?.hand).toMatchObject({ reason: 'ran with ***' })
  })

  test('a migration of the live release that was taken back by hand shuts the post phase; one that it does not contain leaves it open', async () => {
    const tool = toolOf('plain')
    const release = await makeRelease(server, filesOf(tool))
    const { run } = driver(release)
    await run('migrate', '--phase', 'pre')
    await run('record', 'deployed', '--release', 'v1')
    await release.project.write(tool.file('migrations', '0005_more', 'create table more ();'))
    expect((await run('migrate', '--phase', 'pre')).code).toBeUndefined()
    expect((await run('ledger', 'mark-reverted', '--migration', '0005_more', ...reason)).code).toBeUndefined()
    expect((await run('ledger', 'show')).command).toMatchObject({ live: { release: 'v1' }, heldBack: ['0004_post'] })
    await release.project.remove('db/migrations/0005_more.sql')
    expect((await run('migrate', '--phase', 'post', '--dry-run')).command).toMatchObject({ notRun: ['0004_post'] })

    expect((await run('ledger', 'mark-reverted', '--migration', '2', ...reason)).code).toBeUndefined()
    await release.project.remove('db/migrations/0002_email.sql')
    const shut = await run('migrate', '--phase', 'post')
    expect(shut.code).toBe('post-not-allowed')
    expect(shut.command?.error?.message).toContain('0002_email, which the release that is live contains, was marked as taken back')
    await run('record', 'deployed', '--release', 'v2')
    expect((await run('migrate', '--phase', 'post')).command).toMatchObject({ applied: [{ id: '0004_post' }] })
  })

  test('a marked post migration that the deployed release does not contain is told of, and no later edit goes unseen', async () => {
    const tool = toolOf('goose')
    const release = await makeRelease(server, filesOf(tool))
    const { run } = driver(release)
    await run('migrate', '--phase', 'pre')
    const marked = await run('ledger', 'mark-applied', '--migration', tool.post, ...reason)
    expect(marked.command).toMatchObject({ notes: [expect.stringContaining('no release is recorded as deployed')] })
    await release.project.write(tool.file('post_migrations', tool.post, 'select 2;'))
    expect((await run('plan')).code).toBe('checksum-mismatch')
  })

  test('what was noted of the statements of a file outside a transaction is settled, in doubt or not', async () => {
    const tool = toolOf('plain')
    const file = '-- shiplock: no-transaction\ncreate table a ();\nvacuum users;\n'
    for (const as of ['applied', 'reverted']) {
      const release = await makeRelease(server, { ...filesOf(tool), 'db/migrations/0005_alone.sql': file })
      const { run, pending } = driver(release)
      for (const version of ['1', '2']) await run('ledger', 'mark-applied', '--migration', version, ...reason)
      expect((await run('migrate', '--phase', 'pre')).code).toBe('migration-failed') // there is no table of users
      expect(await release.query("select count(*)::int as n from shiplock.step where version = '5'")).toEqual([{ n: 2 }])
      const marked = await run('ledger', `mark-${as}`, '--migration', '0005_alone', ...reason)
      expect(marked.command).toMatchObject({ notes: [expect.stringContaining('2 statements of 0005_alone')] })
      expect(await release.query('select 1 from shiplock.step')).toEqual([])
      expect(await release.query("select version from shiplock.ledger where version = '5'")).toHaveLength(as === 'applied' ? 1 : 0)
      expect(await pending()).toEqual(as === 'applied' ? [tool.post] : ['0005_alone', tool.post])
    }
  })

  test('with the history in the store the same follows', async () => {
    const tool = toolOf('plain')
    const file = '-- shiplock: no-transaction\ncreate table a ();\nvacuum users;\n'
    const release = await makeRelease(server, { ...filesOf(tool), 'db/migrations/0005_alone.sql': file })
    const { run, pending } = driver(release)
    const stored = ['--history', 'store', '--store', `file://${release.project.dir}/store`]
    for (const version of ['1', '2']) {
      const done = await run('ledger', 'mark-applied', '--migration', version, ...reason, ...stored)
      expect([done.code, done.exitCode]).toEqual([undefined, 0])
    }
    await run('migrate', '--phase', 'pre', ...stored)
    const marked = await run('ledger', 'mark-reverted', '--migration', '5', ...reason, ...stored)
    expect(marked.command).toMatchObject({ verdict: 'pass', notes: [expect.stringContaining('2 statements of 0005_alone')] })
    await release.query('create table users (); drop table a')
    expect((await run('migrate', '--phase', 'pre', ...stored)).command).toMatchObject({ applied: [{ id: '0005_alone' }] })
    expect((await run('ledger', 'mark-reverted', '--migration', '5', ...reason, ...stored)).code).toBeUndefined()
    expect(await pending(...stored)).toEqual(['0005_alone', tool.post])
  })
})

describe('clear-dirty', () => {
  const clear = (id: string, as: string) => ['ledger', 'clear-dirty', '--migration', id, '--settle-as', as, ...reason]

  test.each([
    ['an up that did not end', '2', '2', 'applied', '2'],
    ['an up that did not end', '2', '2', 'reverted', '1'],
    ['the first up', '1', '1', 'reverted', undefined],
    ['a way back that did not end', '1', '000002_email', 'applied', '2'],
    ['a way back that did not end', '1', '000002_email', 'reverted', '1'],
    ['the way back of the first', '-1', '000001_users', 'applied', '1'],
    ['the way back of the first', '-1', '000001_users', 'reverted', undefined],
  ])('golang-migrate, %s: dirty %s, cleared for %s as %s', async (_, version, id, as, left) => {
    const tool = toolOf('golang-migrate')
    const release = await makeRelease(server, filesOf(tool))
    const { run, rows, history, pending } = driver(release, tool)
    await release.query(`create table schema_migrations (version bigint primary key, dirty boolean not null);
      insert into schema_migrations values (${version}, true)`)
    expect((await run(...clear(id, as))).command).toMatchObject({ verdict: 'pass', as })
    expect(await rows()).toEqual(left === undefined ? [] : [{ version: left, dirty: false }])
    expect((await history()).at(-1)).toMatchObject({ state: as, hand: { action: 'clear-dirty' } })
    expect(await pending()).toEqual([...tool.ids.slice(Number(left ?? 0)), tool.post])
  })

  test('golang-migrate: everything else stops at a dirty version and says what to type; another migration than that one is refused', async () => {
    const tool = toolOf('golang-migrate')
    const release = await makeRelease(server, filesOf(tool))
    const { run, rows } = driver(release, tool)
    await release.query(
      `create table schema_migrations (version bigint primary key, dirty boolean not null); insert into schema_migrations values (1, true)`,
    )
    const refused = await run(...clear('3', 'applied'))
    expect([refused.code, refused.hint]).toEqual([
      'invalid-input',
      'Name --migration 000001_users, if it is that one; --migration 000002_email, if its way back did not end.',
    ])
    const stopped = await run('plan')
    expect([stopped.code, (await run('ledger', 'mark-reverted', '--migration', '1', ...reason)).code]).toEqual([
      'dirty-version',
      'dirty-version',
    ])
    expect(stopped.hint).toContain('shiplock ledger clear-dirty --migration 1 --settle-as applied --reason "…", or --settle-as reverted')
    expect((await run(...clear('1', 'applied'), '--dry-run')).command).toMatchObject({ dryRun: true })
    expect(await rows()).toEqual([{ version: '1', dirty: true }])
    await run(...clear('1', 'applied'))
    expect((await run(...clear('1', 'applied'))).reason).toContain('nothing was changed')
  })

  test.each(['applied', 'reverted'])('sqlx: a row without success counts as %s', async (as) => {
    const tool = toolOf('sqlx')
    const clean = driver(await makeRelease(server, filesOf(tool)), tool)
    await clean.run('migrate', '--phase', 'pre')
    const release = await makeRelease(server, filesOf(tool))
    const { run, rows, pending } = driver(release, tool)
    await run('migrate', '--phase', 'pre')
    await release.query(`update _sqlx_migrations set success = false, checksum = 'of an earlier text' where version = ${stamps[1]}`)
    expect((await run('plan')).hint).toContain(`shiplock ledger clear-dirty --migration ${stamps[1]} --settle-as applied`)
    expect((await run(...clear(stamps[1], as))).command).toMatchObject({ verdict: 'pass' })
    expect(await rows()).toEqual((await clean.rows()).slice(0, as === 'applied' ? 2 : 1))
    expect(await pending()).toEqual(as === 'applied' ? [tool.post] : [tool.ids[1], tool.post])
  })

  test('Flyway: what was put right since it failed counts with the text that it has now', async () => {
    const tool = toolOf('plain')
    const release = await makeRelease(server, {
      'shiplock.yml': 'migrations: { layout: flyway }\n',
      'db/migrations/V1__users.sql': 'create table users (id int);',
      'db/migrations/R__all_totals.sql': 'create or replace view totals as select 1 as one;',
    })
    const { run, pending } = driver(release, tool)
    await run('migrate', '--phase', 'pre')
    await release.query('update flyway_schema_history set success = false, checksum = 7 where installed_rank = 1')
    expect((await run(...clear('V1__users', 'applied'))).command).toMatchObject({ verdict: 'pass', change: 'version 1 is no longer dirty' })
    expect(await pending()).toEqual([])
    await release.query('update flyway_schema_history set success = false where version is null')
    await release.project.write({ 'db/migrations/R__all_totals.sql': 'create or replace view totals as select 2 as one;' })
    expect((await run(...clear('R__all_totals', 'applied'))).command).toMatchObject({ verdict: 'pass', as: 'applied' })
    expect(await pending()).toEqual([])
    await release.query("update flyway_schema_history set type = 'BASELINE' where version = '1'")
    expect((await run('ledger', 'mark-reverted', '--migration', 'V1__users', ...reason)).code).toBe('not-newest')
  })
})

describe('a run that is killed', () => {
  test.each([
    ['before the version table has changed', false, 'not-applied', 'applied'],
    ['after it, before the history knows', true, 'applied-unreported', undefined],
  ])('%s: the next run says what became of it', async (_, committed, closed, second) => {
    const tool = toolOf('goose')
    const release = await makeRelease(server, filesOf(tool))
    const { run, rows, history } = driver(release, tool)
    await run('migrate', '--phase', 'pre')
    const args = ['ledger', 'mark-reverted', '--migration', '2', ...reason]
    await run(...args)
    const holder = await openHolder(release.database, 'begin; lock table goose_db_version in share row exclusive mode')
    const mark = ['ledger', 'mark-applied', '--migration', '2', ...reason]
    const running = startCli([...mark, '--json', '--project', 'shop'], { cwd: release.project.dir, env: release.env })
    await until(async () => (await history()).at(-1)?.state === 'running')
    const kill = async () => {
      running.child.kill('SIGKILL')
      await running.ended
      const ours = "from pg_stat_activity where application_name like 'shiplock/%' and datname = current_database()"
      await release.query(`select pg_terminate_backend(pid) ${ours}`)
      await until(async () => (await release.query(`select 1 ${ours}`)).length === 0)
    }
    if (committed) {
      const other = await openHolder(release.database, 'begin; lock table shiplock.history in share row exclusive mode')
      await holder.end()
      await until(async () => (await rows()).length === 3)
      await kill()
      await other.end()
    } else {
      await kill()
      await holder.end()
    }
    expect((await history()).at(-1)).toMatchObject({ state: 'running', hand: { action: 'mark-applied' } })
    expect(await rows()).toHaveLength(committed ? 3 : 2)
    expect((await run(...mark)).code).toBeUndefined()
    if (committed) await run('migrate', '--phase', 'pre')
    expect((await history()).map(({ state }) => state).slice(3)).toEqual([closed, ...(second === undefined ? [] : [second])])
    expect(await rows()).toHaveLength(3)
  })

  test('a service that writes the table between the look and the mark stops it', async () => {
    const tool = toolOf('goose')
    const release = await makeRelease(server, filesOf(tool))
    const { run, rows, history } = driver(release, tool)
    await run('migrate', '--phase', 'pre')
    await run('ledger', 'mark-reverted', '--migration', '2', ...reason)
    const holder = await openHolder(release.database, 'begin; insert into goose_db_version (version_id, is_applied) values (2, true)')
    const marking = run('ledger', 'mark-applied', '--migration', '2', ...reason)
    await until(async () => (await history()).at(-1)?.state === 'running')
    await holder.end('commit')
    expect((await marking).code).toBe('ledger-moved')
    expect((await history()).at(-1)).toMatchObject({ state: 'failed' })
    expect(await rows()).toHaveLength(3)
  })
})

/** Somebody else's transaction, which holds what it has taken until it ends. */
async function openHolder(database: string, begin: string) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: server.url(database) })
  await client.connect()
  await client.query(begin)
  return {
    async end(how = 'rollback') {
      await client.query(how)
      await client.end()
    },
  }
}
