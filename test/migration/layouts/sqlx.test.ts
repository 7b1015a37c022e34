import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sqlx } from '../../../src/migration/layouts/sqlx.ts'

const file = (name: string, text = 'select 1;') => ({ path: `db/${name}`, name, bytes: Buffer.from(text) })
const read = (...files: ReturnType<typeof file>[]) => sqlx.read(files, 'pre', {})

function refusal(...files: ReturnType<typeof file>[]) {
  try {
    return {
      code: 'accepted',
      message: read(...files)
        .map(({ id }) => id)
        .join(),
    }
  } catch (error) {
    return error as { code: string; message: string }
  }
}

describe('which files it takes', () => {
  test('reads a simple and a reversible migration, each with the checksum that sqlx keeps of its up file', () => {
    const up = 'create table b ();\r\n'
    expect(
      read(
        file('20260101000000_make_a.sql'),
        file('20260102000000_make_b.up.sql', up),
        file('20260102000000_make_b.down.sql', 'drop table b;'),
      ),
    ).toMatchObject([
      { version: '20260101000000', id: '20260101000000_make_a', down: undefined, transactional: true },
      {
        version: '20260102000000',
        id: '20260102000000_make_b',
        path: 'db/20260102000000_make_b.up.sql',
        checksum: createHash('sha384').update(up).digest('hex'),
        up: { text: up },
        down: { text: 'drop table b;' },
      },
    ])
  })

  test.each([
    ['1_a.sql', '1', '1_a'],
    ['+5_a.sql', '5', '+5_a'],
    ['0007_add__email.up.sql', '7', '0007_add__email'],
    ['7_.sql', '7', '7_'],
    ['7_a.sql.sql', '7', '7_a'],
    ['9223372036854775807_last.sql', '9223372036854775807', '9223372036854775807_last'],
  ])('takes %s for version %s', (name, version, id) => {
    expect(read(file(name))).toMatchObject([{ version, id }])
  })

  test.each(['7.sql', '7-a.sql', '7_a.SQL'])('refuses %s, which sqlx would leave out without a word', (name) => {
    expect(refusal(file(name))).toMatchObject({ code: 'invalid-migration', message: expect.stringContaining('never run') })
  })

  test.each(['make_a.sql', '-1_a.sql', ' 7_a.sql', '9223372036854775808_a.sql'])('refuses %s, which has no version', (name) => {
    expect(refusal(file(name))).toMatchObject({ code: 'invalid-migration', message: expect.stringContaining('no version') })
  })

  test('leaves alone what sqlx leaves alone', () => {
    expect(read(file('README.md'), file('schema.sql'), file('1_notes.md'), file('1_a.sql')).map(({ id }) => id)).toEqual(['1_a'])
  })

  test('finds the way back by its version, as sqlx does, and refuses two of them or one alone', () => {
    const back = file('1_undo.down.sql', 'drop table a;')
    expect(read(file('1_a.sql'), back)).toMatchObject([{ down: { text: 'drop table a;' } }])
    expect(refusal(file('1_a.sql'), back, file('1_b.down.sql'))).toMatchObject({ code: 'invalid-migration' })
    expect(refusal(file('2_a.sql'), back)).toMatchObject({ message: 'db/1_undo.down.sql has no migration to take back.' })
  })

  test('refuses a byte order mark, which sqlx sends to the server', () => {
    expect(refusal(file('1_a.sql', '\uFEFFselect 1;'))).toMatchObject({ message: expect.stringContaining('byte order mark') })
  })

  test.each([
    ['-- no-transaction\nvacuum;', false],
    ['-- no-transaction: why\nvacuum;', false],
    ['-- note\n-- no-transaction\nselect 1;', true],
    ['--no-transaction\nselect 1;', true],
    [' -- no-transaction\nselect 1;', true],
  ])('%j: in a transaction is %s', (text, transactional) => {
    expect(read(file('1_a.sql', text))).toMatchObject([{ transactional }])
  })

  test('the way back says for itself whether it runs in a transaction', () => {
    const down = file('1_a.down.sql', '-- no-transaction\ndrop index concurrently i;')
    expect(read(file('1_a.up.sql'), down)).toMatchObject([{ transactional: true, downTransactional: false }])
  })

  test('recognizes a folder by the first line that sqlx writes, and not by names that other tools use too', () => {
    expect(Boolean(sqlx.recognizes([file('1_a.sql'), file('2_b.up.sql', '-- Add up migration script here\n')]))).toBe(true)
    expect(Boolean(sqlx.recognizes([file('1_a.sql', '-- no-transaction\n')]))).toBe(true)
    expect(Boolean(sqlx.recognizes([file('1_a.up.sql'), file('1_a.down.sql'), file('notes.sql', '-- no-transaction\n')]))).toBe(false)
  })
})

describe('sqlx.toml', () => {
  const settled = (text: string, table?: string, sql = 'create table a ();\n') => {
    try {
      sqlx.settings?.refuse({ path: 'sqlx.toml', text }, read(file('1_a.sql', sql)), table)
      return 'accepted'
    } catch (error) {
      return (error as { code: string }).code
    }
  }

  test.each([
    ['another version table, which nobody named to us', 'table-name = "app.versions"', undefined, 'invalid-input'],
    ['another version table, which somebody named', 'table-name = "app.versions"', 'app.versions', 'accepted'],
    ['another one, which somebody calls that of another application', 'table-name = "app.versions"', '_sqlx_migrations', 'accepted'],
    ['the usual version table', 'table-name = "_sqlx_migrations"', undefined, 'accepted'],
    ['what does not change its rows', 'create-schemas = ["app"]\nmigrations-dir = "other"', undefined, 'accepted'],
    ['characters that no file holds', 'ignored-chars = ["\\r", "\uFEFF"]', undefined, 'accepted'],
    ['a table that is no name', 'table-name = 7', undefined, 'invalid-migration'],
    ['what is no TOML', 'table-name = ', undefined, 'invalid-migration'],
  ])('%s', (_, line, table, outcome) => {
    expect(settled(`[migrate]\n${line}\n`, table)).toBe(outcome)
  })

  test('is refused where it leaves a character out of the checksum of a file that holds it', () => {
    expect(settled('[migrate]\nignored-chars = ["\\r"]\n', undefined, 'create table a\r\n();')).toBe('unsupported-migration')
  })

  test('may be there for other things', () => {
    expect([settled(''), settled('[common]\ndatabase-url-var = "APP_URL"\n')]).toEqual(['accepted', 'accepted'])
  })
})
