import { strict as assert } from 'node:assert'
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Files, PeerBench, type PeerSite } from './peer-bench.ts'
import { type Cases, runCases } from './peer-cases.ts'
import { deployed, pendingForPrisma, prisma, rowsOf, runPrisma } from './prisma-tool.ts'

// What of Prisma alone needs a proof, beside the round trips of every tool.

const folder = (id: string, sql: string): Files => ({ [`db/migrations/${id}/migration.sql`]: sql })
const users = '20260101000000_users'
const email = '20260102000000_email'
const release: Files = {
  'shiplock.yml': 'project: peer\n',
  ...prisma.settings,
  ...folder(users, 'create table users (id bigint primary key);\r\n'),
}
const place = (site: PeerSite) => PeerBench.of(site, release)
const codeOf = async (bench: PeerBench, ...args: string[]) => (await bench.tryShiplock(...args)).command.error?.code
const resolve = async (bench: PeerBench, as: string, id: string) => {
  const { exitCode, output } = await runPrisma(bench, ['resolve', as, id])
  assert.equal(exitCode, 0, output)
}

const cases: Cases = {
  'a migration that failed stops both, and after resolve --rolled-back either runs it': async (site) => {
    for (const next of ['shiplock', 'prisma']) {
      await using bench = await place(site)
      await deployed(bench)
      await bench.write(folder(email, 'alter table user add column email text;\n'))
      assert.match((await runPrisma(bench, ['deploy'])).output, /syntax error/)
      assert.match((await runPrisma(bench, ['deploy'])).output, /P3009/)
      assert.equal(await codeOf(bench, 'plan'), 'dirty-version')
      await resolve(bench, '--rolled-back', email)
      await bench.write(folder(email, 'alter table users add column email text;\n'))
      if (next === 'shiplock') assert.deepEqual(await bench.migrate('pre'), [email])
      else await deployed(bench)
      assert.deepEqual(
        (await rowsOf(bench)).map(({ name, steps, finished, back }) => [name, steps, finished, back]),
        [
          [users, 1, true, false],
          [email, 0, false, true],
          [email, 1, true, false],
        ],
      )
      assert.deepEqual(await bench.pending(), { pre: [], post: [] })
      assert.deepEqual(await pendingForPrisma(bench), [])
    }
  },

  'resolve --applied settles a failed one, and marks one that ran elsewhere': async (site) => {
    await using bench = await place(site)
    await deployed(bench)
    await bench.write(folder(email, 'alter table user add column email text;\n'))
    await runPrisma(bench, ['deploy'])
    await resolve(bench, '--applied', email)
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
    await bench.write(folder('20260103000000_elsewhere', 'create table elsewhere ();\n'))
    await resolve(bench, '--applied', '20260103000000_elsewhere')
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
    assert.deepEqual(
      (await rowsOf(bench)).slice(1).map(({ steps, silent, finished, back }) => [steps, silent, finished, back]),
      [
        [0, false, false, true],
        [0, false, true, false],
        [0, false, true, false],
      ],
    )
  },

  'the checksum is the SHA-256 of the bytes; prisma deploy says nothing of an edit, and Shiplock refuses it': async (site) => {
    await using bench = await place(site)
    await deployed(bench)
    const checksum = createHash('sha256').update('create table users (id bigint primary key);\r\n').digest('hex')
    assert.deepEqual(
      (await rowsOf(bench)).map((row) => row.checksum),
      [checksum],
    )
    await bench.write(folder(users, 'create table users (id bigint primary key, name text);\r\n'))
    await deployed(bench)
    assert.deepEqual(await pendingForPrisma(bench), [])
    assert.equal(await codeOf(bench, 'plan'), 'checksum-mismatch')
  },

  'a folder that was renamed after it ran is run again by prisma deploy, and Shiplock refuses it': async (site) => {
    await using bench = await place(site)
    assert.deepEqual(await bench.migrate('pre'), [users])
    await bench.remove(`db/migrations/${users}`)
    await bench.write(folder('20260101000000_people', 'create table users (id bigint primary key);\r\n'))
    assert.equal(await codeOf(bench, 'plan'), 'version-clash')
    assert.match((await runPrisma(bench, ['deploy'])).output, /already exists/)
  },

  'folders that were put together into one: a warning until it is marked as applied, as resolve --applied has it': async (site) => {
    await using bench = await place(site)
    await bench.tag('v1')
    await bench.migrate('pre')
    await bench.remove(`db/migrations/${users}`)
    await bench.write(folder('20260105000000_all', 'create table users (id bigint primary key);\n'))
    const { notes } = (await bench.shiplock('plan')) as unknown as { notes: string[] }
    assert.match(notes.join(), /no file of it is left.*mark-applied --migration 20260105000000_all/)
    await resolve(bench, '--applied', '20260105000000_all')
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
  },

  'a row that is deleted is pending for both; one that has rolled_back_at runs again and is not in the status': async (site) => {
    await using bench = await place(site)
    await bench.migrate('pre')
    await bench.query('drop table users; update _prisma_migrations set rolled_back_at = now()')
    assert.deepEqual([await pendingForPrisma(bench), await bench.pending()], [[], { pre: [users], post: [] }])
    await deployed(bench)
    await bench.query('drop table users; delete from _prisma_migrations')
    assert.deepEqual([await pendingForPrisma(bench), await bench.pending()], [[users], { pre: [users], post: [] }])
  },

  'both stop at what neither can run: a byte order mark, a folder without migration.sql, another provider': async (site) => {
    const refusals: readonly [Files, RegExp, string][] = [
      [folder(email, '\uFEFFselect 1;\n'), /syntax error/, 'invalid-migration'],
      [{ [`db/migrations/${email}/down.sql`]: 'select 1;\n' }, /P3015/, 'invalid-migration'],
      [{ 'db/migrations/migration_lock.toml': "provider = 'postgresql'\n" }, /P3019/, 'unsupported-migration'],
    ]
    for (const [files, theirs, ours] of refusals) {
      await using bench = await PeerBench.of(site, {
        ...release,
        'shiplock.yml': 'project: peer\nmigrations: { layout: prisma }\n',
        ...files,
      })
      assert.equal(await codeOf(bench, 'plan'), ours)
      assert.match((await runPrisma(bench, ['deploy'])).output, theirs)
    }
  },

  'it waits 10 s for its lock and gives up, unless the lock is switched off; then the message itself notices': async (site) => {
    await using bench = await place(site)
    await bench.shiplock('plan')
    // longer than its 10 s by as much as a busy machine needs to start it
    await bench.write(folder(users, 'create table users (id bigint primary key); select pg_sleep(40);\n'))
    const ours = bench.tryShiplock('migrate', '--phase', 'pre')
    for (;;) {
      const [row] = await bench.query<{ reached: boolean }>(
        "select exists (select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep') as reached",
      )
      if (row?.reached) break
      await sleep(50)
    }
    assert.match((await runPrisma(bench, ['deploy'])).output, /P1002[\s\S]*10000ms/)
    await runPrisma(bench, ['deploy'], 'pre', { PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK: '1' })
    await ours
    assert.equal((await bench.query('select 1 from _prisma_migrations where finished_at is not null')).length, 1)
  },
}

process.exitCode = (await runCases('prisma', cases)) === 0 ? 0 : 1
