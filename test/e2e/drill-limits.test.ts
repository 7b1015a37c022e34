import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer, uniqueName } from '../postgres/server.ts'
import { makeProject, type Project, resultOf, shiplock, startCli } from '../program.ts'

let server: TestServer
let temp: string
const projects: Project[] = []
beforeAll(async () => {
  server = await startServer()
  temp = await mkdtemp(join(tmpdir(), 'drill-limits-'))
  execFileSync('chmod', ['a+rx', temp])
})
afterAll(async () => {
  await server.stop()
  for (const project of projects) await project[Symbol.asyncDispose]()
  await rm(temp, { recursive: true, force: true })
})

/** A backup of a database made by these statements, and the drill of it. */
async function drillOf(sql: string, ...args: string[]) {
  const name = uniqueName('limits')
  const url = await server.createDatabase(name)
  await server.query(sql, name)
  const project = await makeProject({ 'db/smoke/one.sql': 'select 1;' })
  projects.push(project)
  const options = { cwd: project.dir, env: { DATABASE_URL: url, TMPDIR: temp } }
  expect((await shiplock(['backup'], options)).exitCode).toBe(0)
  return { project, options, drill: () => shiplock(['restore-drill', ...args], options) }
}

describe('what a plain role may not make', () => {
  test.each([
    ['create function f() returns int language sql leakproof as $$ select 1 $$'],
    ["create function f() returns int language sql set log_min_messages = 'error' as $$ select 1 $$"],
  ])('is left out, and the drill says so: %s', async (sql) => {
    const { drill } = await drillOf(`create table t (i int); ${sql}`)
    const ended = await drill()
    expect([ended.exitCode, ended.result.commands[0]?.error?.code]).toEqual([0, undefined])
    expect(ended.result.commands[0]).toMatchObject({ notRestored: ['FUNCTION public f()', 'owner of the database'] })
  })

  test('is no fault of the backup where nothing told beforehand', async () => {
    // one of PostgreSQL's own roles owns something, and nobody is ever made a member of it
    const { drill } = await drillOf('create table t (i int); alter table t owner to pg_monitor')
    const ended = await drill()
    expect([ended.exitCode, ended.result.commands[0]?.error?.code]).toEqual([3, 'restore-refused'])
    expect(ended.result.commands[0]?.checks).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'restored', status: 'not-checked' })]),
    )
  })

  test('is left out with its table, which the comparison names instead of missing it', async () => {
    const { drill } = await drillOf(
      'create extension dblink; create table t (i int, d text default dblink_get_connections()::text); insert into t values (1); create table u as select 1 as x',
    )
    const ended = await drill()
    expect(ended.exitCode).toBe(0)
    expect(ended.result.commands[0]?.checks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'row-counts', status: 'pass', value: expect.stringContaining('not restored: public.t (1 row)') }),
      ]),
    )
  })
})

test('a pipe among the smoke queries is refused, and nothing waits for somebody to write into it', async () => {
  const { drill, project } = await drillOf('create table t (x int)', '--smoke', 'db/smoke')
  execFileSync('mkfifo', [join(project.dir, 'db/smoke/a.sql')])
  const ended = await drill()
  expect(ended.result.commands[0]?.error).toMatchObject({ code: 'unreadable-file', message: expect.stringContaining('no regular file') })
})

test('what breaks where nobody can catch it still ends with a result, and nothing left behind', async () => {
  const { options, project } = await drillOf('create table t (x int)')
  await project.write({ 'db/smoke/one.sql': "select repeat('x', 900000000);" })
  const ended = await startCli(['restore-drill', '--json', '--smoke', 'db/smoke'], options).ended
  expect(resultOf(ended)).toMatchObject({ verdict: 'inconclusive', exitCode: 3, commands: [{ error: { code: 'internal-error' } }] })
  expect((await readdir(temp)).filter((name) => name.startsWith('shiplock-'))).toEqual([])
})

test('a backup removes what a killed one left behind: its password file above all', async () => {
  const { options } = await drillOf("create table big as select g, repeat('x', 500) as filler from generate_series(1, 200000) g")
  const killed = startCli(['backup'], options)
  while (!(await readdir(temp, { recursive: true })).some((path) => path.endsWith('/pgpass'))) await sleep(5)
  killed.child.kill('SIGKILL')
  await killed.ended
  expect((await shiplock(['backup', '--release', 'second'], options)).result.commands[0]).toMatchObject({ verdict: 'pass' })
  expect((await readdir(temp)).filter((name) => name.startsWith('shiplock-'))).toEqual([])
})
