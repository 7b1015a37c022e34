import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runStep, shiplock, startCli } from '../program.ts'
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
const second = {
  'db/migrations/2_email.sql': 'alter table users add column email text;',
  'db/migrations/3_orders.sql': 'create table orders (id int);',
  'db/post_migrations/4_name.sql': 'alter table users drop column name;',
}

interface PlanResult {
  readonly digests: { readonly pre: string; readonly post: string }
  readonly hazards: readonly { readonly rule: string; readonly path: string }[]
  readonly outside?: { readonly since: { readonly release: string }; readonly changes: readonly string[] }
  readonly outsideProblem?: string
  readonly releaseNotes?: string
}

/** What the next command believes to be at. */
let commit = ''

/** A database with one release, and the checkout of the next, whose plan was made. */
async function planned(files: Readonly<Record<string, string>> = second) {
  const release = await makeRelease(server, first)
  const run = async (...args: string[]) => {
    const ended = await shiplock([...args, '--project', 'shop'], {
      cwd: release.project.dir,
      env: { ...release.env, USER: 'ada', ...(commit === '' ? {} : { GITHUB_SHA: commit }) },
    })
    const [command] = ended.result.commands
    const checks = Object.fromEntries((command?.checks ?? []).map((check) => [check.id, check]))
    return { ...ended, command, checks, code: command?.error?.code, message: command?.error?.message ?? '' }
  }
  expect((await run('migrate', '--phase', 'pre', '--release', 'v1')).exitCode).toBe(0)
  await release.project.write(files)
  const plan = async (...args: string[]) => {
    const made = await run('plan', '--release', 'v2', ...args)
    await writeFile(join(release.project.dir, 'plan.json'), made.stdout)
    return made.command as unknown as PlanResult
  }
  const gateAs = (name: string, digest: string, ...args: string[]) =>
    run('gate', '--phase', 'pre', '--release', name, '--approved-digest', digest, '--approved-plan', 'plan.json', ...args)
  const gate = (digest: string, ...args: string[]) => gateAs('v2', digest, ...args)
  return { ...release, run, plan, gate, gateAs }
}

test('the gate opens for the plan that was approved, and names each thing that was changed since', async () => {
  const { plan, gate, gateAs, project, run } = await planned()
  const { digests } = await plan()
  const open = await gate(digests.pre)
  expect([open.exitCode, open.command?.verdict, open.checks['approved-plan']?.status]).toEqual([0, 'pass', 'pass'])
  expect(open.checks['quiet-hours']).toMatchObject({ status: 'not-checked' })
  expect((await gateAs('v2-rc.7', digests.pre, '--long-migration', '1s')).exitCode).toBe(0)

  const refused = async (named: RegExp, ...args: string[]) => {
    const shut = await gate(digests.pre, ...args)
    expect([shut.exitCode, shut.code]).toEqual([1, 'plan-changed'])
    expect(shut.message).toMatch(named)
  }
  await project.write({ 'db/migrations/2_email.sql': 'alter table users add column email varchar;' })
  await refused(/\n {2}2_email was edited: [0-9a-f]{12} was approved, [0-9a-f]{12} it is now$/)
  await project.write({ 'db/migrations/2_email.sql': `-- shiplock: no-transaction\n${second['db/migrations/2_email.sql']}` })
  await refused(/2_email was edited.*\n {2}2_email would run outside a transaction now, and in a transaction when it was approved/)
  await project.write(second)
  await project.write({ 'db/migrations/5_more.sql': 'create table more (id int);' })
  await refused(/\n {2}5_more was added \([0-9a-f]{12}\)$/)
  await project.remove('db/migrations/5_more.sql')
  await project.remove('db/migrations/3_orders.sql')
  await refused(/\n {2}3_orders was removed \([0-9a-f]{12}\)$/)
  await project.write({ 'db/post_migrations/3_orders.sql': second['db/migrations/3_orders.sql'] })
  await refused(/\n {2}3_orders moved from phase pre to phase post$/)
  await project.remove('db/post_migrations/3_orders.sql')
  await project.write({ 'db/migrations/7_orders.sql': second['db/migrations/3_orders.sql'] })
  await refused(/\n {2}3_orders is 7_orders now: it has another number$/)
  await project.remove('db/migrations/7_orders.sql')
  await project.write(second)
  await refused(/\n {2}setting lock-budget: from 10 min to 1 min$/, '--lock-budget', '1m')
  await refused(/\n {2}setting allow-unphased: from false to true$/, '--allow-unphased')
  expect((await gate(digests.pre)).exitCode).toBe(0)

  expect((await run('migrate', '--phase', 'pre', '--release', 'hotfix')).exitCode).toBe(0)
  await refused(/version table shiplock\.ledger: its head moved from .*\n {2}2_email is not pending any more: it was applied by hotfix on /)
})

test('what was approved may be run again by the same release, whole or in part, and by no other', async () => {
  const { plan, gate, gateAs, run, query, project } = await planned()
  const { digests } = await plan()
  await query('create table orders (id int)') // the second migration fails
  expect((await run('migrate', '--phase', 'pre', '--release', 'v2')).exitCode).toBe(1)
  const half = await gate(digests.pre)
  expect([half.exitCode, half.checks['approved-plan']?.message]).toEqual([
    0,
    'an earlier attempt of this release began the approved plan: 1 of its 2 migrations ran (2_email), 1 of them remain',
  ])
  expect((await gateAs('v3', digests.pre)).code).toBe('plan-changed')
  await query('drop table orders')
  expect((await run('migrate', '--phase', 'pre', '--release', 'v2')).exitCode).toBe(0)
  const whole = await gate(digests.pre)
  expect([whole.exitCode, whole.checks['approved-plan']?.message]).toEqual([0, expect.stringContaining('2 of its 2 migrations ran')])
  await project.write({ 'db/migrations/5_more.sql': 'create table more (id int);' })
  expect((await gate(digests.pre)).message).toContain('5_more was added')
})

test('the first plan of all may be run again too, although the first run stamps the database', async () => {
  const { run, project } = await makeRelease(server, first)
  const made = (await run('plan', '--release', 'v1')).result.commands[0] as unknown as PlanResult
  const gate = () => run('gate', '--phase', 'pre', '--release', 'v1', '--approved-digest', made.digests.pre)
  expect((await gate()).exitCode).toBe(0)
  await run('migrate', '--phase', 'pre', '--release', 'v1')
  expect((await gate()).exitCode).toBe(0)
  await project.write(second)
  const shut = await gate()
  expect([shut.exitCode, shut.result.commands[0]?.error?.message]).toEqual([
    1,
    expect.stringMatching(/What changed cannot be named: approved-plan was not given/),
  ])
  expect(shut.result.commands[0]).toMatchObject({ contract: { migrations: [{ id: '2_email' }, { id: '3_orders' }] } })
})

test('without the file the store tells what was approved, and long work waits for the quiet hours', async () => {
  const { run, project, query } = await planned()
  const store = `file://${join(project.dir, 'records')}`
  const { digests } = (await run('plan', '--store', store)).command as unknown as PlanResult
  await project.write({ 'db/migrations/5_more.sql': 'create table more (id int);' })
  const ask = () => run('gate', '--phase', 'pre', '--approved-digest', digests.pre, '--store', store)
  expect((await ask()).message).toContain('the commit is not known')
  commit = '5c1e0aa5c1e0aa5c1e0aa5c1e0aa5c1e0aa5c1e0'
  await project.remove('db/migrations/5_more.sql')
  await run('plan', '--store', store)
  await project.write({ 'db/migrations/5_more.sql': 'create table more (id int);' })
  const shut = await ask()
  expect([shut.code, shut.message]).toEqual(['plan-changed', expect.stringMatching(/5_more was added/)])
  commit = ''

  // it took a minute in another environment
  await query(`insert into shiplock.history (project, environment, stamp, event, phase, version, name, checksum, state, release, run, attempt, host, finished_at, duration_ms)
    select project, 'staging', stamp, event, phase, '2', '2_email', encode(sha256('${second['db/migrations/2_email.sql']}'), 'hex'), 'applied', 'v2-rc', run, attempt, host, now(), 60000
    from shiplock.history where event = 'migration' limit 1`)
  const busy = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][(new Date().getUTCDay() + 3) % 7] as string
  const asked = (hours: string, ...args: string[]) => run('gate', '--phase', 'pre', '--quiet-hours', hours, ...args)
  const stopped = await asked(busy)
  expect([stopped.exitCode, stopped.code]).toEqual([1, 'outside-quiet-hours'])
  expect(stopped.message).toMatch(/2_email \(1 min\) would take longer than 30\.0 s.*they begin again at /)
  expect((await asked(`${busy}, sun-sat`)).exitCode).toBe(0)
  const allowed = await asked(busy, '--allow-busy-hours', 'the disk is filling up')
  expect([allowed.exitCode, allowed.checks['quiet-hours']?.status, allowed.command]).toEqual([
    0,
    'not-checked',
    expect.objectContaining({ busyHoursAllowed: { reason: 'the disk is filling up', by: 'ada' } }),
  ])
})

test('a gate that is asked for nothing, or for half of something, says what to give', async () => {
  const { run } = await planned()
  const nothing = await run('gate')
  expect([nothing.exitCode, nothing.code, nothing.command?.error?.hint]).toEqual([
    2,
    'invalid-input',
    expect.stringContaining('--approved-digest'),
  ])
  expect((await run('gate', '--approved-digest', 'a'.repeat(64))).message).toContain('phase must be pre or post')
  expect((await run('gate', '--phase', 'pre', '--approved-digest', 'cafe')).message).toContain('must be a digest that plan printed')
})

test('an approval that got lost on its way opens no gate', async () => {
  const { run, project, env } = await planned()
  const empty = ['gate', '--phase', 'pre', '--approved-digest', '', '--quiet-hours', 'sun-sat']
  expect((await run(...empty)).code).toBe('invalid-input')
  const step = async (digest: string) => {
    const inputs = {
      command: 'gate',
      phase: 'pre',
      'approved-digest': digest,
      protection: 'all=off',
      'quiet-hours': 'sun-sat',
      project: 'shop',
    }
    return (await runStep(inputs, { cwd: project.dir, env })).result?.commands[0]
  }
  expect((await step(''))?.error?.message).toContain('approved-digest is empty')
  const open = await step('none')
  expect(open?.verdict).toBe('pass')
  expect(open?.checks.find(({ id }) => id === 'approved-plan')).toMatchObject({ status: 'not-checked' })
})

test('a plan tells hazards and what changed outside Shiplock, and a role that only reads makes it', async () => {
  const { run, plan, query, project, database } = await planned()
  await run('migrate', '--phase', 'pre', '--release', 'v2')
  expect((await plan()).outside).toMatchObject({ since: { release: 'v2' }, changes: [] })
  await query(`alter table users add column phone text; create index users_email on users (email);
    create function add1(i int) returns int language sql as 'select i + 1'; drop table orders; analyze users; grant select on users to public`)
  const role = uniqueName('reader')
  await query(`create role ${role} login password 'pw'; grant usage on schema public, shiplock to ${role};
    grant select on all tables in schema public, shiplock to ${role}; revoke create on schema public from public`)
  const facts = () => query('select count(*)::int as n, (select max(id)::int from shiplock.history) as h from pg_class')
  const before = await facts()
  const env = { DATABASE_URL: `postgres://${role}:pw@127.0.0.1:${server.port}/${database}` }
  const ended = await shiplock(['plan', '--project', 'shop'], { cwd: project.dir, env })
  const made = ended.result.commands[0] as unknown as PlanResult
  expect(await facts()).toEqual(before)
  expect(made.outside?.changes).toEqual([
    'function public.add1(integer) was added',
    'table public.orders was removed',
    'table public.users: column phone was added',
    'table public.users: index public.users_email was added',
  ])
  expect(made.hazards).toContainEqual(expect.objectContaining({ path: 'db/post_migrations/4_name.sql' }))
  // what other hands did stays visible until migrations run again
  await run('migrate', '--phase', 'pre', '--release', 'v2')
  expect((await plan()).outside?.changes).toHaveLength(4)
  expect(await query("select count(*)::int as n from shiplock.history where event = 'schema' and detail is not null")).toEqual([{ n: 1 }])

  const notes = await startCli(['plan', '--project', 'shop', '--format', 'release-notes', '--release', 'v2'], { cwd: project.dir, env })
    .ended
  expect(notes.stdout).toContain('**Destructive migrations:** `4_name` (after the deploy): ALTER TABLE … DROP COLUMN')
  expect(notes.stdout).not.toContain('Digest')
  expect(notes.stderr).toContain('Digest, phase post')
  await rm(join(project.dir, 'plan.json'))
})
