import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MappedText } from '../../src/sql/mapped-text.ts'
import { parseStatements } from '../../src/sql/parse.ts'
import { positionFromBytes, positionFromCodePoints, positionFromUtf16 } from '../../src/sql/position.ts'

describe('a position', () => {
  test('is the same from bytes, code points and UTF-16 units', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', 'ä', '€', '𝄞', '\r\n', 'é') }), fc.nat(), (text, seed) => {
        const characters = [...text]
        const at = characters.length === 0 ? 0 : seed % (characters.length + 1)
        const before = characters.slice(0, at).join('')
        const expected = positionFromUtf16(text, before.length)
        expect(positionFromCodePoints(text, at)).toEqual(expected)
        expect(positionFromBytes(text, Buffer.byteLength(before))).toEqual(expected)
        expect(expected.line).toBe(before.split('\n').length)
      }),
    )
  })
})

describe('mapped text', () => {
  test('knows where each character stood in the file, through cuts and joins', () => {
    const file = 'one two three four'
    const joined = MappedText.join(
      MappedText.generated('begin;\n'),
      MappedText.ofFile(file, 8, 13),
      MappedText.generated(' #{X} ', 4),
      MappedText.ofFile(file, 4, 7),
    )
    const cut = joined.slice(3)
    expect(cut.text).toBe('in;\nthree #{X} two')
    expect(cut.fileOffset(0)).toBeUndefined()
    expect(cut.fileOffset(cut.text.indexOf('three'))).toBe(8)
    expect(cut.fileOffset(cut.text.indexOf('X'))).toBe(4)
    expect(cut.fileOffset(cut.text.indexOf('two') + 1)).toBe(5)
    expect(cut.filePosition(file, cut.text.indexOf('two'))).toEqual({ offset: 4, line: 1, column: 5 })
  })
})

describe('statements', () => {
  const texts = async (sql: string) => {
    const parsed = await parseStatements(sql)
    return 'problem' in parsed ? parsed.problem : parsed.statements.map(({ start, end }) => sql.slice(start, end))
  }

  test('are split where PostgreSQL splits them, without comments before and semicolons after', async () => {
    const sql =
      "-- é 𝄞\n/* /* nested */ ; */ select ';' ;;\n create function f() returns int language plpgsql as $$ begin; return 1; end $$;\n-- end\nselect 'ä''b' -- tail"
    expect(await texts(sql)).toEqual([
      "select ';'",
      'create function f() returns int language plpgsql as $$ begin; return 1; end $$',
      "select 'ä''b' -- tail",
    ])
    expect(await texts('')).toEqual([])
    expect(await texts(' -- only a comment')).toEqual([])
  })

  test('that are no SQL give the place in UTF-16 units', async () => {
    expect(await texts("select '𝄞ä'; select frm from where")).toMatchObject({ offset: "select '𝄞ä'; select frm from ".length })
  })
})
