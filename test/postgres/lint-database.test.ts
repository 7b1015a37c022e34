import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeProjects()
})

/** The files tell nothing of the table: somebody made it by hand. */
async function release() {
  const made = await makeRelease(server, {
    'db/migrations/1_init.sql': 'select 1;',
    'db/migrations/2_name.sql': 'alter table customers alter column name set not null;',
    'shiplock.yml': 'lint: { rules: { require-down: off, require-post-for-constraints: off } }\n',
  })
  await made.query(
    'create table customers (id bigint primary key, name text); alter table customers add constraint named check (name is not null) not valid',
  )
  const findings = async (...args: string[]) => {
    const { exitCode, result } = await made.run('lint', '--paths', 'db/migrations/2_name.sql', ...args)
    const [command] = result.commands
    return { exitCode, error: command?.error, rules: (command?.findings as { rule: string }[] | undefined)?.map(({ rule }) => rule) }
  }
  return { ...made, findings }
}

test('a statement is judged by what the database holds, where the files do not tell', async () => {
  const { findings, query } = await release()
  expect((await findings('--schema-from', 'database')).rules).toEqual(['adding-not-nullable-field'])
  await query('alter table customers validate constraint named')
  expect(await findings('--schema-from', 'database')).toMatchObject({ exitCode: 0, rules: [] })
  expect((await findings()).rules).toEqual(['adding-not-nullable-field'])
})

test('nothing is asked of a database that is only named', async () => {
  const { findings } = await release()
  const unreachable = ['--database-url', 'postgres://nobody@127.0.0.1:1/none']
  expect((await findings(...unreachable)).rules).toEqual(['adding-not-nullable-field'])
  expect((await findings(...unreachable, '--schema-from', 'database')).error?.code).toBe('connection-failed')
})
