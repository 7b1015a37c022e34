import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ArchiveRowCounter } from '../../../src/adapters/postgres/archive-rows.ts'
import { countRows } from '../../../src/adapters/postgres/count-rows.ts'
import { findTools, toolEnvironment } from '../../../src/adapters/postgres/tools.ts'
import { runChild } from '../../../src/adapters/process.ts'
import { tableKey } from '../../../src/backup/table-key.ts'
import { dumpDatabase } from '../../postgres/dump.ts'
import { binDir, startServer, type TestServer, uniqueName } from '../../postgres/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** What `pg_restore` prints of a database that is made with this SQL, and what the server itself counts there. */
async function printed(sql: string, options = ''): Promise<{ text: Buffer; counted: ReadonlyMap<string, number> }> {
  const database = uniqueName('printed')
  await server.query(`create database ${database} ${options}`)
  await server.query(sql, database)
  await using dump = await dumpDatabase(server, database)
  const { binDir: programs } = await findTools({
    major: server.major,
    set: 'client',
    binDir,
    install: false,
    env: process.env,
    say: () => {},
  })
  const path = join(dump.path, '../data.sql')
  const env = toolEnvironment(process.env)
  const { exitCode, stderr } = await runChild(join(programs, 'pg_restore'), ['--section=data', `--file=${path}`, dump.path], { env })
  if (exitCode !== 0) throw new Error(stderr)
  const client = new pg.Client(server.url(database))
  await client.connect()
  try {
    return { text: await readFile(path), counted: await countRows(client) }
  } finally {
    await client.end()
  }
}

function counts(text: Buffer, chunkBytes = text.length): ReadonlyMap<string, number> | undefined {
  const counter = new ArchiveRowCounter()
  for (let at = 0; at < text.length; at += chunkBytes) counter.write(text.subarray(at, at + chunkBytes))
  return counter.result()
}

/** Both sides by the same key; tables without rows need not be in an archive. */
async function expectEqual(sql: string, options = ''): Promise<Buffer> {
  const { text, counted } = await printed(sql, options)
  const rows = [...(counts(text) ?? [])].filter(([, count]) => count > 0)
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries([...counted].filter(([, count]) => count > 0).map(([name, count]) => [tableKey(name), count])),
  )
  expect(rows.length).toBeGreaterThan(0)
  return text
}

const awkward = `
  create table plain as select i, md5(i::text) from generate_series(1, 1000) i;
  create table "q""x
COPY public.plain (i) FROM stdin;
y" ("a
b" int, "c;""d') FROM stdin;" text);
  insert into "q""x
COPY public.plain (i) FROM stdin;
y" values (1, E'\\\\.\\n\\\\.\\nCOPY public.plain (i) FROM stdin;\\n'), (2, null), (3, '\\.'), (4, '');
  create schema "a.b"; create table "a.b"."c.d" as select 1; create table "user" as select 1; create table "größe 東京" as select 1;
  create table nothing (); insert into nothing default values; insert into nothing default values;
  create table computed (a int generated always as (1) stored); insert into computed default values;
  create table empty (x int);
  create table wide as select repeat('x', 30000) as x from generate_series(1, 3);
  create sequence "s'1
COPY public.plain (i) FROM stdin;
";
  select lo_from_bytea(0, repeat(E'COPY public.plain (i) FROM stdin;\\n', 3000)::bytea), lo_from_bytea(0, '')`

describe('the rows that pg_restore prints', () => {
  test('are counted under their own table, whatever names, rows and large objects hold', async () => {
    await expectEqual(awkward)
  })

  test('are the same however the text is cut into pieces', async () => {
    const { text } = await printed(awkward)
    const whole = counts(text)

    for (const size of [1, 2, 3, 7, 64, 4096]) expect(counts(text, size)).toEqual(whole)
  })

  test('of a partition that is printed under the name of its parent are its own', async () => {
    const text = await expectEqual(`
      create type mood as enum ('a', 'b', 'c'); create table parted (m mood, n int) partition by hash (m);
      create table part_0 partition of parted for values with (modulus 2, remainder 0);
      create table "part
1" partition of parted for values with (modulus 2, remainder 1);
      insert into parted select (array['a', 'b', 'c'])[1 + i % 3]::mood, i from generate_series(1, 30) i; create table after as select 1`)
    expect(text.toString()).toContain('load via partition root')
  })

  test.each([
    ['LATIN1', 'größe'],
    ['WIN1251', 'таблица'],
    ['EUC_JP', '東京'],
    ['SQL_ASCII', 'größe'],
  ])('are found under names in %s', async (encoding, name) => {
    await expectEqual(`create table "${name}" as select 1`, `encoding ${encoding} template template0 locale 'C'`)
  })

  test('are not told apart by names in an encoding that cannot be read here, nor by none at all', async () => {
    const text = 'SET client_encoding = \'MULE_INTERNAL\';\nCOPY public."gr\xf6\xdfe" (x) FROM stdin;\n1\n\\.\n'
    expect(counts(Buffer.from(text, 'latin1'))).toBeUndefined()
    expect(counts(Buffer.from(text.replace('gr\xf6\xdfe', 'plain'), 'latin1'))).toEqual(new Map([['"public"."plain"', 1]]))
  })

  test('are given up where a statement never ends, instead of keeping all of it', () => {
    expect(counts(Buffer.alloc(4_000_000, 'x'), 65_536)).toBeUndefined()
  })
})
