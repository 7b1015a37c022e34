// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are Flyway's own
import { strict as assert } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import { flyway, flywayInfo, runFlyway, sessionLock } from './flyway-tool.ts'
import { type Files, PeerBench, passed, type Variables } from './peer-bench.ts'
import { assertSame, type Cases, runCases } from './peer-cases.ts'
import { checkOut, filesOf, tableStep } from './round-trips/checkout.ts'
import { atGate, closeGate, gated, openGate } from './round-trips/gate.ts'

// What of Flyway alone needs a proof, beside the round trips of every tool.

const inFolder = (files: Files): Files => Object.fromEntries(Object.entries(files).map(([name, text]) => [`db/migrations/${name}`, text]))
const benchOf = (site: Parameters<Cases[string]>[0], files: Files, variables: Variables = {}) =>
  PeerBench.of(site, inFolder(files), variables)

/** Throws when Flyway would stop at what is there, or would run something. */
const agrees = (bench: PeerBench) => passed(runFlyway(bench, ['validate']))

const odd: Files = {
  'V1__base.sql': 'create table item (id int, note text);\n',
  'V01.1__crlf.sql': "insert into item values (1, 'a');\r\ninsert into item values (2, 'b\r\nc');\r\n",
  'V1.2__byte_order_mark.sql': '\uFEFFalter table item add column a int;\n',
  'V1_10_0__two__words and a space.sql': 'alter table item add column b int;\n\n\n  \n',
  'V1.10.1.sql': 'alter table item add column c int;',
  'V2.0__old_mac.sql': 'alter table item add column d int;\ralter table item add column e int;\r',
  'V3__empty.sql': '',
  'V4__comments.sql': '-- nothing; to do\n/* at; all */\n',
  'V5__function.sql':
    "create function touch() returns trigger language plpgsql as $$\nbegin\n  execute $x$ select ';' $x$; -- it's ${app}\n  return new;\nend;\n$$;\n",
  'V6__unicode.sql': "comment on table item is 'ä😀\u2028x\u0085y\fz';\n",
  'V7__values.sql': "comment on column item.a is '${App}; $${app}; ${flyway:filename}';\n",
  'V8__as_it_stands.sql': "comment on column item.b is '${app}';\n",
  'V8__as_it_stands.sql.conf': 'placeholderReplacement=false\n',
  'V20261122120000__last.SQL': 'create /* ; */ index -- ;\n  concurrently item_id on item (id);\n',
  'R__b_view.sql': 'create or replace view b as select * from a_1;\n',
  'R__a_1.sql': "create or replace view a_1 as select id, '${app}' as app from item;\r\n",
  'R__A.sql': 'create or replace view first as select 1 as one;\n',
}

const rows = (bench: PeerBench) =>
  bench.query('select version, description, type, script, checksum, success from flyway_schema_history order by installed_rank')

const cases: Cases = {
  'every form makes the same schema and version table, checksums included': async (site) => {
    const values = { FLYWAY_PLACEHOLDERS_APP: 'shop' }
    await using theirs = await benchOf(site, odd, values)
    await using ours = await benchOf(site, odd, values)
    await passed(runFlyway(theirs, [sessionLock, 'migrate']))
    await ours.migrate('pre')
    assertSame(await ours.schema(), await theirs.schema())
    assert.deepEqual(await rows(ours), await rows(theirs))
    await agrees(ours)
    assert.deepEqual(await theirs.pending(), { pre: [], post: [] })
    return `${(await rows(ours)).length} rows`
  },

  'an edited repeatable runs again with whoever comes next, and an edited version stops both': async (site) => {
    const view = (number: number) => ({ 'db/migrations/R__v.sql': `create or replace view v as select ${number} as n;\n` })
    await using bench = await benchOf(site, { 'V1__t.sql': 'create table t ();' })
    await bench.write(view(1))
    assert.deepEqual(await bench.migrate('pre'), ['V1__t', 'R__v'])
    await bench.write(view(2))
    await passed(runFlyway(bench, ['migrate']))
    assert.deepEqual(await bench.query('select n from v'), [{ n: 2 }])
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
    await bench.write(view(3))
    assert.deepEqual(await bench.migrate('pre'), ['R__v'])
    await bench.write(view(1))
    assert.deepEqual(await bench.migrate('pre'), ['R__v'], 'a text that ran before runs again')
    await agrees(bench)
    await bench.write({ 'db/migrations/V2__u.sql': 'create table u ();' })
    assert.deepEqual(await bench.migrate('pre'), ['V2__u'], 'a version after a repeatable is no late one')
    await bench.write({ 'db/migrations/V1__t.sql': 'create table t (a int);' })
    assert.equal((await bench.tryShiplock('plan')).command.error?.code, 'checksum-mismatch')
    assert.notEqual((await runFlyway(bench, ['validate'])).exitCode, 0)
  },

  'a description that changed after it ran stops both, and a table that Flyway keeps elsewhere is found': async (site) => {
    await using bench = await benchOf(site, { 'V1__t.sql': 'create table t ();' })
    await passed(runFlyway(bench, ['migrate'], 'pre', { FLYWAY_DEFAULT_SCHEMA: 'app' }))
    assert.equal((await bench.tryShiplock('plan')).command.error?.code, 'version-table-elsewhere')
    await passed(runFlyway(bench, ['migrate']))
    await bench.remove('db/migrations/V1__t.sql')
    await bench.write(inFolder({ 'V01__u.sql': 'create table t ();' }))
    assert.equal((await bench.tryShiplock('plan')).command.error?.code, 'version-clash')
    assert.match((await runFlyway(bench, ['migrate'])).output, /description mismatch/i)
  },

  'a file in place of a migration in Java, and a failed run below one that passed, stop both': async (site) => {
    await using bench = await benchOf(site, { 'V1__t.sql': 'create table t ();' })
    await bench.migrate('pre')
    for (const [change, code] of [
      ["update flyway_schema_history set type = 'JDBC', checksum = null", 'version-clash'],
      [
        "update flyway_schema_history set type = 'SQL'; insert into flyway_schema_history select 0, version, description, type, script, checksum, installed_by, now(), 1, false from flyway_schema_history",
        'dirty-version',
      ],
    ] as const) {
      await bench.query(change)
      assert.equal((await bench.tryShiplock('plan')).command.error?.code, code)
      assert.notEqual((await runFlyway(bench, ['migrate'])).exitCode, 0, change)
    }
  },

  'a repeatable whose file is gone stops Flyway, and not Shiplock': async (site) => {
    await using bench = await benchOf(site, { 'V1__t.sql': 'create table t ();', 'R__v.sql': 'select 1;' })
    await bench.migrate('pre')
    await bench.remove('db/migrations/R__v.sql')
    await bench.migrate('pre')
    assert.notEqual((await runFlyway(bench, ['migrate'])).exitCode, 0)
  },

  'a baseline of Flyway stands for every version up to it': async (site) => {
    await using bench = await benchOf(site, {
      'V1__never.sql': 'select 1/0;',
      'V1.9__never.sql': 'select 1/0;',
      'V1.10.0__never.sql': 'select 1/0;',
      'V1.10.1__t.sql': 'create table t ();',
    })
    await bench.query('create table old ()')
    await passed(runFlyway(bench, ['baseline'], 'pre', { FLYWAY_BASELINE_VERSION: '1.10' }))
    assert.deepEqual(await bench.pending(), { pre: ['V1.10.1__t'], post: [] })
    assert.deepEqual(await bench.migrate('pre'), ['V1.10.1__t'])
    await agrees(bench)
  },

  'a row that repair writes for a file that is gone: its version is pending for both again': async (site) => {
    await using bench = await checkOut(flyway, site, [tableStep(1), tableStep(2)])
    await bench.migrate('pre')
    for (const file of ['V2__t2.sql', 'U2__t2.sql']) await bench.remove(`db/migrations/${file}`)
    await bench.write(filesOf(flyway, [tableStep(3)]))
    await bench.migrate('pre')
    await passed(runFlyway(bench, ['repair']))
    await agrees(bench)
    assert.deepEqual(await bench.query("select version from flyway_schema_history where type = 'DELETE'"), [{ version: '2' }])
    await bench.query('drop table t2')
    await bench.write({
      ...filesOf(flyway, [tableStep(2)]),
      'shiplock.yml': 'project: peer\nmigrations: { layout: flyway, out-of-order: allow }\n',
    })
    assert.deepEqual(await bench.migrate('pre'), ['V2__t2'])
    await agrees(bench)
  },

  'a way back by the undo file: Flyway, which stops at a row of its own paid edition, goes on and applies it again': async (site) => {
    await using bench = await checkOut(flyway, site, [tableStep(1)])
    await bench.deploy('v1')
    await bench.write(filesOf(flyway, [tableStep(2)]))
    await bench.deploy('v2')
    await bench.takeBack('V2__t2')
    assert.deepEqual(await flyway.pending(bench, 'pre'), [2])
    await passed(runFlyway(bench, ['migrate']))
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
    await bench.query(
      "insert into flyway_schema_history select 9, version, description, 'UNDO_SQL', 'U2__t2.sql', 5, installed_by, now(), 1, true from flyway_schema_history where version = '2'",
    )
    assert.deepEqual((await bench.pending()).pre, ['V2__t2'])
    const stopped = await runFlyway(bench, ['info'])
    assert.notEqual(stopped.exitCode, 0)
    assert.match(stopped.output, /UNDO_SQL/)
  },

  'a run of Flyway that failed outside a transaction stops both, until it is repaired': async (site) => {
    await using bench = await benchOf(site, {
      'V1__t.sql': 'create table t ();\nselect 1/0;',
      'V1__t.sql.conf': 'executeInTransaction=false',
    })
    assert.notEqual((await runFlyway(bench, [sessionLock, 'migrate'])).exitCode, 0)
    assert.equal((await bench.tryShiplock('plan')).command.error?.code, 'dirty-version')
    assert.notEqual((await runFlyway(bench, [sessionLock, 'migrate'])).exitCode, 0)
    await passed(runFlyway(bench, ['repair']))
    assert.deepEqual((await bench.pending()).pre, ['V1__t'])
  },

  'what Flyway refuses we refuse, before anything runs': async (site) => {
    const refused: readonly Files[] = [
      { 'V2__a.sql': 'create table a (n int);\ncreate index concurrently i on a (n);' },
      { 'V2__a.sql': '-- ${unknown}\nselect 1;' },
      { 'V2__a.sql': "select 'a' ~ 'b${1,2}';" },
      { 'V2__a.sql': 'select 1;', 'V2__a.sql.conf': 'outOfOrder=true' },
      { 'V2__a.sql': 'select 1;', 'V2.0__b.sql': 'select 1;' },
      { 'R__a_b.sql': 'select 1;', 'R__a b.sql': 'select 1;' },
    ]
    for (const files of refused) {
      await using bench = await benchOf(site, { 'V1__t.sql': 'create table t ();', ...files })
      const us = await bench.tryShiplock('migrate', '--phase', 'pre')
      assert.notEqual(us.exitCode, 0, Object.values(files)[0])
      assert.notEqual((await runFlyway(bench, [sessionLock, 'migrate'])).exitCode, 0, Object.values(files)[0])
    }
  },

  'a migration in a folder below, which Flyway runs, is refused by its name': async (site) => {
    await using bench = await benchOf(site, { 'V1__t.sql': 'create table t ();', 'more/deep/V2__u.sql': 'create table u ();' })
    const { error } = (await bench.tryShiplock('plan')).command
    assert.equal(error?.code, 'unsupported-migration')
    assert.match(error?.message ?? '', /more\/deep\/V2__u\.sql/)
    assert((await flywayInfo(bench)).some(({ version }) => version === '2'))
  },

  'a setting in flyway.toml under which the files mean something else is refused by its name': async (site) => {
    const files = { 'V1__t.sql': "create table t as select '<<flyway:filename>>' as name;" }
    await using bench = await benchOf(site, files)
    await bench.write({ 'flyway.toml': '[flyway]\nplaceholderPrefix = "<<"\nplaceholderSuffix = ">>"\n' })
    const { error } = (await bench.tryShiplock('migrate', '--phase', 'pre')).command
    assert.match(error?.message ?? '', /^flyway\.toml:2:1 sets placeholderPrefix /)
    await passed(runFlyway(bench, ['migrate']))
    assert.deepEqual(await bench.query('select name from t'), [{ name: 'V1__t.sql' }])
  },

  'a service that waits with the usual lock while we build an index concurrently': async (site) => {
    const index = {
      'V3__t3.sql': 'create index concurrently told_number on gates.told (number);\n',
      'U3__t3.sql': 'drop index concurrently gates.told_number;\n',
    }
    await using bench = await checkOut(flyway, site, gated.slice(0, 2))
    await bench.write(inFolder(index))
    await closeGate(bench)
    const ours = bench.tryShiplock('migrate', '--phase', 'pre', '--lock-budget', '5s')
    await atGate(bench)
    const theirs = runFlyway(bench, ['migrate'])
    for (;;) {
      const [row] = await bench.query<{ waits: boolean }>(
        "select exists (select from pg_stat_activity where datname = current_database() and query like '%pg_try_advisory_xact%' and pid <> pg_backend_pid()) as waits",
      )
      if (row?.waits) break
      await sleep(20)
    }
    await openGate(bench)
    const us = await ours
    assert.equal(us.command.error?.code ?? 'lock-not-obtained', 'lock-not-obtained', us.command.error?.message)
    // with the usual lock it cannot build the index itself
    if (us.exitCode === 0) await passed(theirs)
    else
      await bench.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
    await theirs
    return us.exitCode === 0 ? 'both pass' : `we stop (${us.command.error?.code})`
  },

  'its own status knows what we did': async (site) => {
    await using bench = await benchOf(site, { 'V1.1__a.sql': 'select 1;', 'R__v.sql': 'select 1;' })
    await bench.migrate('pre')
    const states = (await flywayInfo(bench)).map(({ version, state }) => `${version} ${state}`)
    assert.deepEqual(states, ['1.1 Success', ' Success'])
  },
}

process.exitCode = (await runCases('flyway', cases)) === 0 ? 0 : 1
