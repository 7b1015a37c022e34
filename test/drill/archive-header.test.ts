import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readArchiveHeader } from '../../src/drill/archive-header.ts'
import { dumpOf, type TestDump } from '../postgres/dump.ts'
import { startServer, type TestServer } from '../postgres/server.ts'

let server: TestServer
let dump: TestDump
let bytes: Buffer
let folder: string
beforeAll(async () => {
  server = await startServer()
  folder = await mkdtemp(join(tmpdir(), 'header-'))
  dump = await dumpOf(
    server,
    `create schema "odd ""one"; create extension pg_trgm with schema "odd ""one"; create extension hstore;
     create table "Ünicode" (t text); comment on table "Ünicode" is '${'long '.repeat(40_000)}'`,
  )
  bytes = await readFile(dump.path)
})
afterAll(async () => {
  await dump[Symbol.asyncDispose]()
  await server.stop()
  await rm(folder, { recursive: true })
})

async function read(content: Buffer | string) {
  const path = join(folder, 'given.dump')
  await writeFile(path, content)
  return readArchiveHeader(path, 'given.dump')
}
const problem = (content: Buffer | string) =>
  read(content).then(
    () => 'accepted',
    (error) => `${error.code}: ${error.message}`,
  )

describe('the header of an archive', () => {
  test('says which server and program wrote it, when, in which encoding, and which extensions it needs', async () => {
    const header = await read(bytes)
    expect(header).toMatchObject({
      database: dump.database,
      encoding: 'UTF8',
      serverVersion: expect.stringMatching(new RegExp(`^${server.major}\\.`)),
      clientVersion: expect.stringContaining(dump.clientVersion),
      extensions: expect.arrayContaining([
        { name: 'pg_trgm', schema: 'odd "one' },
        { name: 'hstore', schema: 'public' },
      ]),
    })
    expect(Math.abs(header.writtenAt.getTime() - Date.now())).toBeLessThan(15 * 3_600_000)
  })

  test('knows the encoding of a database that is not in UTF8', async () => {
    await server.query(`create database latin encoding 'LATIN1' locale 'C' template template0`)
    await using latin = await dumpOf(server, '', ['--dbname=latin'])
    expect((await readArchiveHeader(latin.path, 'x')).encoding).toBe('LATIN1')
  })

  test.each([11, 60, 3000])('that ends after %i bytes is damaged', async (length) => {
    expect(await problem(bytes.subarray(0, length))).toBe('backup-damaged: given.dump is not whole: its table of contents is cut off.')
  })

  test('of a version that nobody knows yet is not guessed at', async () => {
    const future = Buffer.from(bytes)
    future[6] = 99
    expect(await problem(future)).toBe('tool-not-found: given.dump has the archive version 1.99; 1.12 to 1.16 can be restored.')
  })

  test('with a length that cannot be is damaged, and nothing waits for it', async () => {
    const hostile = Buffer.from(bytes)
    hostile.fill(0x7f, 52, 56) // how long the name of the database is
    expect(await problem(hostile)).toMatch(/^backup-damaged: given.dump is not whole/)
  })
})

describe('what is no archive in the custom format is refused by its first bytes', () => {
  test.each([
    ['-- PostgreSQL database dump\n\\restrict x\nselect 1;', 'invalid-input: given.dump is plain SQL or another text, and'],
    [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]), 'invalid-input: given.dump is compressed with gzip, and'],
    [Buffer.concat([Buffer.alloc(257), Buffer.from('ustar\0')]), 'invalid-input: given.dump is a dump in the tar format, or'],
    ['age-encryption.org/v1\n', 'invalid-input: given.dump is encrypted with age, and'],
    ['', 'backup-damaged: given.dump is empty.'],
    [Buffer.alloc(900), 'backup-damaged: given.dump does not begin as a dump of pg_dump does.'],
  ])('%#', async (content, expected) => {
    expect(await problem(content)).toContain(expected)
  })

  test('and so is the table of contents of a directory', async () => {
    const toc = Buffer.from(bytes)
    toc[10] = 3
    expect(await problem(toc)).toContain('invalid-input: given.dump is the table of contents of a dump in the directory or tar format')
  })
})
