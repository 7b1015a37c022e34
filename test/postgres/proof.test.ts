import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeArchive } from '../../src/adapters/postgres/archive.ts'
import { findTools, type Tools, toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import { runChild } from '../../src/adapters/process.ts'
import { inspect } from '../../src/backup/read-back.ts'
import { memoryStore } from '../fakes/store.ts'
import { shiplock } from '../program.ts'
import { dumpDatabase } from './dump.ts'
import { afterThisSecond, makeRelease, removeProjects } from './release.ts'
import { binDir, startServer, type TestServer, uniqueName } from './server.ts'

const never = new AbortController().signal
const rows = 20_000
let server: TestServer
let tools: Tools
let database: string
let reader: string

beforeAll(async () => {
  server = await startServer()
  tools = await findTools({ major: server.major, set: 'client', binDir, install: false, env: process.env, say: () => {} })
  database = uniqueName('proof')
  reader = uniqueName('reader')
  await server.createDatabase(database)
  await server.query(contents(), database)
})
afterAll(async () => {
  await removeProjects()
  await server?.stop()
})

function contents(): string {
  return `create table events as select i as id, md5(i::text) as body from generate_series(1, ${rows}) i;
    create table audit as select * from events where id <= 10;
    create role ${reader}; grant select on events, audit to ${reader};
    alter table events enable row level security; create policy few on events to ${reader} using (id <= 10)`
}

/** What the server counted, whatever came of it in the dump. */
const tables = [
  { name: 'public.audit', rows: 10 },
  { name: 'public.events', rows },
]

async function dumped(...args: string[]): Promise<Buffer> {
  await using dump = await dumpDatabase(server, database, args)
  return readFile(dump.path)
}

/** Every look at a stored object whose manifest was written for other bytes, perhaps: what it is satisfied with. */
async function looks(stored: Buffer, written: Buffer): Promise<Record<string, string>> {
  const store = memoryStore()
  store.objects.set('a.dump', stored)
  const sha256 = createHash('sha256').update(written).digest('hex')
  const expected = { key: 'a.dump', sizeBytes: written.length, sha256, tables }
  const decode = (archive: Parameters<typeof decodeArchive>[0]) => decodeArchive(archive, tools, process.env, never)
  const { level, checks } = await inspect(store, expected, 'read-back', decode, never)
  return { list: await listed(stored), level, ...Object.fromEntries(checks.map(({ id, status }) => [id, status])) }
}

/** The look that many are content with. */
async function listed(archive: Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'listed-'))
  try {
    await writeFile(join(folder, 'archive'), archive)
    const env = toolEnvironment(process.env)
    const { exitCode } = await runChild(join(tools.binDir, 'pg_restore'), ['--list', join(folder, 'archive')], { env })
    return exitCode === 0 ? 'pass' : 'fail'
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const changed = (bytes: Buffer, at: number, change: (byte: number) => number) => {
  const copy = Buffer.from(bytes)
  copy[at] = change(copy[at] as number)
  return copy
}

describe('a weaker look is content with', () => {
  test('a whole backup, and so is every stronger one', async () => {
    const whole = await dumped()

    expect(await looks(whole, whole)).toEqual({
      list: 'pass',
      level: 'read-back',
      landed: 'pass',
      sha256: 'pass',
      decoded: 'pass',
      'archive-rows': 'pass',
    })
  })

  test('one flipped bit in compressed rows: its size and its list are right, its hash and its content are not', async () => {
    const whole = await dumped('--compress=1')
    const flipped = changed(whole, whole.length >> 1, (byte) => byte ^ 4)

    expect(await looks(flipped, whole)).toMatchObject({ list: 'pass', level: 'landed', landed: 'pass', sha256: 'fail', decoded: 'fail' })
  })

  test('a lost end that was filled up to the right size', async () => {
    const whole = await dumped('--compress=1')
    const cut = Math.floor(whole.length * 0.6)
    const padded = Buffer.concat([whole.subarray(0, cut), Buffer.alloc(whole.length - cut)])

    expect(await looks(padded, whole)).toMatchObject({ list: 'pass', level: 'landed', landed: 'pass', sha256: 'fail', decoded: 'fail' })
  })

  test('another character in a row that is not compressed: only the hash sees it, and no decoder can', async () => {
    const whole = await dumped('--compress=0')
    const other = changed(whole, whole.lastIndexOf('c4ca4238a0b923820dcc509a6f75849b'), (byte) => byte ^ 2)

    expect(other.equals(whole)).toBe(false)
    expect(await looks(other, whole)).toEqual({
      list: 'pass',
      level: 'landed',
      landed: 'pass',
      sha256: 'fail',
      decoded: 'pass',
      'archive-rows': 'pass',
    })
  })

  test('another whole backup of the same size in its place', async () => {
    const whole = await dumped('--compress=0')
    await server.query('update audit set body = reverse(body)', database)
    const other = await dumped('--compress=0')

    expect(other.length).toBe(whole.length)
    expect(await looks(other, whole)).toMatchObject({
      list: 'pass',
      landed: 'pass',
      sha256: 'fail',
      decoded: 'pass',
      'archive-rows': 'pass',
    })
  })

  test.each([
    ['the rows of a table were left out', ['--exclude-table-data=audit']],
    ['row-level security hid rows', ['--enable-row-security', '--role']],
  ])('a whole dump in which %s: its hash and its content are right, its rows are not', async (_, args) => {
    const lacking = await dumped(...args.map((arg) => (arg === '--role' ? `--role=${reader}` : arg)))

    expect(await looks(lacking, lacking)).toEqual({
      list: 'pass',
      level: 'landed',
      landed: 'pass',
      sha256: 'pass',
      decoded: 'pass',
      'archive-rows': 'fail',
    })
  })
})

describe('a pg_dump that leaves rows out', () => {
  test('makes no backup, and the result says which rows are missing', async () => {
    const { project, env } = await makeRelease(server, {})
    await server.query(
      'create table kept as select 1; create table lost as select generate_series(1, 7)',
      env.DATABASE_URL.split('/').at(-1),
    )
    const honest = await shiplock(['backup'], { cwd: project.dir, env })
    await afterThisSecond()
    const lacking = await shiplock(['backup', '--pg-bin-dir', await wrapped('--exclude-table-data=lost')], { cwd: project.dir, env })

    expect(honest.result.commands[0]).toMatchObject({
      verdict: 'pass',
      checks: expect.arrayContaining([{ id: 'archive-rows', status: 'pass', value: 8 }]),
    })
    expect(lacking).toMatchObject({ exitCode: 1, result: { commands: [{ verdict: 'fail', error: { code: 'backup-failed' } }] } })
    expect(lacking.result.commands[0]?.error?.message).toContain('public.lost has 0 of 7 rows')
    expect(lacking.result.commands[0]?.checks.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'dump-exit pass',
      'landed pass',
      'sha256 pass',
      'decoded pass',
      'archive-rows fail',
    ])
  })
})

/** PostgreSQL's programs, where `pg_dump` does a little less than it is told. */
async function wrapped(argument: string): Promise<string> {
  const { project } = await makeRelease(server, { 'bin/pg_dump': `#!/bin/sh\nexec ${join(tools.binDir, 'pg_dump')} "$@" ${argument}\n` })
  const folder = join(project.dir, 'bin')
  await chmod(join(folder, 'pg_dump'), 0o755)
  await chmod(project.dir, 0o755) // an archive is decoded under another account
  for (const name of ['pg_restore', 'pg_config']) await symlink(join(tools.binDir, name), join(folder, name))
  return folder
}
