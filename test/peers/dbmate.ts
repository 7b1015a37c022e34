import { strict as assert } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import { installNpmRivals } from '../../bench/rivals.ts'
import { Bench, type Site } from './dbmate-bench.ts'
import type { Files } from './peer-bench.ts'
import { assertSame, type Cases, runCases } from './peer-cases.ts'

const text = (up: string, down = '') => `-- migrate:up\n${up}\n-- migrate:down\n${down}`

const users = {
  'db/migrations/20260101000001_users.sql': text('create table users (id bigint primary key, name text);', 'drop table users;'),
}
const email = {
  'db/migrations/20260103000003_email.sql': text('alter table users add column email text;', 'alter table users drop column email;'),
}
const dropName = {
  'db/post_migrations/20260102000002_drop_name.sql': text('alter table users drop column name;', 'alter table users add column name text;'),
}
const release: Files = { ...users, ...email, ...dropName }
const [first, second, third] = ['20260101000001', '20260102000002', '20260103000003'] as const
const next = { 'db/migrations/20260104000004_a.sql': text('create table a ();', 'drop table a;') }
const bothFolders = ['db/migrations', 'db/post_migrations']

const cases: Cases<Site> = {
  'the tool has nothing to do after our pre phase': async (site) => {
    await using bench = await Bench.of(site, release)
    assert.deepEqual(await bench.migrate('pre'), [`${first}_users`, `${third}_email`])
    assert.deepEqual(await bench.pendingForTool(), [])
    await bench.tool('up')
    assert.deepEqual(await bench.rows(), [first, third])
  },

  'nothing is pending for us after the tool, and each goes on where the other stopped': async (site) => {
    await using bench = await Bench.of(site, users)
    await bench.tool('up')
    await bench.write({ ...email, ...dropName })
    assert.deepEqual(await bench.pending(), { pre: [`${third}_email`], post: [`${second}_drop_name`] })
    assert.deepEqual(await bench.migrate('pre'), [`${third}_email`])
    await bench.write(next)
    assert.match(await bench.tool('up'), /Applied: 20260104000004_a\.sql/)
    assert.deepEqual(await bench.migrate('pre'), [])
    assert.deepEqual(await bench.pendingForTool(), [])
  },

  'the plain up works while a post migration is held back, and with both folders the tool agrees on the one table': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.migrate('pre')
    await bench.write(next)
    assert.match(await bench.tool('up'), /Applied: 20260104000004_a\.sql/)
    assert.deepEqual(await bench.pending(), { pre: [], post: [`${second}_drop_name`] })
    assert.deepEqual(await bench.pendingForTool(...bothFolders), [`${second}_drop_name`])
    await bench.shiplock('record', 'deployed')
    assert.deepEqual(await bench.migrate('post'), [`${second}_drop_name`])
    assert.deepEqual(await bench.pendingForTool(...bothFolders), [])
    await bench.tool('up')
  },

  'a hole: the tool runs the late file, and refuses it with --strict': async (site) => {
    await using bench = await Bench.of(site, { ...users, ...email })
    await bench.tool('up')
    const late = { 'db/migrations/20260102000002_late.sql': text('create table late ();') }
    await bench.write(late)
    const strict = await bench.tryTool(['up', '--strict'])
    assert.notEqual(strict.exitCode, 0)
    assert.match(strict.output, /out of order/)
    assert.match(await bench.tool('up'), /Applied: 20260102000002_late\.sql/)
    assert.deepEqual(await bench.rows(), [first, second, third])
  },

  'a missing file: the tool goes on with the files of an older release, strict or not': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.migrate('pre')
    for (const path of Object.keys(email)) await bench.remove(path)
    await bench.tool('up')
    assert.equal((await bench.tryTool(['up', '--strict'])).exitCode, 0)
    await bench.write(next)
    assert.match(await bench.tool('up'), /Applied: 20260104000004_a\.sql/)
  },

  'a service that migrates at boot in the middle of our run: nothing runs twice, and nothing out of its order': async (site) => {
    const names = Array.from({ length: 10 }, (_, index) => String(index + 10))
    const many = Object.fromEntries(
      names.map((name) => [
        `db/migrations/${name}_t.sql`,
        text(`create table t${name} (); insert into told (what) values ('${name}'); select pg_sleep(0.2);`),
      ]),
    )
    await using bench = await Bench.of(site, many)
    await bench.query('create table told (what text, at timestamptz default clock_timestamp())')
    const ours = bench.tryShiplock('migrate', '--phase', 'pre')
    for (let tries = 0; tries < 400; tries++) {
      const [row] = await bench.query<{ begun: boolean }>('select exists (select from told) as begun')
      if (row?.begun) break
      await sleep(10)
    }
    const theirs = await bench.tryTool(['up'])
    const { command } = await ours
    await bench.migrate('pre')
    assert.deepEqual(await bench.pendingForTool(), [])
    const told = await bench.query<{ what: string }>('select what from told order by at')
    assert.deepEqual(
      told.map(({ what }) => what),
      names,
    )
    return `dbmate ended with ${theirs.exitCode}${theirs.exitCode === 0 ? '' : ` (${theirs.output.split('\n').find((line) => line.startsWith('Error'))})`}, we with ${command.error?.code ?? 'a pass'}`
  },

  'our way back of one migration leaves what the tool leaves': async (site) => {
    await using theirs = await Bench.of(site, { ...users, ...email })
    await theirs.tool('up')
    await using ours = await Bench.of(site, users)
    const deploy = async (tag: string) => {
      await ours.tag(tag)
      await ours.shiplock('migrate', '--phase', 'pre', '--release', tag)
      await ours.shiplock('record', 'deployed', '--release', tag)
    }
    await deploy('v1')
    await ours.write(email)
    await deploy('v2')
    await theirs.tool('rollback')
    const id = `${third}_email`
    const confirm = ['--confirm', `take back ${id} on ${ours.database}, losing nothing`]
    await ours.shiplock('rollback', '--to', 'v1', '--shape', 'down-one', '--migration', id, '--reason', 'peer', ...confirm)
    assert.deepEqual(await ours.rows(), await theirs.rows())
    assertSame(await ours.schema(), await theirs.schema())
    assert.match(await ours.tool('up'), /Applied: 20260103000003_email\.sql/)
  },

  'every form makes the same schema and version table': async (site) => {
    const forms: Files = {
      'db/migrations/001_base.sql': text("create table item (id int, note text);\ncomment on table item is 'one; -- migrate:down';"),
      'db/migrations/002_function.sql':
        "-- a comment; with a semicolon\n\n  -- another\n--migrate:up\ncreate function touch() returns trigger language plpgsql as $$\nbegin\n  execute $x$ select ';' $x$;\n  return new;\nend;\n$$;\n--  migrate:down\ndrop function touch;\n",
      'db/migrations/003_index.sql':
        '-- migrate:up transaction:false\ncreate index concurrently item_id on item (id);\n-- migrate:down transaction:false\ndrop index concurrently item_id;\n',
      'db/migrations/004_crlf.sql':
        "-- migrate:up\r\ncreate view v as\r\n  select id from item;\r\ninsert into item values (1, 'it''s;');\r\n-- migrate:down\r\ndrop view v;\r\n",
      'db/migrations/005empty.sql': text(''),
      'db/migrations/seed.sql': 'create table never ();\n',
      'db/migrations/010_ten.sql': text('alter table item add column ten int;'),
    }
    await using theirs = await Bench.of(site, forms)
    await using ours = await Bench.of(site, forms)
    await theirs.tool('up')
    await ours.migrate('pre')
    assertSame(await ours.schema(), await theirs.schema())
    assert.deepEqual(await ours.rows(), await theirs.rows())
    assert.deepEqual(await ours.rows(), ['001', '002', '003', '004', '005', '010'])
  },

  'what the tool refuses we refuse': async (site) => {
    const refused = {
      'no up': '-- migrate:down\n',
      'no down': '-- migrate:up\ncreate table a ();\n',
      'down first': '-- migrate:down\n-- migrate:up\ncreate table a ();\n',
      'a statement above': 'create table b ();\n-- migrate:up\n-- migrate:down\n',
      'a block comment above': '/* a */\n-- migrate:up\n-- migrate:down\n',
      'a byte order mark': '\uFEFF-- migrate:up\ncreate table a ();\n-- migrate:down\n',
      'an indented mark': '  -- migrate:up\ncreate table a ();\n-- migrate:down\n',
      'a longer word': '-- migrate:upwards\ncreate table a ();\n-- migrate:down\n',
    }
    await using bench = await Bench.of(site, {})
    for (const [name, file] of Object.entries(refused)) {
      await bench.write({ 'db/migrations/1_a.sql': file })
      assert.notEqual((await bench.tryTool(['up'])).exitCode, 0, `${name}: the tool takes it`)
      assert.equal((await bench.tryShiplock('plan', '--layout', 'dbmate')).command.error?.code, 'invalid-migration', name)
    }
  },

  'both have the version table in the schema where new tables go': async (site) => {
    for (const by of ['tool', 'shiplock']) {
      await using bench = await Bench.of(site, release)
      await bench.query(
        `create schema app; create table public.schema_migrations (version bigint, dirty boolean); alter database "${bench.database}" set search_path = app, public`,
      )
      if (by === 'tool') await bench.tool('up')
      else await bench.migrate('pre')
      assert.deepEqual((await bench.pending()).pre, [])
      assert.deepEqual(await bench.pendingForTool(), [])
      assert.deepEqual(await bench.rows('app.schema_migrations'), [first, third])
    }
  },

  'adopting it with 130 migrations that ran: nothing is pending, nothing is written, and without us the tool goes on': async (site) => {
    const many = Object.fromEntries(
      Array.from({ length: 130 }, (_, index) => [`db/migrations/${index + 1001}_t.sql`, text(`create table t${index + 1} ();`)]),
    )
    await using bench = await Bench.of(site, many)
    await bench.tool('up')
    const relations = () => bench.query('select count(*) from pg_class')
    const before = await relations()
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
    assert.deepEqual(await relations(), before)
    await bench.write({ 'db/migrations/1131_t.sql': text('create table t131 ();') })
    assert.deepEqual(await bench.migrate('pre'), ['1131_t'])
    await bench.query('drop schema shiplock cascade')
    await bench.write({ 'db/migrations/1132_t.sql': text('create table t132 ();') })
    assert.match(await bench.tool('up'), /Applied: 1132_t\.sql/)
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
  },
}

const { program, version } = installNpmRivals().dbmate
process.exitCode = (await runCases(`dbmate ${version}`, { dbmate: program }, cases)) === 0 ? 0 : 1
