import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeProject, type Project, shiplock } from '../program.ts'
import { awkwardPassword, startServer, type TestServer } from './server.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/roles.md'), 'utf8')
const [migrator = '', ownSchema = '', reader = '', backup = ''] = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(
  ([, sql]) => sql as string,
)

let server: TestServer
let project: Project
beforeAll(async () => {
  server = await startServer()
  await server.query(`create role shop login password '${awkwardPassword.replaceAll("'", "''")}'`)
  await server.query('create database shop owner shop')
  await server.query('alter schema public owner to shop; revoke create on schema public from public', 'shop')
  project = await makeProject({
    'shiplock.yml': 'project: shop\nenvironment: production\nrole: shop\n',
    'db/migrations/1_users.sql': "create table users (id int, name text);\ninsert into users values (1, 'ann');\n",
    'db/migrations/2_email.sql': 'alter table users add email text;',
  })
})
afterAll(async () => {
  await server.stop()
  await project[Symbol.asyncDispose]()
})

async function as(role: string, ...args: string[]) {
  const url = new URL(server.url('shop'))
  url.username = role
  url.password = 'change-me'
  const { result, exitCode } = await shiplock(args, { cwd: project.dir, env: { DATABASE_URL: url.href } })
  return { exitCode, reason: result.commands[0]?.reason, command: result.commands[0] }
}

test('each role of the documentation can do its own work, and not that of another', async () => {
  await server.query(migrator, 'shop')
  expect(await as('shop_migrator', 'migrate', '--phase', 'pre')).toMatchObject({ exitCode: 0 })
  expect(await as('shop_migrator', 'record', 'deployed', '--release', 'v1')).toMatchObject({ exitCode: 0 })
  expect(await server.query("select tableowner from pg_tables where tablename = 'users'", 'shop')).toEqual([{ tableowner: 'shop' }])

  await server.query(`${reader}${backup}`, 'shop')
  await project.write({
    'shiplock.yml': 'project: shop\nenvironment: production\n',
    'db/migrations/3_age.sql': 'alter table users add age int;',
  })
  expect(await as('shop_reader', 'plan')).toMatchObject({ exitCode: 0, reason: expect.stringContaining('1 migration would run') })
  expect(await as('shop_reader', 'ledger', 'show')).toMatchObject({ exitCode: 0, reason: expect.stringContaining('v1 is live') })
  expect((await as('shop_reader', 'migrate', '--phase', 'pre')).command?.error?.code).toBe('insufficient-rights')
  expect(await as('shop_backup', 'backup', '--store', `file://${project.dir}/store`)).toMatchObject({ exitCode: 0 })
  expect((await as('shop_backup', 'migrate', '--phase', 'pre')).command?.error?.code).toBe('insufficient-rights')
})

test('the reader notes the verdict of a canary', async () => {
  const check = { id: 'users', kind: 'gauge', sql: 'select count(*) from users', window: '1s', baseline: 'none', max: 0 }
  await project.write({ 'shiplock.yml': `project: shop\nenvironment: production\ncanary: ${JSON.stringify({ checks: [check] })}\n` })
  const watched = await as('shop_reader', 'canary', '--duration', '3s', '--warmup', '0s', '--settle', '0s')
  expect(watched.command).toMatchObject({ verdict: 'abort', record: { noted: true, postBarred: true } })
})

test('a schema that a DBA made is enough, where nobody may make one', async () => {
  await server.query('create database strict owner postgres')
  await server.query(`alter schema public owner to shop; ${ownSchema} revoke create on database strict from public`, 'strict')
  await project.write({ 'shiplock.yml': 'project: shop\nenvironment: production\nrole: shop\n' })
  const url = server
    .url('strict')
    .replace('postgres:', 'postgres:')
    .replace(/\/\/postgres:[^@]*@/, '//shop_migrator:change-me@')
  const { exitCode, result } = await shiplock(['migrate', '--phase', 'pre'], { cwd: project.dir, env: { DATABASE_URL: url } })
  expect([exitCode, result.commands[0]?.reason]).toEqual([0, expect.stringContaining('applied')])
})
