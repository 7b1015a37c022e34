import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shiplock, startCli } from '../program.ts'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer } from './server.ts'
import { stepsCommand } from './team.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeProjects()
})

const ruby = (name: string) => `class ${name} < ActiveRecord::Migration[7.1]\n  def change\n  end\nend\n`
const [first, second, post] = ['20260101000001', '20260103000003', '20260102000002'] as const
const users = { [`db/migrate/${first}_create_users.rb`]: ruby('CreateUsers') }
const email = { [`db/migrate/${second}_add_email.rb`]: ruby('AddEmail') }
const dropName = { [`db/post_migrate/${post}_drop_name.rb`]: ruby('DropName') }
const ids = { first: `${first}_create_users`, second: `${second}_add_email`, post: `${post}_drop_name` }
const honoured = {
  'config/application.rb': "config.paths['db/migrate'] << 'db/post_migrate' if ENV['SKIP_POST_DEPLOYMENT_MIGRATIONS'].blank?\n",
}

const table = 'sql:create table if not exists schema_migrations (version varchar not null primary key)'
const ran = (...versions: string[]) => versions.map((version) => `sql:insert into schema_migrations values ('${version}')`)

/** A checkout of a Rails application whose program does these steps, and its database. */
async function application(
  steps: readonly string[],
  postSteps: readonly string[] = steps,
  files: Readonly<Record<string, string>> = honoured,
) {
  const config = (one: readonly string[], other: readonly string[]) =>
    `project: shop\nmigrations:\n  layout: rails\n  command: ${stepsCommand(...one)}\n  command-post: ${stepsCommand(...other)}\n`
  const release = await makeRelease(server, { ...users, ...email, ...dropName, ...files, 'shiplock.yml': config(steps, postSteps) })
  const run = async (...args: string[]) => {
    const ended = await shiplock([...args, '--release', 'v1'], { cwd: release.project.dir, env: release.env })
    return { ...ended, command: ended.result.commands[0] as NonNullable<(typeof ended.result.commands)[0]> & Record<string, unknown> }
  }
  return {
    ...release,
    run,
    migrate: (phase: string, ...args: string[]) => run('migrate', '--phase', phase, ...args),
    rewrite: (one: readonly string[], other: readonly string[] = one) => release.project.write({ 'shiplock.yml': config(one, other) }),
    attempts: () =>
      release.query<{ name: string; phase: string; state: string }>(
        "select name, phase, state from shiplock.history where event = 'migration' order by id",
      ),
  }
}

describe('a plan', () => {
  test('lists what is pending in both folders, says that nobody knows what it locks, and its digest covers files and command', async () => {
    const { run, query, project } = await application([], [], {})
    const plan = await run('plan')
    expect(plan.command, plan.stderr).toMatchObject({ verdict: 'pass', layout: 'rails', reason: expect.stringContaining('2 migrations') })
    const { phases, notes, digests } = plan.command as unknown as { phases: unknown; notes: string[]; digests: { pre: string } }
    expect(phases).toMatchObject([
      { phase: 'pre', pending: [{ id: ids.first }, { id: ids.second }], runs: [process.execPath, expect.anything()] },
      { phase: 'post', pending: [{ id: ids.post, heldBack: true }] },
    ])
    expect(notes).toContainEqual(expect.stringContaining('written in Ruby'))
    expect(notes).toContainEqual(expect.stringContaining('SKIP_POST_DEPLOYMENT_MIGRATIONS'))
    expect(await query("select nspname from pg_namespace where nspname = 'shiplock'")).toEqual([])
    const digest = async () => ((await run('plan')).command.digests as unknown as { pre: string }).pre
    expect(await digest()).toBe(digests.pre)
    const other = await run('plan', '--migrate-command', '["bin/rake","db:migrate"]')
    expect((other.command.digests as unknown as { pre: string }).pre).not.toBe(digests.pre)
    await project.write({ [`db/migrate/${second}_add_email.rb`]: `${ruby('AddEmail')}# more\n` })
    expect(await digest()).not.toBe(digests.pre)
  })
})

describe('migrate', () => {
  test('starts the program for what is pending, lists what the version table then holds, and starts nothing when nothing is', async () => {
    const pre = [table, 'env:SKIP_POST_DEPLOYMENT_MIGRATIONS', ...ran(first, second)]
    const { migrate, run, attempts } = await application(pre, ['env:SKIP_POST_DEPLOYMENT_MIGRATIONS', ...ran(post)])
    const before = await migrate('pre')
    expect(before.command, before.stderr).toMatchObject({
      verdict: 'pass',
      applied: [{ id: ids.first }, { id: ids.second }],
      heldBack: [ids.post],
    })
    expect(before.stderr).toContain('SKIP_POST_DEPLOYMENT_MIGRATIONS=true')
    const again = await migrate('pre')
    expect(again.command).toMatchObject({ verdict: 'pass', reason: 'Nothing is pending in phase pre.', applied: [] })
    expect(again.command).not.toHaveProperty('exitCode')
    expect((await migrate('post')).command.error?.code).toBe('post-not-allowed')
    expect((await run('record', 'deployed')).command).toMatchObject({ verdict: 'pass' })
    const after = await migrate('post')
    expect(after.command, after.stderr).toMatchObject({ verdict: 'pass', applied: [{ id: ids.post }] })
    expect(after.stderr).toContain('SKIP_POST_DEPLOYMENT_MIGRATIONS=(unset)')
    expect((await run('plan')).command.reason).toBe('Nothing is pending.')
    expect(await attempts()).toEqual([
      { name: ids.first, phase: 'pre', state: 'applied' },
      { name: ids.second, phase: 'pre', state: 'applied' },
      { name: ids.post, phase: 'post', state: 'applied' },
    ])
  })

  test('fails with what to paste when a post migration ran before the deploy, and the history knows that it ran', async () => {
    const { migrate, attempts, run } = await application([table, ...ran(first, post, second)], [], {})
    const { command, exitCode, stderr } = await migrate('pre')
    expect(stderr).toContain('no file in config')
    expect([exitCode, command.verdict, command.error?.code]).toEqual([1, 'fail', 'post-ran-early'])
    expect(command.error?.message).toContain(ids.post)
    expect(command.error?.hint).toContain("config.paths['db/migrate'] << 'db/post_migrate'")
    expect(command.applied).toMatchObject([{ id: ids.first }, { id: ids.second }, { id: ids.post }])
    expect(await attempts()).toContainEqual({ name: ids.post, phase: 'post', state: 'applied' })
    expect((await run('plan')).command.reason).toBe('Nothing is pending.')
  })

  test('starts nothing while the environment names a version to go to, as Rails would take back every newer one', async () => {
    const { project, env } = await application([])
    const withVersion = async (VERSION: string) => {
      const ended = await shiplock(['migrate', '--phase', 'pre', '--dry-run'], { cwd: project.dir, env: { ...env, VERSION } })
      return ended.result.commands[0]?.error
    }
    expect(await withVersion('0')).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('VERSION is 0') })
    expect(await withVersion('v1.2')).toBeUndefined() // Rails refuses it; a program around it may need it
  })

  test('exit status 0 proves nothing: a version that is not in the table has not run', async () => {
    const { migrate, run, attempts, rewrite, query } = await application([table, ...ran(first)], ['print:nothing to do'])
    const half = await migrate('pre')
    expect([half.exitCode, half.command.error?.code]).toEqual([1, 'version-missing'])
    expect(half.command).toMatchObject({ applied: [{ id: ids.first }], notRun: [ids.second] })
    await rewrite(ran('777'), [])
    const { command } = await migrate('pre')
    expect(command.error).toMatchObject({ code: 'ledger-moved', message: expect.stringContaining('(777)') })
    await query("delete from schema_migrations where version = '777'")
    await rewrite(ran(second), ['print:nothing to do'])
    expect((await migrate('pre')).command).toMatchObject({ verdict: 'pass', applied: [{ id: ids.second }] })
    await run('record', 'deployed')
    const unread = await migrate('post')
    expect([unread.exitCode, unread.command.error?.code]).toEqual([1, 'version-missing'])
    expect(unread.command.error?.hint).toContain('does not read the folder of post migrations')
    expect((await attempts()).map(({ state }) => state)).toEqual(['applied', 'not-applied', 'not-applied', 'applied', 'not-applied'])
  })

  test.each([
    ['a prefix', '', 'create table app_schema_migrations (version varchar)', 'set migrations.table: app_schema_migrations.'],
    [
      'a schema',
      'create schema app; ',
      'create table app.schema_migrations (version varchar)',
      'set migrations.table: app.schema_migrations.',
    ],
  ])(
    'does not take everything for pending where the application keeps its versions under %s of its own',
    async (_, schema, other, settle) => {
      const { migrate, run, query } = await application([`sql:${schema}${other}`])
      const during = await migrate('pre')
      expect(during.command.error).toMatchObject({ code: 'version-table-elsewhere', hint: expect.stringContaining(settle) })
      expect((await run('plan')).command.error?.code).toBe('version-table-elsewhere')
      const name = settle.slice('set migrations.table: '.length, -1)
      await query(`insert into ${name} values ('${first}'), ('${second}')`)
      expect((await migrate('pre', '--migrations-table', name)).command).toMatchObject({ verdict: 'pass', applied: [] })
    },
  )

  test('a program that fails says where it stopped, and a failure after the last migration leaves nothing to run again', async () => {
    const { migrate, rewrite, attempts, project } = await application([table, ...ran(first), 'exit:1'])
    const failed = await migrate('pre')
    expect(failed.command).toMatchObject({
      error: { code: 'migration-failed' },
      applied: [{ id: ids.first }],
      failed: { id: ids.second },
      notRun: [],
    })
    const dry = await migrate('pre', '--dry-run', '--require-backup', 'landed', '--store', `file://${project.dir}/store`)
    expect(dry.command).toMatchObject({ dryRun: true, notRun: [ids.second], verdict: 'fail', error: { code: 'backup-required' } })
    await rewrite([...ran(second), 'exit:1'])
    const late = await migrate('pre')
    expect(late.command).toMatchObject({ verdict: 'fail', error: { code: 'migration-failed' }, applied: [{ id: ids.second }] })
    expect((await migrate('pre')).command).toMatchObject({ verdict: 'pass', applied: [] })
    expect((await attempts()).map(({ state }) => state)).toEqual(['applied', 'failed', 'applied'])
  })

  test('after a run that was killed the version table says what had run, once the program that it left has ended', async () => {
    const { project, env, attempts, migrate, rewrite, run } = await application([
      table,
      ...ran(first, post),
      'print:half done',
      'sleep:1500',
    ])
    const cli = startCli(['migrate', '--phase', 'pre', '--release', 'v1', '--json'], { cwd: project.dir, env })
    await cli.printed('half done')
    cli.child.kill('SIGKILL')
    await cli.ended
    await rewrite(ran(second))
    const mark = await run('ledger', 'mark-applied', '--migration', second, '--reason', 'it ran', '--on-locked', 'fail')
    expect(mark.command.error).toMatchObject({ code: 'run-in-progress', message: expect.stringContaining('still at work') })
    const next = await migrate('pre')
    expect(next.command, next.stderr).toMatchObject({ verdict: 'pass', applied: [{ id: ids.second }] })
    expect(next.stderr).toContain('waiting for what an earlier run left at work')
    expect(next.command.notes).toContainEqual(expect.stringContaining(`1 post migration (${ids.post}) stands in the version table`))
    expect(next.command.closed).toEqual([
      { version: first, state: 'applied-unreported' },
      { version: second, state: 'not-applied' },
    ])
    expect((await attempts()).map(({ state }) => state)).toEqual(['applied-unreported', 'not-applied', 'applied'])
  })

  test('does not begin while Rails itself is at work, and leaves its lock to the program', async () => {
    const key = (name: string) => 2053462845n * BigInt(crc32(name))
    const { migrate, env, database, rewrite, project } = await application([])
    await rewrite([table, `sql:select 1 / pg_try_advisory_lock(${key(database)})::int`, ...ran(first, second)])
    await using rails = Object.assign(new pg.Client(env.DATABASE_URL), {
      async [Symbol.asyncDispose]() {
        await rails.end()
      },
    })
    await rails.connect()
    await rails.query(`select pg_advisory_lock(${key(database)})`)
    const busy = await migrate('pre', '--on-locked', 'fail')
    expect(busy.command.error).toMatchObject({ code: 'run-in-progress', message: expect.stringContaining('rails itself works on') })
    await rails.query('select pg_advisory_unlock_all()')
    await rewrite(['print:it starts', 'sleep:1000', 'exit:1'])
    const cli = startCli(['migrate', '--phase', 'pre', '--release', 'v1', '--json'], { cwd: project.dir, env })
    await cli.printed('it starts')
    await rails.query(`select pg_advisory_lock(${key(database)})`)
    const { stdout } = await cli.ended
    expect(JSON.parse(stdout).commands[0]).toMatchObject({
      verdict: 'inconclusive',
      error: { code: 'run-in-progress', message: expect.stringMatching(/exit status 1.*rails itself works on/) },
    })
    await rails.query('select pg_advisory_unlock_all()')
    await rewrite([table, `sql:select 1 / pg_try_advisory_lock(${key(database)})::int`, ...ran(first, second)])
    expect((await migrate('pre')).command).toMatchObject({ verdict: 'pass', applied: [{ id: ids.first }, { id: ids.second }] })
  })

  test('refuses a post phase whose program would run what the live release does not contain', async () => {
    const { migrate, run, query, project } = await application([table, ...ran(first, second)], ran(post))
    await migrate('pre')
    await run('record', 'deployed')
    await project.write({ 'db/post_migrate/20260104000004_drop_more.rb': ruby('DropMore') })
    const more = await migrate('post')
    expect(more.command.error).toMatchObject({ code: 'post-not-allowed', message: expect.stringContaining('20260104000004_drop_more') })
    expect(await query('select version from schema_migrations order by 1')).toEqual([{ version: first }, { version: second }])
  })
})

describe('the other commands', () => {
  test('lint judges names and versions, and says that the contents were not checked', async () => {
    const { run, project } = await application([])
    const clean = await run('lint')
    expect(clean.command, clean.stderr).toMatchObject({ verdict: 'pass', checks: [{ id: 'contents', status: 'not-checked' }] })
    expect(clean.command.reason).toContain('What 3 of them would do was not checked: it is written in Ruby.')
    await project.write({
      [`db/post_migrate/${second}_again.rb`]: ruby('Again'),
      'db/migrate/20260104000004_drop_name.rb': ruby('DropName'),
    })
    const { command } = await run('lint')
    expect(command).toMatchObject({ verdict: 'fail' })
    const rules = (command.findings as unknown as { rule: string }[]).map(({ rule }) => rule)
    expect([...new Set(rules)].sort()).toEqual(['ban-duplicate-version', 'unreadable-migration'])
  })

  test('new names the generator of Rails; init names the layout and prints what stock Rails lacks', async () => {
    const { run, project } = await application([])
    expect((await run('new', 'add_phone')).command.error).toMatchObject({
      code: 'invalid-input',
      hint: expect.stringContaining('bin/rails generate migration'),
    })
    await project.remove('shiplock.yml')
    await project.write({ 'config/application.rb': 'class Application < Rails::Application\nend\n' })
    const init = await run('init')
    expect(init.command, init.stderr).toMatchObject({ verdict: 'pass' })
    const [line, generator] = (init.command.toPaste as unknown as { text: string }[]).map(({ text }) => text)
    expect(line).toBe("config.paths['db/migrate'] << 'db/post_migrate' if ENV['SKIP_POST_DEPLOYMENT_MIGRATIONS'].blank?")
    expect(generator).toContain('class PostMigrationGenerator')
    expect(await readFile(join(project.dir, 'shiplock.yml'), 'utf8')).toMatch(
      /layout: rails\n\s+pre: db\/migrate\n\s+post: db\/post_migrate\n/,
    )
    expect((await run('plan', '--project', 'shop')).command).toMatchObject({ verdict: 'pass', layout: 'rails' })
  })
})
