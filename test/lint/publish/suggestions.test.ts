import { expect, test } from 'vitest'
import { suggestionsOf } from '../../../src/lint/publish/suggestions.ts'
import { finding } from './finding.ts'

/** A finding on the one statement of the file that reads so. */
function on(file: string, statement: string, replacement: string | undefined = 'select 2', path = 'db/a.sql') {
  const at = file.indexOf(statement)
  const position = (offset: number) => ({ offset, line: file.slice(0, offset).split('\n').length, column: 1 })
  const given = { path, statement, start: position(at), end: position(at + statement.length), fingerprint: `${path}${at}` }
  return finding(replacement === undefined ? given : { ...given, replacement })
}

function suggest(file: string, findings: ReturnType<typeof on>[], more: { posted?: string[]; added?: boolean } = {}) {
  const { posted = [], added = true } = more
  return suggestionsOf({ findings, isAdded: () => added, textOf: () => file, folder: 'shop/', posted })
}

test('replaces whole lines, and keeps what stands beside the statement', () => {
  const file = '-- first\n\t select 1\n  from a; -- kept\nselect 3;\n'
  expect(suggest(file, [on(file, 'select 1\n  from a')])).toMatchObject([
    { path: 'shop/db/a.sql', startLine: 2, endLine: 3, body: expect.stringContaining('\n```suggestion\n\t select 2; -- kept\n```') },
  ])
})

test('takes line ends of Windows and a file without a last line end', () => {
  const file = 'select 0;\r\nselect 1;'
  expect(suggest(file, [on(file, 'select 1')])[0]?.body).toContain('```suggestion\nselect 2;\n```')
})

test('is fenced so that nothing in the file ends it', () => {
  const file = "select '```';"
  expect(suggest(file, [on(file, "select '```'", "select '````'")])[0]?.body).toContain("`````suggestion\nselect '````';\n`````")
})

test('is made for new files only: of others GitHub may not show the line', () => {
  const file = 'select 1;'
  expect(suggest(file, [on(file, 'select 1')], { added: false })).toEqual([])
})

test('is never made twice, and not for two findings on one line', () => {
  const file = 'select 1;'
  const [first] = suggest(file, [on(file, 'select 1'), on(file, 'select 1')])
  expect(suggest(file, [on(file, 'select 1'), on(file, 'select 1')])).toHaveLength(1)
  expect(suggest(file, [on(file, 'select 1')], { posted: [first?.body as string] })).toEqual([])
})

test('is left out where there is no replacement, where the text is not that of the file, and where signs hide', () => {
  const file = 'select 1;'
  const { replacement, ...none } = on(file, 'select 1')
  expect(replacement).toBe('select 2')
  expect(suggest(file, [none])).toEqual([])
  expect(suggest(file, [{ ...on(file, 'select 1'), statement: 'select x' }])).toEqual([])
  expect(suggest(file, [on(file, 'select 1', 'select \u202e2')])).toEqual([])
})

test('ten at most', () => {
  const file = Array.from({ length: 30 }, (_, number) => `select ${number + 100};\n`).join('')
  const findings = Array.from({ length: 30 }, (_, number) => on(file, `select ${number + 100}`))
  expect(suggest(file, findings)).toHaveLength(10)
})
