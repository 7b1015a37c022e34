import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { lockKeys } from '../../../src/migration/layouts/golang-migrate/lock-keys.ts'
import { golangMigrate } from '../../../src/migration/layouts/golang-migrate.ts'
import { byVersion } from '../../../src/migration/migration.ts'

const source = (name: string, text = 'select 1;') => ({ name, path: `db/${name}`, bytes: Buffer.from(text) })
const read = (...files: ReturnType<typeof source>[]) => golangMigrate.read(files, 'pre', {})
const codeOf = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

test('reads pairs of files, and orders them by number', () => {
  const files = ['10_ten.up.sql', '2_two.up.sql', '2_two.down.sql', 'README.md', 'seed.sql'].map((name) => source(name))
  expect([...read(...files)].sort(byVersion).map(({ id, version, down }) => [id, version, down?.text])).toEqual([
    ['2_two', '2', 'select 1;'],
    ['10_ten', '10', undefined],
  ])
})

test('says how many files show it', () => {
  expect(golangMigrate.recognizes([source('1_a.up.sql'), source('1_a.down.sql'), source('seed.sql')])).toBe(
    '2 of 3 files are numbered .up.sql and .down.sql files',
  )
  expect(golangMigrate.recognizes([source('1_a.sql')])).toBeUndefined()
})

test.each([
  ['an ending in capital letters', '1_a.UP.sql', 'invalid-migration'],
  ['a number without a direction', '0002_b.sql', 'invalid-migration'],
  ['a number without a name', '2.up.sql', 'invalid-migration'],
  ['a name before the number', 'v2_b.up.sql', 'invalid-migration'],
  ['a space before the number', ' 2_b.down.sql', 'invalid-migration'],
  ['an ending that the tool takes too', '1_a.up.sql.bak', 'unsupported-migration'],
  ['a way back without a migration', '1_a.down.sql', 'invalid-migration'],
  ['a number that the table cannot hold', '9223372036854775808_a.up.sql', 'invalid-migration'],
])('refuses %s', (_, name, code) => {
  expect(codeOf(() => read(source(name)))).toBe(code)
})

test('refuses a byte order mark and two ways back of one number', () => {
  expect(codeOf(() => read(source('1_a.up.sql', '\uFEFFselect 1;')))).toBe('invalid-migration')
  expect(codeOf(() => read(source('1_a.up.sql'), source('1_a.down.sql'), source('01_b.down.sql')))).toBe('duplicate-version')
})

describe('outside a transaction', () => {
  test.each([
    ['create index concurrently i on t (a);', false],
    ["-- a; comment\r\n/* and; another */ CREATE UNIQUE INDEX CONCURRENTLY i on t (a) where b = ';';\n-- end; of it\n", false],
    ['vacuum t', false],
    ['reindex (verbose) table concurrently t;', false],
    ['reindex schema s;', false],
    ['alter table p detach partition c concurrently;', false],
    ['alter table p detach partition c; select 1 as concurrently;', true],
    ['create index concurrently i on t (a); select 1;', true],
    ['create index i on t (a);', true],
    ['select 1; vacuum t;', true],
    ['-- shiplock: no-transaction\nselect 1; select 2;', false],
  ])('%j: %s', (text, transactional) => {
    const [up] = read(source('1_a.up.sql', text), source('1_a.down.sql'))
    const [down] = read(source('1_a.up.sql'), source('1_a.down.sql', text))
    expect([up?.transactional, up?.downTransactional]).toEqual([transactional, true])
    expect([down?.transactional, down?.downTransactional]).toEqual([true, transactional])
  })
})

test('locks the key of a tool with a URL and that of a program with a connection, as unsigned numbers', () => {
  const wide = (name: string) => ((BigInt(crc32(`s\0t\0${name}`)) * 1486364155n) & 0xffff_ffffn).toString()
  expect(lockKeys('shop', { schema: 's', table: 't' })).toEqual([wide('/shop'), wide('shop')])
})
