import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeProject, runStep, shiplock } from '../program.ts'
import { removeProjects } from './release.ts'
import { awkwardPassword, startServer, type TestServer, uniqueName } from './server.ts'
import { makeTeam, stepsCommand } from './team.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeProjects()
})

const team = (pre: readonly string[], post?: readonly string[]) => makeTeam(server, pre, post)
const skip = 'SKIP_POST_DEPLOYMENT_MIGRATIONS'

describe('the environment of the command', () => {
  test('says which phase it is, and carries the limits that its sessions then have', async () => {
    const { migrate, run } = await team([
      `env:${skip}`,
      'show:lock_timeout',
      'show:client_connection_check_interval',
      'show:application_name',
    ])
    const pre = await migrate('pre', '--stall-budget', '700ms')
    expect(pre.stderr).toContain(`${skip}=true`)
    expect(pre.stderr).toContain('lock_timeout is 700ms')
    expect(pre.stderr).toContain('client_connection_check_interval is 1s')
    expect(pre.stderr).toMatch(/application_name is shiplock\/\d+\.1\/\d+/)
    await run('record', 'deployed', '--release', 'v1')
    expect((await migrate('post')).stderr).toContain(`${skip}=(unset)`)
    expect((await migrate('all', '--allow-unphased')).stderr).toContain(`${skip}=(unset)`)
  })

  test("keeps the team's own settings and variables, and a role is assumed there too", async () => {
    const { runWith } = await team(['show:work_mem', 'show:role', 'env:SECRET_KEY_BASE'])
    const variables = { PGOPTIONS: '-c work_mem=5MB', SECRET_KEY_BASE: 'kept' }
    const { stderr } = await runWith(variables, 'migrate', '--phase', 'pre', '--role', 'postgres')
    expect(stderr).toContain('work_mem is 5MB')
    expect(stderr).toContain('role is postgres')
    expect(stderr).toContain('SECRET_KEY_BASE=kept')
  })

  test('in the action has no inputs, no tokens, no store secrets and none of the files that set outputs', async () => {
    const url = await server.createDatabase(uniqueName('action'))
    const taken = [
      'INPUT_PHASE',
      'ACTIONS_RUNTIME_TOKEN',
      'AWS_SECRET_ACCESS_KEY',
      'S3_SECRET_ACCESS_KEY',
      'LOKI_TOKEN',
      'GITHUB_OUTPUT',
      'GITHUB_ENV',
    ]
    await using project = await makeProject()
    const command = JSON.parse(stepsCommand(...taken.map((name) => `env:${name}`), 'env:GITHUB_SHA', 'sql:select 1')) as string[]
    const step = await runStep(
      { command: 'migrate', phase: 'pre', 'database-url': url, 'migrate-command': command.join('\n') },
      {
        cwd: project.dir,
        env: {
          ACTIONS_RUNTIME_TOKEN: 'x',
          AWS_SECRET_ACCESS_KEY: 'x',
          S3_SECRET_ACCESS_KEY: 'x',
          LOKI_TOKEN: 'x',
          GITHUB_ENV: '/dev/null',
        },
      },
    )
    expect(step.ended.stdout).toContain('GITHUB_SHA=5c1e0aa')
    for (const name of taken) expect(step.ended.stdout).toContain(`${name}=(unset)`)
    expect(step.result?.commands[0]).toMatchObject({ verdict: 'pass', layout: 'command', exitCode: 0 })
    expect(step.summary).toContain('team-command.mjs')
  })

  test('has the connection of this run, over TCP or a socket, where it names none; another one is refused', async () => {
    const { project, query, database } = await team(['sql:create table here (x int)', 'sql:drop table here'])
    const password = encodeURIComponent(awkwardPassword)
    for (const url of [server.url(database), `postgres://postgres:${password}@/${database}?host=${server.socketDir}&port=${server.port}`]) {
      const given = ['migrate', '--phase', 'pre', '--database-url', url]
      const { result, stderr } = await shiplock(given, { cwd: project.dir })
      expect(result.commands[0], stderr).toMatchObject({ verdict: 'pass' })
      const elsewhere = await shiplock(given, { cwd: project.dir, env: { DATABASE_URL: server.url('postgres') } })
      expect(elsewhere.result.commands[0]?.error).toMatchObject({ code: 'wrong-database' })
      const unknown = await shiplock(given, { cwd: project.dir, env: { DATABASE_URL: 'ecto://db/x' } })
      expect(unknown.stderr).toContain('cannot be compared')
      expect(unknown.result.commands[0]).toMatchObject({ error: { code: 'migration-failed' } })
    }
    expect(await query("select count(*)::int as n from shiplock.history where event = 'command'")).toEqual([{ n: 4 }])
  })
})

describe('the end of the command', () => {
  test('is the result: exit status, time and the last lines; the history has a row for each run', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `print:line ${index}`)
    const { migrate, rewrite, history } = await team([...lines, 'error:PG::UndefinedTable', 'exit:7'])
    const failed = await migrate('pre')
    expect(failed.exitCode).toBe(1)
    expect(failed.command).toMatchObject({
      verdict: 'fail',
      exitCode: 7,
      durationMs: expect.any(Number),
      error: { code: 'migration-failed', message: expect.stringContaining('ended with exit status 7') },
    })
    const { output } = failed.command as unknown as { output: string[] }
    expect(output).toHaveLength(20)
    expect(output.slice(0, 1)).toEqual(['line 11'])
    expect(output).toContain('PG::UndefinedTable')
    expect(failed.stderr).toContain('│ line 0\n')
    await rewrite(['kill:SIGKILL'])
    expect((await migrate('pre')).command?.error?.message).toMatch(/was ended by SIGKILL, which Shiplock did not send/)
    await rewrite(['sql:create table t (x int)'])
    const passed = await migrate('pre')
    expect(passed.command).toMatchObject({ verdict: 'pass', exitCode: 0 })
    expect(passed.command).not.toHaveProperty('output')
    expect(await history()).toEqual([
      { event: 'command', phase: 'pre', state: 'failed', error: 'migration-failed' },
      { event: 'command', phase: 'pre', state: 'failed', error: 'migration-failed' },
      { event: 'command', phase: 'pre', state: 'applied', error: null },
    ])
  })

  test('prints neither a password nor a workflow command', async () => {
    const { migrate } = await team(['env:DATABASE_URL', 'print:##[error]planted', 'error:::set-output name=verdict::pass', 'exit:1'])
    const { stderr, stdout } = await migrate('pre')
    for (const form of [awkwardPassword, encodeURIComponent(awkwardPassword)]) expect(stderr + stdout).not.toContain(form)
    expect(stderr).toContain('│ ## [error]planted')
    expect(stderr).toContain('│ ::set-output')
    expect(stderr).not.toMatch(/^\s*(?:::|##\[)/m)
  })

  test('a program that is not there, or may not run, is named, and nothing counts as done', async () => {
    const { project, run, history, migrate, rewrite } = await team([])
    await project.write({ 'bin/migrate': '#!/bin/sh\n' })
    for (const [program, why] of [
      ['bin/rails', 'ENOENT'],
      ['no-such-program', 'ENOENT'],
      ['bin/migrate', 'EACCES'],
    ]) {
      const missing = await run('migrate', '--phase', 'pre', '--migrate-command', JSON.stringify([program, 'db:migrate']))
      expect([missing.exitCode, missing.command?.error]).toMatchObject([
        2,
        { code: 'command-not-found', message: `${program} could not be started (${why}).` },
      ])
    }
    expect((await history()).map(({ state }) => state)).toEqual(['not-applied', 'not-applied', 'not-applied'])
    expect((await run('record', 'deployed', '--release', 'v1')).command?.error?.code).toBe('post-not-allowed')
    await chmod(join(project.dir, 'bin/migrate'), 0o755)
    expect((await run('migrate', '--phase', 'pre', '--migrate-command', 'bin/migrate')).exitCode).toBe(0)
    await rewrite(['linger:8'])
    const { command } = await migrate('pre')
    expect(command).toMatchObject({ verdict: 'pass', exitCode: 0 }) // though a program that it left holds its output
  })
})

describe('phases', () => {
  test('post runs for the release that was recorded as deployed last, by name or by commit, and for no other', async () => {
    const { run, runWith, migrate } = await team(['print:both'], ['print:post'])
    expect((await run('record', 'deployed', '--release', 'v1')).command?.error?.code).toBe('post-not-allowed')
    await migrate('pre')
    expect((await migrate('post')).command?.error).toMatchObject({
      code: 'post-not-allowed',
      message: expect.stringContaining('no release'),
    })
    expect((await run('record', 'deployed', '--release', 'v1')).exitCode).toBe(0)
    expect((await migrate('post')).stderr).toContain('│ post')
    await run('migrate', '--phase', 'pre', '--release', 'v2')
    const early = await run('migrate', '--phase', 'post', '--release', 'v2')
    expect(early.command?.error).toMatchObject({ code: 'post-not-allowed', message: expect.stringContaining('v1 is recorded as deployed') })
    await runWith({ GITHUB_SHA: 'abc' }, 'record', 'deployed', '--release', 'v2')
    expect((await run('migrate', '--phase', 'post', '--release', 'v2')).exitCode).toBe(0)
    expect((await runWith({ GITHUB_SHA: 'abc' }, 'migrate', '--phase', 'post', '--release', 'nightly')).exitCode).toBe(0)
    await run('record', 'deployed', '--release', 'v1') // the code went back
    expect((await run('migrate', '--phase', 'post', '--release', 'v2')).command?.error?.code).toBe('post-not-allowed')
  })

  test('a release without a name can be neither recorded nor told from another', async () => {
    const { run } = await team(['print:x'])
    await run('migrate', '--phase', 'pre')
    expect((await run('record', 'deployed')).command?.error).toMatchObject({
      code: 'invalid-input',
      hint: expect.stringContaining('--release'),
    })
    await run('record', 'deployed', '--release', 'v1')
    expect((await run('migrate', '--phase', 'post')).command?.error).toMatchObject({
      code: 'post-not-allowed',
      hint: expect.stringContaining('--release'),
    })
  })

  test('a deploy is not recorded after a pre phase that failed', async () => {
    const { run, migrate, rewrite } = await team(['print:x'])
    await migrate('pre')
    await rewrite(['exit:1'])
    await migrate('pre')
    expect((await run('record', 'deployed', '--release', 'v1')).command?.error).toMatchObject({
      code: 'post-not-allowed',
      message: expect.stringContaining('(v1) failed'),
    })
    expect((await run('record', 'deployed', '--release', 'v1', '--dry-run')).exitCode).toBe(1)
  })

  test('all needs a database without tables and without runs, or allow-unphased', async () => {
    const { migrate, query } = await team(['exit:9'], ['sql:create table t (x int)'])
    expect((await migrate('all')).command).toMatchObject({ verdict: 'pass', phase: 'all' })
    expect((await migrate('all')).command?.error?.code).toBe('unphased-refused')
    expect((await migrate('all', '--allow-unphased')).command?.error?.code).toBe('migration-failed') // the table is there
    await query('drop table t; drop schema shiplock cascade; create table theirs (x int)')
    expect((await migrate('all')).command?.error?.code).toBe('unphased-refused')
    await query('drop table theirs')
    expect((await migrate('all')).exitCode).toBe(0)
  })

  test('follow the variable that is set around us: all becomes pre, and post is refused', async () => {
    const { runWith } = await team(['print:pre'], ['print:post'])
    const all = await runWith({ [skip]: '1' }, 'migrate', '--phase', 'all')
    expect(all.stderr).toContain('│ pre')
    expect((await runWith({ [skip]: '1' }, 'migrate', '--phase', 'post')).command?.error?.code).toBe('post-not-allowed')
  })
})

describe('what is shown beforehand', () => {
  test('plan names both commands and says that it knows no more; its digest is that of the run', async () => {
    const { run, migrate, rewrite, query } = await team(['print:pre'], ['print:post'])
    const first = await run('plan', '--release', 'v1')
    expect(await query("select 1 from pg_namespace where nspname = 'shiplock'")).toEqual([])
    expect(first.command).toMatchObject({
      verdict: 'pass',
      reason: expect.stringContaining('not known to Shiplock'),
      phases: [
        { phase: 'pre', pending: [], runs: expect.arrayContaining(['print:pre']) },
        { phase: 'post', pending: [], runs: expect.arrayContaining(['print:post']), heldBack: true },
      ],
    })
    const digestOf = (ended: { command: unknown }) => (ended.command as { digests: { pre: string; post: string } }).digests
    expect((await migrate('pre')).command).toMatchObject({ digest: digestOf(first).pre })
    const second = await run('plan', '--release', 'v1')
    expect(digestOf(second).pre).not.toBe(digestOf(first).pre) // the database has its stamp now
    expect((await migrate('pre')).command).toMatchObject({ digest: digestOf(second).pre })
    expect(second.command).toMatchObject({ phases: [{ last: { state: 'applied', release: 'v1' } }, {}] })
    expect(digestOf(await run('plan', '--lock-budget', '2s'))).not.toEqual(digestOf(second))
    await rewrite(['print:other'], ['print:post'])
    const third = digestOf(await run('plan'))
    expect([third.pre === digestOf(second).pre, third.post === digestOf(second).post]).toEqual([false, true])
  })

  test('a dry run prints the command and what its environment gets, and changes nothing', async () => {
    const { runWith, run, query } = await team(['sql:create table t (x int)'])
    const dry = await runWith({ AWS_REGION: 'eu' }, 'migrate', '--phase', 'pre', '--dry-run', '--database-url', server.url())
    expect(dry.command?.error?.code).toBe('wrong-database') // DATABASE_URL names the test's own
    const shown = await runWith({ AWS_REGION: 'eu' }, 'migrate', '--phase', 'pre', '--dry-run')
    expect(shown.command).toMatchObject({
      verdict: 'pass',
      dryRun: true,
      environmentAdded: { [skip]: 'true', PGOPTIONS: '-c lock_timeout=1000ms -c client_connection_check_interval=1s' },
      environmentWithheld: ['AWS_REGION'],
    })
    expect(shown.stderr).toContain('✔ Dry run')
    expect(await query("select relname from pg_class where relname in ('t', 'history')")).toEqual([])
    expect((await run('migrate', '--phase', 'post', '--dry-run', '--release', 'v1')).command?.error?.code).toBe('post-not-allowed')
  })

  test('new says that the files are the tool’s, and a layout with files refuses a command', async () => {
    const { run } = await team(['print:x'])
    expect((await run('new', 'add_users')).command?.error).toMatchObject({
      code: 'invalid-input',
      hint: expect.stringContaining("team's own tool"),
    })
    const clash = await run('plan', '--layout', 'goose')
    expect([clash.exitCode, clash.command?.error?.code]).toEqual([2, 'invalid-input'])
  })
})

test('a backup is made, and read back, of a database whose version table is not known', async () => {
  const { run, migrate, project } = await team(['sql:create table schema_migrations (version text primary key)'])
  await migrate('pre')
  const backup = await run('backup', '--store', `file://${project.dir}/store`)
  expect(backup.command, backup.stderr).toMatchObject({ verdict: 'pass' })
})
