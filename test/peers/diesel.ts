import { strict as assert } from 'node:assert'
import { diesel, runDiesel } from './diesel-tool.ts'
import { type Files, PeerBench, type PeerSite, passed } from './peer-bench.ts'
import { assertSame, type Cases, runCases } from './peer-cases.ts'

// What of diesel alone needs a proof, beside the round trips of every tool.

const setup = 'db/migrations/00000000000000_diesel_initial_setup'
const users = 'db/migrations/2026-01-01-000000_users'
const email = 'db/migrations/2026-01-03-000000_email'
const index = 'db/migrations/2026-01-04-000000_index'
const release: Files = {
  [`${setup}/up.sql`]: 'create function touch() returns int language sql as $$ select 1; $$;\n',
  [`${setup}/down.sql`]: 'drop function touch;\n',
  [`${users}/up.sql`]: 'create table users (id bigint primary key, name text);\n',
  [`${users}/down.sql`]: 'drop table users;\n',
  [`${email}/up.sql`]: 'alter table users add column email text;\r\n',
  [`${email}/down.sql`]: 'alter table users drop column email;\n',
  [`${index}/up.sql`]: 'create index concurrently users_email on users (email);\n',
  [`${index}/down.sql`]: 'drop index concurrently users_email;\n',
  [`${index}/metadata.toml`]: 'run_in_transaction = false\n',
}

const place = (site: PeerSite, files: Files) =>
  PeerBench.of(site, { ...diesel.settings, 'shiplock.yml': 'project: peer\nmigrations: { layout: diesel }\n', ...files })

const cases: Cases = {
  'every form makes the same schema and version table': async (site) => {
    await using theirs = await place(site, release)
    await using ours = await place(site, release)
    await passed(runDiesel(theirs, 'run'))
    await ours.migrate('pre')
    assertSame(await ours.schema(), await theirs.schema())
    assert.deepEqual(await diesel.rows(ours, 'pre'), await diesel.rows(theirs, 'pre'))
  },

  'revert stops where the newest row has no folder': async (site) => {
    await using bench = await place(site, release)
    await bench.migrate('pre')
    await bench.remove(index)
    const reverted = await runDiesel(bench, 'revert')
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
      await using theirs = await place(site, files)
      await using ours = await place(site, files)
      const them = await runDiesel(theirs, 'run')
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
      await using bench = await place(site, { [`${users}/up.sql`]: 'create table users ();', ...files })
      assert.equal((await bench.tryShiplock('migrate', '--phase', 'pre')).command.error?.code, 'invalid-migration')
      assert.notEqual((await runDiesel(bench, 'run')).exitCode, 0, Object.keys(files)[0])
    }
  },
}

process.exitCode = (await runCases(`diesel ${diesel.version}`, cases)) === 0 ? 0 : 1
