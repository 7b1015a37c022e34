import { strict as assert } from 'node:assert'
import { installNpmRivals } from '../../bench/rivals.ts'
import * as dbmateBench from './dbmate-bench.ts'
import { installGoTool } from './go-tool.ts'
import * as migrateBench from './golang-migrate-bench.ts'
import { golangMigrate } from './golang-migrate-version.ts'
import * as gooseBench from './goose-bench.ts'
import { goose } from './goose-version.ts'
import type { Files } from './peer-bench.ts'
import { type Cases, runCases } from './peer-cases.ts'
import { Bench as RustBench } from './rust-bench.ts'
import { installRustTool } from './rust-tool.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)
const versions = { sqlx: '0.9.0', diesel: '2.3.14' }

interface Tools {
  readonly goose: string
  readonly migrate: string
  readonly dbmate: string
  readonly sqlx: string
  readonly diesel: string
}

interface Marker extends AsyncDisposable {
  readonly shiplock: (...args: string[]) => Promise<unknown>
  readonly query: (sql: string) => Promise<Record<string, unknown>[]>
}

/** One tool with an empty database. */
interface Driven {
  readonly bench: Marker
  readonly ids: readonly [string, string]
  /** The rows as far as two runs of the tool leave the same. */
  readonly rows: string
  up(): Promise<unknown>
  /** Ids that the tool reports as not applied. */
  pending(): Promise<readonly string[]>
}

const made = ['create table a ();', 'create table b ();'] as const
const removed = ['drop table a;', 'drop table b;'] as const
const stamped = ['20260101000001_a', '20260102000002_b'] as const
const numbered = ['000001_a', '000002_b'] as const

type Site = Parameters<typeof gooseBench.Bench.of>[0] & Tools

const drivers: Readonly<Record<string, (site: Site) => Promise<Driven>>> = {
  async goose(site) {
    const ids = numbered
    const files = filesOf(ids, (id, index) => ({
      [`db/migrations/${id}.sql`]: `-- +goose Up\n${made[index]}\n-- +goose Down\n${removed[index]}\n`,
    }))
    const bench = await gooseBench.Bench.of(site, files)
    const rows = 'select version_id::text, is_applied from goose_db_version order by id'
    return { bench, ids, rows, up: () => bench.goose('up'), pending: () => bench.pendingForGoose() }
  },
  async 'golang-migrate'(site) {
    const ids = numbered
    const bench = await migrateBench.Bench.of(site, pairs(ids))
    const rows = 'select version::text, dirty from schema_migrations'
    // it has no list: what is greater than its one number is pending
    const pending = async () => {
      const { output } = await bench.tryTool(['version'])
      const version = /^\d+$/m.exec(output)?.[0]
      if (version === undefined) assert.match(output, /no migration/)
      return ids.slice(Number(version ?? 0))
    }
    return { bench, ids, rows, up: () => bench.tool(['up']), pending }
  },
  async dbmate(site) {
    const ids = stamped
    const files = filesOf(ids, (id, index) => ({
      [`db/migrations/${id}.sql`]: `-- migrate:up\n${made[index]}\n-- migrate:down\n${removed[index]}\n`,
    }))
    const bench = await dbmateBench.Bench.of(site, files)
    const rows = 'select version from schema_migrations order by 1'
    return { bench, ids, rows, up: () => bench.tool('up'), pending: () => bench.pendingForTool() }
  },
  async sqlx(site) {
    const ids = stamped
    const bench = await RustBench.of(site.server, 'sqlx', pairs(ids))
    const tool = (command: string) => output(bench, site.sqlx, 'migrate', command, '--source', 'db/migrations')
    const rows = "select version::text, description, success, encode(checksum, 'hex') as checksum from _sqlx_migrations order by 1"
    const pending = async () => {
      const info = await tool('info')
      assert.doesNotMatch(info, /different checksum/)
      return ids.filter((id) => info.includes(`${id.split('_')[0]}/pending`))
    }
    return { bench, ids, rows, up: () => tool('run'), pending }
  },
  async diesel(site) {
    const ids = stamped
    const files = filesOf(ids, (id, index) => ({
      [`db/migrations/${id}/up.sql`]: made[index] ?? '',
      [`db/migrations/${id}/down.sql`]: removed[index] ?? '',
    }))
    const bench = await RustBench.of(site.server, 'diesel', { ...files, 'diesel.toml': '' })
    const tool = (command: string) => output(bench, site.diesel, 'migration', command, '--migration-dir', 'db/migrations')
    const rows = 'select version from __diesel_schema_migrations order by 1'
    const pending = async () => [...(await tool('list')).matchAll(/\[ \] (\S+)/g)].map((match) => match[1] as string)
    return { bench, ids, rows, up: () => tool('run'), pending }
  },
}

const reason = ['--reason', 'done by hand']

const cases: Cases<Site> = {
  ...Object.fromEntries(
    Object.entries(drivers).map(([name, drive]) => [
      `${name}: what is marked as applied is applied for the tool, with its own rows; what is marked as reverted is run by its next up`,
      async (site: Site) => {
        const theirs = await drive(site)
        await using clean = theirs.bench
        await theirs.up()
        const { bench, ids, rows, up, pending } = await drive(site)
        await using _ = bench
        for (const [index, id] of ids.entries()) {
          await bench.query(made[index] as string)
          await bench.shiplock('ledger', 'mark-applied', '--migration', id, ...reason)
        }
        assert.deepEqual(await pending(), [])
        await up()
        assert.deepEqual(await bench.query(rows), await clean.query(rows))
        await bench.query(removed[1])
        await bench.shiplock('ledger', 'mark-reverted', '--migration', ids[1], ...reason)
        assert.deepEqual(await pending(), [ids[1]])
        await up()
        assert.deepEqual(await bench.query("select to_regclass('b') is not null as made"), [{ made: true }])
        assert.deepEqual(await bench.query(rows), await clean.query(rows))
      },
    ]),
  ),

  'golang-migrate: clear-dirty leaves what migrate force leaves, after an up and after a way back, and up goes on': async (site) => {
    const bad = { up: 'create table c (); select 1/0;', down: 'select 1/0;' }
    /** How the row became dirty, the number that is forced, and what we are told. */
    const rounds: readonly (readonly [begin: readonly string[], forced: string, id: string, as: string])[] = [
      [['up'], '3', '000003_c', 'applied'],
      [['up'], '2', '000003_c', 'reverted'],
      [['down', '1'], '2', '000002_b', 'applied'],
      [['down', '1'], '1', '000002_b', 'reverted'],
      [['down', '2'], '1', '000001_a', 'applied'],
      [['down', '2'], '-1', '000001_a', 'reverted'],
    ]
    for (const [begin, forced, id, as] of rounds) {
      const isUp = begin[0] === 'up'
      const steps =
        begin[1] === '2' ? { [`db/migrations/${numbered[0]}.down.sql`]: bad.down } : { [`db/migrations/${numbered[1]}.down.sql`]: bad.down }
      const files: Files = { ...pairs(numbered), ...(isUp ? {} : steps) }
      const start = async () => {
        const bench = await migrateBench.Bench.of(site, files)
        await bench.tool(['up'])
        if (isUp) await bench.write({ 'db/migrations/000003_c.up.sql': bad.up, 'db/migrations/000003_c.down.sql': bad.down })
        assert.match((await bench.tryTool(begin)).output, /division by zero/)
        return bench
      }
      await using theirs = await start()
      await using ours = await start()
      assert.deepEqual(await ours.rows(), await theirs.rows())
      assert.equal((await ours.rows())[0]?.dirty, true)
      await theirs.tool(['force', '--', forced])
      await ours.shiplock('ledger', 'clear-dirty', '--migration', id, '--settle-as', as, ...reason)
      assert.deepEqual(await ours.rows(), await theirs.rows())
      if (isUp) await ours.write({ 'db/migrations/000003_c.up.sql': 'create table c ();' })
      await ours.query('drop table if exists a, b, c')
      await ours.tool(['up'])
      assert.deepEqual(await ours.rows(), [{ version: isUp ? '3' : '2', dirty: false }])
    }
  },

  'sqlx: it stops at a row without success, and goes on after clear-dirty; its own override writes the rows of mark-applied': async (
    site,
  ) => {
    for (const as of ['applied', 'reverted']) {
      const { bench, ids, rows, up, pending } = await (drivers.sqlx as (typeof drivers)[string])(site)
      await using ours = bench
      await up()
      const ran = await ours.query(rows)
      const [stamp] = ids[1].split('_')
      await ours.query(`update _sqlx_migrations set success = false where version = ${stamp}`)
      await assert.rejects(up(), /partially applied; fix and remove row/)
      if (as === 'reverted') await ours.query(removed[1])
      await ours.shiplock('ledger', 'clear-dirty', '--migration', ids[1], '--settle-as', as, ...reason)
      assert.deepEqual(await pending(), as === 'applied' ? [] : [ids[1]])
      await up()
      assert.deepEqual(await ours.query(rows), ran)
    }
    const all = 'select version::text, description, success, checksum, execution_time from _sqlx_migrations order by 1'
    await using skipped = await RustBench.of(site.server, 'sqlx', pairs(stamped))
    await output(skipped, site.sqlx, 'migrate', 'override', 'skip', '--source', 'db/migrations')
    await using marked = await RustBench.of(site.server, 'sqlx', pairs(stamped))
    for (const id of stamped) await marked.shiplock('ledger', 'mark-applied', '--migration', id, ...reason)
    assert.deepEqual(await marked.query(all), await skipped.query(all))
  },
}

function filesOf(ids: readonly string[], one: (id: string, index: number) => Files): Files {
  return Object.assign({}, ...ids.map(one)) as Files
}

function pairs(ids: readonly string[]): Files {
  return filesOf(ids, (id, index) => ({
    [`db/migrations/${id}.up.sql`]: made[index] ?? '',
    [`db/migrations/${id}.down.sql`]: removed[index] ?? '',
  }))
}

async function output(bench: RustBench, program: string, ...args: string[]): Promise<string> {
  const ended = await bench.peer(program, ...args)
  assert.equal(ended.exitCode, 0, `${args.slice(0, 2).join(' ')} failed: ${ended.output}`)
  return ended.output
}

const tools: Tools = {
  goose: await installGoTool(goose, say),
  migrate: await installGoTool(golangMigrate, say),
  dbmate: installNpmRivals().dbmate.program,
  sqlx: await installRustTool({ crate: 'sqlx-cli', program: 'sqlx', version: versions.sqlx, features: 'postgres,sqlx-toml' }, say),
  diesel: await installRustTool(
    { crate: 'diesel_cli', program: 'diesel', version: versions.diesel, features: 'postgres', needs: ['libpq-dev'] },
    say,
  ),
}
const title = `goose ${goose.version}, golang-migrate ${golangMigrate.version}, dbmate, sqlx ${versions.sqlx}, diesel ${versions.diesel}`
process.exitCode = (await runCases(title, tools, cases)) === 0 ? 0 : 1
