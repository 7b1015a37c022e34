import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dumpOf, type TestDump } from '../postgres/dump.ts'
import { startServer, type TestServer } from '../postgres/server.ts'
import { makeProject, type Project, runStep, shiplock, startCli } from '../program.ts'

let server: TestServer
let dump: TestDump
let project: Project
beforeAll(async () => {
  server = await startServer()
  dump = await dumpOf(server, `create table orders (id int); insert into orders values (1), (2)`)
  project = await makeProject({
    'db/smoke/orders.sql': '\\set ON_ERROR_STOP on\n-- expect: value = 2\n-- timeout: 5s\nselect count(*) from orders;',
  })
  await copyFile(dump.path, join(project.dir, 'shop.dump'))
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
  await dump[Symbol.asyncDispose]()
  await server.stop()
})

/** Debian's client lags behind the safe minors. */
const drill = (args: readonly string[], env: Record<string, string> = {}) =>
  shiplock(['restore-drill', '--smoke', 'db/smoke', '--allow-unsafe-client', ...args], { cwd: project.dir, env })

describe('restore-drill', () => {
  test('of a file needs neither a store nor a database', async () => {
    const { result, exitCode, stderr } = await drill(['--file', 'shop.dump'])
    expect([exitCode, result.commands[0]]).toMatchObject([
      0,
      { verdict: 'pass', level: 'usable', backup: { origin: 'file', name: 'shop.dump' } },
    ])
    expect(stderr).not.toContain('warning: The records of earlier drills')
  })

  test('of the database as it is now takes its connection from DATABASE_URL', async () => {
    const { result, exitCode } = await drill(['--source', 'fresh'], { DATABASE_URL: server.url(dump.database) })
    expect([exitCode, result.commands[0]]).toMatchObject([0, { verdict: 'pass', level: 'usable', backup: { origin: 'fresh' } }])
    const none = await drill(['--source', 'fresh'])
    expect([none.exitCode, none.result.commands[0]?.error]).toMatchObject([2, { code: 'invalid-input' }])
  })

  test('in a job needs a store only for what lies in one', async () => {
    const inputs = { command: 'restore-drill', smoke: 'db/smoke', 'install-tools': 'false', 'allow-unsafe-client': 'true' }
    const file = await runStep({ ...inputs, file: 'shop.dump' }, { cwd: project.dir })
    expect([file.ended.exitCode, file.outputs.get('restore-drill-level')]).toEqual([0, 'usable'])
    const stored = await runStep(inputs, { cwd: project.dir })
    expect(stored.result?.commands[0]?.error).toMatchObject({
      code: 'invalid-input',
      message: 'restore-drill needs a backup, and no store was named.',
    })
  })

  test('of backups tells of the drills before it', async () => {
    const env = { DATABASE_URL: server.url(dump.database) }
    expect((await shiplock(['backup'], { cwd: project.dir, env })).exitCode).toBe(0)
    for (const earlier of [0, 1]) {
      const { result } = await drill(['--max-restore-time', '10m'])
      expect(result.commands[0]).toMatchObject({ verdict: 'pass', notes: [] })
      expect(result.commands[0]?.history).toHaveLength(earlier)
    }
    const shown = await startCli(['restore-drill', '--smoke', 'db/smoke'], { cwd: project.dir }).ended
    expect(shown.stdout).toContain('The 2 drills before this one')
  })
})
