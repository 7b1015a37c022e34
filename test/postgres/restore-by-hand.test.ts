import { rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import { runChild } from '../../src/adapters/process.ts'
import { makeProject, type Project, shiplock } from '../program.ts'
import { awkwardPassword, binDir, startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
let other: TestServer
let project: Project
let path: string

beforeAll(async () => {
  server = await startServer()
  other = await startServer()
  project = await makeProject()
  const { binDir: folder } = await findTools({
    major: server.major,
    set: 'client',
    binDir,
    install: false,
    env: process.env,
    say: () => {},
  })
  path = [folder, process.env.PATH].join(delimiter)
})
afterAll(async () => {
  await project?.[Symbol.asyncDispose]()
  await server?.stop()
  await other?.stop()
})

describe('the commands of a backup that restore it by hand', () => {
  test.each(['shop', `My Shop "it's" $(id) 100%`, '-f', "a='b\\c", 'host=evil.example port=1', 'postgres://x@evil.example/y'])(
    'restore %s, with its roles, on a server that never saw it',
    { timeout: 60_000 },
    async (stem) => {
      const name = `${stem} ${uniqueName('')}`
      const owner = uniqueName('owner')
      const url = await server.createDatabase(name)
      await server.query(
        `create role ${owner}; create table "Orders" (id int primary key, note text); alter table "Orders" owner to ${owner};
         insert into "Orders" select i, md5(i::text) from generate_series(1, 500) i`,
        name,
      )
      const lines = await printedBy(url)
      const ended = await runByHand(lines, other)

      expect(ended.stderr).not.toContain('pg_restore: error')
      expect(ended).toMatchObject({ exitCode: 0 })
      const sum = `select count(*), md5(string_agg(note, ',' order by id)) as notes, (select tableowner from pg_tables where tablename = 'Orders') as owner from "Orders"`
      expect(await other.query(sum, `${name}_restored`)).toEqual(await server.query(sum, name))
      expect(await other.query(sum, `${name}_restored`)).toMatchObject([{ count: '500', owner }])
    },
  )

  test('restore it beside the old one on the same server, whose roles are there already, and with its encoding and order', async () => {
    const name = uniqueName('latin')
    await server.query(`create database ${name} template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'`)
    await server.query(`create table words (word text); insert into words values (U&'caf\\00E9')`, name)
    const ended = await runByHand(await printedBy(server.url(name)), server)

    expect(ended).toMatchObject({ exitCode: 0 })
    const facts = `select word, current_setting('server_encoding') as encoding, (select datcollate from pg_database where datname = current_database()) from words`
    expect(await server.query(facts, `${name}_restored`)).toEqual(await server.query(facts, name))
    expect(await server.query(facts, `${name}_restored`)).toMatchObject([{ word: 'café', encoding: 'LATIN1' }])
  })

  test('stop at an object that is not the one of the manifest', async () => {
    const name = uniqueName('shop')
    const url = await server.createDatabase(name)
    await server.query('create table orders (id int)', name)
    const [fetch = '', ...rest] = await printedBy(url)
    const ended = await runByHand([fetch, 'printf x >> *.dump', ...rest], other)

    expect(ended.exitCode).not.toBe(0)
    expect(ended.stderr).toContain('did NOT match')
    expect(await other.query(`select from pg_database where datname = '${name}_restored'`)).toEqual([])
  })
})

/** The commands that a real backup in a folder prints. */
async function printedBy(url: string): Promise<string[]> {
  const store = `file://${join(project.dir, 'back ups')}`
  const { exitCode, stdout, result } = await shiplock(['backup', '--project', 'shop', '--store', store.replaceAll(' ', '%20')], {
    cwd: project.dir,
    env: { DATABASE_URL: url, SHIPLOCK_PG_BIN_DIR: binDir },
  })
  if (exitCode !== 0) throw new Error(stdout)
  return (result.commands[0] as unknown as { restoreByHand: string[] }).restoreByHand
}

/** As somebody would paste them, in an empty folder of a machine with nothing but PostgreSQL's programs. */
async function runByHand(lines: readonly string[], { port }: TestServer) {
  await using folder = await makeProject({ 'restore.sh': lines.join('\n') })
  const env = { PATH: path, HOME: folder.dir, PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'postgres', PGPASSWORD: awkwardPassword }
  const ended = await runChild('bash', ['-e', 'restore.sh'], { env, cwd: folder.dir })
  await rm(join(folder.dir, 'restore.sh'))
  return ended
}
