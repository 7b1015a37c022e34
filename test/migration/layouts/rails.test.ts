import { describe, expect, test } from 'vitest'
import { majorReason } from '../../../src/migration/destructive.ts'
import { rails } from '../../../src/migration/layouts/rails.ts'
import { prepareScript } from '../../../src/migration/script.ts'

const ruby = 'class A < ActiveRecord::Migration[7.1]\n  def change\n  end\nend\n'
const file = (name: string, text = ruby) => ({ path: `db/migrate/${name}`, name, bytes: Buffer.from(text) })
const read = (...files: ReturnType<typeof file>[]) => rails.read(files, 'pre', {})

describe('a file', () => {
  test.each([
    ['20260101000001_create_users.rb', '20260101000001', '20260101000001_create_users'],
    ['0007_early.rb', '7', '0007_early'],
    ['7_.rb', '7', '7_'],
    ['20260105000005_from_engine.shop.rb', '20260105000005', '20260105000005_from_engine.shop'],
    ['shop/20260105000005_in_a_folder.rb', '20260105000005', '20260105000005_in_a_folder'],
  ])('is a migration by its name, at whatever depth: %s', (name, version, id) => {
    expect(read(file(name))).toMatchObject([{ version, id, transactional: true, down: undefined, notSql: 'Ruby' }])
  })

  test.each(['20260101_Create.rb', '20260101_a-b.rb', '20260101_a.B.rb', 'add_email.rb', '20260101.rb'])(
    'is refused where Rails stops, or would leave a migration out without a word: %s',
    (name) => {
      expect(() => read(file(name))).toThrow(expect.objectContaining({ code: 'invalid-migration' }))
    },
  )

  test('that Rails takes for none is left alone', () => {
    expect(read(file('helper.rb', 'module Helper\nend\n'), file('structure.sql', 'select 1'), file('20260101_a.yml', ''))).toEqual([])
  })

  test('keeps its bytes in the checksum, and says whether Rails runs it in a transaction', () => {
    const [one, other, outside] = [ruby, `${ruby}\n`, ruby.replace('  def', '  disable_ddl_transaction!\n\n  def')].map(
      (text) => read(file('1_a.rb', text))[0],
    )
    expect(one?.checksum).toMatch(/^[0-9a-f]{64}$/)
    expect(other?.checksum).not.toBe(one?.checksum)
    expect(outside?.transactional).toBe(false)
  })

  test('takes the marks of Shiplock in comments of Ruby', () => {
    expect(read(file('1_a.rb', `# frozen_string_literal: true\n# shiplock: hotfix\n${ruby}`))).toMatchObject([
      { hotfix: true, major: false },
    ])
    for (const text of [`# shiplock: hotfx\n${ruby}`, `${ruby}# shiplock: hotfix\n`])
      expect(() => read(file('1_a.rb', text))).toThrow(expect.objectContaining({ code: 'invalid-migration' }))
  })
})

test('two files of one class are refused, in one folder and in both together', () => {
  const [one, other] = [file('1_create_users.rb'), file('2_create__users.rb')]
  expect(() => read(one, other)).toThrow(/both of the class CreateUsers/)
  expect(() => rails.refuseTogether?.([...read(one), ...read(other)])).toThrow(/both of the class CreateUsers/)
  expect(read(file('1_create_users.rb'), file('2_createusers.rb'))).toHaveLength(2)
})

test('is told by migrations of ActiveRecord alone: files of other tools, and a folder of SQL, are not taken', () => {
  expect(rails.recognizes([file('1_a.rb'), file('helper.rb', '')])).toBe('1 of 2 files are migrations of ActiveRecord')
  expect(rails.recognizes([file('1_a.rb', 'Sequel.migration do\nend\n')])).toBeUndefined()
  expect(rails.recognizes([file('1_a.rb'), file('2_b.sql', 'select 1')])).toBeUndefined()
})

test('nothing takes an empty text for what the migration does', async () => {
  const [migration] = read(file('1_a.rb'))
  if (migration === undefined) throw new Error('no migration')
  expect(await majorReason(migration)).toBe('not known, it is written in Ruby')
  await expect(prepareScript(migration, 18, rails)).rejects.toThrow('written in Ruby')
})

test('the version is written as Rails writes it, and the lock is that of Rails', () => {
  const [migration] = read(file('0007_early.rb'))
  const table = { schema: 'public', table: 'schema_migrations' }
  expect(rails.ledger.record(table, migration as never, { project: 'shop' })).toBe(
    `insert into "public"."schema_migrations" (version) values ('7')`,
  )
  expect(rails.locks?.('facts', table)).toEqual(['5340510332762266095'])
})
