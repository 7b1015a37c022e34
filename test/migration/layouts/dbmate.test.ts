import { expect, test } from 'vitest'
import { dbmate } from '../../../src/migration/layouts/dbmate.ts'
import { byVersion } from '../../../src/migration/migration.ts'

const source = (name: string, text = '-- migrate:up\n-- migrate:down\n') => ({ name, path: `db/${name}`, bytes: Buffer.from(text) })
const readOne = (text: string) => dbmate.read([source('1_a.sql', text)], 'pre', {})[0]
const messageOf = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    return (error as Error).message
  }
  return undefined
}

test('orders by number, and leaves out what dbmate leaves out', () => {
  const files = ['10_ten.sql', '2two.sql', 'README.md'].map((name) => source(name))
  const migrations = dbmate.read([...files, source('seed.sql', 'select 1;')], 'pre', {})
  expect([...migrations].sort(byVersion).map(({ id, version }) => [id, version])).toEqual([
    ['2two', '2'],
    ['10_ten', '10'],
  ])
})

test('says how many files show it', () => {
  expect(dbmate.recognizes([source('1_a.sql'), source('2_b.sql', 'select 1;'), source('a.md')])).toBe('1 of 2 files carry -- migrate:up')
  expect(dbmate.recognizes([source('1_a.sql', '-- +goose Up\n')])).toBeUndefined()
})

test('cuts at the first mark of each part, whatever stands in strings and bodies', () => {
  const up = "-- migrate:up\ncreate function f() returns text language sql as $a$ select $b$ ; '-- migrate:down' $b$ $a$;\n"
  const found = readOne(`-- head; of it\r\n\r\n${up}-- migrate:down\ndrop function f;\n`)
  expect([found?.up.text, found?.down?.text]).toEqual([up, '-- migrate:down\ndrop function f;\n'])
})

test.each([
  ['-- migrate:up transaction:false', false],
  ['--migrate:up\ttransaction:false\r', false],
  ['-- migrate:up other:x transaction:false', false],
  ['-- migrate:up transaction:true transaction:false', false],
  ['-- migrate:up transaction:FALSE', true],
  ['-- migrate:up transaction:false:x', true],
  ['-- migrate:up', true],
])('%j: in a transaction, %s', (line, transactional) => {
  expect(readOne(`${line}\nselect 1;\n-- migrate:down transaction:false\n`)).toMatchObject({ transactional, downTransactional: false })
  expect(readOne(`${line}\nselect 1;\n-- migrate:down\n`)).toMatchObject({ transactional, downTransactional: true })
})

test.each([
  ['-- migrate:down\n', 'db/1_a.sql has no line "-- migrate:up".'],
  ['-- migrate:up\n', 'db/1_a.sql has no line "-- migrate:down".'],
  ['-- migrate:upper\n-- migrate:down\n', 'db/1_a.sql has no line "-- migrate:up".'],
  [' -- migrate:up\n-- migrate:down\n', 'db/1_a.sql has no line "-- migrate:up".'],
  ['\n-- migrate:down\n-- migrate:up\n', 'db/1_a.sql:2:1 has "-- migrate:down" before "-- migrate:up".'],
  ['-- a\nselect 1;\n-- migrate:up\n-- migrate:down\n', 'db/1_a.sql:2:1 has a statement before "-- migrate:up".'],
  ['-- migrate:up\n-- migrate:down\n-- migrate:up\n-- migrate:down\n', /^db\/1_a\.sql:3:1 is a second "-- migrate:up"/],
  ['-- migrate:up\n-- migrate:up\n-- migrate:down\n', /^db\/1_a\.sql:2:1 is a second "-- migrate:up"/],
  ['-- migrate:up\n-- migrate:down\n-- migrate:down x:y\n', /^db\/1_a\.sql:3:1 is a second "-- migrate:down"/],
  [
    '\uFEFF-- migrate:up\n-- migrate:down\n',
    'db/1_a.sql:1:1 begins with a byte order mark, which dbmate takes for a part of the first line.',
  ],
])('refuses %j', (text, message) => {
  const said = messageOf(() => readOne(text))
  typeof message === 'string' ? expect(said).toBe(message) : expect(said).toMatch(message)
})

test('refuses names whose order as text is not that of their numbers, also between the folders', () => {
  const read = (phase: 'pre' | 'post', ...names: string[]) =>
    dbmate.read(
      names.map((name) => source(name)),
      phase,
      {},
    )
  expect(messageOf(() => dbmate.refuseTogether?.([...read('pre', '2_a.sql', '9_b.sql'), ...read('post', '10_c.sql')]))).toMatch(
    /^db\/2_a\.sql stands behind 10_c\.sql/,
  )
  expect(messageOf(() => dbmate.refuseTogether?.(read('pre', '02_a.sql', '09_b.sql', '10_c.sql', '20260131120000_d.sql')))).toBeUndefined()
})

test('refuses a marked file that dbmate would never run', () => {
  expect(messageOf(() => dbmate.read([source('add_email.sql')], 'pre', {}))).toMatch(/^db\/add_email\.sql would never run/)
  expect(messageOf(() => dbmate.read([source('1_a.SQL')], 'pre', {}))).toMatch(/^db\/1_a\.SQL would never run/)
})

test('keeps the digits of the file in the version table, leading zeros included', () => {
  const [migration] = dbmate.read([source('007_a.sql')], 'pre', {})
  if (migration === undefined) throw new Error('nothing was read')
  expect(migration).toMatchObject({ version: '7', keptName: '007' })
  expect(dbmate.ledger.record({ schema: 's', table: 't' }, migration, { project: 'p' })).toBe(
    `insert into "s"."t" (version) values ('007')`,
  )
})
