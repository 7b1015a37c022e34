import { readdir, readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../postgres/server.ts'
import { makeProject, shiplock } from '../program.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** The migrations that graphile-worker ships, with the placeholder of its schema filled in. */
async function shippedMigrations(): Promise<Record<string, string>> {
  const root = dirname(dirname(createRequire(import.meta.url).resolve('graphile-worker')))
  const names = (await readdir(join(root, 'sql'))).filter((name) => name.endsWith('.sql'))
  const texts = await Promise.all(
    names.map(async (name) => [
      `db/migrations/${name}`,
      (await readFile(join(root, 'sql', name), 'utf8')).replaceAll(':GRAPHILE_WORKER_SCHEMA', 'graphile_worker'),
    ]),
  )
  return Object.fromEntries(texts)
}

test('a history that nobody here wrote runs through plan, migrate, backup and back through a drill', async () => {
  const migrations = await shippedMigrations()
  const url = await server.createDatabase('worker')
  await server.query('create schema graphile_worker', 'worker')
  await using project = await makeProject({
    ...migrations,
    'shiplock.yml': 'project: worker\ndrill: { smoke: db/smoke }\n',
    'db/smoke/jobs.sql':
      '-- expect: value = 2\nselect count(*) from graphile_worker._private_jobs;\n\nselect 1 / case when exists (select from graphile_worker._private_tasks) then 1 else 0 end;\n',
  })
  const run = (...args: string[]) => shiplock(args, { cwd: project.dir, env: { DATABASE_URL: url } })
  const count = Object.keys(migrations).length
  expect(count).toBeGreaterThan(15)

  const applied = await run('migrate', '--phase', 'pre')
  expect(applied.result.commands[0]).toMatchObject({ verdict: 'pass' })
  expect((applied.result.commands[0] as unknown as { applied: unknown[] }).applied).toHaveLength(count)
  await server.query("select graphile_worker.add_job('one', '{}'); select graphile_worker.add_job('two', '{}')", 'worker')

  const backup = await run('backup')
  expect(backup.result.commands[0]).toMatchObject({ verdict: 'pass' })
  const drill = await run('restore-drill')
  expect(drill.result.commands[0]).toMatchObject({ verdict: 'pass' })
  expect(drill.result.commands[0]?.checks).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: 'row-counts', status: 'pass' }),
      expect.objectContaining({ id: 'smoke', status: 'pass' }),
    ]),
  )
  expect((await stat(join(project.dir, '.shiplock'))).isDirectory()).toBe(true)
})
