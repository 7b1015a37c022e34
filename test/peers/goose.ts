// biome-ignore-all lint/suspicious/noTemplateCurlyInString: goose writes its variables like this
import { strict as assert } from 'node:assert'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import { startServer } from '../postgres/server.ts'
import { installGoTool } from './go-tool.ts'
import { Bench, type Site } from './goose-bench.ts'
import { corpus, type Sample } from './goose-corpus.ts'
import { goose as pinned } from './goose-version.ts'
import type { Files, Variables } from './peer-bench.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

/** Proves that Shiplock and the real goose agree, in both directions, on a real server. Fails when a peer is missing. */
async function main(): Promise<number> {
  const goose = await installGoTool(pinned, say)
  const search = { binDir: process.env.SHIPLOCK_TEST_PG_BIN_DIR || undefined, install: true, env: process.env, say }
  await findTools({ ...search, major: 13, set: 'server' })
  await using server = await startServer()
  const { binDir } = await findTools({ ...search, major: server.major, set: 'client' })
  const site = { server, goose, pgDump: `${binDir}/pg_dump` }
  say(`goose ${pinned.version} against PostgreSQL ${server.major}`)
  let passed = 0
  let failed = 0
  for (const [name, check] of Object.entries({ ...cases, ...corpusCases() })) {
    try {
      const note = await check(site)
      passed++
      console.log(`ok    ${name}${note ? `: ${note}` : ''}`)
    } catch (error) {
      failed++
      console.log(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  console.log(`${passed} passed, ${failed} failed`)
  return failed
}

const users = 'db/migrations/00001_users.sql'
const email = 'db/migrations/00003_email.sql'
const dropName = 'db/post_migrations/00002_drop_name.sql'
const release: Files = {
  [users]: '-- +goose Up\ncreate table users (id bigint primary key, name text);\n\n-- +goose Down\ndrop table users;\n',
  [email]: '-- +goose Up\nalter table users add column email text;\n\n-- +goose Down\nalter table users drop column email;\n',
  [dropName]: '-- +goose Up\nalter table users drop column name;\n\n-- +goose Down\nalter table users add column name text;\n',
}
const postTable = { dir: 'db/post_migrations', table: 'goose_db_version_post' }

/** Every form that a file can take at once. */
const forms: { readonly files: Files; readonly variables: Variables } = {
  files: {
    'db/migrations/00001_base.sql':
      "-- +goose Up\ncreate table item (id int, price numeric, note text);\ncomment on table item is 'one;';\n",
    'db/migrations/00002_function.sql':
      "-- +goose Up\n-- +goose StatementBegin\ncreate function touch() returns trigger language plpgsql as $$\nbegin\n  -- a comment;\n\n  new.note := 'a;';\n  return new;\nend;\n$$\n-- +goose StatementEnd\ncreate trigger touch before insert on item for each row execute function touch();\n-- +goose Down\ndrop trigger touch on item;\ndrop function touch;\n",
    'db/migrations/00003_index.sql':
      '-- +goose NO TRANSACTION\n-- +goose Up\ncreate index concurrently item_price on item (price);\ncreate index concurrently item_note on item (note);\n-- +goose Down\ndrop index concurrently item_price;\ndrop index concurrently item_note;\n',
    'db/migrations/00004_envsub.sql':
      "-- +goose ENVSUB ON\n-- +goose Up\ncreate table ${PREFIX}_log (id int default ${FIRST:-7}, who text default '$WHO', cost text default '$$9');\n-- +goose StatementBegin\n-- +goose ENVSUB OFF\ncreate function who() returns text language sql as $$\n-- +goose ENVSUB ON\n  select '${WHO}, ${NOBODY-none}'\n-- +goose ENVSUB OFF\n$$;\n-- +goose StatementEnd\n",
    'db/migrations/00005_crlf.sql':
      "-- +goose Up\r\n-- +goose StatementBegin\r\ncreate function crlf() returns text language sql as $$\r\n  select 'x'\r\n$$;\r\n-- +goose StatementEnd\r\ncreate view v as\r\n  select id from item;\r\n",
    'db/migrations/00006_empty.sql': '-- +goose Up\n\n-- +goose Down\n',
    'db/migrations/00007_seed.sql':
      "-- +goose Up\ninsert into item values (1, 2, 'it''s -- no comment;'\n);\ninsert into item values (2, 3, E'tab\\t');\n",
  },
  variables: { PREFIX: 'audit', WHO: "o''hara" },
}

const cases: Record<string, (site: Site) => Promise<string | undefined>> = {
  'goose has nothing to do after our pre phase': async (site) => {
    await using bench = await Bench.of(site, release)
    assert.deepEqual(await bench.migrate('pre'), ['00001_users', '00003_email'])
    assert.deepEqual(await bench.pendingForGoose(), [])
    assert.match(await bench.goose('version'), /goose: version 3$/m)
    assert.match(await bench.goose('up'), /no migrations to run\. current version: 3/)
    assert.deepEqual(
      await bench.rows(),
      ['0', '1', '3'].map((version_id) => ({ version_id, is_applied: true })),
    )
  },

  'nothing is pending for us after goose up': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.goose('up')
    const rows = await bench.rows()
    assert.deepEqual(await bench.pending(), { pre: [], post: ['00002_drop_name'] })
    assert.deepEqual(await bench.migrate('pre'), [])
    assert.deepEqual(await bench.rows(), rows)
  },

  'each goes on where the other stopped': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.goose('up-by-one')
    assert.deepEqual(await bench.migrate('pre'), ['00003_email'])
    await bench.write({ 'db/migrations/00004_a.sql': '-- +goose Up\ncreate table a ();\n' })
    assert.match(await bench.goose('up'), /migrated database to version: 4/)
    await bench.write({ 'db/migrations/00005_b.sql': '-- +goose Up\ncreate table b ();\n' })
    assert.deepEqual(await bench.migrate('pre'), ['00005_b'])
    assert.deepEqual(await bench.pendingForGoose(), [])
  },

  'a plain goose up works while a post migration is held back': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.migrate('pre')
    await bench.write({ 'db/migrations/00004_a.sql': '-- +goose Up\ncreate table a ();\n-- +goose Down\ndrop table a;\n' })
    assert.match(await bench.goose('up'), /migrated database to version: 4/)
    assert.deepEqual(await bench.pending(), { pre: [], post: ['00002_drop_name'] })
  },

  'the post table is one that goose can use': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.migrate('pre')
    await bench.shiplock('record', 'deployed')
    assert.deepEqual(await bench.pendingForGoose(postTable), ['00002_drop_name'])
    assert.deepEqual(await bench.migrate('post'), ['00002_drop_name'])
    assert.deepEqual(await bench.pendingForGoose(postTable), [])
    assert.match(await bench.goose('up', postTable), /no migrations to run\. current version: 2/)
    assert.match(await bench.goose('up'), /no migrations to run\. current version: 3/)
  },

  'a post migration that goose ran is not pending for us': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.goose('up')
    await bench.goose('up', postTable)
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
  },

  'the files of an older release: goose goes on where its table is newer than they are': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.migrate('pre')
    await bench.remove(email)
    assert.match(await bench.goose('up'), /no migrations to run\. current version: 3/)
    await bench.write({ 'db/migrations/00004_a.sql': '-- +goose Up\ncreate table a ();\n' })
    assert.match(await bench.goose('up'), /migrated database to version: 4/)
  },

  'a goose down makes it pending for us again, and we apply it again': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.migrate('pre')
    await bench.goose('down')
    assert.deepEqual((await bench.pending()).pre, ['00003_email'])
    assert.deepEqual(await bench.migrate('pre'), ['00003_email'])
    assert.match(await bench.goose('version'), /goose: version 3$/m)
    await bench.goose('redo')
    await bench.goose('reset')
    assert.deepEqual((await bench.pending()).pre, ['00001_users', '00003_email'])
    assert.deepEqual(await bench.migrate('pre'), ['00001_users', '00003_email'])
    assert.deepEqual(await bench.pendingForGoose(), [])
  },

  'our way back of one migration leaves what goose down leaves, in both tables': async (site) => {
    await using theirs = await Bench.of(site, release)
    await theirs.goose('up')
    await theirs.goose('up', postTable)
    await using ours = await Bench.of(site, { [users]: release[users] as string })
    const deploy = async (tag: string) => {
      await ours.tag(tag)
      await ours.shiplock('migrate', '--phase', 'pre', '--release', tag)
      await ours.shiplock('record', 'deployed', '--release', tag)
    }
    await deploy('v1')
    await ours.write(release)
    await deploy('v2')
    await ours.migrate('post')
    const [{ name } = { name: '' }] = await ours.query<{ name: string }>('select current_database() as name')
    const back = async (id: string) => {
      const confirm = ['--confirm', `take back ${id} on ${name}, losing nothing`]
      await ours.shiplock('rollback', '--to', 'v1', '--shape', 'down-one', '--migration', id, '--reason', 'peer', ...confirm)
    }
    const same = async () => {
      assert.deepEqual(await ours.rows(), await theirs.rows())
      assert.deepEqual(await ours.rows(postTable.table), await theirs.rows(postTable.table))
      assertSame(await ours.schema(), await theirs.schema())
      for (const options of [{}, postTable]) assert.deepEqual(await ours.pendingForGoose(options), await theirs.pendingForGoose(options))
    }
    await theirs.goose('down', postTable)
    await back('00002_drop_name')
    await same()
    await theirs.goose('down')
    await back('00003_email')
    await same()
    assert.deepEqual(await ours.pendingForGoose(), ['00003_email'])
    assert.match(await ours.goose('up'), /migrated database to version: 3/)
  },

  'a row of an old goose that says not applied counts as status counts it': async (site) => {
    await using bench = await Bench.of(site, release)
    await bench.goose('up')
    await bench.query(
      "alter table users drop column email; insert into goose_db_version (version_id, is_applied, tstamp) values (3, false, now() + interval '1 s')",
    )
    assert.deepEqual(await bench.pendingForGoose(), ['00003_email'])
    assert.deepEqual((await bench.pending()).pre, ['00003_email'])
  },

  'every form makes the same schema, data and version table': async (site) => {
    await using theirs = await Bench.of(site, forms.files, forms.variables)
    await using ours = await Bench.of(site, forms.files, forms.variables)
    await theirs.goose('up')
    await ours.migrate('pre')
    assertSame(await ours.schema(), await theirs.schema())
    assert.deepEqual(await ours.rows(), await theirs.rows())
    const data = 'select * from item order by id'
    assert.deepEqual(await ours.query(data), await theirs.query(data))
  },

  'both find the version table in the schema that search_path names': async (site) => {
    for (const first of ['goose', 'shiplock']) {
      await using bench = await Bench.of(site, release)
      const [row] = await bench.query<{ name: string }>('select current_database() as name')
      await bench.query(`create schema app; alter database "${row?.name}" set search_path = app, public`)
      if (first === 'goose') await bench.goose('up')
      else await bench.migrate('pre')
      assert.deepEqual((await bench.pending()).pre, [])
      assert.deepEqual(await bench.pendingForGoose(), [])
      assert.deepEqual(await bench.query("select schemaname from pg_tables where tablename in ('goose_db_version', 'users')"), [
        { schemaname: 'app' },
        { schemaname: 'app' },
      ])
    }
  },

  'a variable that a finished migration needed may be gone': async (site) => {
    await using bench = await Bench.of(site, {
      ...release,
      'db/migrations/00004_grant.sql': "-- +goose Up\n-- +goose ENVSUB ON\ncomment on table users is '${ONCE-}';\n",
    })
    await bench.goose('up')
    await bench.write({ 'db/migrations/00004_grant.sql': "-- +goose Up\n-- +goose ENVSUB ON\ncomment on table users is '${ONCE}';\n" })
    assert.match(await bench.goose('up'), /no migrations to run/)
    assert.deepEqual((await bench.pending()).pre, [])
  },

  'a hotfix that ran first: goose refuses the older file, we run it, and goose has nothing left to do': async (site) => {
    await using bench = await Bench.of(site, {
      ...release,
      'db/migrations/00009_leak.sql': '-- shiplock: hotfix\n-- +goose Up\nselect 9;\n',
    })
    await bench.goose('up')
    await bench.write({ 'db/migrations/00004_a.sql': '-- +goose Up\ncreate table a ();\n' })
    const refused = await bench.tryGoose('up')
    assert.notEqual(refused.exitCode, 0)
    assert.match(refused.output, /found 1 missing migrations/)
    assert.deepEqual(await bench.migrate('pre'), ['00004_a'])
    assert.match(await bench.goose('up'), /no migrations to run/)
    assert.deepEqual(await bench.pendingForGoose(), [])
  },

  'both at once apply each migration once': async (site) => {
    const many = Object.fromEntries(
      Array.from({ length: 15 }, (_, index) => [
        `db/migrations/${index + 1}_t.sql`,
        `-- +goose Up\ncreate table t${index} (); select pg_sleep(0.02);\n`,
      ]),
    )
    await using bench = await Bench.of(site, many)
    await bench.shiplock('plan')
    await bench.goose('version') // makes the table: two goose at once would both make it
    const [theirs, ours] = await Promise.all([bench.tryGoose('up'), bench.tryShiplock('migrate', '--phase', 'pre')])
    await bench.migrate('pre')
    assert.deepEqual(await bench.pendingForGoose(), [])
    assert.deepEqual(await bench.query('select version_id from goose_db_version group by version_id having count(*) > 1'), [])
    return `goose ended with ${theirs.exitCode}, we with ${ours.exitCode}${ours.command.error ? ` (${ours.command.error.code})` : ''}`
  },
}

function corpusCases(): typeof cases {
  return Object.fromEntries(corpus.map((sample) => [`corpus: ${sample.name}`, (site: Site) => compare(site, sample)]))
}

/** Goose and we both take a sample, with the same outcome, or both refuse it. */
async function compare(site: Site, { files, variables, stricter }: Sample): Promise<string> {
  const folder = typeof files === 'string' ? { '00001_t.sql': files } : files
  const placed = Object.fromEntries(Object.entries(folder).map(([name, text]) => [`db/migrations/${name}`, text]))
  await using theirs = await Bench.of(site, placed, variables)
  await using ours = await Bench.of(site, placed, variables)
  const goose = await theirs.tryGoose('up')
  const { exitCode, command } = await ours.tryShiplock('migrate', '--phase', 'pre', '--layout', 'goose')
  const [taken, took] = [goose.exitCode === 0, exitCode === 0]
  const why = took ? '' : `${command.error?.code}: ${command.error?.message}`
  if (stricter !== undefined) {
    assert(taken, `goose refuses it too: ${goose.output}`)
    assert.equal(command.error?.code, stricter)
    return `goose takes it, we refuse: ${why}`
  }
  assert.equal(took, taken, `goose ${taken ? 'takes it' : `refuses (${goose.output.trim()})`}, we ${took ? 'take it' : `refuse (${why})`}`)
  if (!took) {
    assert.notEqual(command.error, undefined)
    return `both refuse (${command.error?.code})`
  }
  assertSame(await ours.schema(), await theirs.schema())
  assert.deepEqual(await ours.rows(), await theirs.rows())
  return 'both take it'
}

function assertSame(ours: string, theirs: string): void {
  const [mine, other] = [ours, theirs].map((text) => text.split('\n')) as [string[], string[]]
  const line = mine.findIndex((text, index) => text !== other[index])
  if (ours !== theirs)
    assert.fail(
      `the schemas differ: with us ${JSON.stringify(mine.slice(line, line + 4))}, with goose ${JSON.stringify(other.slice(line, line + 4))}`,
    )
}

process.exitCode = (await main()) === 0 ? 0 : 1
