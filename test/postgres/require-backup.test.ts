import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Manifest } from '../../src/backup/manifest.ts'
import { shiplock } from '../program.ts'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeProjects()
})

const first = { 'db/migrations/1_users.sql': 'create table users (id int, name text);' }
const second = { 'db/migrations/2_email.sql': 'alter table users add column email text;' }
const broken = { 'db/migrations/3_broken.sql': 'select 1/0;' }

/** A project that must have a backup before it migrates, with one migration that ran before anybody asked for that. */
async function guarded(files: Readonly<Record<string, string>> = first, config = '') {
  const release = await makeRelease(server, files)
  const runAt = async (url: string, ...args: string[]) => {
    const ended = await shiplock([...args, '--project', 'shop'], { cwd: release.project.dir, env: { DATABASE_URL: url } })
    const [command] = ended.result.commands
    return { ...ended, command, code: command?.error?.code, message: command?.error?.message, checks: statuses(command) }
  }
  const run = (...args: string[]) => runAt(server.url(release.database), ...args)
  expect((await run('migrate', '--phase', 'pre', '--release', 'v1')).exitCode).toBe(0)
  await release.project.write({ 'shiplock.yml': `require-backup: read-back\n${config}` })
  /** Lets a person or a disk change the newest manifest. */
  const edit = async (change: (manifest: Manifest) => unknown) => {
    const path = join(release.project.dir, '.shiplock', await newestManifest(release.project.dir))
    await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))))
  }
  const backup = async (...args: string[]) => {
    const made = await run('backup', ...args)
    expect(made.message).toBeUndefined()
    return String((made.command as unknown as { manifest: Manifest }).manifest.id)
  }
  const migrate = (name: string, ...args: string[]) => run('migrate', '--phase', 'pre', '--release', name, ...args)
  return { ...release, run, runAt, edit, backup, migrate }
}

function statuses(command: { checks: readonly { id: string; status: string }[] } | undefined) {
  return Object.fromEntries((command?.checks ?? []).map(({ id, status }) => [id, status]))
}

async function newestManifest(dir: string): Promise<string> {
  const names = await readdir(join(dir, '.shiplock'), { recursive: true })
  return names
    .filter((name) => name.endsWith('.manifest.json'))
    .sort()
    .at(-1) as string
}

const refused = { exitCode: 1, code: 'backup-required' }

describe('a migration that must have a backup', () => {
  test('is refused without one, before anything is created, and the command to type is shown', async () => {
    const { migrate, project, query, run } = await guarded()
    await project.write(second)
    const without = await migrate('v2')
    expect(without).toMatchObject(refused)
    expect(without.message).toBe(
      'require-backup asks for a backup of this very database, as it stands now, read back and at most 1 d old. The store holds none of this environment.',
    )
    expect(without.command?.error?.hint).toContain('shiplock backup --environment default')
    expect(await query("select count(*)::int as n from shiplock.history where release = 'v2'")).toEqual([{ n: 0 }])

    const dry = await migrate('v2', '--dry-run')
    expect(dry).toMatchObject(refused)
    expect(dry.command).toMatchObject({ notRun: ['2_email'], statements: [{ id: '2_email' }] })
    const planned = await run('plan', '--release', 'v2')
    expect(planned.command).toMatchObject({
      verdict: 'pass',
      obstacles: [expect.stringMatching(/^phase pre: require-backup asks for .* none of this/)],
    })
  })

  test('runs with one, says which, and keeps it in the history', async () => {
    const { migrate, backup, project, query, run } = await guarded()
    await project.write(second)
    const id = await backup()
    expect((await run('plan', '--release', 'v2')).command).toMatchObject({ verdict: 'pass', obstacles: [] })
    const ran = await migrate('v2')
    expect(ran.command).toMatchObject({
      verdict: 'pass',
      applied: [{ id: '2_email' }],
      backup: { id, level: 'read-back', snapshotAt: expect.any(String), ageMs: expect.any(Number) },
      checks: [
        { id: 'backup', status: 'pass', value: 'read-back', message: expect.stringContaining('of the version tables as they stand now') },
      ],
    })
    expect(await query("select release, detail ->> 'id' as id from shiplock.history where event = 'backup'")).toEqual([
      { release: 'v2', id },
    ])
  })

  test('needs none when nothing is pending, nor on a database without a table', async () => {
    const { migrate, project } = await guarded()
    expect(await migrate('v2')).toMatchObject({ exitCode: 0, checks: {} })
    const empty = await server.createDatabase(uniqueName('empty'))
    const ran = await shiplock(['migrate', '--phase', 'pre', '--project', 'shop'], { cwd: project.dir, env: { DATABASE_URL: empty } })
    expect(ran.result.commands[0]).toMatchObject({ verdict: 'pass', checks: [{ id: 'backup', status: 'not-checked' }] })
  })

  test('is refused when another migration ran since the backup was made', async () => {
    const { migrate, backup, project, run } = await guarded()
    await project.write(second)
    const id = await backup()
    expect((await migrate('v2')).exitCode).toBe(0)
    await project.write({ 'db/migrations/3_age.sql': 'alter table users add column age int;' })
    const next = await migrate('v3')
    expect(next).toMatchObject(refused)
    expect(next.message).toContain(`The newest, ${id} (snapshot `)
    expect(next.message).toMatch(
      /does not count: its version tables are not those of this database: shiplock\.ledger is at 2\/[\d.]+ now, and at 1\/[\d.]+ in the backup\./,
    )
    expect((await run('verify-backup', '--release', 'v3')).checks).toMatchObject({ stamp: 'pass', 'ledger-heads': 'fail' })
  })

  test('may be repeated with the same backup after a failure, as the same release and phase alone', async () => {
    const { migrate, backup, project, run } = await guarded()
    await project.write({ ...second, ...broken })
    const id = await backup()
    expect((await migrate('v2')).command).toMatchObject({ verdict: 'fail', applied: [{ id: '2_email' }], failed: { id: '3_broken' } })
    await project.write({ 'db/migrations/3_broken.sql': 'select 1;' })
    expect(await migrate('v3')).toMatchObject(refused)
    expect((await run('verify-backup', '--release', 'v2')).checks).toMatchObject({ stamp: 'pass', 'ledger-heads': 'pass' })
    const again = await migrate('v2')
    expect(again.command).toMatchObject({ verdict: 'pass', applied: [{ id: '3_broken' }], backup: { id } })
    expect(again.command?.checks[0]?.message).toContain('as they stood before phase pre of v2')
    await project.write({ 'db/post_migrations/4_drop.sql': 'alter table users drop column name;' })
    expect((await run('record', 'deployed', '--release', 'v2')).exitCode).toBe(0)
    expect(await run('migrate', '--phase', 'post', '--release', 'v2')).toMatchObject(refused)
  })

  test('is not misled by a name that every checkout without a commit has', async () => {
    const { run, backup, project } = await guarded()
    await project.write(second)
    await backup()
    expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
    await project.write({ 'db/migrations/3_age.sql': 'select 3;' })
    expect(await run('migrate', '--phase', 'pre')).toMatchObject(refused)
  })

  test("is not touched by another project's migrations in the same version table, before the backup or after it", async () => {
    const { migrate, backup, project, database } = await guarded()
    const other = await makeRelease(server, { 'db/migrations/1_bills.sql': 'create table bills ();' })
    const billing = async () => {
      const at = { cwd: other.project.dir, env: { DATABASE_URL: server.url(database) } }
      expect((await shiplock(['migrate', '--phase', 'pre', '--project', 'billing'], at)).exitCode).toBe(0)
    }
    await project.write(second)
    await billing()
    await backup()
    await other.project.write({ 'db/migrations/2_paid.sql': 'alter table bills add column paid bool;' })
    await billing()
    expect((await migrate('v2')).command).toMatchObject({ verdict: 'pass', applied: [{ id: '2_email' }] })
  })
})

describe('a backup does not count', () => {
  /** A guarded project with a pending migration, and a backup of which something is changed. */
  async function changed(change: (manifest: Manifest) => unknown) {
    const given = await guarded()
    await given.project.write(second)
    await given.backup()
    await given.edit(change)
    return given
  }
  const source = (more: Partial<Manifest['source']>) => (manifest: Manifest) => ({ ...manifest, source: { ...manifest.source, ...more } })

  test.each<[string, (manifest: Manifest) => unknown, string]>([
    ['that only landed', (manifest) => ({ ...manifest, level: 'landed' }), 'it is only landed, not read back'],
    [
      'whose own run failed a check',
      (manifest) => ({ ...manifest, checks: [...manifest.checks, { id: 'shrink', status: 'fail' }] }),
      'when it was made, shrink failed',
    ],
    ['with another stamp', source({ stamp: '6f1b6c1e-0000-4000-8000-000000000001' }), 'it is of a database with another stamp'],
    ['of another cluster', source({ systemIdentifier: '1' }), 'it is of another server cluster'],
    ['of another database that carries the same stamp', source({ databaseOid: '1' }), 'it is of another database of this cluster'],
    ['of another address', source({ address: 'f'.repeat(64) }), 'it is of a database at another address'],
    ['without the version table', (manifest) => ({ ...manifest, ledgerHeads: [] }), 'and not in the backup'],
  ])('%s', async (_, change, problem) => {
    const { migrate } = await changed(change)
    const answer = await migrate('v2')
    expect(answer).toMatchObject(refused)
    expect(answer.message).toContain(problem)
  })

  test('that is older than require-backup-age', async () => {
    const { migrate, backup, project } = await guarded()
    await project.write(second)
    await backup()
    const answer = await migrate('v2', '--require-backup-age', '1ms')
    expect(answer).toMatchObject(refused)
    expect(answer.message).toMatch(/does not count: it is too old: .* where 1 ms is the limit\.$/)
  })

  test('whose dump is gone or short, though its manifest is there', async () => {
    const given = await guarded()
    await given.project.write(second)
    await given.backup()
    const dump = join(given.project.dir, '.shiplock', (await newestManifest(given.project.dir)).replace('.manifest.json', '.dump'))
    await writeFile(dump, (await readFile(dump)).subarray(1))
    expect((await given.migrate('v2')).message).toContain('does not count: its dump has ')
    await given.project.remove(join('.shiplock', (await newestManifest(given.project.dir)).replace('.manifest.json', '.dump')))
    expect((await given.migrate('v2')).message).toContain('does not count: its dump is not in the store any more')
  })

  test('that is not there for a damaged manifest: it is named, and an older one may still count', async () => {
    const given = await guarded()
    await given.project.write(second)
    const id = await given.backup()
    const damaged = (await newestManifest(given.project.dir)).replace(/-(\d{8}T\d{6}Z)-/, '-20991231T235959Z-')
    await given.project.write({ [join('.shiplock', damaged)]: '{' })
    const ran = await given.migrate('v2')
    expect(ran.command).toMatchObject({ verdict: 'pass', backup: { id } })
    expect(ran.stderr).toContain(`${damaged} cannot be used`)
    await given.project.write({ 'db/migrations/3_age.sql': 'select 3;' })
    expect((await given.migrate('v3')).message).toContain(`${damaged} cannot be used`)
  })

  test('of the database that this one was copied from, under the same name, stamp and cluster', async () => {
    const { project, database, run, backup, migrate } = await guarded()
    await project.write(second)
    const id = await backup()
    await server.query(`alter database ${database} rename to ${database}_old`)
    await server.query(`create database ${database} template ${database}_old`)
    expect(await migrate('v2')).toMatchObject({ exitCode: 2, code: 'wrong-database' })
    expect((await run('ledger', 'adopt', '--reason', 'a copy took its place')).command).toMatchObject({ kind: 'moved' })
    const answer = await migrate('v2')
    expect(answer).toMatchObject(refused)
    expect(answer.message).toContain(`${id} (snapshot `)
    expect(answer.message).toContain('it is of another database of this cluster')
    expect((await run('verify-backup')).checks).toMatchObject({ stamp: 'fail', 'ledger-heads': 'not-checked' })
  })
})

describe('a database before its first run', () => {
  /** A database with tables of its own that no run of Shiplock has touched. */
  async function untouched() {
    const release = await makeRelease(server, { ...first, 'shiplock.yml': 'require-backup: read-back\n' })
    await release.query('create table before (id int)')
    const run = async (...args: string[]) => {
      const ended = await release.run(...args)
      const [command] = ended.result.commands
      return { ...ended, command, code: command?.error?.code, message: command?.error?.message, checks: statuses(command) }
    }
    return { ...release, run }
  }

  test('is told by its cluster and its oid, also when the run that stamped it failed', async () => {
    const { run, project } = await untouched()
    await project.write(broken)
    expect(await run('migrate', '--phase', 'pre', '--release', 'v1')).toMatchObject(refused)
    expect((await run('backup')).exitCode).toBe(0)
    expect((await run('verify-backup')).checks).toMatchObject({ stamp: 'pass' })
    expect((await run('migrate', '--phase', 'pre', '--release', 'v1')).command).toMatchObject({ failed: { id: '3_broken' } })
    await project.write({ 'db/migrations/3_broken.sql': 'select 1;' })
    expect((await run('migrate', '--phase', 'pre', '--release', 'v1')).command).toMatchObject({
      verdict: 'pass',
      applied: [{ id: '3_broken' }],
    })
  })

  test('does not take the backup of the database that had its name before', async () => {
    const { run, database } = await untouched()
    expect((await run('backup')).exitCode).toBe(0)
    await server.query(`drop database ${database}`)
    await server.query(`create database ${database}`)
    await server.query('create table before (id int)', database)
    const answer = await run('migrate', '--phase', 'pre')
    expect(answer).toMatchObject(refused)
    expect(answer.message).toContain('it is of another database of this cluster')
  })
})

describe('goose', () => {
  const goose = (sql: string) => `-- +goose Up\n${sql}\n`

  test('with its own table, also one that is named: a new file needs a new backup, a repeated run does not', async () => {
    const table = 'migrations:\n  table: app.versions\n'
    const release = await makeRelease(server, { 'db/migrations/1_users.sql': goose('create table users (id int);') })
    await release.query('create schema app; create table before (id int)')
    await release.project.write({ 'shiplock.yml': `require-backup: landed\n${table}` })
    const run = async (...args: string[]) => (await release.run(...args)).result.commands[0]
    expect(await run('backup')).toMatchObject({ verdict: 'pass' })
    expect(await run('migrate', '--phase', 'pre', '--release', 'v1')).toMatchObject({ verdict: 'pass' })
    await release.project.write({ 'db/migrations/2_email.sql': goose('alter table users add email text;') })
    expect((await run('migrate', '--phase', 'pre', '--release', 'v2'))?.error?.message).toContain(
      'app.versions is at 2/2 now, and not in the backup',
    )
    expect(await run('migrate', '--phase', 'pre', '--release', 'v1')).toMatchObject({ verdict: 'pass', applied: [{ id: '2_email' }] })
    expect(await run('backup')).toMatchObject({ manifest: { ledgerHeads: [{ table: 'app.versions', head: '3/3' }] } })
    await release.project.write({
      'db/migrations/3_age.sql': goose('alter table users add age int;'),
      'db/migrations/4_broken.sql': goose('select 1/0;'),
    })
    expect(await run('migrate', '--phase', 'pre', '--release', 'v3')).toMatchObject({ failed: { id: '4_broken' } })
    expect(await run('migrate', '--phase', 'pre', '--release', 'v3')).toMatchObject({ failed: { id: '4_broken' } })
    expect((await run('migrate', '--phase', 'pre', '--release', 'v4'))?.error?.code).toBe('backup-required')
  })
})
