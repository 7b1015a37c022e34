import { strict as assert } from 'node:assert'
import { dbmate, runDbmate } from './dbmate-tool.ts'
import { type Files, PeerBench, passed } from './peer-bench.ts'
import { assertSame, type Cases, runCases } from './peer-cases.ts'
import { checkOut, filesOf, removeStep, tableStep } from './round-trips/checkout.ts'

// What of dbmate alone needs a proof, beside the round trips of every tool.

const text = (up: string, down = '') => `-- migrate:up\n${up}\n-- migrate:down\n${down}`

const cases: Cases = {
  'with --strict it refuses a file that is older than the newest that ran, and goes on without a file that ran': async (site) => {
    await using bench = await checkOut(dbmate, site, [tableStep(1), tableStep(3)])
    await passed(runDbmate(bench, ['up']))
    await bench.write(filesOf(dbmate, [tableStep(2)]))
    const strict = await runDbmate(bench, ['up', '--strict'])
    assert.notEqual(strict.exitCode, 0)
    assert.match(strict.output, /out of order/)
    for (const number of [2, 3]) await removeStep(bench, dbmate, tableStep(number))
    await passed(runDbmate(bench, ['up', '--strict']))
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
    await using theirs = await PeerBench.of(site, forms)
    await using ours = await PeerBench.of(site, forms)
    await passed(runDbmate(theirs, ['up']))
    await ours.migrate('pre')
    assertSame(await ours.schema(), await theirs.schema())
    assert.deepEqual(await dbmate.rows(ours, 'pre'), await dbmate.rows(theirs, 'pre'))
    assert.deepEqual(
      await dbmate.rows(ours, 'pre'),
      ['001', '002', '003', '004', '005', '010'].map((version) => ({ version })),
    )
  },

  'a file that was renumbered after it ran is run again by dbmate, and we refuse it': async (site) => {
    await using bench = await PeerBench.of(site, { 'db/migrations/1_a.sql': text('select 1;') })
    await passed(runDbmate(bench, ['up']))
    await bench.remove('db/migrations/1_a.sql')
    await bench.write({ 'db/migrations/001_a.sql': text('select 1;') })
    assert.match((await bench.tryShiplock('plan')).command.error?.message ?? '', /renamed after it ran.*the version table has it as "1"/)
    assert.match(await passed(runDbmate(bench, ['up'])), /Applied: 001_a\.sql/)
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
      'a second up': '-- migrate:up\n-- migrate:up\n-- migrate:down\n',
      'a second down': '-- migrate:up\n-- migrate:down\n-- migrate:down\n',
      'a mark in a body': '-- migrate:up\ndo $$ begin\n-- migrate:up\nend $$;\n-- migrate:down\n',
      'a longer word': '-- migrate:upwards\ncreate table a ();\n-- migrate:down\n',
      // the last one: dbmate notes the version before it stops
      'a second migration in the file': '-- migrate:up\n-- migrate:down\n-- migrate:up\ncreate table a ();\n-- migrate:down\n',
    }
    await using bench = await PeerBench.of(site, {})
    for (const [name, file] of Object.entries(refused)) {
      await bench.write({ 'db/migrations/1_a.sql': file })
      assert.notEqual((await runDbmate(bench, ['up'])).exitCode, 0, `${name}: the tool takes it`)
      assert.equal((await bench.tryShiplock('plan', '--layout', 'dbmate')).command.error?.code, 'invalid-migration', name)
    }
  },
}

process.exitCode = (await runCases(`dbmate ${dbmate.version}`, cases)) === 0 ? 0 : 1
