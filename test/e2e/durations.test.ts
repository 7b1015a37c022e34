import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeRelease, removeProjects } from '../postgres/release.ts'
import { startServer, type TestServer } from '../postgres/server.ts'
import { shiplock, startCli } from '../program.ts'
import type { Ended } from '../warm-program.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startServer()
  folder = await mkdtemp(join(tmpdir(), 'records-'))
})
afterAll(async () => {
  await server.stop()
  await removeProjects()
  await rm(folder, { recursive: true })
})

const files = {
  'db/migrations/0001_users.sql': 'create table users (id int primary key, name text);',
  'db/migrations/0002_backfill.sql': 'select pg_sleep(1.1);',
  'db/post_migrations/0003_drop_name.sql': 'alter table users drop column name;',
}

type Made = Awaited<ReturnType<typeof makeRelease>>

/** Starts in an environment, at a commit of its own. */
function inEnvironment({ project, env }: Made, name: string, commit: string, release: string) {
  const options = { cwd: project.dir, env: { ...env, GITHUB_SHA: commit.repeat(40) } }
  const args = (rest: readonly string[]) => [...rest, '--project', 'shop', '--environment', name, '--release', release]
  return {
    run: (...rest: string[]) => shiplock(args(rest), options),
    print: (...rest: string[]): Promise<Ended> => startCli(args(rest), options).ended,
  }
}

interface Pending {
  readonly id: string
  readonly expected: { durationMs: number; environment: string; release: string; at: string } | null
  readonly long?: true
}

function planned({ result }: Awaited<ReturnType<typeof shiplock>>) {
  const [plan] = result.commands as unknown as { phases: { pending: Pending[] }[]; digests: unknown; durationsProblem?: string }[]
  const pending = new Map(plan?.phases.flatMap((phase) => phase.pending).map((one) => [one.id, one]))
  return { pending, digests: plan?.digests, problem: plan?.durationsProblem }
}

test("production's plan shows how long each file took in staging, though commit and release are others", async () => {
  const store = `file://${folder}/store`
  const checkout = await makeRelease(server, files)
  const staging = inEnvironment(await makeRelease(server, files), 'staging', 'a', 'build-7')
  const production = inEnvironment(checkout, 'production', 'b', 'v1.4.0')
  const before = planned(await production.run('plan', '--store', store))
  expect([...before.pending.values()].map(({ expected }) => expected)).toEqual([null, null, null])

  const started = Date.now()
  expect((await staging.run('migrate', '--phase', 'pre', '--store', store)).exitCode).toBe(0)
  const after = planned(await production.run('plan', '--store', store, '--long-migration', '1s'))
  const backfill = after.pending.get('0002_backfill')
  expect(backfill).toMatchObject({ expected: { environment: 'staging', release: 'build-7' }, long: true })
  expect(backfill?.expected?.durationMs).toBeGreaterThan(1000)
  expect(backfill?.expected?.durationMs).toBeLessThan(5000)
  expect(Date.parse(backfill?.expected?.at ?? '')).toBeGreaterThan(started)
  expect(after.pending.get('0001_users')).toMatchObject({ expected: { environment: 'staging' } })
  expect(after.pending.get('0001_users')?.long).toBeUndefined()
  expect(after.pending.get('0003_drop_name')?.expected).toBeNull()
  expect(after.digests).toEqual(before.digests)

  const { stdout } = await production.print('plan', '--store', store, '--long-migration', '1s')
  expect(stdout).toMatch(/0002_backfill\.sql +in a transaction +1\.\d s in staging, build-7 .* long/)
  expect(stdout).toMatch(/0003_drop_name\.sql +in a transaction +not known/)
  expect(stdout).toMatch(/Long migrations \(over 1 s\) +0002_backfill \(1\.\d s in staging, build-7\)/)

  await checkout.project.write({ 'db/migrations/0002_backfill.sql': 'select pg_sleep(1.2);' })
  const edited = planned(await production.run('plan', '--store', store, '--long-migration', '1s')).pending.get('0002_backfill')
  expect(edited).toMatchObject({ expected: null })
  expect(edited).not.toHaveProperty('long')
})

test('another environment in the history of the same database counts, without any store; a failed attempt does not', async () => {
  const made = await makeRelease(server, files)
  expect((await inEnvironment(made, 'staging', 'c', 'build-8').run('migrate', '--phase', 'pre')).exitCode).toBe(0)
  // what a database looks like that was made from staging's, and adopted by production
  await made.query(`update shiplock.stamp set environment = 'production', id = gen_random_uuid();
    insert into shiplock.history (project, environment, stamp, event, phase, version, checksum, state, release, run, attempt, host, finished_at, duration_ms)
      select project, environment, stamp, event, phase, version, checksum, 'failed', release, run, attempt, host, now(), 99999 from shiplock.history;
    delete from shiplock.ledger where version = '2'`)
  const { pending, problem } = planned(await inEnvironment(made, 'production', 'd', 'v1.5.0').run('plan'))
  expect(problem).toBeUndefined()
  expect([...pending.keys()]).toEqual(['0002_backfill', '0003_drop_name'])
  expect(pending.get('0002_backfill')?.expected).toMatchObject({ environment: 'staging', release: 'build-8' })
  expect(pending.get('0002_backfill')?.expected?.durationMs).toBeLessThan(5000)
  await expect(access(join(made.project.dir, '.shiplock'))).rejects.toThrow() // looking makes no store
})

test('a store that cannot be read is a warning, and the plan stands', async () => {
  const checkout = await makeRelease(server, files)
  const { run, print } = inEnvironment(checkout, 'production', 'd', 'v1.5.0')
  expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
  await checkout.project.write({ 'db/migrations/0009_new.sql': 'select 1;' })
  await writeFile(join(folder, 'a-file'), '')
  const planOf = await run('plan', '--store', `file://${folder}/a-file`)
  expect(planOf.exitCode).toBe(0)
  expect(planned(planOf).problem).toContain('a-file')
  expect(planned(planOf).pending.get('0009_new')).toMatchObject({ expected: null })
  expect(planOf.stderr).toContain('how long migrations took elsewhere is not fully known')
  expect((await print('plan', '--store', `file://${folder}/a-file`)).stdout).toContain('Took elsewhere')
})
