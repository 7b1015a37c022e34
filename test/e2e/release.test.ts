import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer, uniqueName } from '../postgres/server.ts'
import { makeProject, runStep } from '../program.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

test('a whole release runs from the action, step by step, and again without changing anything', async () => {
  const database = uniqueName('release')
  const url = await server.createDatabase(database)
  await server.query(`alter database "${database}" set timezone = 'Asia/Kolkata'`) // no text of a time may depend on the session
  await using project = await makeProject({
    'db/migrations/0001_users.sql':
      "create table users (id int primary key, name text); insert into users select g, 'n' || g from generate_series(1, 500) g;",
    'db/migrations/0002_email.sql': 'alter table users add column email text;',
    'db/post_migrations/0003_drop_name.sql': 'alter table users drop column name;',
    'db/smoke/users.sql': '-- expect: value = 500\nselect count(email is null) from users;\n',
  })
  const store = `file://${join(project.dir, 'store')}`
  const step = (inputs: Record<string, string>) =>
    runStep({ environment: 'production', store, 'database-url': url, ...inputs }, { cwd: project.dir })

  const before = await step({ command: 'plan\nbackup\nmigrate', phase: 'pre' })
  expect(before.result?.commands.map(({ command, verdict }) => [command, verdict])).toEqual([
    ['plan', 'pass'],
    ['backup', 'pass'],
    ['migrate', 'pass'],
  ])
  expect(before.outputs.get('backup-level')).toBe('read-back')
  expect(before.outputs.get('backup-sha256')).toMatch(/^[0-9a-f]{64}$/)
  expect(before.summary).toContain('on this runner only')
  const deployed = await step({ command: 'record deployed\nmigrate', phase: 'post' })
  expect(deployed.outputs.get('migrate-applied')).toBe('1')
  expect(Math.abs(Date.parse(deployed.outputs.get('record-at') ?? '') - Date.now())).toBeLessThan(60_000)
  // a key holds the second and the release: two backups of one release within a second would refuse each other
  const proof = await step({ command: 'backup\nverify-backup\nrestore-drill', release: 'v2', smoke: 'db/smoke' })
  expect(proof.ended.stdout).not.toMatch(/\bverified\b|\bOK\b/i)
  expect(proof.outputs.get('restore-drill-level')).toBe('usable')
  expect(proof.result?.verdict).toBe('pass')

  const again = await step({ command: 'migrate', phase: 'pre' })
  expect(again.outputs.get('migrate-applied')).toBe('0')
  const records = await readdir(join(project.dir, 'store/shop/records/5c1e0aa5c1e0aa5c1e0aa5c1e0aa5c1e0aa5c1e0/production'))
  expect(records.map((name) => name.replace(/^\d{8}T\d{6}Z-/, ''))).toEqual(
    expect.arrayContaining(['plan-4711.1.json', 'backup-4711.1.json', 'restore-drill-4711.1.json']),
  )
})
