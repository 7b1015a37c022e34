import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Manifest } from '../../src/backup/manifest.ts'
import { compactStamp, formatMoment } from '../../src/units.ts'
import { shiplock } from '../program.ts'
import { afterThisSecond, makeRelease, removeProjects } from './release.ts'
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
const refused = { exitCode: 1, code: 'drill-required' }
const day = 86_400_000

interface Told {
  readonly verdict?: string
  readonly levels?: readonly string[] | undefined
  readonly level?: string
  readonly ageMs?: number
  readonly [field: string]: unknown
}

/** A project that must have a drill before it migrates, with a table, a backup of it, and a migration to come. */
async function guarded(asked = 'usable', config = '') {
  const release = await makeRelease(server, first)
  const run = async (...args: string[]) => {
    const ended = await shiplock([...args, '--project', 'shop'], { cwd: release.project.dir, env: { ...release.env, USER: 'ada' } })
    const [command] = ended.result.commands
    const checks = Object.fromEntries((command?.checks ?? []).map(({ id, ...check }) => [id, check]))
    return { ...ended, command, checks, code: command?.error?.code, message: command?.error?.message }
  }
  expect((await run('migrate', '--phase', 'pre', '--release', 'v1')).exitCode).toBe(0)
  const makeBackup = async () => ((await run('backup')).command as unknown as { manifest: Manifest }).manifest
  const manifest = await makeBackup()
  const backup = async () => {
    await afterThisSecond()
    return makeBackup()
  }
  await release.project.write({ 'shiplock.yml': `require-drill: ${asked}\n${config}`, ...second })
  const store = join(release.project.dir, '.shiplock')
  /** Puts the record of a drill beside a backup, as `restore-drill` would have. */
  const drilled = async ({ ageMs = 60_000, ...told }: Told = {}, of = manifest) => {
    const at = new Date(Date.now() - ageMs)
    const { id, object } = of
    const record = {
      schema: 'shiplock/drill@1',
      verdict: 'pass',
      reason: `${id} was looked at`,
      levels: ['restored', 'equal', 'usable'],
      finishedAt: at.toISOString(),
      backup: { key: object.key, id },
    }
    const path = join(store, `${object.key}.drill-${compactStamp(at)}-7.1.json`)
    await writeFile(path, JSON.stringify({ ...record, ...told }))
    return path
  }
  const migrate = (...args: string[]) => run('migrate', '--phase', 'pre', '--release', 'v2', ...args)
  return { ...release, run, migrate, backup, drilled, manifest, store }
}

async function objectsIn(store: string): Promise<string[]> {
  return (await readdir(store, { recursive: true })).filter((name) => name.includes('.drill-'))
}

describe('a migration that must have a drill', () => {
  test('is refused without one, before anything is created, and the command to type is shown', async () => {
    const { migrate, run, query } = await guarded()
    const answer = await migrate()
    expect(answer).toMatchObject(refused)
    expect(answer.message).toBe(
      'require-drill asks for a drill of a backup of this very database, at most 30 d old, that shows that it is usable. The store holds no record of one in this environment.',
    )
    expect(answer.command?.error?.hint).toContain('Type: shiplock restore-drill --environment default. usable needs smoke queries (smoke).')
    expect(await query("select count(*)::int as n from shiplock.history where release = 'v2'")).toEqual([{ n: 0 }])
    const dry = await migrate('--dry-run')
    expect(dry).toMatchObject(refused)
    expect(dry.command).toMatchObject({ reason: '1 migration would be refused for lack of a drill.', notRun: ['2_email'] })
    expect((await run('plan', '--release', 'v2')).command).toMatchObject({
      verdict: 'pass',
      obstacles: [expect.stringMatching(/^phase pre: require-drill asks for .* no record of one/)],
    })
  })

  test('runs after a real drill that showed enough, which the look at the backup tells too', async () => {
    const { migrate, run, project, manifest, store } = await guarded('usable')
    await project.write({ 'db/smoke/a.sql': '-- expect: value = 0\nselect count(*) from users' })
    expect((await run('verify-backup')).checks.restored).toEqual({ status: 'not-checked', message: 'never drilled' })
    const drill = await run('restore-drill')
    expect(drill.message).toBeUndefined()
    expect(await migrate('--require-drill', 'usable')).toMatchObject(refused)
    expect((await migrate('--require-drill', 'usable')).message).toContain('of its backup, not usable')
    expect((await run('restore-drill', '--smoke', 'db/smoke')).exitCode).toBe(0)
    const [record = ''] = (await objectsIn(store)).sort().reverse()
    const { levels, finishedAt } = JSON.parse(await readFile(join(store, record), 'utf8'))
    expect(levels.at(-1)).toBe('usable')
    const ran = await migrate()
    expect(ran.command).toMatchObject({ verdict: 'pass', applied: [{ id: '2_email' }] })
    const id = /\.drill-(.*)\.json$/.exec(record)?.[1]
    expect(ran.checks.drill).toEqual({
      status: 'pass',
      value: `${id}: ${levels.join(', ')}`,
      limit: 'usable',
      message: expect.stringContaining(`of the backup ${manifest.id}, `),
    })
    const looked = await run('verify-backup')
    expect(looked.checks.restored).toEqual({
      status: 'pass',
      value: levels.join(', '),
      message: `by its drill of ${formatMoment(finishedAt)}`,
    })
    expect(looked.command).toMatchObject({ drill: { verdict: 'pass', levels, at: finishedAt } })
  })

  test('needs none when nothing is pending, nor on a database without a table', async () => {
    const { migrate, project } = await guarded()
    await project.remove('db/migrations/2_email.sql')
    expect(await migrate()).toMatchObject({ exitCode: 0, checks: {} })
    const empty = await server.createDatabase(uniqueName('empty'))
    const ran = await shiplock(['migrate', '--phase', 'pre', '--project', 'shop'], { cwd: project.dir, env: { DATABASE_URL: empty } })
    expect(ran.result.commands[0]).toMatchObject({ verdict: 'pass', checks: [{ id: 'drill', status: 'not-checked' }] })
  })

  test('runs by a drill of an older backup, from before other migrations', async () => {
    const { migrate, run, drilled, backup, project } = await guarded()
    await drilled()
    expect((await migrate()).exitCode).toBe(0)
    await backup()
    await project.write({ 'db/migrations/3_age.sql': 'alter table users add column age int;' })
    const next = await run('migrate', '--phase', 'pre', '--release', 'v3')
    expect(next.command).toMatchObject({ verdict: 'pass', applied: [{ id: '3_age' }] })
  })
})

describe('the newest drill that says something decides', () => {
  const older = { ageMs: 5 * day }
  test.each<[string, Told, string]>([
    ['that failed cancels one before it that passed', { verdict: 'fail' }, 'does not count: it failed: '],
    ['that failed for a fault of the backup', { verdict: 'fail', error: 'restore-failed' }, 'does not count: it failed: '],
    [
      'that failed a check before a program was missing',
      { verdict: 'fail', error: 'tool-not-found', checks: [{ status: 'fail' }] },
      'it failed',
    ],
    [
      'that shows less',
      { levels: ['restored', 'equal'] },
      'does not count: it shows no more than restored and equal of its backup, not usable',
    ],
    ['of an older version that shows less', { levels: undefined, level: 'equal' }, 'it shows no more than restored and equal'],
    ['that says nothing', { levels: [] }, 'it shows nothing of its backup'],
    ['that cannot be read', { schema: 'shiplock/drill@2' }, 'cannot be read: it is not a record of a drill'],
    ['whose end is not that of its key', { finishedAt: '2099-01-01T00:00:00.000Z' }, 'and its key another moment'],
  ])('one %s', async (_, told, problem) => {
    const { migrate, drilled } = await guarded()
    await drilled(older)
    await drilled(told)
    const answer = await migrate()
    expect(answer).toMatchObject(refused)
    expect(answer.message).toContain(problem)
  })

  test.each<[string, Told]>([
    ['could not tell', { verdict: 'inconclusive' }],
    ['lacked a program', { verdict: 'fail', error: 'tool-not-found', levels: ['restored'] }],
    ['was held as another environment', { environment: 'lab' }],
    ['ended in the future', { ageMs: -day }],
  ])('one that %s does not', async (_, told) => {
    const { migrate, drilled, manifest } = await guarded()
    await drilled(told)
    const without = await migrate()
    expect(without).toMatchObject(refused)
    expect(without.message).toContain(`of the backup ${manifest.id}, does not count: `)
    await drilled(older)
    expect((await migrate()).command).toMatchObject({ verdict: 'pass', applied: [{ id: '2_email' }] })
  })

  test('and is named beside the newest, which could not tell', async () => {
    const { migrate, drilled } = await guarded()
    await drilled({ verdict: 'inconclusive', reason: 'no room' })
    await drilled({ verdict: 'fail', reason: 'rows differ.', ...older })
    expect((await migrate()).message).toMatch(
      /The newest, \d+T\d+Z-7\.1 of the backup \S+, does not count: it could not tell: no room\. Nor does the one that decides before it, .*: it failed: rows differ\.$/,
    )
  })

  test('and is too old after require-drill-age, by the end of the drill', async () => {
    const { migrate, drilled } = await guarded('restored', 'require-drill-age: 10d\n')
    await drilled({ ageMs: 10 * day + 60_000 })
    expect((await migrate()).message).toContain('does not count: it is too old: 10 d, where 10 d is the limit')
    await drilled({ ageMs: 10 * day - 60_000, levels: ['restored'] })
    expect((await migrate()).exitCode).toBe(0)
  })
})

describe('a drill of the backup of another database', () => {
  test.each<[string, Partial<Manifest['source']>, string]>([
    ['with another stamp', { stamp: '6f1b6c1e-0000-4000-8000-000000000001' }, 'its backup is of a database with another stamp'],
    ['of another cluster', { systemIdentifier: '1' }, 'its backup is of another server cluster'],
    ['that carries the same stamp', { databaseOid: '1' }, 'its backup is of another database of this cluster'],
  ])('%s neither counts nor cancels', async (_, source, problem) => {
    const { migrate, drilled, backup, store } = await guarded()
    const other = await backup()
    await writeFile(
      join(store, other.object.key.replace(/\.dump$/, '.manifest.json')),
      JSON.stringify({ ...other, source: { ...other.source, ...source } }),
    )
    const record = await drilled({}, other)
    const answer = await migrate()
    expect(answer).toMatchObject(refused)
    expect(answer.message).toContain(problem)
    await rm(record)
    await drilled({ ageMs: day })
    await drilled({ verdict: 'fail' }, other)
    expect((await migrate()).exitCode).toBe(0)
  })

  test('cannot be told once its manifest is gone: a drill that passed does not count, one that failed cancels', async () => {
    const { migrate, drilled, backup, store } = await guarded()
    const gone = await backup()
    await rm(join(store, gone.object.key.replace(/\.dump$/, '.manifest.json')))
    const record = await drilled({}, gone)
    expect((await migrate()).message).toContain('does not count: its backup has no manifest in the store any more')
    await drilled({ ageMs: day })
    expect((await migrate('--dry-run')).exitCode).toBe(0)
    await rm(record)
    await drilled({ verdict: 'fail' }, gone)
    expect((await migrate()).message).toContain('does not count: it failed: ')
  })
})

describe('a waiver', () => {
  const because = ['--waive', 'drill', '--reason', 'a fix that cannot wait'] as const

  test('lets the run go on, is kept in the history, and is shown by the plan of the release', async () => {
    const { migrate, run, query, drilled } = await guarded()
    await drilled({ verdict: 'fail' })
    expect((await migrate('--dry-run', ...because)).checks.drill).toEqual({
      status: 'not-checked',
      message: 'waived: a fix that cannot wait',
    })
    const ran = await migrate(...because)
    expect(ran.command).toMatchObject({ verdict: 'pass', applied: [{ id: '2_email' }] })
    expect(ran.checks.drill).toEqual({ status: 'not-checked', message: 'waived: a fix that cannot wait' })
    expect(ran.stderr).toContain('the drill is waived by ada: a fix that cannot wait. require-drill asks for')
    expect(await query("select release, detail from shiplock.history where event = 'waived'")).toEqual([
      { release: 'v2', detail: { what: 'drill', phase: 'pre', reason: 'a fix that cannot wait', by: 'ada' } },
    ])
    const line = expect.stringMatching(/^drill waived by ada on \d{4}-.* UTC for phase pre: a fix that cannot wait$/)
    expect((await run('plan', '--release', 'v2')).command).toMatchObject({ notes: [line] })
    expect((await run('plan', '--release', 'v3')).command).toMatchObject({ notes: [] })
  })

  test('holds for its own run alone', async () => {
    const { migrate, project } = await guarded()
    await project.write({ 'db/migrations/3_broken.sql': 'select 1/0;' })
    expect((await migrate(...because)).command).toMatchObject({ failed: { id: '3_broken' } })
    expect(await migrate()).toMatchObject(refused)
  })

  test('needs its reason, and a reason needs what it is for', async () => {
    const { migrate } = await guarded()
    expect(await migrate('--waive', 'drill')).toMatchObject({ exitCode: 2, code: 'invalid-input' })
    expect(await migrate('--reason', 'because')).toMatchObject({ exitCode: 2, code: 'invalid-input' })
  })

  test('waives nothing where a drill counts, or none is asked for', async () => {
    const { migrate, drilled, query, project } = await guarded()
    await drilled()
    const ran = await migrate(...because)
    expect(ran.command).toMatchObject({ verdict: 'pass', notes: ['waive: drill was not needed, and nothing is waived.'] })
    expect(ran.checks.drill).toMatchObject({ status: 'pass' })
    await project.write({ 'shiplock.yml': '', 'db/migrations/3_age.sql': 'select 3;' })
    expect((await migrate(...because)).command).toMatchObject({
      verdict: 'pass',
      notes: ['waive: drill has no effect: require-drill is not set.'],
      checks: [],
    })
    expect(await query("select from shiplock.history where event = 'waived'")).toEqual([])
  })

  test('is kept in the store where the history is', async () => {
    const { project, env } = await makeRelease(server, first)
    const run = async (...args: string[]) =>
      (await shiplock([...args, '--project', 'shop', '--history', 'store'], { cwd: project.dir, env: { ...env, USER: 'ada' } })).result
        .commands[0]
    expect(await run('migrate', '--phase', 'pre', '--release', 'v1', '--store', `file://${project.dir}/.shiplock`)).toMatchObject({
      verdict: 'pass',
    })
    await project.write({ 'shiplock.yml': `require-drill: restored\nstore: file://${project.dir}/.shiplock\n`, ...second })
    expect(await run('migrate', '--phase', 'pre', '--release', 'v2', ...because)).toMatchObject({ verdict: 'pass' })
    expect(await run('plan', '--release', 'v2')).toMatchObject({ notes: [expect.stringMatching(/^drill waived by ada on /)] })
  })
})

describe("the team's own command", () => {
  test('is held to the same, and may be let go on', async () => {
    const release = await makeRelease(server, {
      'shiplock.yml': 'require-drill: restored\nmigrations:\n  command: ["true"]\n',
    })
    await release.query('create table before (id int)')
    const run = async (...args: string[]) => (await release.run(...args, '--release', 'v1')).result.commands[0]
    const refusal = await run('migrate', '--phase', 'pre')
    expect(refusal).toMatchObject({ verdict: 'fail', error: { code: 'drill-required' } })
    expect(refusal?.error?.hint).toContain(
      'Type: shiplock backup --environment default, then shiplock restore-drill --environment default.',
    )
    expect(await release.query("select to_regnamespace('shiplock')::text as name")).toEqual([{ name: null }])
    expect(await run('plan')).toMatchObject({ obstacles: [expect.stringContaining('require-drill asks for')] })
    const ran = await run('migrate', '--phase', 'pre', '--waive', 'drill', '--reason', 'first')
    expect(ran).toMatchObject({ verdict: 'pass', checks: [{ id: 'drill', status: 'not-checked', message: 'waived: first' }, {}] })
    expect(await run('plan')).toMatchObject({ notes: [expect.stringMatching(/^drill waived by .* for phase pre: first$/)] })
  })
})

test('the digest of a plan covers what is asked for, and neither the drills nor a waiver', async () => {
  const { run, drilled, migrate, project } = await guarded('restored')
  const digest = async () => ((await run('plan', '--release', 'v2')).command as unknown as { digests: { pre: string } }).digests.pre
  const asked = async (text: string) => {
    await project.write({ 'shiplock.yml': text })
    return await digest()
  }
  const policies = ['', 'require-drill: equal\n', 'require-drill: restored\nrequire-drill-age: 3d\n', 'require-drill: restored\n']
  const digests: string[] = []
  for (const policy of policies) digests.push(await asked(policy))
  expect(new Set(digests).size).toBe(4)
  await drilled({ verdict: 'fail' })
  expect(await digest()).toBe(digests[3])
  expect((await migrate('--waive', 'drill', '--reason', 'so')).command).toMatchObject({ verdict: 'pass', digest: digests[3] })
})

test('a look at a backup fails when its newest drill that says something failed', async () => {
  const { run, drilled, backup, manifest } = await guarded()
  await drilled({ ageMs: day })
  await drilled({ verdict: 'fail', reason: 'rows differ.' })
  await drilled({ verdict: 'inconclusive', ageMs: 0 })
  const looked = await run('verify-backup', manifest.id)
  expect(looked).toMatchObject({ exitCode: 1, code: 'backup-failed', checks: { restored: { status: 'fail' } } })
  expect(looked.message).toMatch(/: its drill of .+ UTC failed: rows differ\.$/)
  const other = await backup()
  expect((await run('verify-backup', other.id)).checks.restored).toEqual({ status: 'not-checked', message: 'never drilled' })
})
