import { strict as assert } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Files } from './peer-bench.ts'
import { assertSame, type Cases, runCases } from './peer-cases.ts'
import { Bench } from './rails-bench.ts'
import { closeGate, openGate } from './round-trips/gate.ts'
import { installRails } from './ruby.ts'

const [first, second, third] = ['20260101000001', '20260102000002', '20260103000003'] as const
const ruby = (name: string, body: string) => `class ${name} < ActiveRecord::Migration[6.1]\n${body}\nend\n`
const change = (name: string, line: string) => ruby(name, `  def change\n    ${line}\n  end`)

const users: Files = { [`db/migrate/${first}_create_users.rb`]: change('CreateUsers', 'create_table(:users) { |t| t.string :name }') }
const email: Files = { [`db/migrate/${third}_add_email.rb`]: change('AddEmail', 'add_column :users, :email, :string') }
const dropName: Files = {
  [`db/post_migrate/${second}_drop_name.rb`]: change('DropName', 'remove_column :users, :name, :string'),
}
const next: Files = { 'db/migrate/20260104000004_create_items.rb': change('CreateItems', 'create_table :items') }
const ids = { first: `${first}_create_users`, post: `${second}_drop_name`, third: `${third}_add_email` }
/** What Rails keeps for itself. */
const own = ['schema_migrations', 'ar_internal_metadata']
const skip = { SKIP_POST_DEPLOYMENT_MIGRATIONS: 'true' }

const cases: Cases = {
  'nothing is pending for us after Rails, and each goes on where the other stopped': async (site) => {
    await using bench = await Bench.application(site, users)
    await bench.rails(['db:migrate'])
    await bench.write({ ...email, ...dropName })
    assert.deepEqual(await bench.pending(), { pre: [ids.third], post: [ids.post] })
    assert.deepEqual(await bench.migrate('pre'), [ids.third])
    assert.deepEqual(await bench.pendingForRails(), [second])
    assert.deepEqual(await bench.pendingForRails(skip), [])
    await bench.write(next)
    assert.match(await bench.rails(['db:migrate'], skip), /CreateItems: migrated/)
    assert.deepEqual(await bench.pending(), { pre: [], post: [ids.post] })
    assert.equal((await bench.tryShiplock('migrate', '--phase', 'post')).command.error?.code, 'post-not-allowed')
    await bench.shiplock('record', 'deployed', '--release', 'v1')
    assert.deepEqual(await bench.migrate('post'), [ids.post])
    assert.deepEqual(await bench.pendingForRails(), [])
    assert.equal(await bench.rails(['db:migrate']), '')
  },

  'a hole and a missing file: Rails runs the late file, and goes on with the files of an older release': async (site) => {
    await using bench = await Bench.application(site, { ...users, ...email })
    await bench.rails(['db:migrate'])
    await bench.write({ [`db/migrate/${second}_late.rb`]: change('Late', 'create_table :late') })
    assert.match(await bench.rails(['db:migrate']), /Late: migrated/)
    for (const path of Object.keys(email)) await bench.remove(path)
    await bench.write(next)
    assert.match(await bench.rails(['db:migrate']), /CreateItems: migrated/)
    assert.match(await bench.rails(['db:migrate:status']), /NO FILE/)
    await bench.tag('without')
    assert.equal((await bench.tryShiplock('plan')).command.error?.code, 'unknown-version')
    await bench.write(email)
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
  },

  'Rails and Shiplock name the same files, and refuse the same': async (site) => {
    await using bench = await Bench.application(site, {
      ...users,
      'db/migrate/0007_early.rb': change('Early', 'create_table :early'),
      'db/migrate/shop/20260105000005_from_engine.shop.rb': change('FromEngine', 'create_table :shops'),
      'db/migrate/support.rb': 'raise "never loaded"\n',
    })
    const { pre } = await bench.pending()
    assert.deepEqual(pre, ['0007_early', ids.first, '20260105000005_from_engine.shop'])
    assert.deepEqual(await bench.migrate('pre'), pre)
    assert.deepEqual(await bench.rows(), [first, '20260105000005', '7'])
    assert.deepEqual(await bench.pendingForRails(), [])
    for (const [code, path] of [
      ['invalid-migration', 'db/migrate/20260106000006_Named.rb'],
      ['invalid-migration', 'db/post_migrate/20260106000006_create_users.rb'],
      ['duplicate-version', `db/post_migrate/${first}_other.rb`],
    ] as const) {
      await bench.write({ [path]: change('Other', 'create_table :other') })
      assert.equal((await bench.tryShiplock('plan')).command.error?.code, code, path)
      assert.notEqual((await bench.tryRails(['db:migrate'])).exitCode, 0, path)
      await bench.remove(path)
    }
  },

  'both find the version table wherever in the search path it is': async (site) => {
    await using bench = await Bench.application(site, users)
    await bench.query(`create schema app; alter database "${bench.database}" set search_path = app, public`)
    await bench.query('create table public.schema_migrations (version varchar not null primary key)')
    assert.deepEqual(await bench.migrate('pre'), [ids.first])
    assert.deepEqual(await bench.query('select version from public.schema_migrations'), [{ version: first }])
    assert.deepEqual(await bench.pendingForRails(), [])
  },

  'a version table under a prefix of the application is not taken for none, and is followed once it is named': async (site) => {
    await using bench = await Bench.application(site, users, "config.active_record.table_name_prefix = 'app_'")
    await bench.rails(['db:migrate'])
    const { error } = (await bench.tryShiplock('plan')).command
    assert.equal(error?.code, 'version-table-elsewhere')
    assert.match(error.hint ?? '', /set migrations\.table: app_schema_migrations\./)
    await bench.write({ 'shiplock.yml': 'project: peer\nmigrations: { layout: rails, table: app_schema_migrations }\n' })
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
  },

  'an application that lacks the line fails the phase and says what to paste; with what init prints it passes': async (site) => {
    await using bench = await Bench.application(site, { ...users, ...email, ...dropName }, '')
    const before = await bench.shiplock('migrate', '--phase', 'pre')
    assert.equal(before.verdict, 'pass') // without the line Rails never reads the second folder
    await bench.shiplock('record', 'deployed', '--release', 'v1')
    const unread = (await bench.tryShiplock('migrate', '--phase', 'post')).command
    assert.equal(unread.error?.code, 'version-missing')
    const { toPaste } = (await bench.shiplock('init', '--dry-run')) as unknown as { toPaste: { text: string }[] }
    const [line = '', generator = ''] = toPaste.map(({ text }) => text)
    assert(unread.error.hint?.includes(line), unread.error.hint)
    await bench.paste(line)
    assert.deepEqual(await bench.migrate('post'), [ids.post])
    await bench.write({ 'lib/generators/post_migration/post_migration_generator.rb': generator })
    assert.match(
      await bench.rails(['generate', 'post_migration', 'remove_email_from_users', 'email:string']),
      /create\s+db\/post_migrate\/\d{14}_remove_email_from_users\.rb/,
    )
    assert.match((await bench.pending()).post.join(), /_remove_email_from_users$/)
    await bench.paste("config.paths['db/migrate'] << 'db/post_migrate'")
    await bench.write(next)
    const early = (await bench.tryShiplock('migrate', '--phase', 'pre')).command
    assert.equal(early.error?.code, 'post-ran-early')
    assert.deepEqual(await bench.pendingForRails(), [])
  },

  'a dump is to be made and loaded where Rails sees both folders: with the variable a post migration would run a second time': async (
    site,
  ) => {
    await using bench = await Bench.application(site, { ...users, ...email, ...dropName })
    await bench.rails(['db:migrate'])
    await bench.rails(['db:schema:dump'])
    const load = async (variables: Readonly<Record<string, string>>) => {
      await bench.query('drop schema public cascade; create schema public')
      await bench.rails(['db:schema:load'], { ...variables, DISABLE_DATABASE_ENVIRONMENT_CHECK: '1' })
      return bench.pending()
    }
    assert.deepEqual(await load({}), { pre: [], post: [] })
    assert.deepEqual(await load(skip), { pre: [], post: [ids.post] })
  },

  'a service that migrates at boot in the middle of our run stops at once, and one that came first is waited for': async (site) => {
    await using bench = await Bench.application(site, {
      'db/migrate/1_slow.rb': ruby(
        'Slow',
        "  disable_ddl_transaction!\n  def up\n    execute 'create table begun ()'\n    execute 'select gates.wait_at_gate()'\n  end",
      ),
      'db/migrate/2_next.rb': change('Next', 'create_table :next_one'),
    })
    const begun = async () => {
      for (let tries = 0; tries < 800; tries++) {
        const [row] = await bench.query<{ begun: boolean }>("select to_regclass('begun') is not null as begun")
        if (row?.begun) return
        await sleep(10)
      }
    }
    await closeGate(bench)
    const ours = bench.shiplock('migrate', '--phase', 'pre')
    await begun()
    const boot = await bench.tryRails(['db:migrate'])
    assert.match(boot.output, /ConcurrentMigrationError/)
    await openGate(bench)
    await ours
    assert.deepEqual(await bench.rows(), ['1', '2'])
    await bench.query('drop table begun, next_one; delete from schema_migrations; insert into gates.gate values (true)')
    const theirs = bench.rails(['db:migrate'])
    await begun()
    const after = bench.shiplock('migrate', '--phase', 'pre')
    await sleep(1000) // for ours to come and find it at work
    await openGate(bench)
    await theirs
    assert.equal((await after).reason, 'Nothing is pending in phase pre.')
    assert.deepEqual(await bench.rows(), ['1', '2'])
  },

  'our way back of one migration leaves what Rails leaves, and asks for a backup first': async (site) => {
    await using theirs = await Bench.application(site, { ...users, ...email })
    await theirs.rails(['db:migrate'])
    await using ours = await Bench.application(site, users)
    const deploy = async (tag: string) => {
      await ours.tag(tag)
      await ours.migrate('pre')
      await ours.shiplock('record', 'deployed', '--release', tag)
    }
    await deploy('v1')
    await ours.write(email)
    await deploy('v2')
    const codeOnly = (await ours.tryShiplock('rollback', '--to', 'v1', '--dry-run')).command
    assert.deepEqual([codeOnly.verdict, codeOnly.shape], ['inconclusive', 'undecided'])
    await theirs.rails(['db:migrate:down', `VERSION=${third}`])
    const confirm = ['--confirm', `take back ${ids.third} on ${ours.database}, losing an unknown amount`]
    const down = ['rollback', '--to', 'v1', '--shape', 'down-one', '--migration', ids.third, '--reason', 'peer']
    assert.equal((await ours.tryShiplock(...down)).command.error?.code, 'confirmation-required')
    assert.equal((await ours.tryShiplock(...down, ...confirm)).command.error?.code, 'rescue-impossible')
    assert.equal((await ours.tryShiplock(...down, ...confirm, '--rescue', 'backup')).command.error?.code, 'backup-required')
    await ours.shiplock('backup')
    await ours.shiplock(...down, ...confirm, '--rescue', 'backup')
    assert.deepEqual(await ours.rows(), await theirs.rows())
    assertSame(await ours.schema(...own), await theirs.schema(...own))
    assert.match(await ours.rails(['db:migrate']), /AddEmail: migrated/)
  },

  'adopting it with 130 migrations that ran: nothing is pending, nothing is written, and without us Rails goes on': async (site) => {
    const many = Object.fromEntries(
      Array.from({ length: 130 }, (_, index) => [
        `db/migrate/${20260101000000 + index}_make_t${index}.rb`,
        change(`MakeT${index}`, `create_table :t${index}`),
      ]),
    )
    await using bench = await Bench.application(site, many)
    await bench.rails(['db:migrate'])
    const relations = () => bench.query('select count(*) from pg_class')
    const before = await relations()
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
    assert.deepEqual(await relations(), before)
    await bench.write(next)
    assert.deepEqual(await bench.migrate('pre'), ['20260104000004_create_items'])
    await bench.query('drop schema shiplock cascade')
    await bench.write({ 'db/migrate/20260105000005_create_more.rb': change('CreateMore', 'create_table :more') })
    assert.match(await bench.rails(['db:migrate']), /CreateMore: migrated/)
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
  },
}

const { ruby: rubyVersion, rails } = await installRails((text) => process.stderr.write(`${text}\n`))
process.exitCode = (await runCases(`Rails ${rails} on Ruby ${rubyVersion}`, cases)) === 0 ? 0 : 1
