// biome-ignore-all lint/suspicious/noTemplateCurlyInString: goose writes its variables like this
import { describe, expect, test } from 'vitest'
import { goose } from '../../../src/migration/layouts/goose.ts'
import { type Migration, placeIn } from '../../../src/migration/migration.ts'
import { parseStatements } from '../../../src/sql/parse.ts'

type Variables = Record<string, string | undefined>

function source(text: string | Uint8Array, name = '00001_a.sql') {
  return { path: `db/${name}`, name, bytes: typeof text === 'string' ? Buffer.from(text) : text }
}

function read(text: string | Uint8Array, variables: Variables = {}, name?: string): Migration {
  return goose.read([source(text, name)], 'pre', variables)[0] as Migration
}

function refusal(text: string | Uint8Array, variables: Variables = {}, name?: string) {
  try {
    const { up, down } = read(text, variables, name)
    return { code: 'accepted', message: `${up.text}|${down?.text}`, at: undefined }
  } catch (error) {
    return error as { code: string; message: string; at: string | undefined; hint: string | undefined }
  }
}

/** Statements as the server gets them. */
async function statements(text: string, variables: Variables = {}): Promise<string[]> {
  const { up } = read(text, variables)
  const parsed = await parseStatements(up.text)
  if ('problem' in parsed) throw new Error(`${parsed.problem.message}: ${up.text}`)
  return parsed.statements.map(({ start, end }) => up.text.slice(start, end))
}

describe('which files it takes', () => {
  test('reads version, id, phase, checksum and both directions of a file', () => {
    expect(
      goose.read([source('-- +goose Up\ncreate table a ();\n\n-- +goose Down\ndrop table a;\n', '00042_make_a.sql')], 'post', {}),
    ).toMatchObject([
      {
        version: '42',
        id: '00042_make_a',
        phase: 'post',
        path: 'db/00042_make_a.sql',
        checksum: '4aa4f4a3a251002fdba1cf5349b82b287b859740e5e285208ccd706c035dbb8f',
        up: { text: 'create table a ();\n\n' },
        down: { text: 'drop table a;\n' },
        transactional: true,
      },
    ])
  })

  test.each([
    ['1_a.sql', '1'],
    ['20260918120000_add_email.sql', '20260918120000'],
    ['9223372036854775807_last.sql', '9223372036854775807'],
    ['+5_a.sql', '5'],
    ['7_.sql', '7'],
  ])('takes %s for version %s', (name, version) => {
    expect(read('-- +goose Up\n', {}, name).version).toBe(version)
  })

  test.each(['schema.sql', '7-a.sql', '0_a.sql', '-1_a.sql', '7.sql', '9223372036854775808_a.sql', ' 7_a.sql', 'v7_a.sql'])(
    'refuses %s, which has no version, as goose does',
    (name) => {
      expect(refusal('-- +goose Up\n', {}, name)).toMatchObject({ code: 'invalid-migration', at: `db/${name}` })
    },
  )

  test('refuses a file with .SQL at its end, which goose would leave out without a word', () => {
    expect(refusal('-- +goose Up\n', {}, '7_a.SQL')).toMatchObject({
      code: 'invalid-migration',
      message: expect.stringContaining('small letters'),
    })
  })

  test('refuses a Go migration by name', () => {
    expect(refusal('package migrations', {}, '00002_fill.go')).toMatchObject({
      code: 'unsupported-migration',
      message: 'db/00002_fill.go is a migration in Go; Shiplock does not run Go migrations.',
    })
  })

  test('refuses a Go file without a number that registers migrations', () => {
    expect(refusal('func init() { goose.AddNamedMigrationContext("00002_fill.go", up, down) }', {}, 'register.go')).toMatchObject({
      code: 'unsupported-migration',
    })
  })

  test('leaves alone what goose leaves alone: embedding code, tests, other files', () => {
    const files = [
      source('package migrations\n//go:embed *.sql\nvar FS embed.FS', 'embed.go'),
      source('package migrations', '00001_a_test.go'),
      source('# notes', 'README.md'),
      source('-- +goose Up\nselect 1;', '00001_a.sql'),
    ]
    expect(goose.read(files, 'pre', {}).map(({ id }) => id)).toEqual(['00001_a'])
  })

  test('recognizes a folder by an Up annotation in any SQL file', () => {
    expect(goose.recognizes([source('select 1;', '1_a.sql'), source('-- head\r\n--  +goose up \r\n', '2_b.sql')])).toBe(
      '1 of 2 files carry -- +goose Up',
    )
    expect(
      goose.recognizes([
        source('select 1;', '1_a.sql'),
        source('-- +goose Up', 'notes.md'),
        source('  -- +goose Up\n-- +GOOSE Up', '2_b.sql'),
      ]),
    ).toBeUndefined()
  })
})

describe('annotations', () => {
  test.each([
    '-- +goose Up',
    '--+goose Up',
    '--   +goose   up  ',
    '---- +goose UP',
    '-- Up +goose',
    '\u00a0-- +goose Up',
    '-- +goose Up --',
  ])('takes %j for Up', (line) => {
    expect(read(`${line}\nselect 1;\n`).up.text).toBe('select 1;\n')
  })

  test.each([
    [' -- +goose Up', 'is indented'],
    ['-- +goose', 'no annotation'],
    ['-- +goose Upp', '"Upp". Did you mean Up?'],
    ['-- +goose Statement Begin', 'Did you mean StatementBegin?'],
    ['-- +goose NO  TRANSACTION', 'Did you mean NO TRANSACTION?'],
    ['-- +goose Up +goose', 'twice'],
    ['-- see +goose Up', 'does not know, "see  Up"'],
    ['-- +goose Up;', 'does not know'],
  ])('refuses %j', (line, problem) => {
    expect(refusal(`-- +goose Up\nselect 1;\n${line}\n`)).toMatchObject({
      code: 'invalid-migration',
      at: 'db/00001_a.sql:3:1',
      message: expect.stringContaining(problem),
    })
  })

  test('marks the whole file by NO TRANSACTION, wherever it stands', () => {
    expect(read('-- +goose NO TRANSACTION\n-- +goose Up\nselect 1;').transactional).toBe(false)
    expect(read('-- +goose Up\nselect 1;\n-- +goose Down\n-- +goose no transaction\nselect 2;').transactional).toBe(false)
  })

  test.each([
    ['', 'without "-- +goose Up"', '1:1'],
    ['-- a comment\n', 'without "-- +goose Up"', '1:1'],
    ['select 1;\n-- +goose Up\n', 'stands before "-- +goose Up"', '1:1'],
    ['-- c\n/* c */\n-- +goose Up\n', 'stands before "-- +goose Up"', '2:1'],
    ['-- +goose Down\n', 'stands before "-- +goose Up"', '1:1'],
    ['-- +goose StatementBegin\n', 'stands before "-- +goose Up"', '1:1'],
    ['-- +goose Up\n-- +goose Up\n', 'second', '2:1'],
    ['-- +goose Up\n-- +goose Down\n-- +goose Up\n', 'second', '3:1'],
    ['-- +goose Up\n-- +goose Down\n-- +goose Down\n', 'second', '3:1'],
    ['-- +goose Up\n-- +goose StatementEnd\n', 'no "-- +goose StatementBegin"', '2:1'],
    ['-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementBegin\n', 'inside another', '3:1'],
    ['-- +goose Up\n-- +goose StatementBegin\nselect 1;\n', 'no "-- +goose StatementEnd"', '2:1'],
    ['-- +goose Up\n-- +goose StatementBegin\nselect 1;\n-- +goose Down\n', 'no "-- +goose StatementEnd"', '2:1'],
    ['-- +goose Up\nselect 1;\n  select 2\n-- +goose Down\n', 'no semicolon', '3:1'],
    ['-- +goose Up\nselect 1;--done\n', 'no semicolon', '2:1'],
    ['-- +goose Up\nselect 1; /* done */\n', 'no semicolon', '2:1'],
    ['-- +goose Up\nselect 1;\n-- +goose Down\n\n  \nselect 2', 'no semicolon', '6:1'],
  ])('refuses what goose refuses: %j', (text, problem, place) => {
    expect(refusal(text)).toMatchObject({
      code: 'invalid-migration',
      at: `db/00001_a.sql:${place}`,
      message: expect.stringContaining(problem),
    })
  })

  test('refuses a byte order mark, which goose does not read over', () => {
    expect(refusal('\uFEFF-- +goose Up\nselect 1;')).toMatchObject({ code: 'invalid-migration', at: 'db/00001_a.sql:1:1' })
  })

  test("refuses a line that overruns goose's buffer", () => {
    expect(refusal(`-- +goose Up\n-- ${'x'.repeat(4 * 1024 * 1024)}\n`)).toMatchObject({
      code: 'invalid-migration',
      at: 'db/00001_a.sql:2:1',
    })
  })

  test('refuses a file that is not UTF-8', () => {
    expect(refusal(Buffer.from([0x2d, 0x2d, 0xff]))).toMatchObject({ code: 'unreadable-file' })
  })

  test.each([
    ["insert into t values ('a;\nb');\n", 'a quoted text'],
    ['create function f() returns int language sql as $$\nselect 1;\n$$;\n', 'a quoted text'],
    ['/* a;\nb */\n', 'a comment'],
    ['create rule r as on insert to t do also (select 1;\nselect 2);\n', 'parentheses'],
    ['create procedure p() begin atomic\nselect 1;\nend;\n', 'a function body'],
  ])('refuses a statement that goose would cut in two: %j', (sql, where) => {
    expect(refusal(`-- +goose Up\n${sql}`)).toMatchObject({
      code: 'invalid-migration',
      message: expect.stringContaining(`in the middle of ${where}.`),
      hint: expect.stringContaining('StatementBegin'),
    })
  })

  test('refuses the line that goose would drop after an empty StatementBegin and StatementEnd', () => {
    const empty = '-- +goose Up\n-- +goose StatementBegin\n-- nothing\n-- +goose StatementEnd\n'
    expect(refusal(`${empty}\n-- then\nselect 1;\n`)).toMatchObject({ code: 'invalid-migration', at: 'db/00001_a.sql:7:1' })
    expect(read(`${empty}-- +goose Down\nselect 1;\n`).down?.text).toBe('select 1;\n')
  })
})

describe('the text of a section', () => {
  test('keeps comments and leaves annotations out', () => {
    expect(read('-- +goose Up\n-- why\nselect 1;\n\n-- +goose StatementBegin\nselect 2;\n-- +goose StatementEnd\n').up.text).toBe(
      '-- why\nselect 1;\n\nselect 2;\n',
    )
  })

  test('takes annotations out of a function body too, as goose does', async () => {
    const body = "create function f() returns text language sql as $$\n-- +goose ENVSUB ON\nselect '${WHO}';\n-- +goose ENVSUB OFF\n$$;"
    expect(await statements(`-- +goose Up\n-- +goose StatementBegin\n${body}\n-- +goose StatementEnd\n`, { WHO: 'me' })).toEqual([
      "create function f() returns text language sql as $$\nselect 'me';\n$$",
    ])
  })

  test('gives a semicolon to a block that has none', async () => {
    const block = (sql: string) => `-- +goose StatementBegin\n${sql}\n-- +goose StatementEnd\n`
    expect(
      await statements(`-- +goose Up\n${block('create table a ()')}${block('create table b () -- last;')}${block('create table c ();')}`),
    ).toEqual(['create table a ()', 'create table b () -- last;', 'create table c ()'])
  })

  test('gives a semicolon where goose took one from a comment', async () => {
    expect(await statements('-- +goose Up\nselect 1--;\nselect 2;\n')).toEqual(['select 1--;', 'select 2'])
  })

  test('drops carriage returns from statements, as goose does', async () => {
    expect(await statements('-- +goose Up\r\n-- +goose StatementBegin\r\ndo $$\r\nbegin\r\nend $$;\r\n-- +goose StatementEnd\r\n')).toEqual(
      ['do $$\nbegin\nend $$'],
    )
  })

  test('drops space that the server would not take for space', async () => {
    expect(await statements('-- +goose Up\n\u00a0select 1;\u00a0\n\u00a0-- c\n\u00a0\nselect 2;\u2003\n')).toEqual(['select 1', 'select 2'])
  })

  test('has no down when the file has none, or one without a statement', () => {
    expect(read('-- +goose Up\nselect 1;').down).toBeUndefined()
    expect(read('-- +goose Up\nselect 1;\n-- +goose Down\n-- none\n').down).toBeUndefined()
  })

  test('reads a file whose Up section is empty', () => {
    expect(read('-- +goose Up\n\n-- +goose Down\n').up.text).toBe('\n')
  })

  test('points into the file from behind cuts, insertions and replacements', () => {
    const migration = read(
      "-- +goose Up\n-- +goose ENVSUB ON\r\ninsert into ${TABLE:-thing} values ('${WHO}', 'ä');\r\n-- +goose ENVSUB OFF\n-- +goose StatementBegin\nselect here\n-- +goose StatementEnd\nselect there;\n",
      {
        WHO: 'somebody',
      },
    )
    const at = (text: string) => placeIn(migration, migration.up, migration.up.text.indexOf(text)).replace('db/00001_a.sql:', '')
    expect(migration.up.text).toContain("insert into thing values ('somebody', 'ä');\n")
    expect({
      insert: at('insert'),
      thing: at('thing'),
      value: at('somebody'),
      inValue: at('body'),
      after: at('ä'),
      here: at('here'),
      there: at('there'),
    }).toEqual({
      insert: '3:1',
      thing: '3:22',
      value: '3:38',
      inValue: '3:38',
      after: '3:48',
      here: '6:8',
      there: '8:8',
    })
  })
})

describe('ENVSUB', () => {
  const variables = { A: 'va', EMPTY: '', SQL: 'select 7;', WITH_DOLLAR: '$B' }
  const line = (text: string) => read(`-- +goose Up\n-- +goose ENVSUB ON\n${text}\n`, variables).up.text.trim()

  test.each([
    ['select ${A};', 'select va;'],
    ['select $A;', 'select va;'],
    ['select ${EMPTY};', 'select ;'],
    ['select ${EMPTY:-d};', 'select d;'],
    ['select ${EMPTY-d};', 'select ;'],
    ['select ${NONE:-d e};', 'select d e;'],
    ['select ${NONE-d};', 'select d;'],
    ['select ${NONE:-${OTHER:-${A}}};', 'select va;'],
    ['select ${A:-${OTHER}};', 'select va;'],
    ['select ${A?must be there};', 'select va;'],
    ['select ${WITH_DOLLAR};', 'select $B;'],
    ['do $$$$ begin end $$$$;', 'do $$ begin end $$;'],
    ['select \\$A;', 'select $A;'],
    ["select '\\\\${A}';", "select '\\\\va';"],
    ['select $(A);', 'select $(A);'],
    ['select 1; -- $', 'select 1; -- $'],
    ['${SQL}', 'select 7;'],
    ['${EMPTY}', ''],
  ])('reads %j as goose does', (text, expected) => {
    expect(line(text)).toBe(expected)
  })

  test('is off unless it is switched on, and leaves comments between statements alone', () => {
    expect(read("-- +goose Up\nselect '${A}';\n").up.text).toBe("select '${A}';\n")
    expect(read('-- +goose Up\n-- +goose ENVSUB ON\n-- ${NONE} $1\nselect 1;\n').up.text).toBe('-- ${NONE} $1\nselect 1;\n')
  })

  test('stays on from Up into Down', () => {
    expect(read('-- +goose ENVSUB ON\n-- +goose Up\nselect 1;\n-- +goose Down\nselect ${A};\n', variables).down?.text).toBe('select va;\n')
  })

  test.each([
    'select $1;',
    'select ${};',
    'select ${A;',
    'select ${A:-b;',
    'select ${A:?no};',
    'select ${A!b};',
    "select '$';",
    'select ${_A};',
  ])('refuses %j, where goose fails', (text) => {
    expect(refusal(`-- +goose Up\n-- +goose ENVSUB ON\n${text}\n`, variables)).toMatchObject({
      code: 'invalid-migration',
      at: `db/00001_a.sql:3:${text.indexOf('$') + 1}`,
    })
  })

  test.each(['${A:1}', '${A: -2}', '${A:0:1}'])('refuses to cut a part out of a variable: %s', (form) => {
    expect(refusal(`-- +goose Up\n-- +goose ENVSUB ON\nselect ${form};\n`, variables)).toMatchObject({
      code: 'unsupported-migration',
      message: expect.stringContaining(form),
    })
  })

  test.each([
    ['select ${NONE};', 'NONE'],
    ['select $NONE;', 'NONE'],
    ['select ${constructor};', 'constructor'],
    ['select ${OTHER:-${NONE}};', 'NONE'],
    ['${NONE}', 'NONE'],
  ])('refuses a variable that is not set, by its name: %j', (text, name) => {
    expect(refusal(`-- +goose Up\n-- +goose ENVSUB ON\n${text}\n`, variables)).toMatchObject({
      code: 'missing-variable',
      message: `db/00001_a.sql:3:${text.lastIndexOf('$') + 1} needs the environment variable ${name}, which is not set.`,
    })
  })

  test('says the reason that the file gives', () => {
    expect(refusal('-- +goose Up\n-- +goose ENVSUB ON\nselect ${NONE?ask the DBA};\n')).toMatchObject({
      message: expect.stringContaining('which is not set: ask the DBA.'),
    })
  })

  test('asks for a variable only when the migration is to run: goose does not open a file that has run', () => {
    const migration = read('-- +goose Up\n-- +goose ENVSUB ON\nselect ${NONE};\n-- +goose Down\nselect 1;\n')
    expect(migration).toHaveProperty('version', '1')
    expect(migration.down?.text).toBe('select 1;\n')
    expect(() => migration.up).toThrow('NONE')
  })

  test('never shows the value of a variable in a message', () => {
    expect(refusal('-- +goose Up\n-- +goose ENVSUB ON\nselect ${A}\n', { A: 'hunter2' }).message).not.toContain('hunter2')
  })
})

describe('the version table', () => {
  const table = { schema: 'app', table: 'goose_db_version' }
  const { ledger } = goose

  test('is written as goose writes it, with qualified names', () => {
    expect(ledger.create(table)).toMatchInlineSnapshot(`
      "create table if not exists "app"."goose_db_version" (id integer primary key generated by default as identity, version_id bigint not null, is_applied boolean not null, tstamp timestamp not null default pg_catalog.now());
      insert into "app"."goose_db_version" (version_id, is_applied) select 0, true where not exists (select from "app"."goose_db_version")"
    `)
    expect(ledger.record(table, read('-- +goose Up\n', {}, '00042_a.sql'), { project: 'p' })).toMatchInlineSnapshot(
      `"insert into "app"."goose_db_version" (version_id, is_applied) values (42, true)"`,
    )
  })

  test('quotes names', () => {
    const odd = { schema: 'a"b', table: 'Version' }
    for (const sql of [ledger.create(odd), ledger.select(odd, { project: 'p' }), ledger.head(odd, { project: 'p' })])
      expect(sql).toContain('"a""b"."Version"')
  })

  test('has one of its own for each phase, since goose tolerates no holes', () => {
    expect(goose).toMatchObject({ table: { schema: undefined, table: 'goose_db_version' }, sharesTable: false, writtenByTool: true })
  })
})

test('makes a new file that holds both annotations', () => {
  const { name, text } = goose.newFile('add_email', 'pre', '00007', false)
  expect(name).toBe('00007_add_email.sql')
  expect(read(text, {}, name)).toMatchObject({ version: '7', down: undefined, hotfix: false })
  const hotfix = goose.newFile('stop_leak', 'pre', '00008', true)
  expect(read(hotfix.text, {}, hotfix.name)).toMatchObject({ version: '8', down: undefined, hotfix: true })
})
