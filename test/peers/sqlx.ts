import { strict as assert } from 'node:assert'
import { join } from 'node:path'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import { startServer, type TestServer } from '../postgres/server.ts'
import { Bench, type Files } from './rust-bench.ts'
import { buildRustProgram, installRustTool } from './rust-tool.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

interface Site {
  readonly server: TestServer
  readonly sqlx: string
  /** A service that migrates when it starts. */
  readonly service: string
}

/** Proves that Shiplock and the real sqlx agree, in both directions, on a real server. Fails when a peer is missing. */
async function main(): Promise<number> {
  const version = '0.9.0'
  const sqlx = await installRustTool({ crate: 'sqlx-cli', program: 'sqlx', version, features: 'postgres,sqlx-toml' }, say)
  const service = await buildRustProgram(join(import.meta.dirname, 'embedded-sqlx'), 'embedded-sqlx', say)
  await findTools({
    major: 13,
    set: 'server',
    binDir: process.env.SHIPLOCK_TEST_PG_BIN_DIR || undefined,
    install: true,
    env: process.env,
    say,
  })
  await using server = await startServer()
  const site = { server, sqlx, service }
  say(`sqlx ${version} against PostgreSQL ${server.major}`)
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

const users = 'db/migrations/20260101000000_create_users.up.sql'
const email = 'db/migrations/20260103000000_add_email.up.sql'
const emailBack = 'db/migrations/20260103000000_add_email.down.sql'
const index = 'db/migrations/20260104000000_index__the_email.sql'
const release: Files = {
  [users]: 'create table users (id bigint primary key, name text);\n',
  'db/migrations/20260101000000_create_users.down.sql': 'drop table users;\n',
  [email]: 'alter table users add column email text;\r\n-- na\u00efve\r\n',
  [emailBack]: 'alter table users drop column email;\n',
  [index]: '-- no-transaction\ncreate index concurrently users_email on users (email);\n',
  'db/post_migrations/20260102000000_drop_name.up.sql': 'alter table users drop column name;\n',
  'db/post_migrations/20260102000000_drop_name.down.sql': 'alter table users add column name text;\n',
}
const preIds = ['20260101000000_create_users', '20260103000000_add_email', '20260104000000_index__the_email']
const postId = '20260102000000_drop_name'
/** sqlx takes its table from its configuration, from 0.9 on. */
const postConfig: Files = { 'post.toml': '[migrate]\ntable-name = "_sqlx_migrations_post"\n' }
const postTable = ['--config', 'post.toml', '--source', 'db/post_migrations']

const source = ['--source', 'db/migrations']

async function sqlx(bench: Bench, site: Site, command: string, ...args: string[]): Promise<string> {
  const ended = await bench.peer(site.sqlx, 'migrate', command, ...(args.includes('--source') ? args : [...source, ...args]))
  assert.equal(ended.exitCode, 0, `sqlx migrate ${command} failed: ${ended.output}`)
  return ended.output
}

async function pendingForSqlx(bench: Bench, site: Site, ...args: string[]): Promise<string[]> {
  const output = await sqlx(bench, site, 'info', ...args)
  assert.doesNotMatch(output, /different checksum/)
  return [...output.matchAll(/^(\d+)\/pending/gm)].map((match) => match[1] as string)
}

/** All that sqlx keeps of a migration, without the times. */
const rows = (bench: Bench, table = '_sqlx_migrations') =>
  bench.query(`select version, description, success, encode(checksum, 'hex') as checksum from ${table} order by version`)

const columns = (bench: Bench) =>
  bench.query(
    `select attname, format_type(atttypid, atttypmod) as type, attnotnull, pg_get_expr(adbin, adrelid) as default, (select string_agg(pg_get_constraintdef(oid) || conname, ',') from pg_constraint where conrelid = attrelid) as keys
     from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum where attrelid = '_sqlx_migrations'::regclass and attnum > 0 order by attnum`,
  )

const cases: Record<string, (site: Site) => Promise<string | undefined>> = {
  'both leave the same table, and sqlx has nothing to do after our pre phase': async (site) => {
    await using theirs = await Bench.of(site.server, 'sqlx', release)
    await using ours = await Bench.of(site.server, 'sqlx', release)
    await sqlx(theirs, site, 'run')
    assert.deepEqual(await ours.migrate('pre'), preIds)
    assert.deepEqual(await rows(ours), await rows(theirs))
    assert.deepEqual(await columns(ours), await columns(theirs))
    assert.deepEqual(await pendingForSqlx(ours, site), [])
    assert.doesNotMatch(await sqlx(ours, site, 'run'), /Applied/)
    assert.deepEqual(await theirs.pending(), { pre: [], post: [postId] })
    assert.deepEqual(await theirs.migrate('pre'), [])
    const times = 'select distinct execution_time = -1 as unknown from _sqlx_migrations'
    assert.deepEqual([await ours.query(times), await theirs.query(times)], [[{ unknown: true }], [{ unknown: false }]])
  },

  'each goes on where the other stopped, in both directions': async (site) => {
    await using bench = await Bench.of(site.server, 'sqlx', release)
    await sqlx(bench, site, 'run', '--target-version', '20260101000000')
    assert.deepEqual(await bench.migrate('pre'), preIds.slice(1))
    await bench.write({ 'db/migrations/20260105000000_a.sql': 'create table a ();\n' })
    assert.match(await sqlx(bench, site, 'run'), /Applied 20260105000000/)
    await bench.write({ 'db/migrations/20260106000000_b.sql': 'create table b ();\n' })
    assert.deepEqual(await bench.migrate('pre'), ['20260106000000_b'])
    assert.deepEqual(await pendingForSqlx(bench, site), [])
  },

  'a plain sqlx migrate run works while a post migration is held back, and runs a file that is older than what ran': async (site) => {
    await using bench = await Bench.of(site.server, 'sqlx', release)
    await bench.migrate('pre')
    await bench.write({ 'db/migrations/20260102500000_a.sql': 'create table a ();\n' })
    assert.match(await sqlx(bench, site, 'run'), /Applied 20260102500000/)
    assert.deepEqual(await bench.pending(), { pre: [], post: [postId] })
  },

  'the post table is one that sqlx can use': async (site) => {
    await using bench = await Bench.of(site.server, 'sqlx', { ...release, ...postConfig })
    await bench.migrate('pre')
    await bench.shiplock('record', 'deployed')
    assert.deepEqual(await pendingForSqlx(bench, site, ...postTable), ['20260102000000'])
    assert.deepEqual(await bench.migrate('post'), [postId])
    assert.deepEqual(await pendingForSqlx(bench, site, ...postTable), [])
    assert.doesNotMatch(await sqlx(bench, site, 'run', ...postTable), /Applied/)
    assert.doesNotMatch(await sqlx(bench, site, 'run'), /Applied/)
  },

  'a post migration that sqlx ran is not pending for us': async (site) => {
    await using bench = await Bench.of(site.server, 'sqlx', { ...release, ...postConfig })
    await sqlx(bench, site, 'run')
    await sqlx(bench, site, 'run', ...postTable)
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
  },

  'the files of an older release: sqlx and a service that migrates at boot refuse a newer table, and take it with --ignore-missing': async (
    site,
  ) => {
    await using bench = await Bench.of(site.server, 'sqlx', release)
    await bench.migrate('pre')
    await bench.remove(index)
    for (const [program, ...args] of [
      [site.sqlx, 'migrate', 'run', ...source],
      [site.service, 'db/migrations'],
    ] as [string, ...string[]][]) {
      const refused = await bench.peer(program, ...args)
      assert.notEqual(refused.exitCode, 0)
      assert.match(refused.output, /VersionMissing|previously applied but is missing/)
    }
    await sqlx(bench, site, 'run', '--ignore-missing')
  },

  'an edited file stops both': async (site) => {
    await using bench = await Bench.of(site.server, 'sqlx', release)
    await sqlx(bench, site, 'run')
    await bench.write({ [email]: 'alter table users add column email varchar;\n' })
    const theirs = await bench.peer(site.sqlx, 'migrate', 'run', ...source)
    assert.match(theirs.output, /20260103000000 was previously applied but has been modified/)
    const ours = await bench.tryShiplock('plan')
    assert.equal(ours.command.error?.code, 'checksum-mismatch')
  },

  'our way back of one migration leaves what sqlx migrate revert leaves': async (site) => {
    const reversible = Object.fromEntries(Object.entries(release).filter(([path]) => path !== index && !path.includes('post_')))
    await using theirs = await Bench.of(site.server, 'sqlx', reversible)
    await sqlx(theirs, site, 'run')
    await using ours = await Bench.of(
      site.server,
      'sqlx',
      Object.fromEntries(Object.entries(reversible).filter(([path]) => path.includes('users'))),
    )
    const deploy = async (tag: string) => {
      await ours.tag(tag)
      await ours.migrate('pre', '--release', tag)
      await ours.shiplock('record', 'deployed', '--release', tag)
    }
    await deploy('v1')
    await ours.write(reversible)
    await deploy('v2')
    await sqlx(theirs, site, 'revert')
    const confirm = `take back 20260103000000_add_email on ${ours.database}, losing nothing`
    await ours.shiplock(
      ...['rollback', '--to', 'v1', '--shape', 'down-one', '--migration', '20260103000000_add_email'],
      ...['--reason', 'peer', '--confirm', confirm],
    )
    assert.deepEqual(await rows(ours), await rows(theirs))
    assert.deepEqual(await pendingForSqlx(ours, site), ['20260103000000'])
    assert.match(await sqlx(ours, site, 'run'), /Applied 20260103000000/)
  },

  'a sqlx migrate revert makes it pending for us again': async (site) => {
    await using bench = await Bench.of(site.server, 'sqlx', release)
    await bench.migrate('pre')
    await bench.query('drop index users_email; delete from _sqlx_migrations where version = 20260104000000')
    await sqlx(bench, site, 'revert')
    assert.deepEqual((await bench.pending()).pre, preIds.slice(1))
    assert.deepEqual(await bench.migrate('pre'), preIds.slice(1))
  },

  'a repository with 130 applied migrations: plan finds nothing pending and writes nothing, and sqlx goes on without us': async (site) => {
    const many = Object.fromEntries(
      Array.from({ length: 130 }, (_, at) => [`db/migrations/${20250101000000 + at}_t${at}.sql`, `create table t${at} (a int);\n`]),
    )
    await using bench = await Bench.of(site.server, 'sqlx', many)
    await sqlx(bench, site, 'run')
    const catalog =
      'select count(*)::int as n, (select count(*)::int from pg_namespace) as schemas, (select sum(n_tup_ins + n_tup_upd + n_tup_del)::int from pg_stat_user_tables) as written from pg_class'
    const before = await bench.query(catalog)
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
    assert.deepEqual(await bench.query(catalog), before)
    await bench.write({ 'db/migrations/20260101000000_more.sql': 'create table more ();\n' })
    await bench.migrate('pre')
    await bench.write({ 'db/migrations/20260102000000_last.sql': 'create table last ();\n' })
    assert.match(await sqlx(bench, site, 'run'), /Applied 20260102000000/)
  },

  'a service that migrates at boot in the middle of our run: nothing runs twice, or in another order': async (site) => {
    const notes = []
    for (const starter of ['service', 'sqlx'] as const) {
      const slow = Object.fromEntries(
        Array.from({ length: 15 }, (_, at) => [
          `db/migrations/${20260101000000 + at}_t${at}.sql`,
          `create table t${at} (); select pg_sleep(0.05);\n`,
        ]),
      )
      await using bench = await Bench.of(site.server, 'sqlx', slow)
      await bench.shiplock('plan')
      const ours = bench.tryShiplock('migrate', '--phase', 'pre')
      for (;;) {
        const [row] = await bench.query<{ there: boolean }>("select to_regclass('t2') is not null as there")
        if (row?.there) break
      }
      const theirs = starter === 'service' ? bench.peer(site.service, 'db/migrations') : bench.peer(site.sqlx, 'migrate', 'run', ...source)
      const [us, them] = await Promise.all([ours, theirs])
      // migrate!() takes sqlx's lock, and so do we; the command line takes none
      if (starter === 'service') assert.deepEqual([us.exitCode, them.exitCode], [0, 0])
      notes.push(
        `the ${starter} ended with ${them.exitCode}, we with ${us.exitCode}${us.command.error ? ` (${us.command.error.code})` : ''}`,
      )
      await bench.migrate('pre')
      assert.deepEqual(
        await bench.query(
          "select string_agg(relname, ',' order by oid) = string_agg(relname, ',' order by substr(relname, 2)::int) as sorted from pg_class where relname ~ '^t[0-9]+$'",
        ),
        [{ sorted: true }],
      )
      assert.deepEqual(await pendingForSqlx(bench, site), [])
      assert.deepEqual(await bench.query('select count(*)::int as n, bool_and(success) as success from _sqlx_migrations'), [
        { n: 15, success: true },
      ])
    }
    return notes.join('; ')
  },

  'while a service migrates, we wait for its lock, and then have nothing to do': async (site) => {
    await using bench = await Bench.of(site.server, 'sqlx', { 'db/migrations/1_slow.sql': 'create table slow (); select pg_sleep(2);\n' })
    await bench.shiplock('plan')
    const service = bench.peer(site.service, 'db/migrations')
    for (;;) {
      const [row] = await bench.query<{ held: boolean }>(
        "select exists (select from pg_stat_activity where datname = current_database() and query like '%pg_sleep(2)%' and pid <> pg_backend_pid()) as held",
      )
      if (row?.held) break
    }
    assert.equal((await bench.tryShiplock('migrate', '--phase', 'pre', '--on-locked', 'fail')).command.error?.code, 'run-in-progress')
    assert.deepEqual(await bench.migrate('pre', '--on-locked', 'wait'), [])
    assert.equal((await service).exitCode, 0)
    assert.deepEqual(await pendingForSqlx(bench, site), [])
  },

  'a row that did not succeed stops both, and is never cleared by us': async (site) => {
    await using bench = await Bench.of(site.server, 'sqlx', release)
    await bench.migrate('pre')
    await bench.query('update _sqlx_migrations set success = false where version = 20260103000000')
    const theirs = await bench.peer(site.sqlx, 'migrate', 'run', ...source)
    assert.match(theirs.output, /20260103000000 is partially applied/)
    for (const command of [['plan'], ['migrate', '--phase', 'pre']])
      assert.equal((await bench.tryShiplock(...command)).command.error?.code, 'dirty-version')
    assert.deepEqual(await bench.query('select count(*)::int as dirty from _sqlx_migrations where not success'), [{ dirty: 1 }])
  },
}

process.exitCode = (await main()) === 0 ? 0 : 1
