import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeGuarded, refused } from './guarded.ts'
import { removeProjects } from './release.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'
import { stepsCommand } from './team.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeProjects()
})

const files = { 'db/migrations/1_users.sql': 'create table users (id int);' }

describe("the team's own command, with a version table that is known by name", () => {
  const config = (...steps: string[]) => `require-backup: read-back\nmigrations:\n  command: ${stepsCommand(...steps)}\n`
  const versions = 'sql:create table if not exists schema_migrations (version varchar primary key)'
  const add = (version: string) => `sql:insert into schema_migrations values ('${version}') on conflict do nothing`

  test('may be repeated with the same backup after a failure, and needs a new one in the next release', async () => {
    const { run, project, query } = await makeGuarded(server, {}, config(versions, add('20260101'), add('20260102'), 'exit:1'))
    await query("create table schema_migrations (version varchar primary key); insert into schema_migrations values ('20260101')")
    const migrate = (release: string) => run('migrate', '--phase', 'pre', '--release', release)
    expect(await migrate('v1')).toMatchObject(refused)
    expect((await run('plan', '--release', 'v1')).command).toMatchObject({
      verdict: 'pass',
      obstacles: [expect.stringMatching(/^phase pre: require-backup/)],
    })
    const made = (await run('backup')).command as unknown as { manifest: { id: string } }
    const { id } = made.manifest
    expect((await run('plan', '--release', 'v1')).command).toMatchObject({ obstacles: [] })
    expect((await migrate('v1')).command).toMatchObject({ verdict: 'fail', error: { code: 'migration-failed' }, backup: { id } })
    await project.write({ 'shiplock.yml': config(add('20260103')) })
    expect((await migrate('v2')).message).toContain('its version tables are not those of this database: public.schema_migrations is at 2/')
    const again = await migrate('v1')
    expect(again).toMatchObject({ exitCode: 0, checks: { backup: 'pass' } })
    expect(again.command?.checks[0]?.message).toContain('as they stood before phase pre of v1')
    expect((await run('verify-backup', '--release', 'v1')).checks).toMatchObject({ stamp: 'pass', 'ledger-heads': 'pass' })
    expect((await run('verify-backup', '--release', 'v2')).checks).toMatchObject({ stamp: 'pass', 'ledger-heads': 'fail' })
    expect(await migrate('v2')).toMatchObject(refused)
    await run('backup')
    expect((await migrate('v2')).exitCode).toBe(0)
    expect(await migrate('v1')).toMatchObject({ exitCode: 0 }) // the backup of v2 is of the same versions: this one added none
  })

  test('is refused where no version table is known, unless another kind of backup is attested', async () => {
    const { run, project, query } = await makeGuarded(server, {}, config('print:migrating'))
    expect((await run('backup')).exitCode).toBe(0)
    const answer = await run('migrate', '--phase', 'pre', '--release', 'v1')
    expect(answer).toMatchObject(refused)
    expect(answer.message).toContain('this database holds no version table that Shiplock knows')
    expect((await run('verify-backup')).checks).toMatchObject({ stamp: 'pass', 'ledger-heads': 'not-checked' })
    await project.write({
      'shiplock.yml': `${config('print:migrating')}backup:\n  attest-command: ${stepsCommand('print:PITR until 10:42')}\n`,
    })
    const attested = await run('migrate', '--phase', 'pre', '--release', 'v1')
    expect(attested.command).toMatchObject({ verdict: 'pass', backup: { level: 'attested', evidence: 'PITR until 10:42' } })
    expect(attested.command?.checks[0]).toEqual({ id: 'backup', status: 'pass', value: 'attested', message: 'PITR until 10:42' })
    expect(await query("select event, detail ->> 'level' as level from shiplock.history where event = 'backup'")).toEqual([
      { event: 'backup', level: 'attested' },
    ])
  })
})

describe('attest-command', () => {
  const config = (...steps: string[]) => `require-backup: read-back\nbackup:\n  attest-command: ${stepsCommand(...steps)}\n`
  const migrate = ['migrate', '--phase', 'pre', '--release', 'v1']

  test('is asked only when no stored backup counts, and never says more than attested', async () => {
    const { run, project } = await makeGuarded(server, files, config('error:looking', 'print:snapshot of 10:42\u001b[2J', 'print:more'))
    const planned = await run('plan')
    expect(planned.command).toMatchObject({ obstacles: [], notes: [expect.stringContaining('migrate would ask attest-command')] })
    const dry = await run(...migrate, '--dry-run')
    expect(dry.command).toMatchObject({ verdict: 'pass', backup: { level: 'attested' } })
    const ran = await run(...migrate)
    expect(ran.command).toMatchObject({ verdict: 'pass', backup: { level: 'attested', evidence: 'snapshot of 10:42\uFFFD[2J' } })
    expect(JSON.stringify(ran.command?.checks)).not.toMatch(/landed|read.back/)
    await run('backup')
    await project.write({ 'db/migrations/2_email.sql': 'alter table users add email text;' })
    expect((await run(...migrate)).command).toMatchObject({ verdict: 'pass', backup: { level: 'read-back' } })
  })

  test.each([
    ['another exit status', ['print:one', 'error:no snapshot', 'exit:3'], 'was ended with exit status 3: one / no snapshot.'],
    ['no evidence', ['error:fine'], 'ended with 0, but its first line of output holds no evidence.'],
    ['a signal', ['print:snapshot', 'kill:SIGKILL'], 'was ended by SIGKILL: snapshot.'],
  ])('attests nothing with %s', async (_, steps, problem) => {
    const { run } = await makeGuarded(server, files, config(...steps))
    const answer = await run(...migrate)
    expect(answer).toMatchObject(refused)
    expect(answer.message).toContain('The store holds none of this environment. Nor was another kind of backup attested: ')
    expect(answer.message).toContain(problem)
  })

  test('that cannot be started attests nothing', async () => {
    const { run } = await makeGuarded(server, files, 'require-backup: landed\nbackup:\n  attest-command: [bin/nothing]\n')
    expect((await run(...migrate)).message).toContain('Nor was another kind of backup attested: bin/nothing could not be started (ENOENT).')
  })

  test('does not see our inputs, nor the keys of the store', async () => {
    const { runWith } = await makeGuarded(server, files, config('env:AWS_SECRET_ACCESS_KEY', 'env:DOCTL_TOKEN'))
    const ran = await runWith({ AWS_SECRET_ACCESS_KEY: 'key-of-the-store', DOCTL_TOKEN: 'abc' }, ...migrate)
    expect(ran.command).toMatchObject({ backup: { evidence: 'AWS_SECRET_ACCESS_KEY=(unset)' } })
    expect(ran.stderr).toContain('DOCTL_TOKEN=abc')
  })

  test('answers where the store cannot be looked into; without it, that is an error of its own', async () => {
    const { run, project } = await makeGuarded(server, files, config('print:snapshot'))
    expect((await run(...migrate)).exitCode).toBe(0)
    const unusable = (text: string) => project.write({ 'shiplock.yml': `${text}store: file:///dev/null/backups\n` })
    await project.write({ 'db/migrations/2_email.sql': 'select 2;' })
    await unusable('require-backup: landed\n')
    expect(await run(...migrate)).toMatchObject({ exitCode: 2, code: 'invalid-store' })
    expect((await run('plan')).command).toMatchObject({ verdict: 'pass', notes: [expect.stringContaining('is not known')] })
    await unusable(config('exit:1'))
    expect((await run(...migrate)).message).toContain('The store could not be looked into: ')
    await unusable(config('print:snapshot'))
    expect((await run(...migrate)).command).toMatchObject({ verdict: 'pass', backup: { level: 'attested' } })
  })
})

describe('a history in the store', () => {
  test('holds the stamp that a backup is told by, and what a run relied upon', async () => {
    const { run, project, query } = await makeGuarded(server, files, 'require-backup: read-back\nhistory: store\n')
    const stored = ['--store', `file://${project.dir}/store`]
    expect((await run('backup', ...stored)).exitCode).toBe(0)
    expect((await run('migrate', '--phase', 'pre', '--release', 'v1', ...stored)).command).toMatchObject({
      verdict: 'pass',
      checks: [{ id: 'backup' }],
    })
    await project.write({ 'db/migrations/2_email.sql': 'alter table users add email text;', 'db/migrations/3_broken.sql': 'select 1/0;' })
    // by its release another key than the first one, which may be of the same second
    expect((await run('backup', '--release', 'v2', ...stored)).command).toMatchObject({
      manifest: { source: { stamp: expect.stringMatching(/^[0-9a-f-]{36}$/) } },
    })
    const migrate = (release: string) => run('migrate', '--phase', 'pre', '--release', release, ...stored)
    expect((await migrate('v2')).command).toMatchObject({ failed: { id: '3_broken' } })
    expect((await migrate('v2')).command).toMatchObject({ failed: { id: '3_broken' }, backup: { level: 'read-back' } })
    expect(await migrate('v3')).toMatchObject(refused)
    expect((await run('verify-backup', '--release', 'v2', ...stored)).checks).toMatchObject({ stamp: 'pass', 'ledger-heads': 'pass' })
    expect(await query("select to_regclass('shiplock.history') as history")).toEqual([{ history: null }])
  })
})

describe('verify-backup', () => {
  test('looks at every version table that is known by name where no migrations are', async () => {
    const { run, project } = await makeGuarded(server, files, '')
    await run('migrate', '--phase', 'pre')
    await run('backup')
    await project.remove('db/migrations/1_users.sql')
    const verified = await run('verify-backup', '--migrations', 'nowhere')
    expect(verified).toMatchObject({ exitCode: 0, checks: { stamp: 'pass', 'ledger-heads': 'pass' } })
  })

  test('says that it compared with no database when none was given, and fails when the one that was cannot be reached', async () => {
    const { run, runWith } = await makeGuarded(server, files, '')
    await run('backup')
    const alone = await runWith({ DATABASE_URL: '' }, 'verify-backup')
    expect(alone).toMatchObject({ exitCode: 0, checks: { stamp: 'not-checked', 'ledger-heads': 'not-checked' } })
    const gone = await runWith({ DATABASE_URL: server.url(uniqueName('gone')) }, 'verify-backup')
    expect(gone).toMatchObject({ exitCode: 2, code: 'database-not-found' })
  })
})

test('the digest of a plan covers the requirement, and no backup', async () => {
  const { run, project } = await makeGuarded(server, files, '')
  const digest = async () => (await run('plan')).command as unknown as { digests: { pre: string } }
  const plain = (await digest()).digests.pre
  const seen = new Set([plain])
  for (const config of [
    'require-backup: landed\n',
    'require-backup: read-back\n',
    'require-backup: read-back\nrequire-backup-age: 2h\n',
    `require-backup: read-back\nbackup:\n  attest-command: [bin/attest]\n`,
  ]) {
    await project.write({ 'shiplock.yml': config })
    seen.add((await digest()).digests.pre)
  }
  expect(seen.size).toBe(5)
  await project.write({ 'shiplock.yml': 'require-backup: landed\n' })
  const before = (await digest()).digests.pre
  await run('backup')
  expect((await digest()).digests.pre).toBe(before)
})
