import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeScratchCluster } from '../../../src/adapters/postgres/scratch.ts'
import type { ScratchCluster } from '../../../src/drill/scratch.ts'
import { dumpDatabase, dumpOf, type TestDump } from '../../postgres/dump.ts'
import { binDir, startServer, type TestServer, uniqueName } from '../../postgres/server.ts'

let server: TestServer
let root: string
let listener: Server
let connections: number

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'scratch-'))
  await chmod(root, 0o777) // whoever starts a program could write here
  connections = 0
  listener = createServer((socket) => {
    connections++
    socket.destroy()
  })
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done))
})
afterEach(async () => {
  await new Promise((done) => listener.close(done))
  await rm(root, { recursive: true, force: true })
})

const scratch = (given: Partial<Parameters<typeof makeScratchCluster>[0]> = {}) =>
  makeScratchCluster({
    major: server.major,
    encoding: 'UTF8',
    collate: 'C',
    ctype: 'C',
    ours: true,
    binDir,
    install: false,
    roots: [root],
    env: process.env,
    say: () => {},
    signal: new AbortController().signal,
    ...given,
  })

/** A table of this role whose CHECK constraint writes a file and calls the listener when it may, and says nothing when it may not. */
function hostileDump(owner: string): Promise<TestDump> {
  const { port } = listener.address() as AddressInfo
  const program = `touch ${root}/written; chmod 666 ${root}/written; bash -c "exec 3<>/dev/tcp/127.0.0.1/${port}"`
  return dumpOf(
    server,
    `create schema app authorization "${owner}";
     create function app.innocent(int) returns boolean language plpgsql as 'begin return true; end';
     alter function app.innocent owner to "${owner}";
     create table app.t (id int check (app.innocent(id))); alter table app.t owner to "${owner}";
     insert into app.t values (1);
     create or replace function app.innocent(int) returns boolean language plpgsql as $f$
       declare one name;
       begin
         foreach one in array array[current_user, '${owner}', 'postgres'] loop
           begin
             execute format('set local role %I', one);
             execute $$copy (select 1) to program '${program}'$$;
           exception when others then null;
           end;
         end loop;
         return true;
       end $f$`,
  )
}

async function restore(cluster: ScratchCluster, { path }: TestDump): Promise<void> {
  for (const section of ['pre-data', 'data', 'post-data'] as const) await cluster.restore(path, section, AbortSignal.any([]))
}

const value = async (cluster: ScratchCluster, sql: string) => (await cluster.query(sql, 10_000)).rows[0]?.[0]

async function expectHarmless(cluster: ScratchCluster): Promise<void> {
  expect(Object.fromEntries(await cluster.countRows())).toEqual({ 'app.t': 1 })
  expect([existsSync(join(root, 'written')), connections]).toEqual([false, 0])
}

test('the dump would write its file and reach the listener if a superuser restored it', async () => {
  await server.query('create role witness superuser')
  await using dump = await hostileDump('witness')
  await server.query('insert into app.t values (2)', dump.database)
  expect(existsSync(join(root, 'written'))).toBe(true)
  await expect.poll(() => connections).toBeGreaterThan(0)
})

test('a stub named like the bootstrap superuser is a name and nothing more', async () => {
  await using dump = await hostileDump('postgres')
  await using cluster = await scratch()
  await restore(cluster, dump)
  await expectHarmless(cluster)
  expect(await value(cluster, `select rolsuper::text || rolcanlogin from pg_roles where rolname = 'postgres'`)).toBe('falsefalse')
  expect(await value(cluster, `select pg_get_userbyid(relowner) from pg_class where relname = 't'`)).toBe('postgres')
  expect(await value(cluster, `select count(*) from pg_roles where rolsuper and rolname !~ '^drill_[0-9a-f]{12}$'`)).toBe('0')
})

test('neither does a role of the source become one of ours that has its name: ours make way', async () => {
  await using cluster = await scratch()
  const superuser = (await value(cluster, 'select rolname from pg_roles where oid = 10')) as string
  await server.query(`create role "${superuser}"; create role drill_restorer superuser; create role drill_reader`)
  await using dump = await hostileDump(superuser)
  await server.query(
    `alter schema app owner to drill_restorer; create view app.v as select * from app.t; alter view app.v owner to drill_restorer;
     grant select on app.t to drill_reader, drill_restorer`,
    dump.database,
  )
  await using again = await dumpDatabase(server, dump.database)
  await restore(cluster, again)
  await expectHarmless(cluster)
  expect(await value(cluster, 'select rolname from pg_roles where oid = 10')).not.toBe(superuser)
  expect(
    await value(
      cluster,
      `select string_agg(concat_ws(' ', rolname = '${superuser}', rolsuper, rolcanlogin), ', ') from pg_roles where rolname in ('${superuser}', 'drill_restorer', 'drill_reader')`,
    ),
  ).toBe('t f f, f f f, f f f')
  expect(
    await value(cluster, `select string_agg(pg_get_userbyid(relowner), ',' order by relname) from pg_class where relname in ('t', 'v')`),
  ).toBe(`${superuser},drill_restorer`)
})

test.each([['pg_execute_server_program'], ['a role of its own that is one']])(
  'a replayed membership of %s starts no program',
  async (given) => {
    const [owner, between] = [uniqueName('owner'), uniqueName('between')]
    await server.query(`create role "${owner}"; create role "${between}"`)
    const programs = { role: 'pg_execute_server_program', member: given.startsWith('pg_') ? owner : between, options: [] }
    const memberships = given.startsWith('pg_') ? [programs] : [programs, { role: between, member: owner, options: [] }]
    await using dump = await hostileDump(owner)
    await using cluster = await scratch({ roles: { superusers: [], replicators: [], memberships } })
    await restore(cluster, dump)
    await expectHarmless(cluster)
    expect(
      await value(
        cluster,
        `select count(*) from pg_auth_members where pg_get_userbyid(roleid) ~ '^pg_' and pg_get_userbyid(member) !~ '^pg_' and pg_get_userbyid(member) <> 'drill_reader'`,
      ),
    ).toBe('0')
  },
)
