import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { lockKeys } from '../../src/migration/layouts/golang-migrate/lock-keys.ts'
import { installGoTool } from './go-tool.ts'
import { Bench, postFolder, type Site } from './golang-migrate-bench.ts'
import { golangMigrate as pinned } from './golang-migrate-version.ts'
import type { Files } from './peer-bench.ts'
import { assertSame, type Cases, runCases } from './peer-cases.ts'

const pair = (path: string, up: string, down: string): Files => ({ [`${path}.up.sql`]: up, [`${path}.down.sql`]: down })

const users = pair('db/migrations/000001_users', 'create table users (id bigint primary key, name text);\n', 'drop table users;\n')
const email = pair('db/migrations/000003_email', 'alter table users add column email text;\n', 'alter table users drop column email;\n')
const dropName = pair(
  'db/post_migrations/000002_drop_name',
  'alter table users drop column name;\n',
  'alter table users add column name text;\n',
)
const release: Files = { ...users, ...email, ...dropName }
const clean = (version: string) => [{ version, dirty: false }]

const cases: Cases<Site> = {
  'the tool has nothing to do after our pre phase': async (site) => {
    await using bench = await Bench.of(site, release)
    assert.deepEqual(await bench.migrate('pre'), ['000001_users', '000003_email'])
    assert.equal(await bench.version(), '3')
    assert.match(await bench.tool(['up']), /no change/)
    assert.deepEqual(await bench.rows(), clean('3'))
  },

  'nothing is pending for us after the tool, and the table stays as it is': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.tool(['up'])
    assert.deepEqual(await bench.pending(), { pre: [], post: ['000002_drop_name'] })
    assert.deepEqual(await bench.migrate('pre'), [])
    assert.deepEqual(await bench.rows(), clean('3'))
  },

  'each goes on where the other stopped': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.tool(['up', '1'])
    assert.deepEqual(await bench.migrate('pre'), ['000003_email'])
    await bench.write(pair('db/migrations/10_a', 'create table a ();\n', 'drop table a;\n'))
    assert.match(await bench.tool(['up']), /10\/u a/)
    await bench.write(pair('db/migrations/11_b', 'create table b ();\n', 'drop table b;\n'))
    assert.deepEqual(await bench.migrate('pre'), ['11_b'])
    assert.equal(await bench.version(), '11')
  },

  'the plain up works while a post migration is held back, and the post table is one that the tool can use': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.migrate('pre')
    await bench.write(pair('db/migrations/000004_a', 'create table a ();\n', 'drop table a;\n'))
    assert.match(await bench.tool(['up']), /4\/u a/)
    assert.deepEqual(await bench.pending(), { pre: [], post: ['000002_drop_name'] })
    await bench.shiplock('record', 'deployed')
    assert.deepEqual(await bench.migrate('post'), ['000002_drop_name'])
    assert.equal(await bench.version(postFolder), '2')
    assert.match(await bench.tool(['up'], postFolder), /no change/)
    assert.match(await bench.tool(['up']), /no change/)
  },

  'a post migration that the tool ran is not pending for us': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.tool(['up'])
    await bench.tool(['up'], postFolder)
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
  },

  'a hole: the tool never runs the late file and says nothing; we refuse it': async (site) => {
    await using bench = await Bench.of(site, { ...users, ...email })
    await bench.migrate('pre')
    await bench.shiplock('record', 'deployed')
    await bench.write(pair('db/migrations/000002_late', 'create table late ();\n', 'drop table late;\n'))
    assert.match(await bench.tool(['up']), /no change/)
    assert.deepEqual(await bench.query("select from pg_class where relname = 'late'"), [])
    const refused = await bench.tryShiplock('plan')
    assert.equal(refused.command.error?.code, 'out-of-order')
    assert.match(refused.command.error?.message ?? '', /000002_late\.up\.sql is older than version 3/)
  },

  'a missing file: the tool refuses to start with the files of an older release; we go on': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.migrate('pre')
    for (const path of Object.keys(email)) await bench.remove(path)
    const refused = await bench.tryTool(['up'])
    assert.notEqual(refused.exitCode, 0)
    assert.match(refused.output, /no migration found for version 3/)
    assert.deepEqual(await bench.migrate('pre'), [])
  },

  'dirty: we refuse, say why, and leave the mark to the tool': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.tool(['up'])
    await bench.write(pair('db/migrations/000004_bad', 'create table a (); select 1/0;\n', 'drop table a;\n'))
    assert.match((await bench.tryTool(['up'])).output, /division by zero/)
    for (const command of [['plan'], ['migrate', '--phase', 'pre']]) {
      const { error } = (await bench.tryShiplock(...command)).command
      assert.equal(error?.code, 'dirty-version')
      assert.match(error?.hint ?? '', /migrate force 4/)
    }
    assert.deepEqual(await bench.rows(), [{ version: '4', dirty: true }])
    await bench.tool(['force', '3'])
    assert.deepEqual((await bench.pending()).pre, ['000004_bad'])
  },

  'we wait while the tool holds its lock, and say who it is': async (site) => {
    await using bench = await Bench.of(site, { ...release, ...pair('db/migrations/000004_slow', 'select pg_sleep(4);\n', '') })
    const tool = bench.startTool(['up'])
    const ended = once(tool, 'exit')
    const keys = await toolsKeys(bench)
    const expected = lockKeys(bench.database, { schema: 'public', table: 'schema_migrations' })
    assert.deepEqual(keys, [expected[0]])
    assert.equal((await bench.tryShiplock('plan')).command.error?.code, 'dirty-version') // as it is while the tool works
    const refused = await bench.tryShiplock('migrate', '--phase', 'pre', '--on-locked', 'fail')
    assert.equal(refused.command.error?.code, 'run-in-progress')
    assert.match(refused.command.error?.message ?? '', /^golang-migrate itself works on/)
    assert.deepEqual(await bench.migrate('pre'), [])
    assert.deepEqual([(await ended)[0], tool.exitCode], [0, 0])
    assert.deepEqual(await bench.rows(), clean('4'))
  },

  'a service that migrates at boot in the middle of our run waits, and has nothing left to do': async (site) => {
    const many = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [
        `db/migrations/${index + 1}_t.up.sql`,
        `create table t${index} (); insert into told select '${index}'; select pg_sleep(0.2);\n`,
      ]),
    )
    await using bench = await Bench.of(site, many)
    await bench.query('create table told (what text, at timestamptz default clock_timestamp())')
    const ours = bench.tryShiplock('migrate', '--phase', 'pre')
    for (let tries = 0; tries < 200 && (await toolsKeys(bench)).length < 2; tries++) await sleep(25)
    const theirs = await bench.tryTool(['up'])
    const { exitCode, command } = await ours
    assert.equal(exitCode, 0, command.error?.message)
    assert.equal(theirs.exitCode, 0)
    assert.match(theirs.output, /no change/)
    assert.deepEqual(
      (await bench.query<{ what: string }>('select what from told order by at')).map(({ what }) => what),
      Array.from({ length: 8 }, (_, index) => String(index)),
    )
    assert.deepEqual(await bench.rows(), clean('8'))
  },

  'our way back of one migration leaves what the tool leaves, in both tables': async (site) => {
    await using theirs = await Bench.of(site, release)
    await theirs.tool(['up'])
    await theirs.tool(['up'], postFolder)
    await using ours = await Bench.of(site, users)
    const deploy = async (tag: string) => {
      await ours.tag(tag)
      await ours.shiplock('migrate', '--phase', 'pre', '--release', tag)
      await ours.shiplock('record', 'deployed', '--release', tag)
    }
    await deploy('v1')
    await ours.write(release)
    await deploy('v2')
    await ours.migrate('post')
    const back = (id: string) => {
      const confirm = ['--confirm', `take back ${id} on ${ours.database}, losing nothing`]
      return ours.shiplock('rollback', '--to', 'v1', '--shape', 'down-one', '--migration', id, '--reason', 'peer', ...confirm)
    }
    const same = async () => {
      assert.deepEqual(await ours.rows(), await theirs.rows())
      assert.deepEqual(await ours.rows(postFolder.table), await theirs.rows(postFolder.table))
      assertSame(await ours.schema(), await theirs.schema())
    }
    await theirs.tool(['down', '1'], postFolder)
    await back('000002_drop_name')
    await same()
    await theirs.tool(['down', '1'])
    await back('000003_email')
    await same()
    assert.deepEqual(await ours.rows(), clean('1'))
    assert.match(await ours.tool(['up']), /3\/u email/)
  },

  'every form makes the same schema and version table, and what the server refuses of the tool we refuse': async (site) => {
    const forms: Files = {
      'db/migrations/1_base.up.sql': "create table item (id int, note text);\ncomment on table item is 'one;';\n",
      'db/migrations/2_function.up.sql':
        "-- first; a comment\ncreate function touch() returns trigger language plpgsql as $$\nbegin\n  execute $x$ select ';' $x$;\n  return new;\nend;\n$$;\ncreate trigger touch before insert on item for each row execute function touch();\n",
      'db/migrations/3_index.up.sql': '-- alone; and so without a transaction\ncreate index concurrently item_id on item (id);\n',
      'db/migrations/4_crlf.up.sql':
        "create view v as\r\n  select id from item;\r\ninsert into item values (1, 'it''s; -- no comment');\r\n",
      'db/migrations/5_wrapped.up.sql': 'begin;\nalter table item add column more int;\ncommit;\n',
      'db/migrations/6_empty.up.sql': '\n',
      'db/migrations/10_ten.up.sql': 'alter table item add column ten int;\n',
    }
    await using theirs = await Bench.of(site, forms)
    await using ours = await Bench.of(site, forms)
    await theirs.tool(['up'])
    await ours.migrate('pre')
    assertSame(await ours.schema(), await theirs.schema())
    assert.deepEqual(await ours.rows(), await theirs.rows())
    const refused: Files = {
      'db/migrations/11_a.up.sql': '\uFEFFcreate table a ();\n',
      'db/migrations/11_b.up.sql': 'create index concurrently b on item (note); select 1;\n',
    }
    for (const [path, text] of Object.entries(refused)) {
      await using bench = await Bench.of(site, { ...forms, [path]: text })
      assert.notEqual((await bench.tryTool(['up'])).exitCode, 0)
      await using other = await Bench.of(site, { ...forms, [path]: text })
      const { error } = (await other.tryShiplock('plan')).command
      assert.match(error?.code ?? '', /invalid-migration|transaction-control/)
    }
  },

  'both have the version table in the schema where new tables go, also when another schema has one': async (site) => {
    for (const first of ['tool', 'shiplock']) {
      await using bench = await Bench.of(site, release)
      await bench.query(
        `create schema app; create table public.schema_migrations (version varchar primary key); alter database "${bench.database}" set search_path = app, public`,
      )
      if (first === 'tool') await bench.tool(['up'])
      else await bench.migrate('pre')
      assert.deepEqual((await bench.pending()).pre, [])
      assert.equal(await bench.version(), '3')
      assert.deepEqual(await bench.rows('app.schema_migrations'), clean('3'))
    }
  },

  'adopting it with 130 migrations that ran: nothing is pending, nothing is written, and without us the tool goes on': async (site) => {
    const many = Object.fromEntries(
      Array.from({ length: 130 }, (_, index) => [`db/migrations/${index + 1}_t.up.sql`, `create table t${index + 1} ();\n`]),
    )
    await using bench = await Bench.of(site, many)
    await bench.tool(['up'])
    const before = await bench.query('select pg_current_wal_insert_lsn() as at, count(*) as relations from pg_class')
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
    const after = await bench.query('select pg_current_wal_insert_lsn() as at, count(*) as relations from pg_class')
    assert.deepEqual((after[0] as { relations: string }).relations, (before[0] as { relations: string }).relations)
    assert.deepEqual(await bench.query("select from pg_namespace where nspname = 'shiplock'"), [])
    await bench.write({ 'db/migrations/131_t.up.sql': 'create table t131 ();\n' })
    assert.deepEqual(await bench.migrate('pre'), ['131_t'])
    await bench.query('drop schema shiplock cascade')
    await bench.write({ 'db/migrations/132_t.up.sql': 'create table t132 ();\n' })
    assert.match(await bench.tool(['up']), /132\/u t/)
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
  },
}

/** Keys of the advisory locks with 32 bits that somebody holds, as the tool's are. */
async function toolsKeys(bench: Bench): Promise<string[]> {
  for (let tries = 0; tries < 100; tries++) {
    const rows = await bench.query<{ key: string }>(
      "select distinct objid::text as key from pg_locks where locktype = 'advisory' and granted and classid = 0 and objsubid = 1 and database = (select oid from pg_database where datname = current_database()) order by 1",
    )
    if (rows.length > 0) return rows.map(({ key }) => key)
    await sleep(25)
  }
  return []
}

const migrate = await installGoTool(pinned, (text) => process.stderr.write(`${text}\n`))
process.exitCode = (await runCases(`golang-migrate ${pinned.version}`, { migrate }, cases)) === 0 ? 0 : 1
