import { describe, expect, test } from 'vitest'
import { parseSmokeFile } from '../../src/drill/smoke.ts'

const parse = (text: string) => parseSmokeFile('db/smoke/a.sql', text)
const problem = (text: string) =>
  parse(text).then(
    () => 'accepted',
    (error) => (error.code === 'invalid-smoke-query' ? error.message : Promise.reject(error)),
  )

describe('a smoke file', () => {
  test('holds statements, each with the line where it begins', async () => {
    const queries = await parse(`-- orders of the last day\nselect 1;\n\nselect ';' as "ü",\n  2`)
    expect(queries.map(({ file, line, sql }) => [file, line, sql])).toEqual([
      ['db/smoke/a.sql', 2, 'select 1'],
      ['db/smoke/a.sql', 4, `select ';' as "ü",\n  2`],
    ])
  })

  test('states expectations in comments before a statement', async () => {
    const [first, second] = await parse(`
      -- there are orders
      -- expect: rows > 0
      select 1;
      /* and no orphans */ -- of any kind
      -- Expect: value = 0
      -- expect: rows = 1
      select count(*) from order_lines`)
    expect(first?.expectations).toMatchObject([{ kind: 'rows', operator: '>', limit: 0 }])
    expect(second?.expectations).toMatchObject([
      { kind: 'value', operator: '=', limit: '0' },
      { kind: 'rows', operator: '=', limit: 1 },
    ])
  })

  test('is refused, with the place, when an expectation is not understood', async () => {
    expect(await problem('select 1;\n-- expect: rows about 5\nselect 2')).toBe(
      'db/smoke/a.sql:2:1: this expectation is not understood: expect: rows about 5.',
    )
    expect(await problem('-- expect rows > 5\nselect 2')).toContain('db/smoke/a.sql:1:1: this expectation is not understood')
    expect(await problem('-- expected: rows > 5\nselect 2')).toBe('accepted') // another word is only a comment
  })

  test('is refused when an expectation would be ignored where it stands', async () => {
    expect(await problem('select 1; -- expect: rows > 0\nselect 2')).toContain(
      'a.sql:1:11: an expectation or a time limit stands on a line of its own before its statement',
    )
    expect(await problem('select 1 -- expect: rows > 0\n;')).toContain(
      'a.sql:1:10: an expectation or a time limit stands on a line of its own',
    )
    expect(await problem('select 1;\n-- expect: rows > 0\n')).toContain('a.sql:2:1: this comment has no statement after it')
    expect(await problem('/* expect: rows > 0 */ select 1')).toContain('write it as -- expect: … or -- timeout: …')
  })

  test('may give a statement a time limit of its own', async () => {
    const queries = await parse('-- timeout: 5s\n-- expect: rows > 0\nselect 1;\nselect 2;\n-- Timeout : 2m\nselect 3')
    expect(queries.map(({ timeoutMs }) => timeoutMs)).toEqual([5000, undefined, 120_000])
    expect(queries[0]?.expectations).toHaveLength(1)
    expect(await problem('select 1;\n-- timeout: soon\nselect 2')).toContain('a.sql:2:1: this time limit is not understood: timeout: soon')
    expect(await problem('-- timeout: 0s\nselect 2')).toContain('a.sql:1:1: this time limit is not understood')
    expect(await problem('select 1 -- timeout: 5s\n;')).toContain('a.sql:1:10: an expectation or a time limit stands on a line of its own')
    expect(await problem('-- timeouts happen here\nselect 2')).toBe('accepted')
  })

  test('may hold blocks of code', async () => {
    expect((await parse(`do $$ begin perform 1; end $$;\nselect 2`)).map(({ line }) => line)).toEqual([1, 2])
  })

  test('is refused with line and column when it is not SQL', async () => {
    expect(await problem('select 1;\n  selct 2;')).toBe('db/smoke/a.sql:2:3: syntax error at or near "selct".')
  })

  test('is refused when it is a giant, before anything parses it', async () => {
    expect(await problem(`select '${'x'.repeat(50_000_000)}'`)).toContain('a.sql:1:1: the file is larger than 1 MiB')
  })

  test('is refused when it holds no statement', async () => {
    expect(await problem('-- nothing yet\n')).toContain('the file holds no statement')
  })

  test('written for psql loses only the lines that change nothing', async () => {
    const queries = await parse(
      `\\set ON_ERROR_STOP on\r\n\\timing\nselect 1;\n\\echo 'next one'\nselect '\n\\echo in a text';\n\\pset pager off\n\\x\n\\set ON_ERROR_STOP 1\n\\x on\n\\timing on\n\\set ON_ERROR_STOP\nselect 3`,
    )
    expect(queries.map(({ line, sql }) => [line, sql])).toEqual([
      [3, 'select 1'],
      [5, "select '\n\\echo in a text'"],
      [13, 'select 3'],
    ])
  })

  test.each([
    '\\i other.sql',
    '\\include other.sql',
    '\\xray',
    'select 1 \\x',
    '\\set ON_ERROR_STOP off',
    '\\set x 1',
    '\\! id',
    'select 1 \\gset',
    '\\echo a \\! id',
    '\\copy t from x',
    '\\c other',
  ])('is refused for a psql command that does something: %s', async (line) => {
    expect(await problem(`${line}\nselect 1;`)).toMatch(/a\.sql:1:\d+: the psql command \\\S+ cannot be run here/)
  })

  test.each(['begin', 'commit', 'set transaction read write', 'set search_path = app', 'prepare p as select 1'])(
    'is refused for a statement that would not reach the next: %s',
    async (sql) => {
      expect(await problem(`${sql}; select 1`)).toContain('a.sql:1:1: ')
    },
  )
})
