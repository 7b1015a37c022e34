import { strict as assert } from 'node:assert'
import { golangMigrate, runMigrate } from './golang-migrate-tool.ts'
import { type Files, PeerBench, type PeerSite, passed } from './peer-bench.ts'
import { assertSame, type Cases, runCases } from './peer-cases.ts'
import { checkOut } from './round-trips/checkout.ts'
import { atGate, closeGate, gated, openGate } from './round-trips/gate.ts'
import { because } from './round-trips/marked.ts'

// What of golang-migrate alone needs a proof, beside the round trips of every tool.

const pair = (path: string, up: string, down: string): Files => ({ [`${path}.up.sql`]: up, [`${path}.down.sql`]: down })

const release: Files = {
  ...pair('db/migrations/000001_users', 'create table users (id bigint primary key, name text);\n', 'drop table users;\n'),
  ...pair('db/migrations/000003_email', 'alter table users add column email text;\n', 'alter table users drop column email;\n'),
}

const numbered: Files = {
  ...pair('db/migrations/000001_a', 'create table a ();', 'drop table a;'),
  ...pair('db/migrations/000002_b', 'create table b ();', 'drop table b;'),
}

/** How the row became dirty, the number that is forced, and what we are told instead. */
const rounds: readonly (readonly [begin: readonly string[], forced: string, id: string, as: string])[] = [
  [['up'], '3', '000003_c', 'applied'],
  [['up'], '2', '000003_c', 'reverted'],
  [['down', '1'], '2', '000002_b', 'applied'],
  [['down', '1'], '1', '000002_b', 'reverted'],
  [['down', '2'], '1', '000001_a', 'applied'],
  [['down', '2'], '-1', '000001_a', 'reverted'],
]

const cases: Cases = {
  ...Object.fromEntries(
    rounds.map(([begin, forced, id, as]) => [
      `clear-dirty of ${id} as ${as} after a failed ${begin.join(' ')} leaves what migrate force ${forced} leaves, and up goes on`,
      async (site: PeerSite) => {
        const isUp = begin[0] === 'up'
        const broken = begin[1] === '2' ? '000001_a' : '000002_b'
        const start = async () => {
          const bench = await PeerBench.of(site, { ...numbered, ...(isUp ? {} : { [`db/migrations/${broken}.down.sql`]: 'select 1/0;' }) })
          await passed(runMigrate(bench, ['up']))
          if (isUp) await bench.write(pair('db/migrations/000003_c', 'create table c (); select 1/0;', 'drop table c;'))
          assert.match((await runMigrate(bench, begin)).output, /division by zero/)
          return bench
        }
        await using theirs = await start()
        await using ours = await start()
        const rows = (bench: PeerBench) => golangMigrate.rows(bench, 'pre') as Promise<{ dirty: boolean }[]>
        assert.deepEqual(await rows(ours), await rows(theirs))
        assert.equal((await rows(ours))[0]?.dirty, true)
        await passed(runMigrate(theirs, ['force', '--', forced]))
        await ours.shiplock('ledger', 'clear-dirty', '--migration', id, '--settle-as', as, ...because)
        assert.deepEqual(await rows(ours), await rows(theirs))
        if (isUp) await ours.write({ 'db/migrations/000003_c.up.sql': 'create table c ();' })
        await ours.query('drop table if exists a, b, c')
        await passed(runMigrate(ours, ['up']))
        assert.deepEqual(await rows(ours), [{ version: isUp ? '3' : '2', dirty: false }])
      },
    ]),
  ),

  'a late file that the tool would never run is refused, with the file by name': async (site) => {
    await using bench = await PeerBench.of(site, release)
    await bench.migrate('pre')
    await bench.shiplock('record', 'deployed')
    await bench.write(pair('db/migrations/000002_late', 'create table late ();\n', 'drop table late;\n'))
    const refused = await bench.tryShiplock('plan')
    assert.equal(refused.command.error?.code, 'out-of-order')
    assert.match(refused.command.error?.message ?? '', /000002_late\.up\.sql is older than version 3/)
  },

  'dirty: we refuse, say why, and leave the mark to the tool': async (site) => {
    await using bench = await PeerBench.of(site, release)
    await passed(runMigrate(bench, ['up']))
    await bench.write(pair('db/migrations/000004_bad', 'create table a (); select 1/0;\n', 'drop table a;\n'))
    assert.match((await runMigrate(bench, ['up'])).output, /division by zero/)
    for (const command of [['plan'], ['migrate', '--phase', 'pre']]) {
      const { error } = (await bench.tryShiplock(...command)).command
      assert.equal(error?.code, 'dirty-version')
      assert.match(error?.hint ?? '', /migrate force 4/)
    }
    assert.deepEqual(await golangMigrate.rows(bench, 'pre'), [{ version: '4', dirty: true }])
    await passed(runMigrate(bench, ['force', '3']))
    assert.deepEqual((await bench.pending()).pre, ['000004_bad'])
  },

  'while the tool works its mark stands, and plan says so': async (site) => {
    await using bench = await checkOut(golangMigrate, site, gated)
    await closeGate(bench)
    const theirs = runMigrate(bench, ['up'])
    await atGate(bench)
    assert.equal((await bench.tryShiplock('plan')).command.error?.code, 'dirty-version')
    await openGate(bench)
    await passed(theirs)
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
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
      'db/migrations/7_parts.up.sql': 'create table p (a int) partition by list (a);\ncreate table c partition of p default;\n',
      'db/migrations/8_alone.up.sql': 'reindex schema public;\n',
      'db/migrations/10_ten.up.sql': 'alter table item add column ten int;\n',
    }
    await using theirs = await PeerBench.of(site, forms)
    await using ours = await PeerBench.of(site, forms)
    await passed(runMigrate(theirs, ['up']))
    await ours.migrate('pre')
    assertSame(await ours.schema(), await theirs.schema())
    assert.deepEqual(await golangMigrate.rows(ours, 'pre'), await golangMigrate.rows(theirs, 'pre'))
    const refused: Files = {
      'db/migrations/11_a.up.sql': '\uFEFFcreate table a ();\n',
      'db/migrations/11_b.up.sql': 'create index concurrently b on item (note); select 1;\n',
    }
    for (const [path, text] of Object.entries(refused)) {
      await using bench = await PeerBench.of(site, { ...forms, [path]: text })
      assert.notEqual((await runMigrate(bench, ['up'])).exitCode, 0)
      await using other = await PeerBench.of(site, { ...forms, [path]: text })
      const { error } = (await other.tryShiplock('plan')).command
      assert.match(error?.code ?? '', /invalid-migration|transaction-control/)
    }
  },
}

process.exitCode = (await runCases(`golang-migrate ${golangMigrate.version}`, cases)) === 0 ? 0 : 1
