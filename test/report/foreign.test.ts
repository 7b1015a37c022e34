import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foreign, harmless } from '../../src/report/foreign.ts'
import { commandsIn } from './runner-commands.ts'

const payloads = [
  '::set-output name=verdict::pass',
  '   \t::set-output name=verdict::pass',
  '\u00a0\u3000::add-mask::e',
  'a notice\n::error file=app.ts,line=1::planted',
  'a notice\r::save-state name=x::y',
  'a notice\u2028::stop-commands::token',
  'a notice\u0085::debug::x',
  'a notice\v::group::x',
  'a ##[set-output name=verdict;]pass',
  '###[set-output name=verdict;]pass',
  '####[[##[set-output name=verdict]pass',
  'x##[add-mask]e##[error]y',
  '\u001b[2K##[warning]\u202egnp',
]

describe('the model of the runner', () => {
  test('obeys both forms of a command, so that these tests can fail', () => {
    expect(commandsIn('  ::set-output name=verdict::pass')).toEqual([{ name: 'set-output', properties: { name: 'verdict' }, data: 'pass' }])
    expect(commandsIn('a ##[set-output name=verdict;]pass')).toEqual([
      { name: 'set-output', properties: { name: 'verdict' }, data: 'pass' },
    ])
    expect(commandsIn('a ::set-output name=verdict::pass\n::unknown::x\n##[group')).toEqual([])
    expect(payloads.filter((payload) => commandsIn(payload).length === 0)).toEqual(['####[[##[set-output name=verdict]pass'])
  })
})

describe('foreign text', () => {
  test('has a bar in front of each line, whatever ends the line', () => {
    expect(foreign('one\r\ntwo\rthree\u2028four\u0085five\vsix\fseven\u2029eight\nnine\n')).toBe(
      '│ one\n│ two\n│ three\n│ four\n│ five\n│ six\n│ seven\n│ eight\n│ nine',
    )
  })

  test('keeps empty lines inside, and ordinary letters of every script', () => {
    expect(foreign('größer\n\n數量 😀\tيوم')).toBe('│ größer\n│\n│ 數量 😀    يوم')
    expect(foreign('')).toBe('│')
  })

  test('shows each control, bidi and zero-width character as U+FFFD', () => {
    for (const sign of '\0\u0007\u001b\u007f\u009b\u061c\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u00ad\ud800') {
      expect(foreign(`a${sign}b`)).toBe('│ a\uFFFDb')
    }
  })

  test('breaks the old form of a command where it stands', () => {
    expect(foreign('a ##[set-output name=verdict;]pass')).toBe('│ a ## [set-output name=verdict;]pass')
  })

  test.each(payloads)('is no command: %j', (payload) => {
    expect(commandsIn(foreign(payload))).toEqual([])
  })
})

describe('a harmless line', () => {
  test('stays as it is when it is', () => {
    const line = '0131_orders: applied in 12 ms (db-1:5432/shop)\n  next: a::text'
    expect(harmless(line)).toBe(line)
  })

  test('breaks the new form of a command at the start of each line', () => {
    expect(harmless('  ::set-output name=verdict::pass\r\n::debug::x')).toBe('  : :set-output name=verdict::pass\n: :debug::x')
  })

  test.each(payloads)('is no command: %j', (payload) => {
    expect(commandsIn(harmless(payload))).toEqual([])
    expect(commandsIn(harmless(`0131_orders: ${payload}`))).toEqual([])
  })
})

describe('over an alphabet of command marks', () => {
  const mark = fc.constantFrom(
    ...[
      '::',
      ':',
      '##[',
      '##',
      '#',
      '[',
      ']',
      ';',
      ',',
      '=',
      ' ',
      '\t',
      '\r',
      '\n',
      '\r\n',
      '\u2028',
      '\u2029',
      '\u0085',
      '\v',
      '\f',
      '\0',
      '\u00a0',
      '\ufeff',
      '\u00ad',
      '\u001b',
      '\u202e',
    ],
    ...['set-output', 'set-output name=verdict', 'add-mask', 'error', 'stop-commands', 'pass', '│'],
  )
  const text = fc.array(mark, { maxLength: 14 }).map((marks) => marks.join(''))
  const runs = { numRuns: 5000 }

  test('the model finds commands in the raw text', () => {
    expect(fc.sample(text, 20_000).some((one) => commandsIn(one).length > 0)).toBe(true)
  })

  test('neither function lets a command through, also when both are used or lines are put together', () => {
    fc.assert(
      fc.property(text, text, (one, two) => {
        for (const printed of [
          foreign(one),
          harmless(one),
          harmless(foreign(one)),
          harmless(harmless(one)),
          harmless(one + two),
          `${foreign(one)}\n${harmless(two)}`,
        ]) {
          expect(commandsIn(printed)).toEqual([])
          expect(printed).not.toContain('##[')
        }
      }),
      runs,
    )
  })

  test('no control, bidi or zero-width character is left but the line feed', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (one) => {
        for (const printed of [foreign(one), harmless(one)])
          expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      }),
      runs,
    )
  })

  test('every line of foreign text begins with the bar', () => {
    fc.assert(
      fc.property(text, (one) => {
        for (const line of foreign(one).split('\n')) expect(line.startsWith('│')).toBe(true)
      }),
      runs,
    )
  })
})
