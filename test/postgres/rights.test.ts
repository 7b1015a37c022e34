import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shiplock } from '../program.ts'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ settings: { log_statement: 'all', log_line_prefix: '%a %d: ' } })
})
afterAll(async () => {
  await server.stop()
  await removeProjects()
})

const plainFiles = { 'db/migrations/1_a.sql': 'create table a (x int);', 'db/post_migrations/2_b.sql': 'alter table a add y int;' }
const gooseFiles = Object.fromEntries(Object.entries(plainFiles).map(([path, sql]) => [path, `-- +goose Up\n${sql}\n`]))

/** A role of its own for a release, and the commands run as that role. */
async function withRole(files: Readonly<Record<string, string>>, attributes = '') {
  const release = await makeRelease(server, files)
  const role = uniqueName('role')
  await release.query(`create role ${role} login password 'pw-of-role' ${attributes}`)
  const env = { DATABASE_URL: `postgres://${role}:pw-of-role@127.0.0.1:${server.port}/${release.database}` }
  const asRole = async (...args: string[]) => {
    const ended = await shiplock([...args, '--project', 'shop'], { cwd: release.project.dir, env })
    return { ...ended, command: ended.result.commands[0], error: ended.result.commands[0]?.error }
  }
  return { ...release, role, asRole }
}

const linesOf = (hint: string | undefined) => (hint ?? '').split('\n').slice(1).join('\n')

describe.each([
  ['plain', plainFiles],
  ['goose', gooseFiles],
])('a role that may only read, with %s', (_, files) => {
  const readAll = (role: string) =>
    `grant usage on schema public, shiplock to ${role}; grant select on all tables in schema public, shiplock to ${role}`
  // PostgreSQL 13 has no such role
  const predefined = (role: string) => (server.major < 14 ? readAll(role) : `grant pg_read_all_data to ${role}`)

  test.each([
    ['SELECT on everything', readAll],
    ['pg_read_all_data', predefined],
  ])('by %s plans and tries without a change; migrate tells everything that it lacks before anything is tried', async (_, grant) => {
    const { run, role, asRole, query, project } = await withRole(files)
    await run('migrate', '--phase', 'pre')
    await query(grant(role))
    await query(`revoke create on schema public from public`)
    const sql = files === gooseFiles ? '-- +goose Up\nselect 3;\n' : 'select 3;'
    expect((await asRole('migrate', '--phase', 'pre')).command).toMatchObject({ verdict: 'pass', applied: [] })
    await project.write({ 'db/migrations/3_c.sql': sql })
    const facts = () => query('select count(*)::int as n, (select count(*)::int from shiplock.history) as h from pg_class')
    const before = await facts()
    expect((await asRole('plan')).command).toMatchObject({ verdict: 'pass', phases: [{ pending: [{ id: '3_c' }] }, {}] })
    expect((await asRole('migrate', '--phase', 'pre', '--dry-run')).command).toMatchObject({ verdict: 'pass', notRun: ['3_c'] })
    expect((await asRole('record', 'deployed', '--dry-run')).error?.code).toBe('post-not-allowed')
    const refused = await asRole('migrate', '--phase', 'pre')
    expect([refused.exitCode, refused.error?.code]).toEqual([2, 'insufficient-rights'])
    expect(refused.error?.message).toContain('nothing was run')
    expect(await facts()).toEqual(before)
    await query(linesOf(refused.error?.hint))
    expect((await asRole('migrate', '--phase', 'pre')).command).toMatchObject({ verdict: 'pass', applied: [{ id: '3_c' }] })
    expect((await asRole('record', 'deployed')).exitCode).toBe(0)
  })

  test('on a fresh database is told the lines for what has to be made, and no others', async () => {
    const { role, asRole, query } = await withRole({
      ...files,
      'db/migrations/1_a.sql': files === gooseFiles ? '-- +goose Up\nselect 1;\n' : 'select 1;',
    })
    await query('revoke all on schema public from public')
    expect((await asRole('plan')).exitCode).toBe(files === gooseFiles ? 2 : 0)
    if (files === gooseFiles) await query(`grant usage on schema public to ${role}`)
    const refused = await asRole('migrate', '--phase', 'pre')
    expect(
      linesOf(refused.error?.hint)
        .trim()
        .split(/\s*\n\s*/),
    ).toEqual([
      'create schema "shiplock";',
      `grant usage, create on schema "shiplock" to "${role}";`,
      ...(files === gooseFiles ? [`grant create on schema "public" to "${role}";`] : []),
    ])
    await query(linesOf(refused.error?.hint))
    expect((await asRole('migrate', '--phase', 'pre')).exitCode).toBe(0)
  })
})

test('a role that may not even read the books gets the lines for reading and for all the rest', async () => {
  const { run, asRole, query } = await withRole(plainFiles)
  await run('migrate', '--phase', 'pre')
  const refused = await asRole('plan')
  expect([refused.exitCode, refused.error?.code]).toEqual([2, 'insufficient-rights'])
  const [, read = '', , write = ''] = refused.error?.hint?.split('\n') ?? []
  await query(read)
  expect((await asRole('plan')).exitCode).toBe(0)
  await query(write)
  expect((await asRole('ledger', 'adopt', '--environment', 'other', '--reason', 'x')).exitCode).toBe(0)
})

test('a role that may do nothing with the table of a tool, whose rows a sequence numbers, gets every line for a mark', async () => {
  const { asRole, query } = await withRole(gooseFiles)
  await query(`create schema app; create table app.goose_db_version (id serial primary key, version_id bigint not null,
    is_applied boolean not null, tstamp timestamp default now())`)
  const table = ['--migrations-table', 'app.goose_db_version']
  const unread = await asRole('plan', ...table)
  expect(unread.error?.code).toBe('insufficient-rights')
  const [, read = ''] = unread.error?.hint?.split('\n') ?? []
  await query(read)
  expect((await asRole('plan', ...table)).exitCode).toBe(0)
  const mark = ['ledger', 'mark-applied', '--migration', '1', '--reason', 'x', ...table]
  const refused = await asRole(...mark)
  expect([refused.error?.code, refused.error?.message]).toEqual(['insufficient-rights', expect.stringContaining('nothing was run')])
  await query(linesOf(refused.error?.hint))
  expect((await asRole(...mark)).exitCode).toBe(0)
})

test('the wrong environment is refused before the first statement that writes', async () => {
  const { run, database, project } = await makeRelease(server, plainFiles)
  await run('migrate', '--phase', 'pre', '--environment', 'staging')
  await project.write({ 'db/migrations/3_c.sql': 'select 3;' })
  const logged = async () => {
    const lines = (await readFile(join(server.socketDir, 'server.log'), 'utf8')).split('\n')
    return lines.filter((line) => line.startsWith('shiplock/') && line.includes(` ${database}: `))
  }
  const before = (await logged()).length
  for (const command of [
    ['migrate', '--phase', 'pre'],
    ['migrate', '--phase', 'all', '--allow-unphased'],
    ['record', 'deployed'],
    ['plan'],
    ['backup'],
  ]) {
    const refused = await run(...command, '--environment', 'production')
    expect([refused.exitCode, refused.result.commands[0]?.error?.code]).toEqual([2, 'wrong-database'])
    expect(refused.result.commands[0]?.error?.message).toContain('stamped as staging')
  }
  const sent = (await logged()).slice(before)
  expect(sent.length).toBeGreaterThan(20)
  expect(sent.filter((line) => /: (?:insert|update|delete|create|drop|alter|truncate|grant|with changed)\b/i.test(line))).toEqual([])
})

describe('hostile objects in public, which the search path of the role puts first,', () => {
  const hostile = `
    create function now() returns timestamptz language sql as $$ select 'epoch'::timestamptz $$;
    create function clock_timestamp() returns timestamptz language sql as $$ select 'epoch'::timestamptz $$;
    create function md5(text) returns text language sql as $$ select 'x'::text $$;
    create function current_setting(text) returns text language sql as $$ select '90000'::text $$;
    create function to_regclass(text) returns regclass language sql as $$ select null::regclass $$;
    create function gen_random_uuid() returns uuid language sql as $$ select '00000000-0000-0000-0000-000000000000'::uuid $$;
    create function has_table_privilege(oid, text) returns boolean language sql as $$ select false $$;
    create function pg_is_in_recovery() returns boolean language sql as $$ select true $$;
    create function pg_advisory_lock(bigint) returns void language sql as $$ select $$;
    create function pg_try_advisory_lock(bigint) returns boolean language sql as $$ select false $$;
    create function pg_advisory_xact_lock(bigint) returns void language sql as $$ select $$;
    create function never(text, text) returns boolean language sql as $$ select false $$;
    create function never(oid, oid) returns boolean language sql as $$ select false $$;
    create function never(bigint, bigint) returns boolean language sql as $$ select false $$;
    create function never(name, name) returns boolean language sql as $$ select false $$;
    create function never(uuid, uuid) returns boolean language sql as $$ select false $$;
    create operator = (leftarg = text, rightarg = text, function = never);
    create operator = (leftarg = oid, rightarg = oid, function = never);
    create operator = (leftarg = bigint, rightarg = bigint, function = never);
    create operator = (leftarg = name, rightarg = name, function = never);
    create operator = (leftarg = uuid, rightarg = uuid, function = never);
    create table history (id int); create table stamp (id int); create table step (id int); create table ledger (id int);
    create table pg_class (oid int); create table pg_namespace (oid int); create table pg_database (oid int);`

  test.each([
    ['plain', (sql: string) => sql, '-- shiplock: no-transaction\n'],
    ['goose', (sql: string) => `-- +goose Up\n${sql}\n`, '-- +goose NO TRANSACTION\n'],
  ])(
    'change no result: %s',
    async (_, text, outside) => {
      const files = {
        'db/migrations/1_a.sql': text('create table a (x int, y int);'),
        'db/migrations/2_b.sql': outside + text('insert into a values (1);\ncreate index concurrently a_x on a (x);'),
        'db/post_migrations/3_c.sql': text('alter table a drop column y;'),
      }
      const outcomes = async (spoil: boolean) => {
        const { run, query, database } = await makeRelease(server, files)
        if (spoil) await query(`${hostile} alter database "${database}" set search_path = public, pg_catalog`)
        const told: unknown[] = []
        const tell = async (...args: string[]) => {
          const { exitCode, result } = await run(...args)
          const { verdict, error, applied, heldBack, phases, drift, kind } = result.commands[0] as unknown as Record<string, unknown>
          const ids = Array.isArray(applied) ? applied.map((one: { id: string }) => one.id) : applied
          told.push({ args, exitCode, verdict, code: (error as { code?: string } | undefined)?.code, ids, heldBack, phases, drift, kind })
        }
        await tell('plan')
        await tell('migrate', '--phase', 'pre')
        await tell('migrate', '--phase', 'pre')
        await tell('migrate', '--phase', 'post')
        await tell('record', 'deployed')
        await tell('migrate', '--phase', 'post')
        await tell('plan')
        await tell('ledger', 'adopt', '--environment', 'staging', '--reason', 'x')
        await tell('plan', '--environment', 'staging')
        const books = await server.query(
          "select event, version, state, started_at > pg_catalog.now() - interval '1 hour' as recent, environment from shiplock.history order by id",
          database,
        )
        return { told, books, tables: await server.query('select pg_catalog.count(*) as n from public.a', database) }
      }
      const clean = await outcomes(false)
      expect(clean.told).toMatchObject([
        { exitCode: 0 },
        { ids: ['1_a', '2_b'] },
        { ids: [] },
        { exitCode: 1 },
        {},
        { ids: ['3_c'] },
        {},
        { kind: 'copy' },
        {},
      ])
      expect(await outcomes(true)).toEqual(clean)
    },
    180_000,
  )
})
