import { strict as assert } from 'node:assert'
import { type Files, PeerBench, type PeerSite, passed } from './peer-bench.ts'
import { assertSame, type Cases, runCases } from './peer-cases.ts'
import { because } from './round-trips/marked.ts'
import { runSqlx, runSqlxService, sqlx } from './sqlx-tool.ts'

// What of sqlx alone needs a proof, beside the round trips of every tool.

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
}

const place = (site: PeerSite) => PeerBench.of(site, { 'shiplock.yml': 'project: peer\nmigrations: { layout: sqlx }\n', ...release })

const cases: Cases = {
  'every form makes the same schema and version table; only how long it took is not known of ours': async (site) => {
    await using theirs = await place(site)
    await using ours = await place(site)
    await passed(runSqlx(theirs, ['run']))
    await ours.migrate('pre')
    assertSame(await ours.schema(), await theirs.schema())
    assert.deepEqual(await sqlx.rows(ours, 'pre'), await sqlx.rows(theirs, 'pre'))
    const times = 'select distinct execution_time = -1 as unknown from _sqlx_migrations'
    assert.deepEqual([await ours.query(times), await theirs.query(times)], [[{ unknown: true }], [{ unknown: false }]])
  },

  'the files of an older release: sqlx and a service that migrates at boot refuse a newer table, and sqlx takes it with --ignore-missing':
    async (site) => {
      await using bench = await place(site)
      await bench.migrate('pre')
      await bench.remove(index)
      for (const refused of [await runSqlx(bench, ['run']), await runSqlxService(bench)]) {
        assert.notEqual(refused.exitCode, 0)
        assert.match(refused.output, /VersionMissing|previously applied but is missing/)
      }
      await passed(runSqlx(bench, ['run', '--ignore-missing']))
    },

  'it stops at a row without success, and goes on after clear-dirty; its own override writes the rows of mark-applied': async (site) => {
    const id = '20260103000000_add_email'
    await using bench = await place(site)
    await passed(runSqlx(bench, ['run']))
    const ran = await sqlx.rows(bench, 'pre')
    for (const as of ['applied', 'reverted']) {
      await bench.query("update _sqlx_migrations set success = false where description = 'add email'")
      assert.match((await runSqlx(bench, ['run'])).output, /partially applied; fix and remove row/)
      if (as === 'reverted') await bench.query('drop index users_email; alter table users drop column email')
      await bench.shiplock('ledger', 'clear-dirty', '--migration', id, '--settle-as', as, ...because)
      await passed(runSqlx(bench, ['run']))
      assert.deepEqual(await sqlx.rows(bench, 'pre'), ran)
    }
    const all = 'select version::text, description, success, checksum, execution_time from _sqlx_migrations order by 1'
    await using skipped = await place(site)
    await passed(runSqlx(skipped, ['override', 'skip']))
    await using marked = await place(site)
    for (const one of ['20260101000000_create_users', id, '20260104000000_index__the_email'])
      await marked.shiplock('ledger', 'mark-applied', '--migration', one, ...because)
    assert.deepEqual(await marked.query(all), await skipped.query(all))
  },

  'a version table that sqlx.toml names is found beside the folder, and in the database without the file': async (site) => {
    await using bench = await place(site)
    await bench.query('create table flyway_schema_history (installed_on date, success boolean, checksum int, execution_time int)')
    const codeOf = async () => (await bench.tryShiplock('plan')).command.error?.code
    assert.equal(await codeOf(), undefined)
    const toml = '[migrate]\ntable-name = "versions"\n'
    await bench.write({ 'db/sqlx.toml': toml, 'sqlx.toml': toml })
    assert.equal(await codeOf(), 'invalid-input')
    await passed(runSqlx(bench, ['run']))
    await bench.remove('db/sqlx.toml')
    assert.equal(await codeOf(), 'invalid-input')
    await bench.remove('sqlx.toml')
    assert.equal(await codeOf(), 'version-table-elsewhere')
    await bench.write({ 'sqlx.toml': toml, 'shiplock.yml': 'project: peer\nmigrations: { layout: sqlx, table: versions }\n' })
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
  },

  'an edited file stops both': async (site) => {
    await using bench = await place(site)
    await passed(runSqlx(bench, ['run']))
    await bench.write({ [email]: 'alter table users add column email varchar;\n' })
    const theirs = await runSqlx(bench, ['run'])
    assert.match(theirs.output, /20260103000000 was previously applied but has been modified/)
    const ours = await bench.tryShiplock('plan')
    assert.equal(ours.command.error?.code, 'checksum-mismatch')
  },

  'a row that did not succeed stops both, and is never cleared by us': async (site) => {
    await using bench = await place(site)
    await bench.migrate('pre')
    await bench.query('update _sqlx_migrations set success = false where version = 20260103000000')
    const theirs = await runSqlx(bench, ['run'])
    assert.match(theirs.output, /20260103000000 is partially applied/)
    for (const command of [['plan'], ['migrate', '--phase', 'pre']])
      assert.equal((await bench.tryShiplock(...command)).command.error?.code, 'dirty-version')
    assert.deepEqual(await bench.query('select count(*)::int as dirty from _sqlx_migrations where not success'), [{ dirty: 1 }])
  },
}

process.exitCode = (await runCases(`sqlx ${sqlx.version}`, cases)) === 0 ? 0 : 1
