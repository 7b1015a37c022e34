import { chmod, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runAmcheck } from '../../../src/adapters/postgres/amcheck.ts'
import type { OpenClient } from '../../../src/adapters/postgres/client.ts'
import { makeScratchCluster } from '../../../src/adapters/postgres/scratch.ts'
import { findTools } from '../../../src/adapters/postgres/tools.ts'
import { dumpOf } from '../../postgres/dump.ts'
import { binDir, startServer, type TestServer } from '../../postgres/server.ts'

let server: TestServer
let root: string
beforeAll(async () => {
  server = await startServer()
  root = await mkdtemp(join(tmpdir(), 'amcheck-'))
  await chmod(root, 0o711) // the server's account passes through
})
afterAll(async () => {
  await server.stop()
  await rm(root, { recursive: true })
})

const tools = () => findTools({ major: server.major, set: 'server', binDir, install: false, env: process.env, say: () => {} })

async function checked(sql: string, programs = binDir) {
  await using dump = await dumpOf(server, sql)
  const plain = { encoding: 'UTF8', collate: 'C', ctype: 'C', ours: true, install: false, env: process.env, say: () => {} }
  await using cluster = await makeScratchCluster({
    ...plain,
    major: server.major,
    binDir: programs,
    roots: [root],
    signal: new AbortController().signal,
  })
  for (const section of ['pre-data', 'data', 'post-data'] as const) await cluster.restore(dump.path, section, AbortSignal.any([]))
  return await cluster.amcheck()
}

describe('pg_amcheck on the copy', () => {
  test('passes tables and indexes that are whole', async () => {
    expect(
      await checked(`create table t (id int primary key, name text); insert into t select i, 'n' || i from generate_series(1, 1000) i`),
    ).toEqual({
      passed: true,
    })
  })

  test('finds an index that does not hold what its table does, and keeps rows to itself', async () => {
    const result = await checked(
      `create table t (email text); insert into t select 'user' || i || '@example.org' from generate_series(1, 50) i;
       create function f(text) returns text language plpgsql immutable as $$ begin return $1 || random(); end $$;
       create index shaky on t (f(email))`,
    )
    expect(result).toEqual({
      problem: expect.stringMatching(/btree index "\w+\.public\.shaky":\n\s+ERROR: .*lacks matching index tuple within index "shaky"/),
    })
    expect(JSON.stringify(result)).not.toContain('example.org')
  })

  test('is missing, with the reason, where the program is not installed', async () => {
    const { binDir: all, major } = await tools()
    const without = join(root, 'bin')
    await mkdir(without)
    for (const name of await readdir(all)) if (name !== 'pg_amcheck') await symlink(join(all, name), join(without, name))
    expect(await checked('create table t ()', without)).toEqual({ missing: `pg_amcheck ${major} is not installed` })
  })

  test('is missing where the server does not have its extension, or it could not look', async () => {
    const options = {
      tools: await tools(),
      account: undefined,
      folder: root,
      env: {},
      database: 'x',
      jobs: 1,
      signal: new AbortController().signal,
    }
    const serverWith = (rowCount: number) => async () =>
      ({ client: { query: async () => ({ rowCount }) }, [Symbol.asyncDispose]: async () => {} }) as unknown as OpenClient
    expect(await runAmcheck({ ...options, connect: serverWith(0) })).toEqual({
      missing: 'its extension is missing (postgresql-contrib)',
    })
    expect(await runAmcheck({ ...options, env: { PGHOST: root }, connect: serverWith(1) })).toEqual({
      missing: expect.stringMatching(/^pg_amcheck could not look at all of it: .*connection to server/),
    })
  })
})

describe('the role of the smoke queries', () => {
  test('has no power over the server, and may write nothing, whatever it tries', async () => {
    await using dump = await dumpOf(
      server,
      `create schema app; create table app.t (id int); create sequence app.s; create view v as select * from app.t; select lo_from_bytea(7, 'x')`,
    )
    await using cluster = await makeScratchCluster({
      ...{ encoding: 'UTF8', collate: 'C', ctype: 'C', ours: true, install: false, env: process.env, say: () => {} },
      ...{ major: server.major, binDir, roots: [root], signal: new AbortController().signal },
    })
    for (const section of ['pre-data', 'data', 'post-data'] as const) await cluster.restore(dump.path, section, AbortSignal.any([]))
    const answer = async (sql: string) => (await cluster.query(sql, 5000)).rows
    expect(await answer(`select count(*) from pg_class c where relname in ('t', 'v') and has_table_privilege(c.oid, 'select')`)).toEqual([
      ['2'],
    ])
    expect(
      await answer(`select rolname::text from pg_roles where pg_has_role(current_user, oid, 'member') and rolname not in ('pg_read_all_data', 'pg_database_owner')
        and (starts_with(rolname, 'pg_') or rolsuper or rolcreaterole or rolcreatedb or rolreplication)`),
    ).toEqual([])
    for (const [sql, code] of [
      ['delete from app.t', '25006'],
      [`select nextval('app.s')`, '25006'],
      ['create temp table mine (i int)', '25006'],
      [`do $$ begin set transaction read write; delete from app.t; end $$`, '25001'],
      [`do $$ begin perform set_config('transaction_read_only', 'off', false); delete from app.t; end $$`, '25001'],
      [`do $$ begin commit; delete from app.t; end $$`, '2D000'],
      [`do $$ begin rollback; end $$`, '2D000'],
    ] as const) {
      await expect(cluster.query(sql, 5000), sql).rejects.toMatchObject({ code })
    }
    await cluster.query(`select lo_put(7, 0, 'y')`, 5000).catch(() => {}) // an error from 16 on
    expect(await answer('select lo_get(7)')).toEqual([['\\x78']])
    await cluster.query('set session characteristics as transaction read write', 5000)
    await expect(cluster.query('delete from app.t', 5000)).rejects.toMatchObject({ code: '25006' }) // a session of its own
  })
})
