// biome-ignore-all lint/suspicious/noTemplateCurlyInString: goose writes its variables like this
import { strict as assert } from 'node:assert'
import { corpus, type Sample } from './goose-corpus.ts'
import { goose, runGoose } from './goose-tool.ts'
import { type Files, PeerBench, type PeerSite, passed, type Variables } from './peer-bench.ts'
import { assertSame, type Cases, runCases } from './peer-cases.ts'

// What of goose alone needs a proof, beside the round trips of every tool.

const release: Files = {
  'db/migrations/00001_users.sql':
    '-- +goose Up\ncreate table users (id bigint primary key, name text);\n\n-- +goose Down\ndrop table users;\n',
  'db/migrations/00003_email.sql':
    '-- +goose Up\nalter table users add column email text;\n\n-- +goose Down\nalter table users drop column email;\n',
}

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

const cases: Cases = {
  'what goose took back and set to the start runs again': async (site) => {
    await using bench = await PeerBench.of(site, release)
    await bench.migrate('pre')
    await passed(runGoose(bench, 'redo'))
    assert.deepEqual((await bench.pending()).pre, [])
    await passed(runGoose(bench, 'reset'))
    assert.deepEqual((await bench.pending()).pre, ['00001_users', '00003_email'])
    assert.deepEqual(await bench.migrate('pre'), ['00001_users', '00003_email'])
    assert.deepEqual(await goose.pending(bench, 'pre'), [])
    assert.match(await passed(runGoose(bench, 'version')), /goose: version 3$/m)
  },

  'a row of an old goose that says not applied counts as status counts it': async (site) => {
    await using bench = await PeerBench.of(site, release)
    await passed(runGoose(bench, 'up'))
    await bench.query(
      "alter table users drop column email; insert into goose_db_version (version_id, is_applied, tstamp) values (3, false, now() + interval '1 s')",
    )
    assert.deepEqual(await goose.pending(bench, 'pre'), [3])
    assert.deepEqual((await bench.pending()).pre, ['00003_email'])
  },

  'every form makes the same schema, data and version table': async (site) => {
    await using theirs = await PeerBench.of(site, forms.files, forms.variables)
    await using ours = await PeerBench.of(site, forms.files, forms.variables)
    await passed(runGoose(theirs, 'up'))
    await ours.migrate('pre')
    assertSame(await ours.schema(), await theirs.schema())
    assert.deepEqual(await goose.rows(ours, 'pre'), await goose.rows(theirs, 'pre'))
    const data = 'select * from item order by id'
    assert.deepEqual(await ours.query(data), await theirs.query(data))
  },

  'a variable that a finished migration needed may be gone': async (site) => {
    await using bench = await PeerBench.of(site, {
      ...release,
      'db/migrations/00004_grant.sql': "-- +goose Up\n-- +goose ENVSUB ON\ncomment on table users is '${ONCE-}';\n",
    })
    await passed(runGoose(bench, 'up'))
    await bench.write({ 'db/migrations/00004_grant.sql': "-- +goose Up\n-- +goose ENVSUB ON\ncomment on table users is '${ONCE}';\n" })
    assert.match(await passed(runGoose(bench, 'up')), /no migrations to run/)
    assert.deepEqual((await bench.pending()).pre, [])
  },

  'a file that goose fix renumbered after it ran is warned of, and settled by hand': async (site) => {
    const late = { 'db/migrations/20260101000000_late.sql': '-- +goose Up\ncreate table late ();\n-- +goose Down\ndrop table late;\n' }
    await using bench = await PeerBench.of(site, { ...release, ...late })
    await bench.migrate('pre')
    await passed(runGoose(bench, 'fix'))
    assert.notEqual((await runGoose(bench, 'up')).exitCode, 0)
    const { notes } = (await bench.shiplock('plan')) as unknown as { notes: readonly string[] }
    assert.match(notes.join('\n'), /00004_late\.sql is pending, and holds just what ran as 20260101000000_late/)
    await bench.shiplock('ledger', 'mark-applied', '--migration', '00004_late', '--reason', 'goose fix')
    assert.deepEqual(await goose.pending(bench, 'pre'), [])
    assert.match(await passed(runGoose(bench, 'up')), /no migrations to run/)
  },

  'a hotfix that ran first: goose refuses the older file, we run it, and goose has nothing left to do': async (site) => {
    await using bench = await PeerBench.of(site, {
      ...release,
      'db/migrations/00009_leak.sql': '-- shiplock: hotfix\n-- +goose Up\nselect 9;\n',
    })
    await passed(runGoose(bench, 'up'))
    await bench.write({ 'db/migrations/00004_a.sql': '-- +goose Up\ncreate table a ();\n' })
    const refused = await runGoose(bench, 'up')
    assert.notEqual(refused.exitCode, 0)
    assert.match(refused.output, /found 1 missing migrations/)
    assert.deepEqual(await bench.migrate('pre'), ['00004_a'])
    assert.match(await passed(runGoose(bench, 'up')), /no migrations to run/)
    assert.deepEqual(await goose.pending(bench, 'pre'), [])
  },
}

const corpusCases = Object.fromEntries(corpus.map((sample) => [`corpus: ${sample.name}`, (site: PeerSite) => compare(site, sample)]))

/** Goose and we both take a sample, with the same outcome, or both refuse it. */
async function compare(site: PeerSite, { files, variables, stricter }: Sample): Promise<string> {
  const folder = typeof files === 'string' ? { '00001_t.sql': files } : files
  const placed = Object.fromEntries(Object.entries(folder).map(([name, text]) => [`db/migrations/${name}`, text]))
  await using theirs = await PeerBench.of(site, placed, variables)
  await using ours = await PeerBench.of(site, placed, variables)
  const theirEnd = await runGoose(theirs, 'up')
  const { exitCode, command } = await ours.tryShiplock('migrate', '--phase', 'pre', '--layout', 'goose')
  const [taken, took] = [theirEnd.exitCode === 0, exitCode === 0]
  const why = took ? '' : `${command.error?.code}: ${command.error?.message}`
  if (stricter !== undefined) {
    assert(taken, `goose refuses it too: ${theirEnd.output}`)
    assert.equal(command.error?.code, stricter)
    return `goose takes it, we refuse: ${why}`
  }
  assert.equal(
    took,
    taken,
    `goose ${taken ? 'takes it' : `refuses (${theirEnd.output.trim()})`}, we ${took ? 'take it' : `refuse (${why})`}`,
  )
  if (!took) {
    assert.notEqual(command.error, undefined)
    return `both refuse (${command.error?.code})`
  }
  assertSame(await ours.schema(), await theirs.schema())
  assert.deepEqual(await goose.rows(ours, 'pre'), await goose.rows(theirs, 'pre'))
  return 'both take it'
}

process.exitCode = (await runCases(`goose ${goose.version}`, { ...cases, ...corpusCases })) === 0 ? 0 : 1
