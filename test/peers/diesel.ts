import { strict as assert } from 'node:assert'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import { startServer, type TestServer } from '../postgres/server.ts'
import { Bench, type Files } from './rust-bench.ts'
import { installRustTool } from './rust-tool.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

interface Site {
  readonly server: TestServer
  readonly diesel: string
}

/** Proves that Shiplock and the real diesel agree, in both directions, on a real server. Fails when a peer is missing. */
async function main(): Promise<number> {
  const version = '2.3.14'
  const diesel = await installRustTool({ crate: 'diesel_cli', program: 'diesel', version, features: 'postgres', needs: ['libpq-dev'] }, say)
  await findTools({
    major: 13,
    set: 'server',
    binDir: process.env.SHIPLOCK_TEST_PG_BIN_DIR || undefined,
    install: true,
    env: process.env,
    say,
  })
  await using server = await startServer()
  const site = { server, diesel }
  say(`diesel ${version} against PostgreSQL ${server.major}`)
  let failed = 0
  for (const [name, check] of Object.entries(cases)) {
    if (process.argv[2] !== undefined && !name.includes(process.argv[2])) continue
    try {
      const note = await check(site)
      console.log(`ok    ${name}${note ? `: ${note}` : ''}`)
    } catch (error) {
      failed++
      console.log(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  console.log(`${Object.keys(cases).length - failed} passed, ${failed} failed`)
  return failed
}

const setup = 'db/migrations/00000000000000_diesel_initial_setup'
const users = 'db/migrations/2026-01-01-000000_users'
const email = 'db/migrations/2026-01-03-000000_email'
const index = 'db/migrations/2026-01-04-000000_index'
const dropName = 'db/post_migrations/2026-01-02-000000_drop_name'
const release: Files = {
  'diesel.toml': '[migrations_directory]\ndir = "db/migrations"\n',
  [`${setup}/up.sql`]: 'create function touch() returns int language sql as $$ select 1; $$;\n',
  [`${setup}/down.sql`]: 'drop function touch;\n',
  [`${users}/up.sql`]: 'create table users (id bigint primary key, name text);\n',
  [`${users}/down.sql`]: 'drop table users;\n',
  [`${email}/up.sql`]: 'alter table users add column email text;\r\n',
  [`${email}/down.sql`]: 'alter table users drop column email;\n',
  [`${index}/up.sql`]: 'create index concurrently users_email on users (email);\n',
  [`${index}/down.sql`]: 'drop index concurrently users_email;\n',
  [`${index}/metadata.toml`]: 'run_in_transaction = false\n',
  [`${dropName}/up.sql`]: 'alter table users drop column name;\n',
  [`${dropName}/down.sql`]: 'alter table users add column name text;\n',
}
const preIds = [setup, users, email, index].map((path) => path.split('/').at(-1) as string)
const postId = '2026-01-02-000000_drop_name'

async function diesel(bench: Bench, site: Site, command: string, dir = 'db/migrations'): Promise<string> {
  const ended = await bench.peer(site.diesel, 'migration', '--migration-dir', dir, command)
  assert.equal(ended.exitCode, 0, `diesel migration ${command} failed: ${ended.output}`)
  return ended.output
}

async function pendingForDiesel(bench: Bench, site: Site, dir?: string): Promise<string[]> {
  return [...(await diesel(bench, site, 'list', dir)).matchAll(/^\s*\[ \] (\S+)/gm)].map((match) => match[1] as string)
}

const rows = (bench: Bench) => bench.query('select version from __diesel_schema_migrations order by 1')
const columns = (bench: Bench) =>
  bench.query(
    `select attname, format_type(atttypid, atttypmod) as type, attnotnull, pg_get_expr(adbin, adrelid) as default, (select string_agg(pg_get_constraintdef(oid) || conname, ',') from pg_constraint where conrelid = attrelid) as keys
     from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum where attrelid = '__diesel_schema_migrations'::regclass and attnum > 0 order by attnum`,
  )

const cases: Record<string, (site: Site) => Promise<string | undefined>> = {
  'both leave the same table, and diesel has nothing to do after our pre phase': async (site) => {
    await using theirs = await Bench.of(site.server, 'diesel', release)
    await using ours = await Bench.of(site.server, 'diesel', release)
    await diesel(theirs, site, 'run')
    assert.deepEqual(await ours.migrate('pre'), preIds)
    assert.deepEqual(await rows(ours), await rows(theirs))
    assert.deepEqual(await columns(ours), await columns(theirs))
    assert.deepEqual(await pendingForDiesel(ours, site), [])
    assert.doesNotMatch(await diesel(ours, site, 'run'), /Running/)
    assert.deepEqual(await theirs.pending(), { pre: [], post: [postId] })
    assert.deepEqual(await theirs.migrate('pre'), [])
  },

  'each goes on where the other stopped, and a folder older than what ran is run': async (site) => {
    await using bench = await Bench.of(site.server, 'diesel', {
      [`${setup}/up.sql`]: release[`${setup}/up.sql`] as string,
      [`${users}/up.sql`]: release[`${users}/up.sql`] as string,
    })
    await diesel(bench, site, 'run')
    await bench.write(release)
    assert.deepEqual(await bench.migrate('pre'), preIds.slice(2))
    await bench.write({ 'db/migrations/2026-01-02-500000_late/up.sql': 'create table late ();\n' })
    assert.match(await diesel(bench, site, 'run'), /Running migration 2026-01-02-500000_late/)
    await bench.write({ 'db/migrations/2026-01-06-000000_b/up.sql': 'create table b ();\n' })
    assert.deepEqual(await bench.migrate('pre'), ['2026-01-06-000000_b'])
    assert.deepEqual(await pendingForDiesel(bench, site), [])
  },

  'a plain diesel migration run works while a post migration is held back and after it ran, in the same table': async (site) => {
    await using bench = await Bench.of(site.server, 'diesel', release)
    await bench.migrate('pre')
    await bench.write({ 'db/migrations/2026-01-05-000000_a/up.sql': 'create table a ();\n' })
    assert.match(await diesel(bench, site, 'run'), /2026-01-05-000000_a/)
    await bench.shiplock('record', 'deployed')
    assert.deepEqual(await bench.pending(), { pre: [], post: [postId] })
    assert.deepEqual(await bench.migrate('post'), [postId])
    await bench.write({ 'db/migrations/2026-01-06-000000_b/up.sql': 'create table b ();\n' })
    assert.match(await diesel(bench, site, 'run'), /2026-01-06-000000_b/)
    assert.deepEqual(await pendingForDiesel(bench, site, 'db/post_migrations'), [])
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
  },

  'the files of an older release: diesel runs on, and reverts nothing that it has no folder of': async (site) => {
    await using bench = await Bench.of(site.server, 'diesel', release)
    await bench.migrate('pre')
    for (const file of ['up.sql', 'down.sql', 'metadata.toml']) await bench.remove(`${index}/${file}`)
    await bench.peer('rmdir', index)
    assert.doesNotMatch(await diesel(bench, site, 'run'), /Running/)
    const reverted = await bench.peer(site.diesel, 'migration', '--migration-dir', 'db/migrations', 'revert')
    assert.notEqual(reverted.exitCode, 0)
    return reverted.output.trim()
  },

  'metadata.toml: what it leaves out means outside of a transaction, to both': async (site) => {
    for (const [metadata, taken] of [
      ['run_in_transaction = false\n', true],
      ['# nothing\n', true],
      ['run_in_transaction = true\n', false],
    ] as const) {
      const files = {
        [`${users}/up.sql`]: 'create table users (id int);',
        [`${index}/up.sql`]: 'create index concurrently i on users (id);',
        [`${index}/metadata.toml`]: metadata,
      }
      await using theirs = await Bench.of(site.server, 'diesel', files)
      await using ours = await Bench.of(site.server, 'diesel', files)
      const them = await theirs.peer(site.diesel, 'migration', '--migration-dir', 'db/migrations', 'run')
      const us = await ours.tryShiplock('migrate', '--phase', 'pre')
      assert.deepEqual([them.exitCode === 0, us.exitCode === 0], [taken, taken], metadata)
    }
  },

  'what diesel stops at stops us too': async (site) => {
    for (const files of [
      { 'db/migrations/2026-01-02-000000_a/down.sql': 'select 1;' },
      { 'db/migrations/2026-01-02-000000_a/up.sql': '' },
      { 'db/migrations/2026-01-02-000000_a/up.sql': '\uFEFFselect 1;' },
    ]) {
      await using bench = await Bench.of(site.server, 'diesel', { [`${users}/up.sql`]: 'create table users ();', ...files })
      assert.equal((await bench.tryShiplock('migrate', '--phase', 'pre')).command.error?.code, 'invalid-migration')
      assert.notEqual(
        (await bench.peer(site.diesel, 'migration', '--migration-dir', 'db/migrations', 'run')).exitCode,
        0,
        Object.keys(files)[0],
      )
    }
  },

  'our way back of one migration leaves what diesel migration revert leaves': async (site) => {
    const files = Object.fromEntries(Object.entries(release).filter(([path]) => !path.includes('post_') && !path.startsWith(index)))
    await using theirs = await Bench.of(site.server, 'diesel', files)
    await diesel(theirs, site, 'run')
    await using ours = await Bench.of(
      site.server,
      'diesel',
      Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith(email))),
    )
    const deploy = async (tag: string) => {
      await ours.tag(tag)
      await ours.migrate('pre', '--release', tag)
      await ours.shiplock('record', 'deployed', '--release', tag)
    }
    await deploy('v1')
    await ours.write(files)
    await deploy('v2')
    await diesel(theirs, site, 'revert')
    const id = '2026-01-03-000000_email'
    const confirm = `take back ${id} on ${ours.database}, losing nothing`
    await ours.shiplock('rollback', '--to', 'v1', '--shape', 'down-one', '--migration', id, '--reason', 'peer', '--confirm', confirm)
    assert.deepEqual(await rows(ours), await rows(theirs))
    assert.deepEqual(await pendingForDiesel(ours, site), [id])
    assert.match(await diesel(ours, site, 'run'), /2026-01-03-000000_email/)
  },

  'a repository with 130 applied migrations: plan finds nothing pending and writes nothing, and diesel goes on without us': async (
    site,
  ) => {
    const many = Object.fromEntries(
      Array.from({ length: 130 }, (_, at) => [
        `db/migrations/2025-01-01-${String(100000 + at)}_t${at}/up.sql`,
        `create table t${at} (a int);\n`,
      ]),
    )
    await using bench = await Bench.of(site.server, 'diesel', many)
    await diesel(bench, site, 'run')
    const catalog =
      'select count(*)::int as n, (select count(*)::int from pg_namespace) as schemas, (select sum(n_tup_ins + n_tup_upd + n_tup_del)::int from pg_stat_user_tables) as written from pg_class'
    const before = await bench.query(catalog)
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
    assert.deepEqual(await bench.query(catalog), before)
    await bench.write({ 'db/migrations/2026-01-01-000000_more/up.sql': 'create table more ();\n' })
    await bench.migrate('pre')
    await bench.write({ 'db/migrations/2026-01-02-000000_last/up.sql': 'create table last ();\n' })
    assert.match(await diesel(bench, site, 'run'), /2026-01-02-000000_last/)
  },

  'a diesel migration run in the middle of our run: nothing runs twice, or in another order': async (site) => {
    const slow = Object.fromEntries(
      Array.from({ length: 15 }, (_, at) => [
        `db/migrations/2026-01-01-${String(100000 + at)}_t${at}/up.sql`,
        `create table t${at} (); select pg_sleep(0.05);\n`,
      ]),
    )
    await using bench = await Bench.of(site.server, 'diesel', slow)
    await bench.shiplock('plan')
    const ours = bench.tryShiplock('migrate', '--phase', 'pre')
    for (;;) {
      const [row] = await bench.query<{ there: boolean }>("select to_regclass('t2') is not null as there")
      if (row?.there) break
    }
    const them = await bench.peer(site.diesel, 'migration', '--migration-dir', 'db/migrations', 'run')
    const us = await ours
    await bench.migrate('pre')
    assert.deepEqual(
      await bench.query(
        "select string_agg(relname, ',' order by oid) = string_agg(relname, ',' order by substr(relname, 2)::int) as sorted from pg_class where relname ~ '^t[0-9]+$'",
      ),
      [{ sorted: true }],
    )
    assert.deepEqual(await pendingForDiesel(bench, site), [])
    assert.deepEqual(await bench.query('select count(*)::int as n from __diesel_schema_migrations'), [{ n: 15 }])
    return `diesel ended with ${them.exitCode}, we with ${us.exitCode}${us.command.error ? ` (${us.command.error.code})` : ''}`
  },
}

process.exitCode = (await main()) === 0 ? 0 : 1
